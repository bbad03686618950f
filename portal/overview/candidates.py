"""A candidate on one page: where the application stands, what has happened to it, and the interviews."""

from flask import flash, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.access import Permission
from portal.db import unit_of_work
from portal.formfields import options
from portal.overview.blueprint import bp
from portal.overview.forms import ResumingForm, SettlingForm
from portal.recruitment import queries as recruitments
from portal.recruitment.candidates import settle
from portal.recruitment.models import Candidate
from portal.recruitment.rules import OUT, RESUMED
from portal.recruitment.texts import EVENT_LABELS
from portal.web import needs, page, redirect_to


def _settling_form() -> SettlingForm:
    form = SettlingForm()
    form.kind.choices = options((kind, EVENT_LABELS[kind]) for kind in OUT)
    return form


def _page(candidate: Candidate, form: ResumingForm | None = None, status: int = 200) -> Response:
    """Who has declared what is for the recruiter, and not for one who sits on the panel as well."""
    recruitment = candidate.recruitment
    seat = recruitments.member_of(recruitment, current_user.person_id)
    return page(
        "overview/candidate.html",
        status,
        candidate=candidate,
        recruitment=recruitment,
        seat=seat,
        words={m.id: recruitments.declaration_of(candidate, m) for m in recruitment.panel} if seat is None else {},
        assessors=len(recruitments.assessors_of(candidate)),
        resumes=candidate.state in OUT,
        form=form or (ResumingForm(formdata=None) if candidate.state in OUT else _settling_form()),
    )


@bp.get("/candidates/<int:candidate_id>")
@needs(Permission.SEE_CANDIDATE, recruitments.find_candidate)
def candidate(found: Candidate) -> Response:
    """Not for a panel member who has yet to declare, and never for one who is not impartial."""
    return _page(found)


@bp.post("/candidates/<int:candidate_id>/settle")
@needs(Permission.SETTLE_CANDIDATE, recruitments.find_candidate)
def settle_candidate(found: Candidate) -> Response:
    form = _settling_form()
    if not form.validate_on_submit():
        return _page(found, form, 422)
    with unit_of_work():
        settle(found, form.kind.data, form.reason.data, current_user.person)
    flash(_("It has been recorded. The panel need not assess %(name)s any more.", name=found.name), "success")
    return redirect_to(url_for("overview.candidate", candidate_id=found.id))


@bp.post("/candidates/<int:candidate_id>/resume")
@needs(Permission.SETTLE_CANDIDATE, recruitments.find_candidate)
def resume_candidate(found: Candidate) -> Response:
    form = ResumingForm()
    if not form.validate_on_submit():
        return _page(found, form if found.state in OUT else None, 422)
    with unit_of_work():
        settle(found, RESUMED, form.reason.data, current_user.person)
    flash(_("The application of %(name)s has been taken up again.", name=found.name), "success")
    return redirect_to(url_for("overview.candidate", candidate_id=found.id))
