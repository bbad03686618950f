"""Reading one plan, its items and milestones."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any, Protocol

from sqlalchemy import Executable, Select, bindparam, case, func, select
from sqlalchemy.orm import contains_eager, joinedload, lazyload, selectinload
from sqlalchemy.orm.attributes import set_committed_value

from portal.bank.rules import PHASES
from portal.checklists.models import TemplateVersion
from portal.db import db, read
from portal.framework.queries import Outline, OutlinePart, outline
from portal.i18n import ZONE
from portal.onboarding.models import ItemEvent, MilestoneEvent, Plan, PlanItem, PlanMilestone, TrialReview
from portal.onboarding.rules import (
    MILESTONE_AFTER,
    STATE_AFTER,
    Change,
    ItemState,
    MilestoneEventKind,
    MilestoneState,
    Progress,
    is_overdue,
    item_blockers,
    milestone_state,
    next_phase,
)
from portal.people.models import Office

PEOPLE = joinedload(Plan.office, innerjoin=True).joinedload(Office.chef)


def find_plan(plan_id: int) -> Plan | None:
    """A plan with its people, items, milestones and what was decided on them."""
    query = select(Plan).where(Plan.id == plan_id).options(PEOPLE, joinedload(Plan.milestones))
    query = query.options(selectinload(Plan.items), selectinload(Plan.milestone_events))
    return db.session.scalars(query).unique().first()


def find_plan_alone(plan_id: int) -> Plan | None:
    """A plan with its people, and nothing of what is in it."""
    found: Plan | None = db.session.scalar(_plan_alone(), {"id": plan_id})
    return found


@cache
def _plan_alone() -> Select[Any]:
    return select(Plan).where(Plan.id == bindparam("id")).options(PEOPLE)


def _item(plan_id: int, item_id: int) -> Select[Any]:
    query = select(PlanItem).join(PlanItem.plan).where(PlanItem.id == item_id, PlanItem.plan_id == plan_id)
    return query.options(contains_eager(PlanItem.plan).options(PEOPLE))


def find_item(plan_id: int, item_id: int) -> PlanItem | None:
    """An item of that plan and no other, with the plan and all that happened to the item."""
    found: PlanItem | None = db.session.scalar(_item(plan_id, item_id).options(selectinload(PlanItem.events)))
    return found


def find_item_to_change(plan_id: int, item_id: int) -> PlanItem | None:
    """The same without its events and people, while everyone else who wants to change the plan waits.

    The plan is locked first and the item read after that: in one statement PostgreSQL would lock the plan as it is now
    and give the item as it was before the wait.
    """
    plan = db.session.scalar(_plan_to_change(), {"plan": plan_id})
    found: PlanItem | None = db.session.scalar(_item_to_change(), {"plan": plan_id, "item": item_id}) if plan else None
    if found is not None:
        set_committed_value(found, "plan", plan)
    return found


@cache
def _plan_to_change() -> Executable:
    people = (lazyload(Plan.office), lazyload(Plan.souschef), lazyload(Plan.buddy))
    query = select(Plan).where(Plan.id == bindparam("plan")).options(*people).with_for_update()
    return query.execution_options(populate_existing=True)


@cache
def _item_to_change() -> Executable:
    query = select(PlanItem).where(PlanItem.id == bindparam("item"), PlanItem.plan_id == bindparam("plan"))
    return query.execution_options(populate_existing=True)


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


def locked_phases(plan: Plan) -> set[str]:
    """The milestones of the plan whose items stay as they are."""
    return {phase for phase, state in states_of(plan).items() if item_blockers(state)}


def phase_state(plan_id: int, phase: str) -> MilestoneState:
    """The state of one milestone, read alone."""
    query = select(MilestoneEvent.kind).where(MilestoneEvent.plan_id == plan_id, MilestoneEvent.phase == phase)
    kind = db.session.scalar(query.order_by(MilestoneEvent.id.desc()).limit(1))
    return milestone_state([MilestoneEvent(kind=kind)]) if kind else MilestoneState.OPEN


@dataclass(frozen=True)
class ItemFigure:
    """What counting needs of an item, with the state of its milestone."""

    milestone: MilestoneState
    phase: str
    state: str
    due_date: date
    competency_keys: list[str]


def figures_of(plan_id: int) -> list[ItemFigure]:
    """All items of a plan as plain values, in one cheap query."""
    return [ItemFigure(_after(row[0]), *row[1:]) for row in read(_figures(), {"plan": plan_id})]


@cache
def _figures() -> Executable:
    return _with_milestone(PlanItem.phase, PlanItem.state, PlanItem.due_date, PlanItem.competency_keys)


def _with_milestone(*columns: Any) -> Select[Any]:
    """The last event of the item's milestone, and these columns, of every item of a plan."""
    newest = select(MilestoneEvent.phase, func.max(MilestoneEvent.id).label("id"))
    last = newest.where(MilestoneEvent.plan_id == bindparam("plan")).group_by(MilestoneEvent.phase).subquery()
    query = select(MilestoneEvent.kind, *columns).select_from(PlanItem)
    query = query.outerjoin(last, last.c.phase == PlanItem.phase)
    query = query.outerjoin(MilestoneEvent, MilestoneEvent.id == last.c.id)
    return query.where(PlanItem.plan_id == bindparam("plan"))


