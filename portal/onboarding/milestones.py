"""Milestones: asking for sign-off, deciding on it, and the review of the trial period."""

from typing import Any

from flask import abort, flash, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.access import Permission, Role, may
from portal.balance.queries import better_for
from portal.db import unit_of_work
from portal.formfields import PortalForm, options_or_none
from portal.i18n import today
from portal.onboarding import decisions, duties, lists, queries
from portal.onboarding.decisions import ReviewText
from portal.onboarding.forms import (
    ApproveForm,
    DeputyForm,
    RemarksForm,
    ReopenForm,
    RequestSignOffForm,
    ReturnForm,
    ReviewForm,
)
from portal.onboarding.models import Plan, TrialReview
from portal.onboarding.queries import Milestone
from portal.onboarding.rules import open_required, request_blockers, urgency
from portal.onboarding.schedule import TRIAL_REVIEW, Contract, trial
from portal.onboarding.views import bp
from portal.once import make_once
from portal.people import queries as people
from portal.people import services as people_services
from portal.people.models import OfficeDeputy
from portal.web import needs, page, redirect_to

FORMS = {
    RequestSignOffForm: "request_form",
    ApproveForm: "approve_form",
    ReturnForm: "return_form",
    ReopenForm: "reopen_form",
}


def _milestone_page(found: Milestone, wrong: PortalForm | None = None) -> Response:
    plan, phase = found.plan, found.phase
    items, state = queries.with_events(queries.items_of(plan, phase)), queries.state_of(plan, phase)
    forms: dict[str, Any] = {name: form(formdata=None, prefix=name[:-5]) for form, name in FORMS.items()}
    if wrong is not None:
        forms[FORMS[type(wrong)]] = wrong
    return page(
        "onboarding/milestone.html",
        422 if wrong is not None else 200,
        plan=plan,
        phase=phase,
        due=next(m.due_date for m in plan.milestones if m.phase == phase),
        items=items,
        looks={item.id: urgency(item.state, item.due_date, today(), state) for item in items},
        state=state,
        blockers=request_blockers(state, items),
        lacking=open_required(items),
        history=[event for event in plan.milestone_events if event.phase == phase],
        review=decisions.shared_review(plan.id) if phase == TRIAL_REVIEW else None,
        is_review=phase == TRIAL_REVIEW,
        wrong=wrong,
        better=better_for(current_user.actor, plan),
        **forms,
    )


@bp.get("/<int:plan_id>/milestones/<phase>")
@needs(Permission.SEE_PLAN, queries.find_milestone, of="plan")
def milestone(found: Milestone) -> Response:
    return _milestone_page(found)


def _back(found: Milestone, message: str) -> Response:
    flash(message, "success")
    return redirect_to(url_for("onboarding.milestone", plan_id=found.plan.id, phase=found.phase))


@bp.post("/<int:plan_id>/milestones/<phase>/request")
@needs(Permission.REQUEST_SIGN_OFF, queries.find_milestone, of="plan")
def request_sign_off(found: Milestone) -> Response:
    form = RequestSignOffForm(prefix="request")
    if not form.validate_on_submit():
        return _milestone_page(found, form)
    with unit_of_work():
        decisions.request_sign_off(found.plan, found.phase, current_user.person, form.comment.data or "")
    return _back(found, _("Your chef has been asked to sign the milestone off."))


@bp.post("/<int:plan_id>/milestones/<phase>/withdraw")
@needs(Permission.REQUEST_SIGN_OFF, queries.find_milestone, of="plan")
def withdraw_request(found: Milestone) -> Response:
    with unit_of_work():
        decisions.withdraw_request(found.plan, found.phase, current_user.person)
    return _back(found, _("You have taken the request back, and can change the items again."))


@bp.post("/<int:plan_id>/milestones/<phase>/return")
@needs(Permission.DECIDE_SIGN_OFF, queries.find_milestone, of="plan")
def return_milestone(found: Milestone) -> Response:
    form = ReturnForm(prefix="return")
    if not form.validate_on_submit():
        return _milestone_page(found, form)
    with unit_of_work():
        decisions.return_milestone(found.plan, found.phase, current_user.person, form.comment.data)
    return _back(found, _("The milestone has been sent back with your comment."))


def _decides_here(found: Milestone) -> bool:
    """A deputy decides for the chef, but not on the trial period, whatever else they are: the chef holds its review."""
    return found.phase != TRIAL_REVIEW or may(current_user.actor, Permission.HOLD_TRIAL_REVIEW, found.plan)


@bp.post("/<int:plan_id>/milestones/<phase>/approve")
@needs(Permission.DECIDE_SIGN_OFF, queries.find_milestone, of="plan")
def approve_milestone(found: Milestone) -> Response:
    if not _decides_here(found):
        abort(403)
    form = ApproveForm(prefix="approve")
    if not form.validate_on_submit():
        return _milestone_page(found, form)
    with unit_of_work():
        decisions.approve_milestone(found.plan, found.phase, current_user.person, form.comment.data or "")
    return _back(found, _("The milestone has been signed off."))


