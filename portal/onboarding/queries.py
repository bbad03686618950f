"""Reading templates, plans and items, always with the events that their states are worked out from."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, or_, select, union
from sqlalchemy.orm import defer, joinedload, lazyload, selectinload

from portal.access import Actor, Permission, Role, may
from portal.db import db
from portal.framework.models import Competency, Part
from portal.onboarding.models import ItemEvent, MilestoneEvent, Plan, PlanItem, Template, TemplateItem
from portal.onboarding.rules import (
    PHASES,
    SOON,
    ItemEventKind,
    ItemState,
    MilestoneState,
    Progress,
    is_done,
    item_state,
    milestone_state,
    next_phase,
    progress,
)

ITEMS = selectinload(Plan.items).options(
    selectinload(PlanItem.events), selectinload(PlanItem.competencies).joinedload(Competency.part)
)


def templates() -> list[Template]:
    """All templates by title, each with its items."""
    return list(db.session.scalars(select(Template).order_by(Template.title).options(selectinload(Template.items))))


def find_plan(plan_id: int) -> Plan | None:
    """A plan with items, competencies and all events."""
    return db.session.scalar(
        select(Plan)
        .where(Plan.id == plan_id)
        .options(joinedload(Plan.version), ITEMS, selectinload(Plan.milestone_events))
    )


def find_item(plan_id: int, item_id: int) -> PlanItem | None:
    """An item of that plan and no other, with the plan."""
    query = select(PlanItem).where(PlanItem.id == item_id, PlanItem.plan_id == plan_id)
    return db.session.scalar(
        query.options(
            selectinload(PlanItem.events),
            selectinload(PlanItem.competencies).joinedload(Competency.part),
            selectinload(PlanItem.behaviours),
            joinedload(PlanItem.plan).options(selectinload(Plan.milestone_events)),
        )
    )


@dataclass(frozen=True)
class Milestone:
    """One phase of a plan, to be signed off as a whole."""

    plan: Plan
    phase: str


def find_milestone(plan_id: int, phase: str) -> Milestone | None:
    """The milestone of a plan; None when the phase is unknown or has no items."""
    plan = find_plan(plan_id) if phase in PHASES else None
    return Milestone(plan, phase) if plan and items_of(plan, phase) else None


def items_of(plan: Plan, phase: str) -> list[PlanItem]:
    return [item for item in plan.items if item.phase == phase]


def state_of(plan: Plan, phase: str) -> MilestoneState:
    return milestone_state([event for event in plan.milestone_events if event.phase == phase])


def states_of(plan: Plan) -> dict[str, MilestoneState]:
    """The plan's milestones in order, those that have items."""
    present = {item.phase for item in plan.items}
    return {phase: state_of(plan, phase) for phase in PHASES if phase in present}


def _concerns(actor: Actor) -> ColumnElement[bool]:
    return or_(Plan.souschef_id == actor.person_id, Plan.buddy_id == actor.person_id, Plan.office_id.in_(actor.chef_of))


def plans_visible_to(actor: Actor) -> list[Plan]:
    """Newest start first, with everything that their states need."""
    query = select(Plan).options(ITEMS, selectinload(Plan.milestone_events))
    if Role.HR not in actor.roles:
        query = query.where(_concerns(actor))
    found = db.session.scalars(query.order_by(Plan.start_date.desc(), Plan.id.desc()))
    return [plan for plan in found if may(actor, Permission.SEE_PLAN, plan)]


@dataclass(frozen=True)
class PlanStatus:
    """A plan with what an overview shows; `parts` are (part, progress) in the framework's order."""

    plan: Plan
    progress: Progress
    overdue: int
    states: dict[str, MilestoneState]
    parts: list[tuple[Part, Progress]]

    @property
    def next_phase(self) -> str | None:
        return next_phase(self.states)


def status_of(plan: Plan, today: date) -> PlanStatus:
    overdue = [i for i in plan.items if item_state(is_done(i.events), i.due_date, today) is ItemState.OVERDUE]
    return PlanStatus(plan, progress(plan.items), len(overdue), states_of(plan), progress_per_part(plan))


def statuses(plans: list[Plan], today: date) -> list[PlanStatus]:
    return [status_of(plan, today) for plan in plans]


