"""The panel's recommendation, and the hiring authority's decision."""

from typing import Any

from flask import flash, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.access import Permission, may
from portal.audit.services import record
from portal.confirm import ask, confirmed
from portal.db import unit_of_work
from portal.decisions import queries, services
from portal.decisions.blueprint import bp
from portal.decisions.forms import (
    NOBODY,
    AuthorityForm,
    DecisionForm,
    OpinionForm,
    RecommendationForm,
    recommendation_form,
    shown,
)
from portal.decisions.models import Recommendation
from portal.decisions.queries import Case, Findings
from portal.decisions.referring import told_about
from portal.decisions.rules import Ruling, Stage
from portal.decisions.services import Wording
from portal.decisions.texts import RULING_LABELS, STAGE_LABELS, STAGE_TONES
from portal.formfields import options_or_none
from portal.i18n import sort_key
from portal.people import queries as people
from portal.recruitment.models import Candidate, Recruitment
from portal.recruitment.queries import find_recruitment, in_framework_order
from portal.web import logs_reading, needs, page, redirect_to


def _home(recruitment: Recruitment) -> str:
    return url_for("decisions.recommendation", recruitment_id=recruitment.id)


def _authority_form(recruitment: Recruitment) -> AuthorityForm:
    """Anyone but the recruiter, who cannot decide on their own recommendation."""
    form = AuthorityForm(person=str(recruitment.authority_id or ""))
    persons = [person for person in people.active_people() if person.id != recruitment.recruiter_id]
    form.person.choices = options_or_none((person.id, person.name) for person in persons)
    return form


def _decision_form(case: Case) -> DecisionForm:
    form = DecisionForm()
    recommended = case.proposed_id
    others = sorted(queries.in_the_running(case.recruitment), key=lambda candidate: sort_key(candidate.name))
    form.candidate.choices = options_or_none((c.id, c.name) for c in others if c.id != recommended)
    return form


def _opinion_form(case: Case) -> OpinionForm:
    own = next((opinion for opinion in case.minority if opinion.by_id == current_user.person_id), None)
    return OpinionForm(opinion=own.text if own else "")


def _page(case: Case, status: int = 200, **forms: Any) -> Response:
    """The wording as this reader may know it: the authority is shown nothing before it has been submitted."""
    recruitment, actor = case.recruitment, current_user.actor
    manages, drafting = may(actor, Permission.MANAGE_RECRUITMENT, recruitment), case.stage is Stage.DRAFTING
    in_the_panel = may(actor, Permission.SEE_RECRUITMENT, recruitment)
    findings = services.findings_of(case) if drafting and in_the_panel else Findings()
    return page(
        "decisions/recommendation.html",
        status,
        case=case,
        recruitment=recruitment,
        shown=_wording_shown(case, findings) if in_the_panel or case.submission else None,
        earlier=[s for s in case.submissions if s.decision] if drafting else case.submissions[:-1],
        stage=(STAGE_LABELS[case.stage], STAGE_TONES[case.stage]),
        ruling_labels=RULING_LABELS,
        blockers=services.recommendation_blockers(case, findings) if drafting and in_the_panel else [],
        authority_form=(forms.get("authority") or _authority_form(recruitment)) if manages and drafting else None,
        opinion_form=forms.get("opinion") or _opinion_form(case),
        decision_form=forms.get("decision") or _decision_form(case),
    )


def _wording_shown(case: Case, findings: Findings) -> dict[str, Any] | None:
    """What was submitted, as it was; while the panel drafts, the newest wording, to the panel alone."""
    if case.stage is not Stage.DRAFTING and case.submission:
        return case.submission.snapshot
    in_the_panel = may(current_user.actor, Permission.SEE_RECRUITMENT, case.recruitment)
    return services.snapshot(case, case.latest, findings) if case.latest and in_the_panel else None


@bp.get("/recruitments/<int:recruitment_id>/recommendation")
@needs(Permission.SEE_RECOMMENDATION, find_recruitment)
@logs_reading
def recommendation(recruitment: Recruitment) -> Response:
    with unit_of_work():
        record("decisions.see_recommendation", recruitment)
    return _page(queries.case_of(recruitment))


@bp.post("/recruitments/<int:recruitment_id>/recommendation/authority")
@needs(Permission.MANAGE_RECRUITMENT, find_recruitment)
def name_authority(recruitment: Recruitment) -> Response:
    form = _authority_form(recruitment)
    if not form.validate_on_submit():
        return _page(queries.case_of(recruitment), 422, authority=form)
    person = people.find_person(int(form.person.data))
    assert person is not None  # one of the choices
    with unit_of_work():
        services.name_authority(recruitment, person)
    flash(_("%(name)s decides on the recommendation.", name=person.name), "success")
    return redirect_to(_home(recruitment))


def _chosen(recruitment: Recruitment, raw: str | None, latest: Recommendation | None) -> Candidate | str | None:
    """The candidate that is asked for or stands in the newest wording; NOBODY, or None as long as none is chosen."""
    wanted = raw if raw is not None else str((latest.candidate_id or NOBODY) if latest else "")
    if wanted == NOBODY:
        return NOBODY
    return next((c for c in queries.in_the_running(recruitment) if str(c.id) == wanted), None)