@bp.post("/<int:plan_id>/milestones/<phase>/reopen")
@needs(Permission.DECIDE_SIGN_OFF, queries.find_milestone, of="plan")
def reopen_milestone(found: Milestone) -> Response:
    form = ReopenForm(prefix="reopen")
    if not form.validate_on_submit():
        return _milestone_page(found, form)
    with unit_of_work():
        decisions.reopen_milestone(found.plan, found.phase, current_user.person, form.reason.data)
    return _back(found, _("The milestone has been taken up again. What was signed off stays in the history."))


def find_trial_plan(plan_id: int) -> Plan | None:
    """A plan that has a review of the trial period."""
    found = queries.find_milestone(plan_id, TRIAL_REVIEW)
    return found.plan if found else None


def _readable_reviews(plan: Plan) -> list[TrialReview]:
    """What is shared, and the person's own drafts: another's draft is nobody's business, also not a new chef's."""
    return [r for r in queries.reviews_of(plan.id) if r.shared or r.by_id == current_user.person_id]


def _review_page(plan: Plan, form: ReviewForm, remarks_form: RemarksForm, status: int = 200) -> Response:
    chef, written = may(current_user.actor, Permission.HOLD_TRIAL_REVIEW, plan), _readable_reviews(plan)
    return page(
        "onboarding/review.html",
        status,
        plan=plan,
        period=trial(plan.start_date, Contract(plan.contract)),
        latest=next((r for r in reversed(written) if not r.remarks), None),
        history=written,
        form=form,
        remarks_form=remarks_form,
        writes=chef,
        state=queries.state_of(plan, TRIAL_REVIEW),
    )


@bp.get("/<int:plan_id>/trial-review")
@needs(Permission.SEE_TRIAL_REVIEW, find_trial_plan)
def trial_review(plan: Plan) -> Response:
    latest = next((r for r in reversed(_readable_reviews(plan)) if not r.remarks), None)
    words = {name: getattr(latest, name) for name in ("strengths", "concerns", "actions")} if latest else {}
    return _review_page(plan, ReviewForm(formdata=None, data=words), RemarksForm(formdata=None))


@bp.post("/<int:plan_id>/trial-review")
@needs(Permission.HOLD_TRIAL_REVIEW, find_trial_plan)
def write_review(plan: Plan) -> Response:
    form = ReviewForm()
    if not form.validate_on_submit():
        return _review_page(plan, form, RemarksForm(formdata=None), 422)
    text = ReviewText(form.strengths.data or "", form.concerns.data or "", form.actions.data or "")
    share = bool(form.share.data)

    def make() -> str:
        decisions.write_review(plan, current_user.person, text, share=share)
        told = _("The review is shared with the souschef and HR.") if share else _("The draft has been saved.")
        flash(told, "success")
        return url_for("onboarding.trial_review", plan_id=plan.id)

    return make_once(form, make)


@bp.post("/<int:plan_id>/trial-review/remarks")
@needs(Permission.REQUEST_SIGN_OFF, find_trial_plan)
def add_remarks(plan: Plan) -> Response:
    form = RemarksForm()
    if not form.validate_on_submit():
        return _review_page(plan, ReviewForm(formdata=None), form, 422)

    def make() -> str:
        decisions.add_remarks(plan, current_user.person, form.remarks.data)
        flash(_("Your remarks stand beside the review."), "success")
        return url_for("onboarding.trial_review", plan_id=plan.id)

    return make_once(form, make)


def _offices() -> list[tuple[int, str]]:
    actor = current_user.actor
    return [(n, name) for n, name in people.office_names() if Role.HR in actor.roles or n in actor.chef_of]


def _sign_offs_page(form: DeputyForm, status: int = 200) -> Response:
    actor, offices = current_user.actor, _offices()
    waiting = duties.awaiting(actor, today())
    return page(
        "onboarding/sign_offs.html",
        status,
        awaiting=waiting.requested,
        reviews=waiting.reviews,
        waivers=waiting.waivers,
        rows=lists.led_by(actor, today(), 100),
        deputies=people.deputies([office_id for office_id, _name in offices], today()),
        form=form,
    )


def _deputy_form() -> DeputyForm:
    form = DeputyForm()
    form.office.choices = options_or_none(_offices())
    form.person.choices = options_or_none((p.id, p.name) for p in people.active_people())
    return form


@bp.get("/sign-offs")
@needs(Permission.SIGN_OFFS)
def sign_offs() -> Response:
    return _sign_offs_page(_deputy_form())


@bp.post("/sign-offs/deputies")
@needs(Permission.START_PLAN)
def name_deputy() -> Response:
    form = _deputy_form()
    if not form.validate_on_submit():
        return _sign_offs_page(form, 422)
    office, person = people.find_office(int(form.office.data)), people.find_person(int(form.person.data))
    assert office is not None  # the form's own choices
    assert person is not None
    with unit_of_work():
        people_services.name_deputy(office, person, form.since.data, form.until.data, current_user.person)
    flash(_("%(name)s decides on sign-offs in that time.", name=person.name), "success")
    return redirect_to(url_for("onboarding.sign_offs"))


@bp.post("/sign-offs/deputies/<int:deputy_id>/end")
@needs(Permission.NAME_DEPUTY, people.find_deputy, of="office")
def end_deputy(deputy: OfficeDeputy) -> Response:
    with unit_of_work():
        people_services.end_deputy(deputy, today())
    flash(_("%(name)s no longer decides for the chef.", name=deputy.person.name), "success")
    return redirect_to(url_for("onboarding.sign_offs"))
