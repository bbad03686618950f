"""Static files: every address carries a digest of all of them, so that a browser may keep them for ever."""

import hashlib
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header
from whitenoise import WhiteNoise


class AssetsMissing(RuntimeError):
    """The built assets are not there."""


def tree_digest(folder: Path) -> str:
    found = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        found.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return found.hexdigest()[:12]


class _Static(WhiteNoise):  # type: ignore[misc]
    """WhiteNoise without its open door for other sites; an encoding with q=0 is one that the browser does not take."""

    def __call__(self, environ: Any, start_response: Any) -> Any:
        accepted = parse_accept_header(environ.get("HTTP_ACCEPT_ENCODING", ""), Accept)
        environ["HTTP_ACCEPT_ENCODING"] = ", ".join(name for name, quality in accepted if quality > 0)
        return super().__call__(environ, start_response)


def _add_headers(headers: Any, path: str, url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"


def init_assets(app: Flask, static: Path) -> None:
    """Serve `static`/vendor under /static/<digest>/ and give templates `asset(path)`."""
    folder = static / "vendor"
    if not (folder / "portal.css").is_file():
        raise AssetsMissing("the assets are not built: run make assets")
    prefix = f"/static/{tree_digest(folder)}/"
    app.wsgi_app = _Static(  # type: ignore[method-assign]
        app.wsgi_app,
        root=folder,
        prefix=prefix,
        immutable_file_test=lambda path, url: True,
        allow_all_origins=False,
        add_headers_function=_add_headers,
    )
    app.jinja_env.globals["asset"] = lambda path: prefix + path
