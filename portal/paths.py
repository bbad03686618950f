"""Where the folders beside the package lie: in a checkout at top level, in an installed wheel inside the package."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def _folder(name: str) -> Path:
    installed = _PACKAGE / "_data" / name
    return installed if installed.is_dir() else _PACKAGE.parent / name


TEMPLATES = _folder("templates")
STATIC = _folder("static")
SEED_DATA = _folder("seed_data")
MIGRATIONS = _folder("migrations")
TRANSLATIONS = _folder("translations")
INSTANCE = Path.cwd() / "instance"
