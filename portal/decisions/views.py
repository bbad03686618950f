"""The panel's recommendation, and the hiring authority's decision."""

from typing import Any

from flask import abort, flash, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.access import Permission, may
from portal.audit.services import record
from portal.confirm import ask, confirmed
from portal.db import unit_of_work
from portal.decisions import queries, services
from portal.decisions.blueprint import bp
from portal.decisions.forms import AuthorityForm, DecisionForm, OpinionForm, ReviewForm
from portal.decisions.queries import Case, Findings
from portal.decisions.rules import Ruling, Stage
from portal.decisions.texts import RULING_LABELS, STAGE_LABELS, STAGE_TONES
from portal.formfields import options_or_none
from portal.i18n import sort_key
from portal.people import queries as people
from portal.recruitment.models import Recruitment
from portal.recruitment.queries import find_recruitment
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
    recruitment, actor, me = case.recruitment, current_user.actor, current_user.person_id
    names, drafting = may(actor, Permission.NAME_AUTHORITY, recruitment), case.stage is Stage.DRAFTING
    in_the_panel = may(actor, Permission.SEE_SCORES, recruitment)
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
        blockers=services.recommendation_blockers(case, findings, me) if drafting and in_the_panel else [],
        unsaved=queries.unsaved_draft(recruitment, me) if drafting else None,
        authority_form=(forms.get("authority") or _authority_form(recruitment)) if names and drafting else None,
        opinion_form=forms.get("opinion") or _opinion_form(case),
        decision_form=forms.get("decision") or _decision_form(case),
    )


def _wording_shown(case: Case, findings: Findings) -> dict[str, Any] | None:
    """What was submitted, as it was; while the panel drafts, the newest wording, to the panel alone."""
    if case.stage is not Stage.DRAFTING and case.submission:
        return case.submission.snapshot
    in_the_panel = may(current_user.actor, Permission.SEE_SCORES, case.recruitment)
    return services.snapshot(case, case.latest, findings) if case.latest and in_the_panel else None


@bp.get("/recruitments/<int:recruitment_id>/recommendation")
@needs(Permission.SEE_RECOMMENDATION, find_recruitment)
@logs_reading
def recommendation(recruitment: Recruitment) -> Response:
    with unit_of_work():
        record("decisions.see_recommendation", recruitment)
    return _page(queries.case_of(recruitment))


@bp.post("/recruitments/<int:recruitment_id>/recommendation/authority")
@needs(Permission.NAME_AUTHORITY, find_recruitment)
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


@bp.post("/recruitments/<int:recruitment_id>/recommendation/submit")
@needs(Permission.DRAFT_RECOMMENDATION, find_recruitment)
def submit(recruitment: Recruitment) -> Response:
    case, form, me = queries.case_of(recruitment), ReviewForm(), current_user.person_id
    if not form.validate_on_submit():
        abort(400)
    lacking = [] if confirmed() else services.recommendation_blockers(case, services.findings_of(case), me)
    if not confirmed() and not lacking and recruitment.authority:
        name = recruitment.authority.name
        text = _("%(name)s can read it and decide. From then on it cannot be changed.", name=name)
        return ask(_("Submit the recommendation?"), text, _("Submit the recommendation"), _home(recruitment))
    with unit_of_work():
        services.submit_recommendation(recruitment, current_user.person, form.seen.data or 0)
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
