"""The debrief of an interview: what each assessor found, and what the panel agrees on."""

from typing import Any

from flask import Response, abort, flash, make_response, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from portal.access import Permission
from portal.audit.services import record
from portal.comparison import debriefing, services
from portal.comparison.blueprint import bp
from portal.comparison.debriefing import Debrief, Row, Topic
from portal.comparison.forms import AgreeForm
from portal.db import unit_of_work
from portal.errors import wants_fragment
from portal.recruitment.models import Interview
from portal.recruitment.queries import find_interview
from portal.web import logs_reading, needs, page, redirect_to

AS_ASKED = "asked"


def _only_open(interview: Interview) -> None:
    if not debriefing.is_open_to(interview, current_user.person_id):
        abort(404)


def _form(row: Row) -> AgreeForm:
    return AgreeForm(formdata=None, prefix=f"q{row.question.id}-", seen=str(row.last_id))


def _debrief_page(interview: Interview, code: int = 200, *, sent: AgreeForm | None = None, **more: Any) -> Response:
    """`sent` is the one form that was filled in wrongly, or from a page that has been overtaken."""
    with unit_of_work():
        record("interviews.see_scores", interview.candidate)
    found = debriefing.read(interview)
    forms = {row.question.id: _form(row) for row in found.counted}
    if sent is not None:
        forms = {n: sent if form._prefix == sent._prefix else form for n, form in forms.items()}
    as_asked = request.args.get("order") == AS_ASKED
    rows = found.rows if as_asked else found.by_spread
    context: dict[str, Any] = {"found": found, "rows": rows, "forms": forms, "sent": sent, "overtaken": False, **more}
    context |= {"interview": interview, "candidate": interview.candidate, "as_asked": as_asked}
    return page("comparison/debrief.html", code, **context)


@bp.get("/interviews/<int:interview_id>/debrief")
@needs(Permission.SEE_SCORES, find_interview, of="recruitment")
@logs_reading
def debrief(interview: Interview) -> Response:
    """Each assessor's rating and evidence, largest spread first; not there before the scores are open."""
    _only_open(interview)
    return _debrief_page(interview)


@bp.get("/interviews/<int:interview_id>/debrief/news")
@needs(Permission.SEE_SCORES, find_interview, of="recruitment")
def debrief_news(interview: Interview) -> Response:
    """Whether anything is new since the page was shown: no content, or a piece that fetches it.

    It is asked every few seconds and tells nothing of the scores, so that it is not in the event log.
    """
    _only_open(interview)
    seen = request.args.get("seen", "")
    if debriefing.marker_of(interview) == seen:
        return make_response("", 204)
    return page("comparison/_news.html", interview=interview, seen=seen)


@bp.get("/interviews/<int:interview_id>/debrief/changes")
@needs(Permission.SEE_SCORES, find_interview, of="recruitment")
@logs_reading
def debrief_changes(interview: Interview) -> Response:
    """What was agreed on since, each in its place; the forms on the page stay as they are."""
    _only_open(interview)
    with unit_of_work():
        record("interviews.see_scores", interview.candidate)
    agreed, _mark, others = request.args.get("seen", "").partition("-")
    since = int(agreed) if agreed.isascii() and agreed.isdigit() and len(agreed) < 10 else 0
    found = debriefing.read(interview)
    rows = [row for row in found.counted if row.last_id > since]
    stale = others != found.marker.partition("-")[2]
    return page("comparison/_changes.html", found=found, interview=interview, rows=rows, stale=stale)


@bp.post("/interviews/<int:interview_id>/debrief/questions/<int:question_id>/agree")
@needs(Permission.DEBRIEF, debriefing.find_topic, of="recruitment")
def agree(topic: Topic) -> BaseResponse:
    interview, question_id = topic.interview, topic.question.id
    _only_open(interview)
    form = AgreeForm(prefix=f"q{question_id}-")
    if not form.validate_on_submit():
        return _answer(topic, form, 422)
    with unit_of_work():
        kept = services.agree(topic, form.score, form.reason.data or "", current_user.person_id, form.seen.read)
    if not kept:
        return _overtaken(topic, form)
    if wants_fragment():
        return _answer(topic, None, 200)
    flash(_("What the panel agrees on has been recorded."), "success")
    back = url_for("comparison.debrief", interview_id=interview.id, order=request.args.get("order"))
    return redirect_to(f"{back}#question-{question_id}")


def _overtaken(topic: Topic, form: AgreeForm) -> Response:
    """Both versions in sight: what someone else recorded, and what was typed; sending again is then a choice."""
    last = debriefing.last_agreed(topic.interview.id, topic.question.id)
    form.seen.data, form.seen.raw_data = str(last.id if last else 0), None
    return _answer(topic, form, 409, overtaken=True)


def _answer(topic: Topic, form: AgreeForm | None, code: int, *, overtaken: bool = False) -> Response:
    """The question's own piece of the page for htmx, or the whole page."""
    if not wants_fragment():
        return _debrief_page(topic.interview, code, sent=form, overtaken=overtaken)
    found: Debrief = debriefing.read(topic.interview)
    row = next(row for row in found.rows if row.question.id == topic.question.id)
    piece = "comparison/_agreeing.html"
    context = {"found": found, "interview": topic.interview, "row": row, "overtaken": overtaken, "alone": True}
    return page(piece, code, fragment=piece, form=form or _form(row), wrong=form is not None, **context)
