"""Reading templates, plans and items, always with the events that their states are worked out from."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from portal.access import Actor, Permission, Role, may
from portal.bank.rules import PHASES
from portal.db import db, lock_row
from portal.framework.models import Competency, Part
from portal.onboarding.models import Plan, PlanItem, Template
from portal.onboarding.rules import (
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


def _whole_plan(plan_id: int) -> Select[Plan]:
    query = select(Plan).where(Plan.id == plan_id)
    return query.options(joinedload(Plan.version), ITEMS, selectinload(Plan.milestone_events))


def find_plan(plan_id: int) -> Plan | None:
    """A plan with items, competencies and all events."""
    return db.session.scalar(_whole_plan(plan_id))


def lock_plan(plan: Plan) -> None:
    """Nobody else writes to the plan until the unit of work ends; items and events are read anew."""
    lock_row(plan)
    db.session.scalar(_whole_plan(plan.id).execution_options(populate_existing=True))


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


def awaiting_decision(actor: Actor, plans: list[Plan]) -> list[tuple[Plan, str]]:
    """Those milestones of these plans that await this chef, as (plan, phase)."""
    deciding = [plan for plan in plans if may(actor, Permission.DECIDE_SIGN_OFF, plan)]
    return [(p, phase) for p in deciding for phase, state in states_of(p).items() if state is MilestoneState.REQUESTED]


def open_items_for(actor: Actor, plans: list[Plan], today: date, limit: int = 5) -> list[PlanItem]:
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


def uses_of_bank(version_ids: Collection[int]) -> dict[int, int]:
    """How many onboarding plans use each of these versions of the bank."""
    query = select(PlanItem.bank_version_id, func.count()).where(PlanItem.bank_version_id.in_(version_ids))
    return {row[0] or 0: row[1] for row in db.session.execute(query.group_by(PlanItem.bank_version_id))}
