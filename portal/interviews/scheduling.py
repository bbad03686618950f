"""Rounds and the schedule: who is invited to what, when and where."""

from flask import flash, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.access import Permission
from portal.confirm import ask, confirmed
from portal.db import unit_of_work
from portal.filenames import file_name
from portal.formfields import options
from portal.i18n import ZONE, moment
from portal.interviews import lists, queries, rounds
from portal.interviews.blueprint import bp
from portal.interviews.forms import BY_NAME, InvitationForm, SeriesForm, TimeForm
from portal.interviews.rules import length
from portal.once import OnceForm, make_once
from portal.recruitment import queries as recruitments
from portal.recruitment.models import Interview, InterviewRound, Recruitment
from portal.recruitment.schedule import DEFAULT_MINUTES, MAX_MINUTES
from portal.recruitment.texts import round_name
from portal.tables import CSV, XLSX, as_csv, as_xlsx
from portal.web import attachment, needs, page, redirect_to


def _back(recruitment_id: int, number: int | None = None) -> str:
    anchor = f"round-{number}" if number else None
    return url_for("interviews.schedule", recruitment_id=recruitment_id, _anchor=anchor)


def _schedule_page(
    recruitment: Recruitment, status: int = 200, wrong: InvitationForm | None = None, wrong_number: int = 0
) -> Response:
    """`wrong` is an invitation that was refused, to the round of that number."""
    shown = lists.appointments(recruitment, current_user.person_id)
    without = queries.rounds_without_questions([recruitment.id])
    found = lists.by_round(recruitment, shown, without)
    return page(
        "interviews/schedule.html",
        status,
        recruitment=recruitment,
        rounds=found,
        clashing=any(appointment.clashes for appointment in shown),
        timed=any(appointment.interview.starts_at for appointment in shown),
        form=OnceForm(formdata=None),
        wrong=wrong,
        wrong_number=wrong_number,
    )


@bp.get("/recruitments/<int:recruitment_id>/interviews")
@needs(Permission.SEE_RECRUITMENT, recruitments.find_recruitment)
def schedule(recruitment: Recruitment) -> Response:
    return _schedule_page(recruitment)


def _schedule_file(recruitment: Recruitment, suffix: str) -> Response:
    """The page as a table, with what this reader may see of each interview."""
    title = _("Interview schedule")
    heading = [_("Round"), _("Day"), _("Time"), _("Length in minutes"), _("Candidate"), _("Place")]
    rows = lists.table(lists.appointments(recruitment, current_user.person_id))
    content = as_csv(heading, rows) if suffix == "csv" else as_xlsx(title, heading, rows)
    name = f"{file_name([title.lower(), recruitment.title])}.{suffix}"
    return attachment(content, CSV if suffix == "csv" else XLSX, name)


@bp.get("/recruitments/<int:recruitment_id>/interviews.csv")
@needs(Permission.SEE_RECRUITMENT, recruitments.find_recruitment)
def schedule_csv(recruitment: Recruitment) -> Response:
    return _schedule_file(recruitment, "csv")


@bp.get("/recruitments/<int:recruitment_id>/interviews.xlsx")
@needs(Permission.SEE_RECRUITMENT, recruitments.find_recruitment)
def schedule_xlsx(recruitment: Recruitment) -> Response:
    return _schedule_file(recruitment, "xlsx")


@bp.post("/recruitments/<int:recruitment_id>/rounds")
@needs(Permission.MANAGE_RECRUITMENT, recruitments.find_recruitment)
def add_round(recruitment: Recruitment) -> Response:
    form = OnceForm()
    if not form.validate_on_submit():
        return redirect_to(_back(recruitment.id))

    def make() -> str:
        made = rounds.add_round(recruitment)
        flash(_("Now invite candidates to the round, and choose its questions."), "success")
        return _back(recruitment.id, made.number)

    return make_once(form, make)


@bp.post("/recruitments/<int:recruitment_id>/rounds/<int:number>/remove")
@needs(Permission.MANAGE_RECRUITMENT, recruitments.find_round, of="recruitment")
def remove_round(found: InterviewRound) -> Response:
    with unit_of_work():
        rounds.remove_round(found)
    flash(_("The round has been removed."), "success")
    return redirect_to(_back(found.recruitment_id))