def progress_per_part(plan: Plan) -> list[tuple[Part, Progress]]:
    """An item counts in each part of which it trains a competency."""
    items: dict[Part, list[PlanItem]] = {}
    for item in plan.items:
        for part in {competency.part for competency in item.competencies}:
            items.setdefault(part, []).append(item)
    return [(part, progress(items[part])) for part in sorted(items, key=lambda part: part.position)]


def _ids_of_plans_with_work(today: date) -> list[int]:
    last = select(ItemEvent.item_id, func.max(ItemEvent.id).label("id")).group_by(ItemEvent.item_id).subquery()
    urgent = select(PlanItem.plan_id).outerjoin(last, last.c.item_id == PlanItem.id)
    urgent = urgent.outerjoin(ItemEvent, ItemEvent.id == last.c.id).where(
        PlanItem.due_date <= today + SOON, func.coalesce(ItemEvent.kind, "") != ItemEventKind.COMPLETED.value
    )
    latest = select(func.max(MilestoneEvent.id)).group_by(MilestoneEvent.plan_id, MilestoneEvent.phase)
    moved = (MilestoneState.REQUESTED.value, MilestoneState.RETURNED.value)
    pending = select(MilestoneEvent.plan_id).where(MilestoneEvent.id.in_(latest), MilestoneEvent.kind.in_(moved))
    return sorted(db.session.scalars(union(urgent, pending)))


def plans_with_work(today: date, batch: int = 100) -> Iterator[list[Plan]]:
    """Plans on which something awaits anyone, in batches, with what their states need and no more.

    The database leaves out those that are finished or have time yet; what awaits whom, the rules decide.
    """
    ticks = selectinload(PlanItem.events).options(lazyload(ItemEvent.by), defer(ItemEvent.note))
    items = selectinload(Plan.items).options(defer(PlanItem.why), defer(PlanItem.documentation), ticks)
    events = selectinload(Plan.milestone_events).options(lazyload(MilestoneEvent.by), defer(MilestoneEvent.snapshot))
    ids = _ids_of_plans_with_work(today)
    for start in range(0, len(ids), batch):
        query = select(Plan).where(Plan.id.in_(ids[start : start + batch])).order_by(Plan.id)
        yield list(db.session.scalars(query.options(items, events)))


def awaiting_decision(actor: Actor, plans: list[Plan]) -> list[tuple[Plan, str]]:
    """Those milestones of these plans that await this chef, as (plan, phase)."""
    deciding = [plan for plan in plans if may(actor, Permission.DECIDE_SIGN_OFF, plan)]
    return [(p, phase) for p in deciding for phase, state in states_of(p).items() if state is MilestoneState.REQUESTED]


def returned_to(actor: Actor, plans: list[Plan]) -> list[tuple[Plan, str]]:
    """Those milestones of these plans that the chef has sent back to this souschef, as (plan, phase)."""
    own = [plan for plan in plans if may(actor, Permission.REQUEST_SIGN_OFF, plan)]
    return [(p, phase) for p in own for phase, state in states_of(p).items() if state is MilestoneState.RETURNED]


def open_items_for(actor: Actor, plans: list[Plan], today: date, limit: int | None = 5) -> list[PlanItem]:
    """The next items that this person is to do, by due date; of others' plans only those due within a week."""
    found = []
    for plan in plans:
        states = states_of(plan)
        for item in plan.items:
            state = item_state(is_done(item.events), item.due_date, today)
            urgent = state in (ItemState.OVERDUE, ItemState.SOON) or plan.souschef_id == actor.person_id
            free = states[item.phase] in (MilestoneState.OPEN, MilestoneState.RETURNED)
            if state is not ItemState.DONE and urgent and free and may(actor, Permission.COMPLETE_ITEM, item):
                found.append(item)
    return sorted(found, key=lambda item: (item.due_date, item.id))[:limit]


def items_training(framework_slug: str, competency_key: str) -> list[TemplateItem]:
    """The template items that train a competency, in the order of the onboarding."""
    query = select(TemplateItem).join(TemplateItem.template).where(Template.framework_slug == framework_slug)
    found = db.session.scalars(query.order_by(TemplateItem.offset_days, TemplateItem.position))
    return [item for item in found if competency_key in item.competency_keys]


def items_per_competency(framework_slug: str) -> Counter[str]:
    """How many template items train each competency key."""
    query = select(TemplateItem.competency_keys).join(TemplateItem.template)
    rows = db.session.scalars(query.where(Template.framework_slug == framework_slug))
    return Counter(key for keys in rows for key in keys)
