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


def way_back(path: str, referrer: str, host: str, *, posted: bool = False) -> str:
    """The address of a page of the portal beside the start page; empty when there is none to name.

    What was `posted` may have the page itself at its address; a page that was refused leads elsewhere.
    """
    came_from = urlsplit(referrer)
    useless = ("", "/") if posted else ("", "/", path)
    if came_from.netloc == host and came_from.path not in useless and _is_page(came_from.path):
        return f"{came_from.path}?{came_from.query}" if came_from.query else came_from.path
    if posted and _is_page(path):
        return path
    above = path.rstrip("/")
    while "/" in above.strip("/"):
        above = above.rpartition("/")[0]
        if _is_page(above):
            return above
    return ""


def way_back_here() -> str:
    return way_back(request.path, request.referrer or "", request.host, posted=request.method == "POST")
