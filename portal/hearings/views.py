"""Facts from references that are judged, and the hearing of the candidate about them."""

from datetime import timedelta
from typing import Any

from flask import Response, flash, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from portal.access import Permission
from portal.db import unit_of_work
from portal.errors import Refused
from portal.hearings import queries, services
from portal.hearings.forms import FactForm, LetterForm, ReasonForm, ReplyForm, StepForm
from portal.hearings.models import Hearing
from portal.hearings.rules import Step
from portal.hearings.texts import STEPS, letter
from portal.i18n import today
from portal.once import make_once
from portal.references import queries as references
from portal.references.checks import note_reading
from portal.references.models import Referee
from portal.web import feature, logs_reading, needs, page, redirect_to

bp = feature("hearings")
REPLY_DAYS = 10


def _page_of(hearing: Hearing) -> str:
    return url_for("hearings.hearing", hearing_id=hearing.id)


def _facts_page(referee: Referee, form: FactForm, status: int = 200) -> Response:
    if referee.check is None or not referee.check.finished:
        raise Refused([_("Finish the note first: a hearing is about what stands in it.")])
    facts = [(found, queries.calls(found), queries.waits(found)) for found in queries.facts_of(referee)]
    return page("hearings/facts.html", status, referee=referee, check=referee.check, facts=facts, form=form)


@bp.get("/referees/<int:referee_id>/facts")
@needs(Permission.HANDLE_REFERENCES, references.find_referee, of="candidate")
@logs_reading
def facts(referee: Referee) -> Response:
    with unit_of_work():
        note_reading(referee)
    return _facts_page(referee, FactForm(formdata=None))


@bp.post("/referees/<int:referee_id>/facts")
@needs(Permission.HANDLE_REFERENCES, references.find_referee, of="candidate")
def judge_fact(referee: Referee) -> BaseResponse:
    form, check = FactForm(), referee.check
    if check is None or not form.validate_on_submit():
        return _facts_page(referee, form, 422)
    judged = services.Judgement(
        form.fact.data, form.is_new.data, form.unfavourable.data, form.essential.data, form.reason.data or ""
    )

    def make() -> str:
        made = services.judge_fact(check, current_user.person, judged)
        return _page_of(made) if queries.calls(made) else url_for("hearings.facts", referee_id=referee.id)

    return make_once(form, make)


def _hearing_page(hearing: Hearing, status: int = 200, **wrong: Any) -> Response:
    deadline = today() + timedelta(days=REPLY_DAYS)
    candidate = hearing.candidate
    text = letter(candidate.name, candidate.recruitment.title, hearing.fact, deadline)
    return page(
        "hearings/hearing.html",
        status,
        hearing=hearing,
        referee=hearing.check.referee,
        waits=queries.waits(hearing),
        sent=next((step for step in hearing.steps if step.kind == Step.SENT), None),
        labels=STEPS,
        letter=wrong.get("letter") or LetterForm(formdata=None, data={"deadline": deadline, "text": text}),
        reply=wrong.get("reply") or ReplyForm(formdata=None, prefix="reply-"),
        silence=wrong.get("silence") or StepForm(formdata=None, prefix="silence-"),
        reason=wrong.get("reason") or ReasonForm(formdata=None, prefix="reason-"),
    )


@bp.get("/hearings/<int:hearing_id>")
@needs(Permission.HANDLE_REFERENCES, queries.find_hearing, of="candidate")
@logs_reading
def hearing(found: Hearing) -> Response:
    with unit_of_work():
        note_reading(found.check.referee)
    return _hearing_page(found)


@bp.post("/hearings/<int:hearing_id>/send")
@needs(Permission.HANDLE_REFERENCES, queries.find_hearing, of="candidate")
def send_letter(hearing: Hearing) -> BaseResponse:
    """Record that the letter has been sent; sending it is the person's own act."""
    form = LetterForm()
    if not form.validate_on_submit():
        return _hearing_page(hearing, 422, letter=form)
    return _take(hearing, Step.SENT, form.text.data, form)


@bp.post("/hearings/<int:hearing_id>/reply")
@needs(Permission.HANDLE_REFERENCES, queries.find_hearing, of="candidate")
def note_reply(hearing: Hearing) -> BaseResponse:
    form = ReplyForm(prefix="reply-")
    if not form.validate_on_submit():
        return _hearing_page(hearing, 422, reply=form)
    return _take(hearing, Step.REPLIED, form.text.data)


@bp.post("/hearings/<int:hearing_id>/unanswered")
@needs(Permission.HANDLE_REFERENCES, queries.find_hearing, of="candidate")
def note_silence(hearing: Hearing) -> BaseResponse:
    form = StepForm(prefix="silence-")
    if not form.validate_on_submit():
        return _hearing_page(hearing, 422, silence=form)
    return _take(hearing, Step.UNANSWERED, form.text.data or "")


@bp.post("/hearings/<int:hearing_id>/not-essential")
@needs(Permission.HANDLE_REFERENCES, queries.find_hearing, of="candidate")
def judge_not_essential(hearing: Hearing) -> BaseResponse:
    form = ReasonForm(prefix="reason-")
    if not form.validate_on_submit():
        return _hearing_page(hearing, 422, reason=form)
    return _take(hearing, Step.REASSESSED, form.text.data)


def _take(hearing: Hearing, step: Step, text: str, letter_form: LetterForm | None = None) -> BaseResponse:
    deadline = letter_form.deadline.data if letter_form else None
    with unit_of_work():
        services.take_step(hearing, current_user.person, step, text, deadline)
    flash(STEPS[step], "success")
    return redirect_to(_page_of(hearing))
