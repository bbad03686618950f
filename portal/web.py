"""What every page has in common: who may see it, how it is rendered, and what happens when it cannot be."""

import gzip
import logging
import unicodedata
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, TypeVar

from flask import Blueprint, Flask, Response, abort, current_app, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from htmx_flask import Htmx
from sqlalchemy.exc import IntegrityError, OperationalError
from werkzeug.exceptions import HTTPException, InternalServerError
from werkzeug.routing import IntegerConverter
from werkzeug.wrappers import Response as BaseResponse

from portal.access import Permission, may, may_know_of
from portal.backlinks import way_back_here

htmx = Htmx()
log = logging.getLogger(__name__)

Finder = Callable[..., Any]
View = TypeVar("View", bound=Callable[..., Any])

CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
MIN_GZIP_BYTES = 500


class Refused(Exception):
    """A change that a rule forbids now; `blockers` are the reasons, in the user's language, one sentence each."""

    def __init__(self, blockers: Sequence[Any]) -> None:
        super().__init__("; ".join(str(blocker) for blocker in blockers))
        self.blockers = list(blockers)


class IdConverter(IntegerConverter):
    """Row ids: what no database column can hold is no id, and the address does not exist."""

    def __init__(self, map: Any, **options: Any) -> None:  # noqa: A002
        super().__init__(map, min=1, max=2**31 - 1, **options)


