"""The form that a referee fills in at a secret address, without signing in: the questions and nothing else."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from urllib.parse import urljoin

from flask import Response, abort, current_app, flash, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from portal.access import Permission
from portal.confirm import ask, confirmed
from portal.db import unit_of_work
from portal.errors import error_response, wants_fragment
from portal.i18n import LANGUAGES, ZONE, chosen_language, language, long_date, speaking
from portal.mail.services import enqueue
from portal.references import checks, queries
from portal.references.blueprint import bp
from portal.references.forms import LinkForm, TalkForm, talk_form
from portal.references.models import FormLink, Referee
from portal.references.texts import CHANGED_ELSEWHERE, NO_LINK
from portal.throttle import Limit, attempt
from portal.web import needs, page, public, redirect_to

GUESSES = "20 per 15 minutes"


@bp.post("/referees/<int:referee_id>/link")
@needs(Permission.HANDLE_REFERENCES, queries.find_referee, of="candidate")
def make_link(referee: Referee) -> Response:
    """A new link, by mail when there is an address and a mail server; it is shown here once and never again."""
    form = LinkForm()
    if not form.validate_on_submit():
        return error_response(422, [_("Choose the language of the form.")])
    with unit_of_work():
        check = checks.start_check(referee, current_user.person)
        secret = checks.make_link(check, form.language.data)
        address = urljoin(_base_url(), url_for("references.online", secret=secret))
        mailed = bool(referee.email and current_app.config["SETTINGS"].mail)
        if mailed:
            _send(referee, check.links[-1], address)
    return page("references/link.html", referee=referee, address=address, mailed=mailed, link=check.links[-1])


def _base_url() -> str:
    return str(current_app.config["SETTINGS"].base_url or request.host_url)


def _send(referee: Referee, link: FormLink, address: str) -> None:
    with speaking(link.language):
        subject = _("Reference for a candidate: your answers")
        body = "\n\n".join(
            [
                _("Dear %(name)s", name=referee.name),
                _(
                    "%(candidate)s has named you as a reference and has accepted that we ask you. It is about the "
                    "position %(position)s. It is voluntary for you to answer.",
                    candidate=referee.candidate.name,
                    position=referee.recruitment.title,
                ),
                _(
                    "The form is here until %(day)s: %(url)s",
                    day=long_date(link.expires_at.astimezone(ZONE)),
                    url=address,
                ),
                _(
                    "The link is meant for you alone. We have a duty to note facts that matter for the appointment, "
                    "and the candidate has as a rule the right to see the note."
                ),
            ]
        )
    enqueue(f"reference-link-{link.id}", address=referee.email, name=referee.name, subject=subject, body=f"{body}\n")


@bp.post("/referees/<int:referee_id>/link/withdraw")
@needs(Permission.HANDLE_REFERENCES, queries.find_referee, of="candidate")
def withdraw_link(referee: Referee) -> BaseResponse:
    if referee.check is not None:
        with unit_of_work():
            checks.withdraw_link(referee.check)
    return redirect_to(url_for("references.talk", referee_id=referee.id))


@contextmanager
def _found(secret: str) -> Iterator[FormLink]:
    """The live link, in its language unless the referee chooses another.

    Expired, withdrawn, used and guessed links all answer alike, with a page that says whom to contact.
    """
    with attempt(Limit("reference-form", GUESSES, request.remote_addr or "")) as tried:
        link = checks.live_link(secret)
        tried.failed = link is None
    if link is None:
        abort(error_response(404, text=NO_LINK))
    with speaking(chosen_language() or link.language):
        yield link


@bp.get("/reference/<secret>")
@public
def online(secret: str) -> Response:
    with _found(secret) as link:
        return _form_page(link, secret)


def _form_page(
    link: FormLink, secret: str, form: TalkForm | None = None, status: int = 200, *, overtaken: bool = False
) -> Response:
    asked, answers = checks.asked_of(link.check.referee), checks.answers_of(link.check)
    return page(
        "references/online.html",
        status,
        secret=secret,
        link=link,
        candidate=link.check.referee.candidate.name,
        position=link.check.referee.recruitment.title,
        asked=asked,
        minutes=asked.minutes,
        saved=answers if overtaken else None,
        form=form or talk_form(asked.names(), answers, link.check.version),
    )


@bp.post("/reference/<secret>")
@public
def save_online(secret: str) -> BaseResponse:
    with _found(secret) as link:
        asked = checks.asked_of(link.check.referee)
        form = talk_form(asked.names(), {})
        if not form.validate_on_submit():
            return _form_page(link, secret, form, 422)
        sends = "send" in request.form
        with unit_of_work():
            if not checks.still_works(link):
                abort(error_response(404, text=NO_LINK))
            version = (form.version.data or 0) if form.version.raw_data else link.check.version
            seen = checks.Seen.by_referee(version, form.page.data or "")
            saved = checks.save_answers(link.check, form.answers(), seen)
            if saved and sends and confirmed():
                checks.submit_form(link)
        if not saved:
            return _both_texts(link, secret, form)
        if sends:
            return redirect_to(_thanks_to(link)) if confirmed() else _ask_to_send(link, secret)
        if wants_fragment():
            left = checks.lacking(asked, checks.answers_of(link.check))
            return page("references/_saved.html", lacking=left, saved_at=datetime.now(UTC))
        flash(_("The answers have been saved."), "success")
        return redirect_to(url_for("references.online", secret=secret))


def _both_texts(link: FormLink, secret: str, form: TalkForm) -> Response:
    """The referee has the form open twice, on a phone and a computer perhaps: neither text is lost."""
    if wants_fragment():
        return error_response(409, [CHANGED_ELSEWHERE])
    form.show_version(link.check.version)
    return _form_page(link, secret, form, 409, overtaken=True)


def _ask_to_send(link: FormLink, secret: str) -> Response:
    """Nobody must answer everything; whoever has overlooked a page is told."""
    left = checks.lacking(checks.asked_of(link.check.referee), checks.answers_of(link.check))
    return ask(
        _("Send your answers?"),
        _("Your answers are saved. Once they are sent, the link does not work any more."),
        _("Send my answers"),
        url_for("references.online", secret=secret),
        lost=[ngettext("%(num)s question has no answer", "%(num)s questions have no answer", left)] if left else [],
    )


def _thanks_to(link: FormLink) -> str:
    return url_for("references.thanks", language=link.language)


@bp.get("/reference-thanks")
@public
def thanks() -> Response:
    """In the language of the form, of which nothing more is known here than what the address says."""
    asked = request.args.get("language", "")
    with speaking(chosen_language() or (asked if asked in LANGUAGES else language())):
        return page("references/thanks.html")
