"""Plans and their items: the list, one plan, one item, and all that is done to them."""

from collections.abc import Sequence
from typing import Any

from flask import flash, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.access import Permission, may
from portal.balance.queries import better_for, visible_to
from portal.bank.rules import PHASES
from portal.db import unit_of_work
from portal.errors import wants_fragment
from portal.formfields import options_or_none
from portal.framework.queries import outline
from portal.i18n import today
from portal.onboarding import lists, queries, services
from portal.onboarding.forms import (
    CommentForm,
    CompleteItemForm,
    DecideWaiverForm,
    FilterForm,
    ItemForm,
    WaiverForm,
)
from portal.onboarding.models import Plan, PlanItem
from portal.onboarding.pieces import (
    ItemRow,
    NowBox,
    filter_box,
    item_row,
    milestone_steps,
    plan_facts,
    plan_line,
    progress_values,
)
from portal.onboarding.queries import ItemFigure, ItemLine
from portal.onboarding.rules import MilestoneState, Urgency, item_blockers, urgency, waiver_is_asked
from portal.onboarding.texts import context
from portal.once import make_once
from portal.people import queries as people
from portal.web import feature, needs, page, page_number, redirect_to

bp = feature("onboarding", "/onboarding")
SHOWN = ("all", "open", "mine", "overdue")
OWN_NEXT = 5
bp.app_context_processor(lambda: context())


def wanted_plans(form: FilterForm) -> lists.Filter:
    """What the address asks for; what it asks for wrongly is left out."""
    form.office.choices = options_or_none(people.office_names(), _("All"))
    form.validate()
    sort = request.args.get("sort", "")
    show = form.show.data if form.show.data in lists.SHOWN else "running"
    return lists.Filter(
        search="" if form.q.errors else form.q.data or "",
        office="" if form.office.errors else form.office.data or "",
        show=show,
        sort=sort.removeprefix("-") if sort.removeprefix("-") in lists.SORTS else lists.SORTS[0],
        descending=sort.startswith("-"),
    )


@bp.get("")
@needs(Permission.SIGNED_IN)
def plans() -> Response:
    form = FilterForm(request.args)
    wanted = wanted_plans(form)
    return page(
        "onboarding/plans.html",
        fragment="onboarding/_plans.html",
        filters=filter_box(form),
        wanted=wanted,
        found=(found := lists.plans(current_user.actor, wanted, today(), page_number())),
        lines=[plan_line(row) for row in found.items],
        kept=(kept := {name: value for name, value in request.args.items() if name not in ("page", "sort") and value}),
        kept_pairs=tuple(kept.items()),
    )


def urgencies(items: Sequence[ItemLine]) -> dict[int, Urgency]:
    day = today()
    return {item.id: urgency(item.state, item.due_date, day, item.milestone) for item in items}


def _may_tick(plan: Plan, items: list[ItemLine], states: dict[str, Any], mine: set[int]) -> set[int]:
    """The items that this person can tick or undo now."""
    free = {phase for phase, state in states.items() if not item_blockers(state)} if plan.ended_at is None else set()
    return {item.id for item in items if item.phase in free and item.id in mine}


def _own_next(plan: Plan, lines: list[ItemLine], tickable: set[int]) -> list[ItemLine]:
    """What the person is to do next; before the first working day what belongs there, if there is any of it."""
    own = [item for item in lines if item.id in tickable and queries.is_open(item)]
    first = [item for item in own if item.phase == PHASES[0]] if plan.start_date > today() else []
    return (first or own)[:OWN_NEXT]


def _chosen(items: list[ItemLine], show: str, mine: set[int], looks: dict[int, Urgency]) -> list[ItemLine]:
    return {
        "mine": [item for item in items if item.id in mine],
        "open": [item for item in items if queries.is_open(item)],
        "overdue": [item for item in items if looks[item.id] is Urgency.OVERDUE],
    }.get(show, items)


def _now(
    plan: Plan, status: queries.PlanStatus, own_next: Sequence[ItemLine], looks: dict[int, Urgency]
) -> NowBox | None:
    """The next milestone with what the reader is to do next; none when all are signed off."""
    phase = status.next_phase
    if phase is None:
        return None
    actor = current_user.actor
    return NowBox(
        plan.id,
        phase,
        status.states[phase],
        plan.start_date if plan.start_date > today() else None,
        status.words[phase] if may(actor, Permission.SEE_PLAN_NOTES, plan) else None,
        plan.souschef_id == actor.person_id,
        plan.souschef.name,
        tuple((i.id, i.title, looks[i.id], i.due_date) for i in own_next),
    )


