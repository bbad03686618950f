"""What a user sees when something cannot be: in words, with what they typed, and without ever failing itself."""

import logging
from collections.abc import Sequence
from typing import Any

from flask import Response, current_app, make_response, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import AnonymousUserMixin
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import IntegrityError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.orm.exc import ObjectDeletedError, StaleDataError
from werkzeug.exceptions import HTTPException, InternalServerError
from werkzeug.wrappers import Response as BaseResponse

from portal.backlinks import way_back_here
from portal.formfields import label_of, readable
from portal.i18n import language

log = logging.getLogger(__name__)


class Refused(Exception):
    """A change that a rule forbids now; `blockers` are the reasons, in the user's language, one sentence each."""

    def __init__(self, blockers: Sequence[Any]) -> None:
        super().__init__("; ".join(str(blocker) for blocker in blockers))
        self.blockers = list(blockers)


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
CANNOT_SAVE = _l(
    "Nothing can be saved at the moment: the disk is full or closed for writing. Your change was not saved. Tell "
    "those who run the portal, and send it again later."
)
READ_ONLY, DISK_FULL = "25006", "53100"  # SQLSTATE
LAST_RESORT = "Noget gik galt hos os. Ændringen er ikke gemt. / Something went wrong. Your change was not saved.\n"


def wants_fragment() -> bool:
    """Whether htmx asks for a piece of a page; boosted links and restored history want all of it."""
    headers = request.headers
    asked = headers.get("HX-Request") == "true"
    return asked and headers.get("HX-Boosted") != "true" and headers.get("HX-History-Restore-Request") != "true"


def _typed_texts() -> list[tuple[Any, str]]:
    """What the user wrote, each with the label of its field, so that an error page gives it back."""
    try:
        sent = list(request.form.items(multi=True))
    except (HTTPException, ValueError):
        return []
    typed = [(label_of(name), readable(text)) for name, text in sent if text.strip()]
    return [(label, text) for label, text in typed if label is not None]


def _sent_again() -> list[tuple[str, str]]:
    """The sent form as it was, to send once more after signing in; one with a password is typed anew."""
    sent = list(request.form.items(multi=True)) if request.method == "POST" else []
    return [] if any("password" in name for name, _text in sent) else sent


def _cannot_save(error: Exception) -> bool:
    """Whether the database can be read and not written: the disk is full, or it is closed for writing."""
    cause = getattr(error, "orig", None)
    words = str(cause)
    full = "disk is full" in words or "readonly database" in words
    return full or getattr(cause, "sqlstate", "") in (READ_ONLY, DISK_FULL)


def error_response(code: int, blockers: Sequence[Any] = (), text: Any = None, *, bare: bool = False) -> Response:
    """The error page, or for htmx a notice above the page, so that what was typed stays where it is.

    A `bare` page asks neither who is signed in nor the database: for when the database is what failed.
    """
    title, standard_text = ERRORS.get(code, UNKNOWN_ERROR)
    signed_out = code == 401
    context = {
        "code": code,
        "title": title,
        "text": text or standard_text,
        "blockers": blockers,
        "typed": (typed := _typed_texts()),
        "this_page_url": request.full_path.rstrip("?"),
        "again": _sent_again() if signed_out and typed else [],
        "back_url": way_back_here() if code in (403, 409) else "",
        "action_url": url_for("people.sign_in") if signed_out else url_for("overview.start"),
        "action_label": _("Sign in") if signed_out else _("Go to your start page"),
    }
    if wants_fragment():
        response = make_response(_render("errors/_notice.html", bare, context), code)
        response.headers["HX-Retarget"] = "#notices"
        response.headers["HX-Reswap"] = "innerHTML show:window:top"
        return response
    return make_response(_render("errors/error.html", bare, context), code)


def _render(template: str, bare: bool, context: dict[str, Any]) -> str:
    if not bare:
        return render_template(template, **context)
    nobody = {"current_user": AnonymousUserMixin(), "nav": (), "reader_name": None, "this_page": ""}
    said = {"locale": language(), "demo": current_app.config["DEMO"], "contact": current_app.config["SETTINGS"].contact}
    return current_app.jinja_env.get_template(template).render(**nobody, **said, **context)


def _lost_session() -> bool:
    """Whether the token is wrong because nobody is signed in any more, where someone must be."""
    view = current_app.view_functions.get(request.endpoint or "")
    return "_user_id" not in session and getattr(view, "permission", None) is not None


def _asked() -> str:
    """The address for the technical log: where it holds a secret, only what kind of page it was."""
    rule = request.url_rule
    return f"{request.method} {rule if rule and 'secret' in rule.arguments else request.path}"


def _answer(error: Exception) -> BaseResponse:
    if isinstance(error, Refused):
        return error_response(409, error.blockers)
    if isinstance(error, CSRFError):
        if _lost_session():
            return error_response(401)
        return error_response(400, text=_("The form was too old or came from another page. Open the page anew."))
    if isinstance(error, HTTPException) and not isinstance(error, InternalServerError):
        if error.code is None or error.code < 400:
            return error.get_response()
        return error_response(error.code)
    if isinstance(error, IntegrityError | StaleDataError | ObjectDeletedError):
        return error_response(409, [_("Someone else changed the same thing at the same moment. Open the page anew.")])
    log.error("failed: %s", _asked(), exc_info=error)
    if _cannot_save(error):
        return error_response(503, text=CANNOT_SAVE, bare=True)
    busy = isinstance(error, OperationalError | NoConnection)
    return error_response(503 if busy else 500, bare=isinstance(error, SQLAlchemyError))


def on_error(error: Exception) -> BaseResponse:
    """The answer to whatever was raised; when the page itself fails, a barer one, and at last a line of text."""
    try:
        return _answer(error)
    except Exception:
        log.exception("the error page failed: %s", _asked())
    try:
        return error_response(503 if isinstance(error, OperationalError) else 500, bare=True)
    except Exception:
        log.exception("the bare error page failed: %s", _asked())
    return Response(LAST_RESORT, 500, mimetype="text/plain")
