"""The list of recruitments, and one recruitment on one page: what is done, what is next, and what each person owes."""

from flask import flash, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.access import Permission
from portal.confirm import ask, confirmed
from portal.db import unit_of_work
from portal.formfields import options_or_none
from portal.i18n import sort_key
from portal.interviews import queries as interviews
from portal.overview.blueprint import bp
from portal.overview.forms import RecruitmentFilter
from portal.overview.listing import Order, cut
from portal.overview.progress import ASSESSING, READY, SETTING_UP, Standing, standing, standings
from portal.recruitment import queries as recruitments
from portal.recruitment.models import Candidate, Recruitment
from portal.recruitment.services import remove_candidate as take_out
from portal.references.queries import referees_of
from portal.web import needs, page, page_number, redirect_to

SORTS = ("newest", "title", "office", "status")
PER_PAGE = 20

OWED = ("declare", "assess")  # the states of a seat in which something awaits its holder


def _filter_form() -> RecruitmentFilter:
    form = RecruitmentFilter(request.args)
    labels = [(SETTING_UP, _("Being set up")), (ASSESSING, _("Being assessed")), (READY, _("Ready to compare"))]
    form.status.choices = options_or_none(labels, _("All"))
    form.validate()
    return form


def _matches(found: Standing, search: str, status: str) -> bool:
    recruitment = found.recruitment
    text = f"{recruitment.title} {recruitment.office.name} {recruitment.case_number}".casefold()
    return search.casefold() in text and status in ("", found.status.code)


def _sorted(found: list[Standing], order: Order) -> list[Standing]:
    """Newest first to begin with; turned round it is the oldest."""
    keys = {
        "title": lambda s: sort_key(s.recruitment.title),
        "office": lambda s: sort_key(s.recruitment.office.name),
        "status": lambda s: ((SETTING_UP, ASSESSING, READY).index(s.status.code), sort_key(s.status.text)),
        "newest": lambda s: -s.recruitment.id,
    }
    return sorted(found, key=keys[order.sort], reverse=order.descending)


@bp.get("/recruitments")
@needs(Permission.SIGNED_IN)
def recruitments_list() -> Response:
    form, order = _filter_form(), Order.asked(request.args.get("sort", ""), SORTS)
    search, status = ("" if field.errors else field.data or "" for field in (form.q, form.status))
    everything = standings(recruitments.recruitments_visible_to(current_user.actor), current_user.person_id)
    rows = [found for found in everything if _matches(found, search, status)]
    return page(
        "overview/recruitments.html",
        fragment="overview/_recruitments.html",
        form=form,
        wanted=order,
        found=cut(_sorted(rows, order), page_number(), PER_PAGE),
        kept={name: value for name, value in (("q", search), ("status", status)) if value},
    )


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
