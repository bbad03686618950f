"""Reading one plan, its items and milestones."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from portal.bank.rules import PHASES
from portal.checklists.models import TemplateVersion
from portal.db import db
from portal.framework.queries import Outline, OutlinePart, outline
from portal.i18n import ZONE
from portal.onboarding.models import ItemEvent, MilestoneEvent, Plan, PlanItem, PlanMilestone, TrialReview
from portal.onboarding.rules import (
    STATE_AFTER,
    Change,
    ItemState,
    MilestoneEventKind,
    MilestoneState,
    Progress,
    Urgency,
    milestone_state,
    next_phase,
    progress,
    urgency,
)
from portal.people.models import Office

PEOPLE = joinedload(Plan.office, innerjoin=True).joinedload(Office.chef)


def find_plan(plan_id: int) -> Plan | None:
    """A plan with its people, items, milestones and what was decided on them."""
    query = select(Plan).where(Plan.id == plan_id).options(PEOPLE, joinedload(Plan.milestones))
    query = query.options(selectinload(Plan.items), selectinload(Plan.milestone_events))
    return db.session.scalars(query).unique().first()


def _item(plan_id: int, item_id: int) -> Select[Any]:
    query = select(PlanItem).join(PlanItem.plan).where(PlanItem.id == item_id, PlanItem.plan_id == plan_id)
    return query.options(contains_eager(PlanItem.plan).options(PEOPLE))


def find_item(plan_id: int, item_id: int) -> PlanItem | None:
    """An item of that plan and no other, with the plan and all that happened to the item."""
    found: PlanItem | None = db.session.scalar(_item(plan_id, item_id).options(selectinload(PlanItem.events)))
    return found


def find_item_to_change(plan_id: int, item_id: int) -> PlanItem | None:
    """The same without its events, while everyone else who wants to change the plan waits."""
    query = _item(plan_id, item_id).with_for_update(of=Plan).execution_options(populate_existing=True)
    found: PlanItem | None = db.session.scalar(query)
    return found


@dataclass(frozen=True)
class Milestone:
    """One phase of a plan, to be signed off as a whole."""

    plan: Plan
    phase: str


def find_milestone(plan_id: int, phase: str) -> Milestone | None:
    """The milestone of a plan; None when the plan does not have it."""
    plan = find_plan(plan_id) if phase in PHASES else None
    known = plan is not None and any(milestone.phase == phase for milestone in plan.milestones)
    return Milestone(plan, phase) if plan and known else None


def items_of(plan: Plan, phase: str) -> list[PlanItem]:
    return [item for item in plan.items if item.phase == phase]


def with_events(items: Collection[PlanItem]) -> list[PlanItem]:
    """The same items, each with its events at hand: for sign-off and its page."""
    ids = [item.id for item in items]
    query = select(PlanItem).where(PlanItem.id.in_(ids)).options(selectinload(PlanItem.events))
    found = {item.id: item for item in db.session.scalars(query.execution_options(populate_existing=True))}
    return [found[n] for n in ids]


def state_of(plan: Plan, phase: str) -> MilestoneState:
    return milestone_state([event for event in plan.milestone_events if event.phase == phase])


def last_approval(plan: Plan, phase: str) -> MilestoneEvent | None:
    """The newest sign-off of a milestone, also when it has been taken up again since."""
    given = [e for e in plan.milestone_events if e.phase == phase and e.kind == MilestoneEventKind.APPROVED]
    return given[-1] if given else None


def states_of(plan: Plan) -> dict[str, MilestoneState]:
    """The plan's milestones in order."""
    present = {milestone.phase for milestone in plan.milestones}
    return {phase: state_of(plan, phase) for phase in PHASES if phase in present}


def phase_state(plan_id: int, phase: str) -> MilestoneState:
    """The state of one milestone, read alone."""
    query = select(MilestoneEvent.kind).where(MilestoneEvent.plan_id == plan_id, MilestoneEvent.phase == phase)
    kind = db.session.scalar(query.order_by(MilestoneEvent.id.desc()).limit(1))
    return milestone_state([MilestoneEvent(kind=kind)]) if kind else MilestoneState.OPEN


@dataclass(frozen=True)
class ItemFigure:
    """What counting needs of an item."""

    phase: str
    state: str
    due_date: date
    competency_keys: list[str]


def figures_of(plan_id: int) -> list[ItemFigure]:
    """All items of a plan as plain values, in one cheap query."""
    query = select(PlanItem.phase, PlanItem.state, PlanItem.due_date, PlanItem.competency_keys)
    return [ItemFigure(*row) for row in db.session.execute(query.where(PlanItem.plan_id == plan_id))]