@bp.post("/recruitments/<int:recruitment_id>/rounds/<int:number>/invite")
@needs(Permission.MANAGE_RECRUITMENT, recruitments.find_round, of="recruitment")
def invite(found: InterviewRound) -> Response:
    form = InvitationForm()
    known = {i.candidate_id: i.candidate.name for r in found.recruitment.rounds for i in r.interviews}
    form.candidates.choices = options(known.items())
    if not form.validate_on_submit():
        return _schedule_page(found.recruitment, 422, form, found.number)
    with unit_of_work():
        count = rounds.invite(found, {int(n) for n in form.candidates.data})
    flash(ngettext("%(num)s candidate has been invited.", "%(num)s candidates have been invited.", count), "success")
    return redirect_to(_back(found.recruitment_id, found.number))


@bp.post("/interviews/<int:interview_id>/take-back")
@needs(Permission.MANAGE_RECRUITMENT, recruitments.find_interview, of="recruitment")
def take_back(interview: Interview) -> Response:
    name, back = interview.candidate.name, _back(interview.recruitment.id, interview.round.number)
    if interview.round.number > 1 and not confirmed():
        title = _("Take back the invitation to %(name)s?", name=name)
        lost = [moment(interview.starts_at)] if interview.starts_at else []
        text = _("Nothing is sent from here. Tell the candidate if they have been asked already.")
        return ask(title, text, _("Take the invitation back"), back, lost=lost, final=False)
    with unit_of_work():
        rounds.take_back(interview)
    flash(_("The invitation to %(name)s has been taken back.", name=name), "success")
    return redirect_to(back)


def _estimate(found: InterviewRound) -> int:
    """How long an interview of the round takes by its scorecard, in whole five minutes."""
    minutes = length(question.minutes for question in queries.scorecard(found) if not question.dropped)
    return min(-(-minutes // 5) * 5, MAX_MINUTES) or DEFAULT_MINUTES


@bp.route("/interviews/<int:interview_id>/time", methods=["GET", "POST"])
@needs(Permission.MANAGE_RECRUITMENT, recruitments.find_interview, of="recruitment")
def set_time(interview: Interview) -> Response:
    local = interview.starts_at.astimezone(ZONE) if interview.starts_at else None
    known = {"day": local.date(), "time": local.time()} if local else {}
    minutes = interview.minutes if local else _estimate(interview.round)
    form = TimeForm(minutes=minutes, place=interview.place, **known)
    if not form.validate_on_submit():
        return page("interviews/time.html", 422 if form.is_submitted() else 200, form=form, interview=interview)
    with unit_of_work():
        rounds.set_time(interview, form.local, form.minutes.data, form.place.data or "")
    flash(_("The time has been saved."), "success")
    return redirect_to(_back(interview.recruitment.id, interview.round.number))


@bp.route("/recruitments/<int:recruitment_id>/rounds/<int:number>/series", methods=["GET", "POST"])
@needs(Permission.MANAGE_RECRUITMENT, recruitments.find_round, of="recruitment")
def series(found: InterviewRound) -> Response:
    """Times for a whole round: what the portal proposes is shown before it is written."""
    form = SeriesForm(minutes=_estimate(found))
    if not form.validate_on_submit():
        return page("interviews/series.html", 422 if form.is_submitted() else 200, form=form, found=found)
    chosen = {"by_name": form.order.data == BY_NAME, "only_missing": form.only_missing.data}
    proposed = rounds.proposal(found, form.series, **chosen)
    if not proposed:
        form.form_errors.append(_("There is nobody to give a time: all have one, or nobody is in the round."))
        return page("interviews/series.html", 422, form=form, found=found)
    if not confirmed():
        title = _("Save these times for %(round)s?", round=round_name(found.number))
        lines = [f"{moment(local.replace(tzinfo=ZONE))}: {i.candidate.name}" for i, local in proposed]
        text = _("You can change each of them afterwards.")
        return ask(title, text, _("Save the times"), _back(found.recruitment_id), lost=lines, final=False)
    with unit_of_work():
        rounds.fill(found, form.series, form.place.data or "", **chosen)
    flash(_("The times have been saved."), "success")
    return redirect_to(_back(found.recruitment_id, found.number))
