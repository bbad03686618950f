"""Static files: every address carries a digest of all of them, so that a browser may keep them for ever."""

import hashlib
from pathlib import Path

from flask import Flask
from whitenoise import WhiteNoise


class AssetsMissing(RuntimeError):
    """The built assets are not there."""


def tree_digest(folder: Path) -> str:
    found = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        found.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return found.hexdigest()[:12]


def init_assets(app: Flask, static: Path) -> None:
    """Serve `static`/vendor under /static/<digest>/ and give templates `asset(path)`."""
    folder = static / "vendor"
    if not (folder / "portal.css").is_file():
        raise AssetsMissing("the assets are not built: run make assets")
    prefix = f"/static/{tree_digest(folder)}/"
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app, root=folder, prefix=prefix, immutable_file_test=lambda path, url: True
    )
    app.jinja_env.globals["asset"] = lambda path: prefix + path