def changes_of(plan_id: int) -> list[Change]:
    """Everything that closed or opened an item of the plan, in order, with its day in Denmark."""
    query = select(ItemEvent.item_id, ItemEvent.kind, ItemEvent.at).join(ItemEvent.item)
    query = query.where(PlanItem.plan_id == plan_id, ItemEvent.kind.in_(list(STATE_AFTER))).order_by(ItemEvent.id)
    return [Change(row[0], row[1], row[2].astimezone(ZONE).date()) for row in db.session.execute(query)]


@dataclass(frozen=True)
class PlanStatus:
    """A plan with what its pages show; `parts` are (part, progress) in the framework's order."""

    plan: Plan
    progress: Progress
    overdue: int
    states: dict[str, MilestoneState]
    days: dict[str, date]
    phases: dict[str, Progress]
    parts: list[tuple[OutlinePart, Progress]]

    @property
    def next_phase(self) -> str | None:
        return next_phase(self.states)


def status_of(plan: Plan, today: date) -> PlanStatus:
    items = [ItemFigure(i.phase, i.state, i.due_date, i.competency_keys) for i in plan.items]
    counted = count(items, outline(plan.version_id), today)
    days = {milestone.phase: milestone.due_date for milestone in plan.milestones}
    return PlanStatus(plan, counted.all, counted.overdue, states_of(plan), days, counted.phases, counted.parts)


@dataclass(frozen=True)
class Counted:
    """A plan's items in numbers."""

    all: Progress
    overdue: int
    phases: dict[str, Progress]
    parts: list[tuple[OutlinePart, Progress]]
    competencies: dict[str, Progress]


def count(items: Collection[ItemFigure], framework: Outline, today: date) -> Counted:
    """An item counts in each part, and for each competency, that it trains."""

    def of(chosen: Iterable[ItemFigure]) -> Progress:
        return progress(item.state for item in chosen)

    def training(keys: Collection[str]) -> list[ItemFigure]:
        return [item for item in items if not set(keys).isdisjoint(item.competency_keys)]

    return Counted(
        of(items),
        sum(urgency(item.state, item.due_date, today) is Urgency.OVERDUE for item in items),
        {phase: of(i for i in items if i.phase == phase) for phase in PHASES},
        [(part, of(training(part.competencies))) for part in framework.parts],
        {key: of(training([key])) for key in framework.competency_keys},
    )


def uses_of_bank(version_ids: Collection[int]) -> dict[int, int]:
    """How many onboarding plans use each of these versions of the bank."""
    query = select(PlanItem.bank_version_id, func.count()).where(PlanItem.bank_version_id.in_(version_ids))
    return {row[0] or 0: row[1] for row in db.session.execute(query.group_by(PlanItem.bank_version_id))}


def plans_by_version(template_ids: Collection[int]) -> dict[int, tuple[int, int]]:
    """For each version of these templates: how many plans were started from it, and how many of them are running."""
    running = func.sum(case((Plan.ended_at.is_(None), 1), else_=0))
    query = select(Plan.template_version_id, func.count(), running)
    query = query.join(TemplateVersion, TemplateVersion.id == Plan.template_version_id)
    query = query.where(TemplateVersion.template_id.in_(template_ids)).group_by(Plan.template_version_id)
    return {row[0]: (row[1], row[2]) for row in db.session.execute(query)}


def running_from(template_id: int, plan_ids: Collection[int] | None = None) -> list[Plan]:
    """The running plans of a template with items, milestones and decisions, by id.

    With `plan_ids`, only those of them, and they are kept from everyone else who wants to change them.
    """
    query = select(Plan).join(TemplateVersion, TemplateVersion.id == Plan.template_version_id)
    query = query.where(TemplateVersion.template_id == template_id, Plan.ended_at.is_(None)).order_by(Plan.id)
    query = query.options(selectinload(Plan.items), selectinload(Plan.milestones), selectinload(Plan.milestone_events))
    if plan_ids is not None:
        query = query.where(Plan.id.in_(plan_ids)).with_for_update(of=Plan)
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def reviews_of(plan_id: int) -> list[TrialReview]:
    """Everything written about the trial period, oldest first."""
    return list(db.session.scalars(select(TrialReview).where(TrialReview.plan_id == plan_id).order_by(TrialReview.id)))


def find_plan_milestones(plan_id: int) -> list[PlanMilestone]:
    query = select(PlanMilestone).where(PlanMilestone.plan_id == plan_id)
    return list(db.session.scalars(query.order_by(PlanMilestone.due_date)))


def is_open(item: PlanItem) -> bool:
    return item.state == ItemState.OPEN
