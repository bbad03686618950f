"""The page on which the recommendation is written; what is typed saves itself until it is saved for the panel."""

from flask import flash, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.access import Permission
from portal.audit.services import record
from portal.confirm import ask, confirmed
from portal.db import unit_of_work
from portal.decisions import drafts, queries
from portal.decisions.blueprint import bp
from portal.decisions.drafts import Kept, Shown
from portal.decisions.forms import NOBODY, RecommendationForm, recommendation_form, shown
from portal.decisions.models import Recommendation, RecommendationDraft
from portal.decisions.queries import Case
from portal.decisions.referring import told_about
from portal.decisions.rules import Stage
from portal.decisions.services import Wording
from portal.errors import error_response, wants_fragment
from portal.i18n import sort_key
from portal.recruitment.models import Candidate, Recruitment
from portal.recruitment.queries import find_recruitment, in_framework_order
from portal.web import logs_reading, needs, page, redirect_to

Text = Recommendation | RecommendationDraft


def _home(recruitment: Recruitment) -> str:
    return url_for("decisions.recommendation", recruitment_id=recruitment.id)


def _chosen(recruitment: Recruitment, raw: str | None, latest: Text | None) -> Candidate | str | None:
    """The candidate that is asked for or stands in the newest text; NOBODY, or None as long as none is chosen."""
    wanted = raw if raw is not None else str((latest.candidate_id or NOBODY) if latest else "")
    if wanted == NOBODY:
        return NOBODY
    return next((c for c in queries.in_the_running(recruitment) if str(c.id) == wanted), None)


def _id_of(chosen: Candidate | str | None) -> int | None:
    return chosen.id if isinstance(chosen, Candidate) else None


def _own_draft(recruitment: Recruitment, chosen: Candidate | str | None) -> RecommendationDraft | None:
    return queries.draft_about(recruitment.id, current_user.person_id, _id_of(chosen))


def _filled(case: Case, chosen: Candidate | str | None, own: RecommendationDraft | None = None) -> RecommendationForm:
    """The form over one's own unsaved draft or the newest wording; the reasons are kept for whom they are about."""
    ids = [row.competency_id for row in in_framework_order(case.recruitment)]
    candidate_id = _id_of(chosen)
    found: Text | None = own if own and own.pending else case.latest
    text = found if found and found.candidate_id == candidate_id else None
    return recommendation_form(
        ids if candidate_id else [],
        candidate=str(candidate_id or NOBODY),
        seen=case.seen,
        version=own.version if own else 0,
        reason=text.reason if text else "",
        must_have_reason=text.must_have_reason if text else "",
        **shown({n: text.reason_for(n) for n in ids} if text else {}),
    )


def _draft_page(
    case: Case,
    chosen: Candidate | str | None,
    form: RecommendationForm,
    status: int = 200,
    *,
    own: RecommendationDraft | None = None,
    other: Text | None = None,
) -> Response:
    """`own` is an unsaved draft that the form shows, and `other` a text that the typed one would replace."""
    candidate = chosen if isinstance(chosen, Candidate) else None
    with unit_of_work():
        record("decisions.see_grounds", candidate or case.recruitment)
    grounds = queries.grounds_for(candidate, current_user.person_id) if candidate else []
    running = sorted(queries.in_the_running(case.recruitment), key=lambda found: sort_key(found.name))
    return page(
        "decisions/draft.html",
        status,
        case=case,
        recruitment=case.recruitment,
        chosen=chosen,
        candidate=candidate,
        nobody=NOBODY,
        running=running,
        grounds=grounds,
        failed=[ground for ground in grounds if ground.failed],
        told=told_about(candidate) if candidate else {},
        form=form,
        own=own,
        other=other,
        other_window=isinstance(other, RecommendationDraft),
    )


@bp.get("/recruitments/<int:recruitment_id>/recommendation/draft")
@needs(Permission.DRAFT_RECOMMENDATION, find_recruitment)
@logs_reading
def draft(recruitment: Recruitment) -> Response:
    case = queries.case_of(recruitment)
    if case.stage is not Stage.DRAFTING:
        return redirect_to(_home(recruitment))
    unsaved = queries.unsaved_draft(recruitment, current_user.person_id)
    chosen = _chosen(recruitment, request.args.get("candidate"), unsaved or case.latest)
    own = _own_draft(recruitment, chosen)
    pending = own if own and own.pending else None
    other = case.latest if pending and pending.seen != case.seen else None
    return _draft_page(case, chosen, _filled(case, chosen, own), own=pending, other=other)


@bp.post("/recruitments/<int:recruitment_id>/recommendation/draft")
@needs(Permission.DRAFT_RECOMMENDATION, find_recruitment)
def save_draft(recruitment: Recruitment) -> Response:
    """Save for the panel; what htmx sends while someone types is kept for them alone."""
    chosen = _chosen(recruitment, request.form.get("candidate", ""), None)
    form = _filled(Case(recruitment, (), (), ()), chosen)  # what was sent counts, not what was saved
    if chosen is None or not form.validate_on_submit():
        return _draft_page(queries.case_of(recruitment), chosen, form, 422)
    if "drop" in request.form:
        return _drop(recruitment, chosen)
    write = drafts.keep if wants_fragment() else drafts.save
    with unit_of_work():
        kept = write(recruitment, current_user.person, _wording(form), Shown(form.seen.data or 0, form.seen_draft))
    return _draft_kept(kept) if wants_fragment() else _saved(recruitment, chosen, form, kept)


def _wording(form: RecommendationForm) -> Wording:
    candidate_id = None if form.candidate.data == NOBODY else int(form.candidate.data)
    return Wording(candidate_id, form.reason.data or "", form.reasons(), form.must_have_reason.data or "")


def _draft_kept(kept: Kept) -> Response:
    if kept.overtaken:
        why = _("You have changed this text in another window. Choose “Save for the panel” to see both texts.")
        return error_response(409, [why])
    return page("decisions/_draft.html", saved_at=kept.draft.at, other=kept.other, alone=True)


def _saved(recruitment: Recruitment, chosen: Candidate | str, form: RecommendationForm, kept: Kept) -> Response:
    """Where something has been saved meanwhile, the page shows both texts, and saving from there is a choice."""
    if kept.saved:
        flash(_("The recommendation has been saved as a draft."), "success")
        return redirect_to(_home(recruitment))
    form.show_version(kept.draft.version)
    if kept.overtaken:
        return _draft_page(queries.case_of(recruitment), chosen, form, 409, other=kept.draft)
    case = queries.case_of(recruitment)
    form.show_wording(case.seen)
    return _draft_page(case, chosen, form, 409, own=kept.draft, other=case.latest)


def _drop(recruitment: Recruitment, chosen: Candidate | str) -> Response:
    back = url_for("decisions.draft", recruitment_id=recruitment.id, candidate=_id_of(chosen) or NOBODY)
    if not confirmed():
        text = _("The recommendation then stands as it was last saved for the panel.")
        return ask(_("Drop what you have written and not saved?"), text, _("Drop the text"), back)
    with unit_of_work():
        drafts.drop(recruitment, current_user.person, _id_of(chosen))
    flash(_("What you had written and not saved has been dropped."), "success")
    return redirect_to(back)