@bp.get("/<int:plan_id>")
@needs(Permission.SEE_PLAN, queries.find_plan_alone)
def plan(plan: Plan) -> Response:
    """What each is to do next themselves stands first, and their items are marked in the checklist."""
    lines, actor = queries.lines_of(plan), current_user.actor
    status, looks, framework = lists.status_of(plan, lines, today()), urgencies(lines), outline(plan.version_id)
    mine = {item.id for item in lines if may(actor, Permission.COMPLETE_ITEM, item)}
    show = request.args.get("show", "all")
    items, balance = _chosen(lines, show, mine, looks), visible_to(actor, plan)
    better, tickable = balance.better if balance else {}, _may_tick(plan, lines, status.states, mine)
    rows: dict[str, list[ItemRow]] = {phase: [] for phase in PHASES}
    for i in items:
        rows[i.phase].append(item_row(i, looks[i.id], framework, better, i.id in mine, i.id in tickable))
    return page(
        "onboarding/plan.html",
        plan=plan,
        status=status,
        groups=list(rows.items()),
        now=_now(plan, status, _own_next(plan, lines, tickable), looks),
        unfolded={i.phase for i in lines if looks[i.id] in (Urgency.OVERDUE, Urgency.SOON)},
        balance=balance,
        progress=progress_values(status.progress, status.overdue, status.parts),
        steps=milestone_steps(status.states, status.days),
        facts=plan_facts(plan, framework),
        show=show if show in SHOWN else "all",
    )


def _item_page(item: PlanItem, wrong: Any = None, status: int = 200) -> Response:
    """The item with its forms; `wrong` is the one that was refused."""
    plan, milestone = item.plan, queries.phase_state(item.plan_id, item.phase)
    forms: dict[str, Any] = {
        "complete_form": CompleteItemForm(formdata=None),
        "comment_form": CommentForm(formdata=None),
        "waiver_form": WaiverForm(formdata=None),
        "decide_form": DecideWaiverForm(formdata=None, prefix="decide"),
    }
    if wrong is not None:
        names = {CompleteItemForm: "complete", CommentForm: "comment", WaiverForm: "waiver", DecideWaiverForm: "decide"}
        forms[f"{names[type(wrong)]}_form"] = wrong
    return page(
        "onboarding/item.html",
        status,
        item=item,
        plan=plan,
        framework=outline(plan.version_id),
        look=urgency(item.state, item.due_date, today(), milestone),
        blockers=item_blockers(milestone),
        asked=waiver_is_asked(item.events),
        wrong=wrong,
        better=better_for(current_user.actor, plan),
        **forms,
    )


@bp.get("/<int:plan_id>/items/<int:item_id>")
@needs(Permission.SEE_PLAN, queries.find_item, of="plan")
def item(item: PlanItem) -> Response:
    return _item_page(item)


def _ticked(item: PlanItem, figures: list[ItemFigure]) -> Response:
    """For htmx the line that changed and every number beside it; else back to the place on the plan."""
    plan = item.plan
    if not wants_fragment():
        return redirect_to(url_for("onboarding.plan", plan_id=plan.id, _anchor=f"item-{item.id}"))
    framework, better = outline(plan.version_id), better_for(current_user.actor, plan)
    look = urgency(item.state, item.due_date, today(), MilestoneState.OPEN)
    row = item_row(item, look, framework, better, mine=True, tickable=True)
    counted = queries.count(figures, framework, today())
    return page(
        "onboarding/_ticked.html",
        row=row._replace(ticked=True),
        progress=progress_values(counted.all, counted.overdue, counted.parts),
        phase=item.phase,
        counted=counted.phases[item.phase],
    )


@bp.post("/<int:plan_id>/items/<int:item_id>/complete")
@needs(Permission.COMPLETE_ITEM, queries.find_item_to_change)
def complete_item(item: PlanItem) -> Response:
    form = CompleteItemForm()
    if not form.validate_on_submit():
        return _item_page(item, form, 422)
    with unit_of_work():
        services.complete_item(item, current_user.person, form.note.data or "")
        figures = services.recount(item.plan_id)
    return _ticked(item, figures)


@bp.post("/<int:plan_id>/items/<int:item_id>/undo")
@needs(Permission.COMPLETE_ITEM, queries.find_item_to_change)
def undo_item(item: PlanItem) -> Response:
    with unit_of_work():
        services.undo_item(item, current_user.person)
        figures = services.recount(item.plan_id)
    return _ticked(item, figures)


def _told_at(item: PlanItem, message: str) -> str:
    """The address of the item, which says what has happened."""
    flash(message, "success")
    return url_for("onboarding.item", plan_id=item.plan_id, item_id=item.id)


def _back_to(item: PlanItem, message: str) -> Response:
    return redirect_to(_told_at(item, message))


