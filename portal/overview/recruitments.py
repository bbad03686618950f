"""The list of recruitments, and one recruitment on one page: what is done, what is next, and what each person owes."""

from flask import flash, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.access import Permission
from portal.audit.services import record
from portal.confirm import ask, confirmed
from portal.db import unit_of_work
from portal.filenames import file_name
from portal.formfields import options_or_none
from portal.i18n import ZONE, today
from portal.interviews import queries as interviews
from portal.listing import Order
from portal.overview.blueprint import bp
from portal.overview.forms import RecruitmentFilter
from portal.overview.progress import ASSESSING, DECIDED, READY, SETTING_UP, standing
from portal.overview.recruitment_list import SORTS, Filter, Row, every_row, page_of
from portal.recruitment import queries as recruitments
from portal.recruitment.models import Candidate, Recruitment
from portal.recruitment.services import remove_candidate as take_out
from portal.references.queries import referees_of
from portal.tables import CSV, XLSX, as_csv, as_xlsx
from portal.web import attachment, logs_reading, needs, page, page_number, redirect_to

PER_PAGE = 20


def _filter_form() -> RecruitmentFilter:
    form = RecruitmentFilter(request.args)
    labels = [(SETTING_UP, _("Being set up")), (ASSESSING, _("Being assessed")), (READY, _("Ready to compare"))]
    labels.append((DECIDED, _("Decided")))
    form.status.choices = options_or_none(labels, _("All"))
    form.validate()
    return form


def _asked(form: RecruitmentFilter) -> dict[str, str]:
    """What the address asks for; what it asks for wrongly is left out."""
    return {field.name: field.data for field in (form.q, form.status) if field.data and not field.errors}


def _wanted(asked: dict[str, str]) -> Filter:
    return Filter(asked.get("q", ""), asked.get("status", ""))


def _order() -> Order:
    return Order.asked(request.args.get("sort", ""), SORTS)


@bp.get("/recruitments")
@needs(Permission.SIGNED_IN)
def recruitments_list() -> Response:
    form, order = _filter_form(), _order()
    asked = _asked(form)
    return page(
        "overview/recruitments.html",
        fragment="overview/_recruitments.html",
        form=form,
        wanted=order,
        found=page_of(current_user.actor, _wanted(asked), order, page_number(), PER_PAGE),
        kept=asked,
        kept_pairs=tuple(asked.items()),
    )


def _heading() -> list[str]:
    return [
        _("Position"), _("Office"), _("Case number"), _("Recruiter"), _("Begun"), _("Application deadline"),
        _("Candidates"), _("Status"),
    ]  # fmt: skip


def _cells(row: Row) -> list[object]:
    begun = row.created_at.astimezone(ZONE).date()
    deadline = row.deadline.astimezone(ZONE).date() if row.deadline else None
    return [row.title, row.office, row.case_number, row.recruiter, begun, deadline, row.candidates, row.status.text]


def _file(mimetype: str, suffix: str) -> Response:
    """The list as it is filtered and sorted, all of it."""
    found = every_row(current_user.actor, _wanted(_asked(_filter_form())), _order())
    rows, name = [_cells(row) for row in found], _("recruitments")
    heading = _heading()
    content = as_csv(heading, rows) if mimetype == CSV else as_xlsx(_("Recruitments"), heading, rows)
    with unit_of_work():
        record("recruitment.export_recruitments", rows=len(rows), format=suffix)
    name = f"{file_name([name, today().isoformat()])}.{suffix}"
    return attachment(content, mimetype, name)


@bp.get("/recruitments.csv")
@needs(Permission.SIGNED_IN)
@logs_reading
def recruitments_csv() -> Response:
    return _file(CSV, "csv")


@bp.get("/recruitments.xlsx")
@needs(Permission.SIGNED_IN)
@logs_reading
def recruitments_xlsx() -> Response:
    return _file(XLSX, "xlsx")


@bp.get("/recruitments/<int:recruitment_id>")
@needs(Permission.SEE_RECRUITMENT, recruitments.find_recruitment)
def recruitment(found: Recruitment) -> Response:
    """Progress of the others is shown only to one who does not sit on the panel themselves."""
    shown = standing(found, current_user.person_id)
    return page(
        "overview/recruitment.html",
        recruitment=found,
        standing=shown,
        progress={} if shown.seats else {interview.id: shown.progress(interview) for interview in shown.interviews},
        open_ids={interview.id for interview in interviews.open_interviews_for(found, current_user.person_id)},
        profile=recruitments.in_framework_order(found),
    )


@bp.post("/recruitments/<int:recruitment_id>/candidates/<int:candidate_id>/remove")
@needs(Permission.MANAGE_RECRUITMENT, recruitments.find_candidate_of, of="recruitment")
def remove_candidate(candidate: Candidate) -> Response:
    name, referees = candidate.name, referees_of(candidate)
    back = url_for("recruitment.panel_and_candidates", recruitment_id=candidate.recruitment_id)
    if not confirmed() and not candidate.declarations and not referees:
        title = _("Remove %(name)s from the candidates?", name=name)
        return ask(title, _("Nobody on the panel has begun on this candidate."), _("Remove the candidate"), back)
    with unit_of_work():
        take_out(candidate, referees=referees)
    flash(_("%(name)s is no longer a candidate here.", name=name), "success")
    return redirect_to(back)
