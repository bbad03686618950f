"""A sender process for the tests: sends until nothing waits any more, with a short lease."""

import sys
import time
from datetime import timedelta

from portal.app import create_app
from portal.db import unit_of_work
from portal.mail import queries, services


def main(lease: timedelta) -> None:
    app = create_app()
    with app.app_context():
        while True:
            services.send_due(app.config["SETTINGS"].mail, lease=lease)
            with unit_of_work():
                if not queries.waiting():
                    return
            time.sleep(0.05)


if __name__ == "__main__":
    main(timedelta(seconds=float(sys.argv[1])))