@bp.post("/<int:plan_id>/items/<int:item_id>/comments")
@needs(Permission.DISCUSS_ITEM, queries.find_item_to_change, of="plan")
def comment_item(item: PlanItem) -> Response:
    form = CommentForm()
    if not form.validate_on_submit():
        return _item_page(item, form, 422)

    def make() -> str:
        services.comment_item(item, current_user.person, form.text.data)
        return _told_at(item, _("Your comment is there for everyone on the plan."))

    return make_once(form, make)


@bp.post("/<int:plan_id>/items/<int:item_id>/waiver")
@needs(Permission.SHAPE_ITEMS, queries.find_item_to_change, of="plan")
def ask_waiver(item: PlanItem) -> Response:
    form = WaiverForm()
    if not form.validate_on_submit():
        return _item_page(item, form, 422)
    decides = may(current_user.actor, Permission.DECIDE_SIGN_OFF, item.plan)
    with unit_of_work():
        services.ask_waiver(item, current_user.person, form.reason.data, decides=decides)
        services.recount(item.plan_id)
    return _back_to(item, _("The item is not relevant.") if decides else _("The chef has been asked to agree."))


@bp.post("/<int:plan_id>/items/<int:item_id>/waiver/decide")
@needs(Permission.DECIDE_SIGN_OFF, queries.find_item_to_change, of="plan")
def decide_waiver(item: PlanItem) -> Response:
    form = DecideWaiverForm(prefix="decide")
    if not form.validate_on_submit():
        return _item_page(item, form, 422)
    granted = form.granted.data == "yes"
    with unit_of_work():
        services.decide_waiver(item, current_user.person, granted=granted, comment=form.comment.data or "")
        services.recount(item.plan_id)
    return _back_to(item, _("The item is not relevant.") if granted else _("The item stays on the plan."))


@bp.post("/<int:plan_id>/items/<int:item_id>/waiver/withdraw")
@needs(Permission.DECIDE_SIGN_OFF, queries.find_item_to_change, of="plan")
def withdraw_waiver(item: PlanItem) -> Response:
    with unit_of_work():
        services.withdraw_waiver(item, current_user.person)
        services.recount(item.plan_id)
    return _back_to(item, _("The item is on the plan again."))


def _item_form(plan: Plan, item: PlanItem | None = None) -> ItemForm:
    """The form of an own item, or of one that is edited; milestones that are decided are not offered."""
    data = {} if item is None else {
        "revision": str(item.revision), "title": item.title, "why": item.why, "documentation": item.documentation,
        "phase": item.phase, "due_date": item.due_date, "responsible": item.responsible, "theme": item.theme,
        "required": item.required, "competencies": item.competency_keys,
    }  # fmt: skip
    form = ItemForm(data=data)
    states = queries.states_of(plan)
    framework = outline(plan.version_id)
    form.offer(
        [phase for phase, state in states.items() if not item_blockers(state)],
        [(key, f"{part.title}: {text}") for part in framework.parts for key, text in part.competencies.items()],
    )
    return form


def _words(form: ItemForm) -> services.ItemWords:
    return services.ItemWords(
        title=form.title.data,
        why=form.why.data or "",
        documentation=form.documentation.data or "",
        phase=form.phase.data,
        responsible=form.responsible.data,
        due_date=form.due_date.data,
        required=form.required.data,
        theme=form.theme.data,
        competency_keys=tuple(form.competencies.data or ()),
    )


@bp.route("/<int:plan_id>/items/add", methods=["GET", "POST"])
@needs(Permission.SHAPE_ITEMS, queries.find_plan)
def add_item(plan: Plan) -> Response:
    form = _item_form(plan)
    if not form.validate_on_submit():
        return page("onboarding/edit_item.html", 422 if form.is_submitted() else 200, form=form, plan=plan, item=None)

    def make() -> str:
        item = services.add_item(plan, current_user.person, _words(form))
        return _told_at(item, _("The item has been added to the plan."))

    return make_once(form, make)


@bp.route("/<int:plan_id>/items/<int:item_id>/edit", methods=["GET", "POST"])
@needs(Permission.SHAPE_ITEMS, queries.find_item_to_change, of="plan")
def change_item(item: PlanItem) -> Response:
    plan = queries.find_plan(item.plan_id)
    assert plan is not None  # the item's own plan
    form = _item_form(plan, item)
    if not form.validate_on_submit():
        return page("onboarding/edit_item.html", 422 if form.is_submitted() else 200, form=form, plan=plan, item=item)
    if form.revision.data != str(item.revision):
        form.revision.data = form.revision.raw_data = None
        form.revision.process_data(str(item.revision))
        return page("onboarding/edit_item.html", 409, form=form, plan=plan, item=item, overtaken=True)
    with unit_of_work():
        decides = may(current_user.actor, Permission.DECIDE_SIGN_OFF, item.plan)
        services.change_item(item, current_user.person, _words(form), decides=decides)
    return _back_to(item, _("The item has been changed."))
