"""Plans, checklist items and milestones, and the chef's overview of what awaits sign-off."""

from typing import Any

from flask import abort, flash, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from portal.access import Permission, Role, may
from portal.bank.rules import PHASES
from portal.db import unit_of_work
from portal.errors import wants_fragment
from portal.formfields import options, options_or_none
from portal.framework.queries import find_version
from portal.i18n import today
from portal.onboarding import queries, services
from portal.onboarding.forms import ApproveForm, CompleteItemForm, RequestSignOffForm, ReturnForm, StartPlanForm
from portal.onboarding.models import Plan, PlanItem
from portal.onboarding.queries import Milestone
from portal.onboarding.rules import (
    ItemState,
    is_done,
    item_blockers,
    item_state,
    open_required,
    request_blockers,
)
from portal.onboarding.texts import context
from portal.people import queries as people
from portal.web import feature, needs, page, redirect_to

bp = feature("onboarding", "/onboarding")
FILTERS = ("all", "open", "mine")
bp.app_context_processor(lambda: context())


@bp.get("")
@needs(Permission.SIGNED_IN)
def plans() -> Response:
    found = queries.plans_visible_to(current_user.actor)
    return page("onboarding/plans.html", statuses=queries.statuses(found, today()))


def _start_form() -> StartPlanForm:
    form = StartPlanForm()
    leads_all = Role.HR in current_user.actor.roles
    offices = [o for o in people.offices() if leads_all or o.id in current_user.actor.chef_of]
    persons = [(p.id, p.name) for p in people.active_people() if p.id != current_user.person_id]
    form.office.choices = options_or_none((office.id, office.name) for office in offices)
    form.souschef.choices = options_or_none(persons)
    form.buddy.choices = options_or_none(persons, _("None"))
    form.template.choices = options((template.id, template.title) for template in queries.templates())
    return form


@bp.route("/start", methods=["GET", "POST"])
@needs(Permission.START_PLAN)
def start_plan() -> Response:
    form = _start_form()
    if not form.validate_on_submit():
        return page("onboarding/start.html", 422 if form.is_submitted() else 200, form=form)
    with unit_of_work():
        plan = _started(form)
    flash(_("The onboarding of %(name)s has been planned.", name=plan.souschef.name), "success")
    return redirect_to(url_for("onboarding.plan", plan_id=plan.id))


def _started(form: StartPlanForm) -> Plan:
    template = next(t for t in queries.templates() if str(t.id) == form.template.data)
    version = find_version(template.framework_slug)
    office, souschef = people.find_office(int(form.office.data)), people.find_person(int(form.souschef.data))
    if version is None or office is None or souschef is None:  # gone since the form was shown
        abort(409)
    buddy = people.find_person(int(form.buddy.data)) if form.buddy.data else None
    return services.start_plan(
        template, version, office, souschef, form.start_date.data, buddy=buddy, created_by=current_user.person
    )


def _states(items: list[PlanItem]) -> dict[int, Any]:
    return {item.id: item_state(is_done(item.events), item.due_date, today()) for item in items}


def _may_tick(plan: Plan, items: list[PlanItem]) -> set[int]:
    """The items that this person can tick or undo now."""
    free = {phase for phase, state in queries.states_of(plan).items() if not item_blockers(state)}
    return {i.id for i in items if i.phase in free and may(current_user.actor, Permission.COMPLETE_ITEM, i)}


def _shown(plan: Plan, chosen: str) -> list[PlanItem]:
    mine = [item for item in plan.items if may(current_user.actor, Permission.COMPLETE_ITEM, item)]
    return {"mine": mine, "open": [i for i in plan.items if not is_done(i.events)]}.get(chosen, plan.items)


def _unfolded(plan: Plan) -> set[str]:
    """The phases that show their items at once: those with something overdue or due within a week."""
    urgent = (ItemState.OVERDUE, ItemState.SOON)
    return {i.phase for i in plan.items if item_state(is_done(i.events), i.due_date, today()) in urgent}


@bp.get("/<int:plan_id>")
@needs(Permission.SEE_PLAN, queries.find_plan)
def plan(plan: Plan) -> Response:
    chosen = request.args.get("show", "all")
    items = _shown(plan, chosen)
    return page(
        "onboarding/plan.html",
        plan=plan,
        status=queries.status_of(plan, today()),
        groups=[(phase, [i for i in items if i.phase == phase]) for phase in PHASES],
        item_states=_states(plan.items),
        done_ids={item.id for item in plan.items if is_done(item.events)},
        unfolded=_unfolded(plan),
        tickable=_may_tick(plan, plan.items),
        show=chosen if chosen in FILTERS else "all",
    )


