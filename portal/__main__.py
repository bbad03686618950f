"""The `portal` command: `python -m portal` or, when installed, `portal`."""

import sys

from flask.cli import ScriptInfo

from portal.app import create_app
from portal.assets import AssetsMissing
from portal.cli import portal_cli
from portal.config import BadSetting


def main() -> None:
    """Run a command; wrong settings end with one line instead of a traceback."""
    try:
        app = create_app()
    except (BadSetting, AssetsMissing) as error:
        print(error, file=sys.stderr)
        sys.exit(1)
    portal_cli.main(prog_name="portal", obj=ScriptInfo(create_app=lambda: app))


if __name__ == "__main__":
    main()