def _filled(case: Case, chosen: Candidate | str | None) -> RecommendationForm:
    """The form over the newest wording; the reasons are kept only for the candidate whom they are about."""
    latest = case.latest
    ids = [row.competency_id for row in in_framework_order(case.recruitment)]
    candidate = chosen if isinstance(chosen, Candidate) else None
    same = latest and latest.candidate_id == (candidate.id if candidate else None)
    texts = {n: latest.reason_for(n) for n in ids} if latest and same else {}
    return recommendation_form(
        ids if candidate else [],
        candidate=str(candidate.id) if candidate else NOBODY,
        seen=case.seen,
        reason=latest.reason if latest and same else "",
        must_have_reason=latest.must_have_reason if latest and same else "",
        **shown(texts),
    )


def _draft_page(
    case: Case, chosen: Candidate | str | None, form: RecommendationForm, status: int = 200, *, overtaken: bool = False
) -> Response:
    candidate = chosen if isinstance(chosen, Candidate) else None
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
        other=case.latest if overtaken else None,
    )


@bp.get("/recruitments/<int:recruitment_id>/recommendation/draft")
@needs(Permission.DRAFT_RECOMMENDATION, find_recruitment)
@logs_reading
def draft(recruitment: Recruitment) -> Response:
    case = queries.case_of(recruitment)
    if case.stage is not Stage.DRAFTING:
        return redirect_to(_home(recruitment))
    chosen = _chosen(recruitment, request.args.get("candidate"), case.latest)
    with unit_of_work():
        record("decisions.see_grounds", chosen if isinstance(chosen, Candidate) else recruitment)
    return _draft_page(case, chosen, _filled(case, chosen))


@bp.post("/recruitments/<int:recruitment_id>/recommendation/draft")
@needs(Permission.DRAFT_RECOMMENDATION, find_recruitment)
def save_draft(recruitment: Recruitment) -> Response:
    chosen = _chosen(recruitment, request.form.get("candidate", ""), None)
    form = _filled(Case(recruitment, (), (), ()), chosen)  # what was sent counts, not what was saved
    if chosen is None or not form.validate_on_submit():
        return _draft_page(queries.case_of(recruitment), chosen, form, 422)
    with unit_of_work():
        saved = services.save_recommendation(recruitment, current_user.person, _wording(form), form.seen.data or 0)
    if saved is None:
        return _both_wordings(recruitment, chosen, form)
    flash(_("The recommendation has been saved as a draft."), "success")
    return redirect_to(_home(recruitment))


def _wording(form: RecommendationForm) -> Wording:
    candidate_id = None if form.candidate.data == NOBODY else int(form.candidate.data)
    return Wording(candidate_id, form.reason.data or "", form.reasons(), form.must_have_reason.data or "")


def _both_wordings(recruitment: Recruitment, chosen: Candidate | str, form: RecommendationForm) -> Response:
    """What was typed beside what someone else has saved meanwhile; saving from here is a choice made with both in
    sight."""
    case = queries.case_of(recruitment)
    form.show_version(case.seen)
    return _draft_page(case, chosen, form, 409, overtaken=True)


@bp.post("/recruitments/<int:recruitment_id>/recommendation/submit")
@needs(Permission.DRAFT_RECOMMENDATION, find_recruitment)
def submit(recruitment: Recruitment) -> Response:
    case = queries.case_of(recruitment)
    lacking = [] if confirmed() else services.recommendation_blockers(case, services.findings_of(case))
    if not confirmed() and not lacking and recruitment.authority:
        name = recruitment.authority.name
        text = _("%(name)s can read it and decide. From then on it cannot be changed.", name=name)
        return ask(_("Submit the recommendation?"), text, _("Submit the recommendation"), _home(recruitment))
    with unit_of_work():
        services.submit_recommendation(recruitment, current_user.person)
    flash(_("The recommendation has been submitted."), "success")
    return redirect_to(_home(recruitment))


@bp.post("/recruitments/<int:recruitment_id>/recommendation/opinion")
@needs(Permission.WRITE_OPINION, find_recruitment)
def write_opinion(recruitment: Recruitment) -> Response:
    form = OpinionForm()
    if not form.validate_on_submit():
        return _page(queries.case_of(recruitment), 422, opinion=form)
    with unit_of_work():
        services.write_opinion(recruitment, current_user.person, form.opinion.data or "")
    said = _("Your minority opinion goes along with the recommendation.")
    flash(said if form.opinion.data else _("Your minority opinion has been taken back."), "success")
    return redirect_to(_home(recruitment))


@bp.post("/recruitments/<int:recruitment_id>/recommendation/decide")
@needs(Permission.DECIDE_RECRUITMENT, find_recruitment)
def decide(recruitment: Recruitment) -> Response:
    case = queries.case_of(recruitment)
    form = _decision_form(case)
    if not form.validate_on_submit():
        return _page(case, 422, decision=form)
    ruling, candidate_id, reason = form.chosen
    if not confirmed():
        return _ask_to_decide(case, ruling, candidate_id, reason)
    with unit_of_work():
        services.decide(recruitment, current_user.person, ruling, candidate_id, reason)
    flash(_("Your decision has been recorded."), "success")
    return redirect_to(_home(recruitment))


def _ask_to_decide(case: Case, ruling: Ruling, candidate_id: int | None, reason: str) -> Response:
    """What is about to be decided, once more; what stands in the way is told first."""
    hired = services.check_ruling(case, ruling, candidate_id, reason)
    titles = {
        Ruling.NOBODY: _("Decide to hire nobody?"),
        Ruling.RETURN: _("Send the recommendation back to the panel?"),
    }
    nobody = titles.get(ruling, titles[Ruling.NOBODY])
    title = _("Decide to hire %(name)s?", name=hired.name) if hired else nobody
    text = _("The decision is recorded with your name and the time.")
    lost = [reason] if reason else []
    return ask(title, text, _("Record the decision"), _home(case.recruitment), lost=lost)
