"""What every page has in common: who may see it, how it is rendered, and what may be sent to it."""

import gzip
import io
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any, TypeVar

from flask import (
    Blueprint,
    Flask,
    Request,
    Response,
    abort,
    current_app,
    make_response,
    render_template,
    request,
    send_file,
    url_for,
)
from flask_login import current_user
from htmx_flask import Htmx
from werkzeug.formparser import FormDataParser
from werkzeug.routing import IntegerConverter
from werkzeug.urls import iri_to_uri
from werkzeug.wrappers import Response as BaseResponse

from portal.access import GENERAL, Permission, may, may_know_of
from portal.db import SAFE_METHODS
from portal.errors import error_response, on_error, wants_fragment
from portal.formfields import PortalForm, is_unreadable

htmx = Htmx()

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
GZIP_LEVEL = 3  # level 6 takes three times as long on the longest pages, and saves a tenth
MAX_TARGET = 2000
MAX_ID = 2**31 - 1


class IdConverter(IntegerConverter):
    """Row ids: what no database column can hold is no id, and the address does not exist."""

    def __init__(self, map: Any, **options: Any) -> None:  # noqa: A002
        super().__init__(map, min=1, max=MAX_ID, **options)


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
            if permission in GENERAL and not may(current_user.actor, permission):
                abort(403)  # before looking: the answer must not tell which ids there are
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


def reads_first(view: View) -> View:
    """Mark a view that is sent something so often that it should not keep others from writing while it reads.

    Its unit of work reads again all that it decides on, after `lock_row`: what was read before it may be out of date.
    """
    view.reads_first = True  # type: ignore[attr-defined]
    return view


def check_views(app: Flask) -> None:
    """Deny by default: a view that says nothing about who may see it stops start-up."""
    silent = [name for name, view in app.view_functions.items() if not hasattr(view, "permission")]
    if silent:
        raise RuntimeError(f"neither @needs nor @public: {', '.join(sorted(silent))}")


def page(template: str, code: int = 200, /, *, fragment: str = "", **context: Any) -> Response:
    """Render `template`, or only `fragment` (the file that the page includes) when htmx asks for it.

    A form that htmx sent and that is wrong is answered with a notice: a whole page has no place in a piece of one.
    """
    if code == 422 and not fragment and wants_fragment():
        return error_response(422, [error for form in context.values() for error in _errors_of(form)])
    name = fragment if fragment and wants_fragment() else template
    return make_response(render_template(name, **context), code)


def attachment(content: bytes, mimetype: str, name: str) -> Response:
    """A file to keep, under this name."""
    return send_file(io.BytesIO(content), mimetype, as_attachment=True, download_name=name)


def _errors_of(form: Any) -> Iterator[Any]:
    if isinstance(form, PortalForm):
        yield from form.form_errors
        for field in form:
            yield from (f"{field.label.text}: {error}" for error in field.errors)


FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")


class StrictRequest(Request):
    """A form that is cut off or garbled is refused; werkzeug would hand it on as an empty one."""

    def make_form_data_parser(self) -> FormDataParser:
        parser = super().make_form_data_parser()
        parser.silent = False
        return parser


def accepts_files(view: View) -> View:
    """Mark a view that takes files; no other view gets to see one."""
    view.accepts_files = True  # type: ignore[attr-defined]
    return view


def _refuse_other_bodies() -> None:
    """Nothing but a form gets in: what forms are checked for must not come by another way."""
    sent = bool(request.content_length) or "Transfer-Encoding" in request.headers
    if request.method in SAFE_METHODS or not sent:
        return
    if request.mimetype not in FORM_TYPES:
        abort(415)
    try:
        files = request.files
    except ValueError:
        abort(400)
    view = current_app.view_functions.get(request.endpoint or "")
    if files and not getattr(view, "accepts_files", False):
        abort(415)


def _refuse_unreadable_text() -> None:
    """A NUL or another control character is no text that anyone typed, and PostgreSQL cannot store it.

    `next` is left out: what is wrong with it is dropped where it is used.
    """
    sent = [*request.args.items(multi=True), *request.form.items(multi=True)]
    if any(is_unreadable(text) for text in [request.path, *(value for name, value in sent if name != "next")]):
        abort(400)


def url_of(endpoint: str) -> str:
    """The address of a page without parts that vary: built once where the portal is served."""
    known: dict[tuple[str, str], str] = current_app.extensions.setdefault("known_urls", {})
    key = (request.script_root, endpoint)
    if key not in known:
        known[key] = url_for(endpoint)
    return known[key]


def this_page() -> str:
    """The address to come back to after a change of language; none after a form or on an address that is no page."""
    return request.path if request.method == "GET" and request.url_rule and not is_unreadable(request.path) else ""


def _set_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    response.headers["Cache-Control"] = "no-store"  # documents, too: send_file says no-cache by itself
    response.vary.update(["Cookie", "Accept-Language", "HX-Request"])
    return response


def _compress(response: Response) -> Response:
    """Pages shrink to a fifth. No secret but the CSRF token is in them, and flask-wtf salts that anew each time."""
    response.vary.add("Accept-Encoding")
    compressible = (response.mimetype or "").startswith("text/") and not response.is_streamed
    if not compressible or not request.accept_encodings["gzip"]:
        return response
    body = response.get_data()
    if len(body) >= MIN_GZIP_BYTES and "Content-Encoding" not in response.headers:
        response.set_data(gzip.compress(body, GZIP_LEVEL))
        response.headers["Content-Encoding"] = "gzip"
    return response


def redirect_to(url: str) -> BaseResponse:
    """After a change: a redirect for browsers, and the same for htmx, which would otherwise swap the whole page in."""
    quoted = iri_to_uri(url)
    if wants_fragment():
        return Response(status=204, headers={"HX-Redirect": quoted})
    return Response(status=303, headers={"Location": quoted})


def page_number() -> int:
    """The page that ?page= asks for; anything that is no number is the first."""
    raw = request.args.get("page", "1")
    return max(int(raw), 1) if raw.isascii() and raw.isdigit() and len(raw) < 6 else 1


def is_local_path(target: str) -> bool:
    """Whether `target` is a path on this portal, and not an address that leads elsewhere.

    Browsers drop tabs and line breaks and turn backslashes, so that /<tab>/example leads to another host.
    """
    garbled = "\\" in target or any(c.isspace() or is_unreadable(c) for c in target)
    return target.startswith("/") and not target.startswith("//") and not garbled and len(target) <= MAX_TARGET


def init_web(app: Flask) -> None:
    app.url_map.converters["int"] = IdConverter
    htmx.init_app(app)
    app.request_class = StrictRequest
    app.before_request(_refuse_other_bodies)
    app.before_request(_refuse_unreadable_text)
    app.after_request(_compress)
    app.after_request(_set_headers)
    app.register_error_handler(Exception, on_error)


def feature(name: str, url_prefix: str | None = None) -> Blueprint:
    """A blueprint that leaves templates and static files to the application."""
    return Blueprint(name, f"portal.{name}", url_prefix=url_prefix)