def needs(permission: Permission, find: Finder | None = None, of: str = "") -> Callable[[View], View]:
    """Let the view run only for those who hold `permission` on the subject that `find(**url_values)` returns.

    `of` names the attribute of the subject that the permission is about (a candidate's `recruitment`). The view gets
    the subject as its only argument (none without `find`). No subject, or one that the actor may not know of: 404.
    One that they know but may not do this to: 403. Not signed in: sent to sign-in.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(**url_values: Any) -> Any:
            if not current_user.is_authenticated:
                return current_app.login_manager.unauthorized()  # type: ignore[attr-defined]
            subject = find(**url_values) if find else None
            if find and subject is None:
                abort(404)
            about = getattr(subject, of) if of else subject
            if not may_know_of(current_user.actor, permission, about):
                abort(404)
            if not may(current_user.actor, permission, about):
                abort(403)
            return view(subject) if find else view()

        guarded.permission = permission  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return decorate


def public(view: View) -> View:
    """Mark a view as open to everyone, signed in or not."""
    view.permission = None  # type: ignore[attr-defined]
    return view


def may_here(permission: str, subject: Any = None) -> bool:
    """For templates: whether the signed-in person may do this; a page shows only what can be done on it."""
    return may(current_user.actor, Permission(permission), subject)


def logs_reading(view: View) -> View:
    """Mark a GET view that writes to the event log, so that its transaction takes the write lock at once."""
    view.logs_reading = True  # type: ignore[attr-defined]
    return view


def check_views(app: Flask) -> None:
    """Deny by default: a view that says nothing about who may see it stops start-up."""
    silent = [name for name, view in app.view_functions.items() if not hasattr(view, "permission")]
    if silent:
        raise RuntimeError(f"neither @needs nor @public: {', '.join(sorted(silent))}")


def wants_fragment() -> bool:
    """Whether htmx asks for a piece of a page; boosted links and restored history want all of it."""
    headers = request.headers
    asked = headers.get("HX-Request") == "true"
    return asked and headers.get("HX-Boosted") != "true" and headers.get("HX-History-Restore-Request") != "true"


def page(template: str, code: int = 200, /, *, fragment: str = "", **context: Any) -> Response:
    """Render `template`, or only `fragment` (the file that the page includes) when htmx asks for it."""
    name = fragment if fragment and wants_fragment() else template
    return make_response(render_template(name, **context), code)


def _is_unreadable(text: str) -> bool:
    return any(unicodedata.category(c) in ("Cc", "Cs", "Cn") and c not in "\t\r\n" for c in text)


def _refuse_unreadable_text() -> None:
    """A NUL or another control character is no text that anyone typed, and PostgreSQL cannot store it."""
    if any(_is_unreadable(value) for value in [request.path, *request.args.values(), *request.form.values()]):
        abort(400)


def this_page() -> str:
    """The address to come back to after a change of language; none after a form or on an address that is no page."""
    return request.path if request.method == "GET" and request.url_rule and not _is_unreadable(request.path) else ""


def _set_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    response.headers.setdefault("Cache-Control", "no-store")
    response.vary.update(["Cookie", "Accept-Language", "HX-Request"])
    return response


def _compress(response: Response) -> Response:
    """Pages shrink to a fifth. No secret but the CSRF token is in them, and flask-wtf salts that anew each time."""
    response.vary.add("Accept-Encoding")
    compressible = (response.mimetype or "").startswith("text/") and not response.is_streamed
    if not compressible or "gzip" not in request.headers.get("Accept-Encoding", "").lower():
        return response
    body = response.get_data()
    if len(body) >= MIN_GZIP_BYTES and "Content-Encoding" not in response.headers:
        response.set_data(gzip.compress(body, 6))
        response.headers["Content-Encoding"] = "gzip"
    return response


ERRORS: dict[int, tuple[Any, Any]] = {
    400: (
        _l("We could not read that"),
        _l("Something in the address or the form was malformed. Go back and try again."),
    ),
    401: (_l("Sign in to go on"), _l("You have been signed out. Sign in again and repeat what you did.")),
    403: (
        _l("You may not do this"),
        _l("This belongs to someone with another role. If it should be yours, ask the one who runs the case, or HR."),
    ),
    404: (_l("The page is not here"), _l("It may have moved, or it is not for you to see. Check the address.")),
    405: (_l("That cannot be done here"), _l("Go back to the page you came from and use its buttons.")),
    409: (_l("This cannot be done now"), _l("Nothing has been changed. Here is what stands in the way:")),
    413: (_l("That is too much at once"), _l("Shorten the text or choose a smaller file, and send it again.")),
    415: (_l("That kind of content is not accepted"), _l("Send the form from the page itself.")),
    422: (_l("Some fields need attention"), _l("Go back and correct the fields.")),
    429: (_l("Too many attempts"), _l("Wait a quarter of an hour, then try again.")),
    500: (
        _l("Something went wrong with us"),
        _l("It has been logged. Your change was not saved. Try again in a moment."),
    ),
    503: (_l("The portal is busy"), _l("Your change was not saved. Try again in a moment.")),
}
UNKNOWN_ERROR = ERRORS[400]
SECRET_FIELDS = ("csrf_token", "password", "new_password", "repeat_password")


def _typed_texts() -> list[str]:
    """What the user wrote, so that an error page can give it back instead of losing it."""
    try:
        fields = [(name, value) for name, value in request.form.items(multi=True) if name not in SECRET_FIELDS]
    except HTTPException:
        return []
    return [value for _name, value in fields if len(value) > 20]


def error_response(code: int, blockers: Sequence[Any] = (), text: Any = None) -> Response:
    """The error page, or for htmx a notice above the page, so that what was typed stays where it is."""
    title, standard_text = ERRORS.get(code, UNKNOWN_ERROR)
    signed_out = code == 401
    context = {
        "code": code,
        "title": title,
        "text": text or standard_text,
        "blockers": blockers,
        "typed": _typed_texts(),
        "back_url": way_back_here() if code in (403, 409) else "",
        "action_url": url_for("people.sign_in") if signed_out else url_for("overview.start"),
        "action_label": _("Sign in") if signed_out else _("Go to your start page"),
    }
    if wants_fragment():
        response = make_response(render_template("errors/_notice.html", **context), code)
        response.headers["HX-Retarget"] = "#notices"
        response.headers["HX-Reswap"] = "innerHTML show:window:top"
        return response
    return make_response(render_template("errors/error.html", **context), code)


def _on_error(error: Exception) -> BaseResponse:
    if isinstance(error, Refused):
        return error_response(409, error.blockers)
    if isinstance(error, CSRFError):
        return error_response(400, text=_("The form was too old or came from another page. Open the page anew."))
    if isinstance(error, HTTPException) and not isinstance(error, InternalServerError):
        if error.code is None or error.code < 400:
            return error.get_response()
        return error_response(error.code)
    if isinstance(error, IntegrityError):
        return error_response(409, [_("Someone else changed the same thing at the same moment. Open the page anew.")])
    log.exception("failed: %s %s", request.method, request.path)
    return error_response(503 if isinstance(error, OperationalError) else 500)


def redirect_to(url: str) -> BaseResponse:
    """After a change: a redirect for browsers, and the same for htmx, which would otherwise swap the whole page in."""
    if wants_fragment():
        return Response(status=204, headers={"HX-Redirect": url})
    return Response(status=303, headers={"Location": url})


def page_number() -> int:
    """The page that ?page= asks for; anything that is no number is the first."""
    raw = request.args.get("page", "1")
    return max(int(raw), 1) if raw.isascii() and raw.isdigit() and len(raw) < 6 else 1


def is_local_path(target: str) -> bool:
    """Whether `target` is a path on this portal, and not an address that leads elsewhere."""
    return target.startswith("/") and not target.startswith(("//", "/\\")) and "\\" not in target


def init_web(app: Flask) -> None:
    app.url_map.converters["int"] = IdConverter
    htmx.init_app(app)
    app.before_request(_refuse_unreadable_text)
    app.after_request(_compress)
    app.after_request(_set_headers)
    app.register_error_handler(Exception, _on_error)


def feature(name: str, url_prefix: str | None = None) -> Blueprint:
    """A blueprint that leaves templates and static files to the application."""
    return Blueprint(name, f"portal.{name}", url_prefix=url_prefix)
