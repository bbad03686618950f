"""The `portal` command: builds the application for the settings of this environment, then runs one command."""

import sys

from portal.app import create_app
from portal.assets import AssetsMissing
from portal.cli import portal_cli
from portal.config import BadSetting


def main() -> None:
    try:
        app = create_app()
    except (BadSetting, AssetsMissing) as error:
        sys.exit(str(error))
    with app.app_context():
        portal_cli.main(prog_name="portal")


if __name__ == "__main__":
    main()
