"""Where a refused person can go on: the page that they came from, or the nearest page above the address."""

from urllib.parse import urlsplit

from flask import current_app, request
from werkzeug.exceptions import HTTPException


def _is_page(path: str) -> bool:
    try:
        current_app.url_map.bind("").match(path, method="GET")
    except HTTPException:
        return False
    return True


def way_back(path: str, referrer: str, host: str) -> str:
    """The address of a page of the portal beside the start page; empty when there is none to name."""
    came_from = urlsplit(referrer)
    if came_from.netloc == host and came_from.path not in ("", "/", path) and _is_page(came_from.path):
        return f"{came_from.path}?{came_from.query}" if came_from.query else came_from.path
    above = path.rstrip("/")
    while "/" in above.strip("/"):
        above = above.rpartition("/")[0]
        if _is_page(above):
            return above
    return ""


def way_back_here() -> str:
    return way_back(request.path, request.referrer or "", request.host)