def _item_page(item: PlanItem, form: CompleteItemForm, status: int = 200) -> Response:
    plan = item.plan
    return page(
        "onboarding/item.html",
        status,
        item=item,
        plan=plan,
        form=form,
        state=_states([item])[item.id],
        done=is_done(item.events),
        blockers=item_blockers(queries.state_of(plan, item.phase)),
    )


@bp.get("/<int:plan_id>/items/<int:item_id>")
@needs(Permission.SEE_PLAN, queries.find_item, of="plan")
def item(item: PlanItem) -> Response:
    return _item_page(item, CompleteItemForm())


def _changed(item: PlanItem) -> Response:
    """The one line that changed for htmx; else back to the place on the plan."""
    if wants_fragment():
        plan = queries.find_plan(item.plan_id)
        assert plan is not None  # the item's own plan
        return page(
            "onboarding/_item.html",
            item=item,
            plan=plan,
            item_states=_states([item]),
            tickable={item.id},
            status=queries.status_of(plan, today()),
            announce=True,
        )
    return redirect_to(url_for("onboarding.plan", plan_id=item.plan_id, _anchor=f"item-{item.id}"))


@bp.post("/<int:plan_id>/items/<int:item_id>/complete")
@needs(Permission.COMPLETE_ITEM, queries.find_item)
def complete_item(item: PlanItem) -> Response:
    form = CompleteItemForm()
    if not form.validate_on_submit():
        return _item_page(item, form, 422)
    with unit_of_work():
        services.complete_item(item, current_user.person, form.note.data or "")
    return _changed(item)


@bp.post("/<int:plan_id>/items/<int:item_id>/undo")
@needs(Permission.COMPLETE_ITEM, queries.find_item)
def undo_item(item: PlanItem) -> Response:
    with unit_of_work():
        services.undo_item(item, current_user.person)
    return _changed(item)


def _milestone_page(found: Milestone, wrong: FlaskForm | None = None) -> Response:
    plan, phase = found.plan, found.phase
    items, state = queries.items_of(plan, phase), queries.state_of(plan, phase)
    forms: dict[str, Any] = {
        "request_form": RequestSignOffForm(formdata=None),
        "approve_form": ApproveForm(formdata=None, prefix="approve"),
        "return_form": ReturnForm(formdata=None),
    }
    if wrong is not None:
        forms[{RequestSignOffForm: "request_form", ReturnForm: "return_form"}.get(type(wrong), "approve_form")] = wrong
    return page(
        "onboarding/milestone.html",
        422 if wrong is not None else 200,
        plan=plan,
        phase=phase,
        items=items,
        item_states=_states(items),
        state=state,
        blockers=request_blockers(state, items),
        lacking=open_required(items),
        history=[event for event in plan.milestone_events if event.phase == phase],
        wrong=wrong,
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
    form = RequestSignOffForm()
    if not form.validate_on_submit():
        return _milestone_page(found, form)
    with unit_of_work():
        services.request_sign_off(found.plan, found.phase, current_user.person, form.comment.data or "")
    return _back(found, _("Your chef has been asked to sign the milestone off."))


@bp.post("/<int:plan_id>/milestones/<phase>/return")
@needs(Permission.DECIDE_SIGN_OFF, queries.find_milestone, of="plan")
def return_milestone(found: Milestone) -> Response:
    form = ReturnForm()
    if not form.validate_on_submit():
        return _milestone_page(found, form)
    with unit_of_work():
        services.return_milestone(found.plan, found.phase, current_user.person, form.comment.data)
    return _back(found, _("The milestone has been sent back with your comment."))


@bp.post("/<int:plan_id>/milestones/<phase>/approve")
@needs(Permission.DECIDE_SIGN_OFF, queries.find_milestone, of="plan")
def approve_milestone(found: Milestone) -> Response:
    form = ApproveForm(prefix="approve")
    if not form.validate_on_submit():
        return _milestone_page(found, form)
    with unit_of_work():
        services.approve_milestone(found.plan, found.phase, current_user.person, form.comment.data or "")
    return _back(found, _("The milestone has been signed off."))


@bp.get("/sign-offs")
@needs(Permission.START_PLAN)
def sign_offs() -> Response:
    actor = current_user.actor
    led = [plan for plan in queries.plans_visible_to(actor) if may(actor, Permission.DECIDE_SIGN_OFF, plan)]
    return page(
        "onboarding/sign_offs.html",
        awaiting=queries.awaiting_decision(actor, led),
        statuses=queries.statuses(led, today()),
        phases=PHASES,
    )