def _after(kind: str | None) -> MilestoneState:
    return MILESTONE_AFTER[kind] if kind else MilestoneState.OPEN


@dataclass(frozen=True)
class ItemLine:
    """What the plan's page shows of an item."""

    plan: Any
    milestone: MilestoneState
    id: int
    title: str
    phase: str
    responsible: str
    due_date: date
    required: bool
    state: str
    competency_keys: list[str]


class Counting(Protocol):
    """What counting needs of a plan."""

    @property
    def id(self) -> int: ...

    @property
    def version_id(self) -> int: ...


def lines_of(plan: Any) -> list[ItemLine]:
    """The items of the plan in the order of its page, without the long texts."""
    return [ItemLine(plan, _after(row[0]), *row[1:]) for row in read(_lines(), {"plan": plan.id})]


@cache
def _lines() -> Executable:
    names = ("id", "title", "phase", "responsible", "due_date", "required", "state", "competency_keys")
    query = _with_milestone(*(getattr(PlanItem, name) for name in names))
    return query.order_by(PlanItem.due_date, PlanItem.position, PlanItem.id)


def changes_of(plan_id: int) -> list[Change]:
    """Everything that closed or opened an item of the plan, in order, with its day in Denmark."""
    query = select(ItemEvent.item_id, ItemEvent.kind, ItemEvent.at).join(ItemEvent.item)
    query = query.where(PlanItem.plan_id == plan_id, ItemEvent.kind.in_(list(STATE_AFTER))).order_by(
        ItemEvent.at, ItemEvent.id
    )
    return [Change(row[0], row[1], row[2].astimezone(ZONE).date()) for row in db.session.execute(query)]


@dataclass(frozen=True)
class PlanStatus:
    """A plan with what its pages show; `parts` are (part, progress) in the framework's order.

    `words` is what was said last on each milestone.
    """

    plan: Counting
    progress: Progress
    overdue: int
    states: dict[str, MilestoneState]
    days: dict[str, date]
    phases: dict[str, Progress]
    parts: list[tuple[OutlinePart, Progress]]
    words: dict[str, str] = field(default_factory=dict)

    @property
    def next_phase(self) -> str | None:
        return next_phase(self.states)


def status_of(plan: Plan, today: date) -> PlanStatus:
    states = states_of(plan)
    items = [ItemFigure(states[i.phase], i.phase, i.state, i.due_date, i.competency_keys) for i in plan.items]
    counted = count(items, outline(plan.version_id), today)
    days = {milestone.phase: milestone.due_date for milestone in plan.milestones}
    return PlanStatus(plan, counted.all, counted.overdue, states, days, counted.phases, counted.parts)


@dataclass(frozen=True)
class Counted:
    """A plan's items in numbers."""

    all: Progress
    overdue: int
    phases: dict[str, Progress]
    parts: list[tuple[OutlinePart, Progress]]
    competencies: dict[str, Progress]


def count(items: Collection[ItemFigure | ItemLine], framework: Outline, today: date) -> Counted:
    """An item counts in each part, and for each competency, that it trains."""
    done: Counter[Any] = Counter()
    total: Counter[Any] = Counter()
    for item in items:
        if item.state != ItemState.WAIVED:
            keys = set(item.competency_keys)
            places = [None, item.phase, *keys, *(part.position for part in framework.parts_of(keys))]
            total.update(places)
            done.update(places if item.state == ItemState.DONE else ())

    def of(place: Any) -> Progress:
        return Progress(done[place], total[place])

    return Counted(
        of(None),
        sum(is_overdue(item.state, item.due_date, today, item.milestone) for item in items),
        {phase: of(phase) for phase in PHASES},
        [(part, of(part.position)) for part in framework.parts],
        {key: of(key) for key in framework.competency_keys},
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


def is_open(item: PlanItem | ItemLine) -> bool:
    return item.state == ItemState.OPEN
