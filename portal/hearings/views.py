"""Facts from references that are judged, and the hearing of the candidate about them."""

from collections.abc import Callable
from datetime import timedelta

from flask import Response, flash, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from portal import stationery, typesetting, word
from portal.access import Permission
from portal.db import unit_of_work
from portal.errors import Refused
from portal.filenames import file_name
from portal.hearings import queries, services, texts
from portal.hearings.forms import AddForm, FactForm, LetterForm, ReasonForm, ReplyForm, SeenForm, SentForm, StepForm
from portal.hearings.models import Hearing
from portal.hearings.rules import Step
from portal.i18n import today
from portal.once import make_once
from portal.references import queries as references
from portal.references.checks import note_reading
from portal.references.models import Referee
from portal.web import attachment, feature, logs_reading, needs, page, redirect_to
from portal.workdays import workday_from

bp = feature("hearings")
REPLY_DAYS = 10
STEP_FORMS: dict[str, type[StepForm]] = {
    "reply": ReplyForm,
    "silence": StepForm,
    "reason": ReasonForm,
    "added": AddForm,
}


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


def _forms(hearing: Hearing, given: dict[str, SeenForm]) -> dict[str, SeenForm]:
    """The forms of the page by name: those that were filled in, else as they begin; all have seen the last step."""
    forms = {name: given.get(name) or kind(formdata=None, prefix=f"{name}-") for name, kind in STEP_FORMS.items()}
    forms |= {"letter": given.get("letter") or _letter_form(hearing), "sent": SentForm(formdata=None)}
    for form in forms.values():
        form.show_seen(services.last_step(hearing))
    return forms


def _letter_form(hearing: Hearing) -> LetterForm:
    """The newest wording to go on with, else what the portal begins with."""
    candidate, written = hearing.candidate, queries.letter_of(hearing)
    if written is not None:
        return LetterForm(formdata=None, data={"deadline": written.deadline, "text": written.text})
    sender = f"{current_user.person.name}\n{current_user.person.email}"
    referee = hearing.check.referee.name
    text = texts.letter(candidate.name, candidate.recruitment.title, hearing.fact, referee, sender)
    deadline = workday_from(today() + timedelta(days=REPLY_DAYS))
    return LetterForm(formdata=None, data={"deadline": deadline, "text": text})


def _hearing_page(hearing: Hearing, status: int = 200, *, typed: str = "", **given: SeenForm) -> Response:
    """`typed` is what was written while somebody else took a step."""
    return page(
        "hearings/hearing.html",
        status,
        hearing=hearing,
        referee=hearing.check.referee,
        waits=queries.waits(hearing),
        sent=queries.sent_in(hearing),
        written=queries.letter_of(hearing),
        labels=texts.STEPS,
        typed=typed,
        forms=_forms(hearing, given),
    )


@bp.get("/hearings/<int:hearing_id>")
@needs(Permission.HANDLE_REFERENCES, queries.find_hearing, of="candidate")
@logs_reading
def hearing(found: Hearing) -> Response:
    with unit_of_work():
        note_reading(found.check.referee)
    return _hearing_page(found)


@bp.post("/hearings/<int:hearing_id>/letter")
@needs(Permission.HANDLE_REFERENCES, queries.find_hearing, of="candidate")
def write_letter(hearing: Hearing) -> BaseResponse:
    """Keep the letter: as a draft, or as one that this person has read through and that may leave the portal."""
    form = LetterForm()
    form.gaps = lambda text, deadline: texts.gaps_of(texts.dated(text, deadline), deadline)
    if not form.validate_on_submit():
        return _hearing_page(hearing, 422, letter=form)
    step, deadline = Step.REVIEWED if form.reviewed.data else Step.DRAFTED, form.deadline.data
    written = texts.dated(form.text.data, deadline)
    return _take(hearing, services.Taken(step, written, deadline, form.seen.data), letter=form)


@bp.post("/hearings/<int:hearing_id>/send")
@needs(Permission.HANDLE_REFERENCES, queries.find_hearing, of="candidate")
def send_letter(hearing: Hearing) -> BaseResponse:
    """Record that the letter has been sent; sending it is the person's own act."""
    form = SentForm()
    if not form.validate_on_submit():
        return _hearing_page(hearing, 422)
    with unit_of_work():
        sent = services.send_letter(hearing, current_user.person, form.seen.data)
    if not sent:
        return _hearing_page(hearing, 409)
    return _taken(hearing, Step.SENT)


@bp.post("/hearings/<int:hearing_id>/reply")
@needs(Permission.HANDLE_REFERENCES, queries.find_hearing, of="candidate")
def note_reply(hearing: Hearing) -> BaseResponse:
    return _close(hearing, Step.REPLIED, "reply")


@bp.post("/hearings/<int:hearing_id>/unanswered")
@needs(Permission.HANDLE_REFERENCES, queries.find_hearing, of="candidate")
def note_silence(hearing: Hearing) -> BaseResponse:
    return _close(hearing, Step.UNANSWERED, "silence")


@bp.post("/hearings/<int:hearing_id>/not-essential")
@needs(Permission.HANDLE_REFERENCES, queries.find_hearing, of="candidate")
def judge_not_essential(hearing: Hearing) -> BaseResponse:
    return _close(hearing, Step.REASSESSED, "reason")


@bp.post("/hearings/<int:hearing_id>/add")
@needs(Permission.HANDLE_REFERENCES, queries.find_hearing, of="candidate")
def add(hearing: Hearing) -> BaseResponse:
    """What comes after the hearing has been closed, such as a late reply; the person judges what it means."""
    return _close(hearing, Step.ADDED, "added")


def _close(hearing: Hearing, step: Step, name: str) -> BaseResponse:
    form = STEP_FORMS[name](prefix=f"{name}-")
    if not form.validate_on_submit():
        return _hearing_page(hearing, 422, **{name: form})
    return _take(hearing, services.Taken(step, form.text.data or "", seen=form.seen.data), **{name: form})


def _take(hearing: Hearing, taken: services.Taken, **given: SeenForm) -> BaseResponse:
    """Take the step; who was overtaken is shown what the other has done beside what they wrote themselves."""
    with unit_of_work():
        done = services.take_step(hearing, current_user.person, taken)
    if done:
        return _taken(hearing, taken.step)
    if not queries.waits(hearing):
        given = {"added": AddForm(formdata=None, prefix="added-", data={"text": taken.text})}
    return _hearing_page(hearing, 409, typed=taken.text, **given)


def _taken(hearing: Hearing, step: Step) -> BaseResponse:
    flash(texts.STEPS[step], "success")
    return redirect_to(_page_of(hearing))


@bp.get("/hearings/<int:hearing_id>/letter.docx")
@needs(Permission.HANDLE_REFERENCES, queries.find_hearing, of="candidate")
@logs_reading
def letter_docx(hearing: Hearing) -> Response:
    return _send_file(hearing, stationery.as_docx, "docx", word.DOCX)


@bp.get("/hearings/<int:hearing_id>/letter.pdf")
@needs(Permission.HANDLE_REFERENCES, queries.find_hearing, of="candidate")
@logs_reading
def letter_pdf(hearing: Hearing) -> Response:
    return _send_file(hearing, stationery.as_pdf, "pdf", typesetting.PDF)


def _send_file(hearing: Hearing, write: Callable[[stationery.Letter], bytes], suffix: str, mimetype: str) -> Response:
    """The document is made first: the log tells what has left the portal, not what was tried."""
    letter = services.reviewed_letter(hearing)
    content = write(texts.document(hearing.candidate.recruitment, letter.text, letter.deadline))
    with unit_of_work():
        services.note_export(hearing, suffix)
    name = file_name([_("hearing"), hearing.candidate.name])
    return attachment(content, mimetype, f"{name}.{suffix}")
