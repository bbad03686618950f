"""Reading many plans at once: pages of them, what awaits a person, and what is overdue. The database does the counting.

Each function costs a fixed number of queries, whatever the number of plans.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, and_, case, false, func, or_, select, true
from sqlalchemy.orm import aliased, joinedload, selectinload

from portal.access import Actor, Role
from portal.bank.rules import PHASES
from portal.db import db
from portal.onboarding.models import MilestoneEvent, Plan, PlanItem, PlanMilestone
from portal.onboarding.rules import (
    MILESTONE_AFTER,
    SOON,
    ItemState,
    MilestoneEventKind,
    MilestoneState,
    Progress,
    next_phase,
)
from portal.onboarding.schedule import REVIEW_WARNING, TRIAL_REVIEW
from portal.people.models import Office, Person

PER_PAGE = 25
SORTS = ("overdue", "start", "name", "office")


@dataclass(frozen=True)
class Filter:
    """Which plans, and in what order; empty values leave nothing out."""

    search: str = ""
    office: str = ""
    show: str = "running"
    sort: str = "overdue"
    descending: bool = False


SHOWN = ("running", "overdue", "before", "completed", "ended", "all")


def _led(actor: Actor) -> ColumnElement[bool]:
    """Plans of the offices that the actor leads or is deputy of, without their own."""
    return and_(Plan.office_id.in_(actor.chef_of | actor.deputy_of), Plan.souschef_id != actor.person_id)


def _visible(actor: Actor) -> ColumnElement[bool] | None:
    """The plans that the policy lets the actor see; None is all of them."""
    if Role.HR in actor.roles:
        return None
    own = or_(Plan.souschef_id == actor.person_id, Plan.buddy_id == actor.person_id)
    return or_(own, _led(actor)) if actor.chef_of | actor.deputy_of else own


def followed(actor: Actor) -> ColumnElement[bool]:
    """The plans whose progress is the actor's business: all for HR, those that they lead for a chef or deputy."""
    return true() if Role.HR in actor.roles else _led(actor)


def _shown(show: str, today: date) -> list[ColumnElement[bool]]:
    running = Plan.ended_at.is_(None)
    conditions: dict[str, list[ColumnElement[bool]]] = {
        "running": [running, Plan.open_from.is_not(None)],
        "overdue": [running, Plan.open_from < today],
        "before": [running, Plan.start_date > today],
        "completed": [running, Plan.open_from.is_(None)],
        "ended": [Plan.ended_at.is_not(None)],
    }
    return conditions.get(show, [])


def _matching(actor: Actor, wanted: Filter, today: date) -> Select[Any]:
    query = select(Plan).join(Plan.souschef).join(Plan.office)
    visible = _visible(actor)
    if visible is not None:
        query = query.where(visible)
    query = query.where(*_shown(wanted.show, today))
    if wanted.office.isdecimal():
        query = query.where(Plan.office_id == int(wanted.office))
    if wanted.search:
        query = query.where(
            or_(
                Person.name.icontains(wanted.search, autoescape=True),
                Office.name.icontains(wanted.search, autoescape=True),
            )
        )
    return query


def _ordered(query: Select[Any], wanted: Filter) -> Select[Any]:
    """By the wanted column, and then by id, so that no plan is on two pages or on none."""
    columns: dict[str, list[Any]] = {
        "overdue": [Plan.open_from],
        "start": [Plan.start_date],
        "name": [func.lower(Person.name)],
        "office": [func.lower(Office.name), func.lower(Person.name)],
    }
    columns["overdue"] = [Plan.open_from.is_(None), *columns["overdue"]] if wanted.show == "all" else [Plan.open_from]
    keys = [*columns[wanted.sort], Plan.id]
    return query.order_by(*(key.desc() for key in keys) if wanted.descending else keys)


@dataclass(frozen=True)
class Row:
    """A plan as a list shows it."""

    plan: Plan
    progress: Progress
    overdue: int
    states: dict[str, MilestoneState]

    @property
    def next_phase(self) -> str | None:
        return next_phase(self.states)

    @property
    def next_day(self) -> date | None:
        return next((m.due_date for m in self.plan.milestones if m.phase == self.next_phase), None)


T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page of a list; `total` counts all that match."""

    rows: list[T]
    total: int
    page: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PER_PAGE))

    @property
    def has_prev(self) -> bool:
        return self.page > 1

    @property
    def has_next(self) -> bool:
        return self.page < self.pages

    @property
    def prev_num(self) -> int:
        return self.page - 1

    @property
    def next_num(self) -> int:
        return self.page + 1


def last_page(page: int, total: int) -> int:
    """The page that is asked for, or the last one there is."""
    return min(page, max(1, -(-total // PER_PAGE)))


def plans(actor: Actor, wanted: Filter, today: date, page: int) -> Page[Row]:
    """One page of the plans that the actor may see, with progress and milestones: four queries."""
    query = _matching(actor, wanted, today)
    total = db.session.scalar(query.with_only_columns(func.count(), maintain_column_froms=True)) or 0
    page = last_page(page, total)
    query = _ordered(query, wanted).limit(PER_PAGE).offset((page - 1) * PER_PAGE)
    return Page(rows(db.session.scalars(query).all(), today), total, page)


def every_plan(actor: Actor, wanted: Filter, today: date) -> list[Row]:
    """All plans that match, each with its chef and its milestones' days at hand, for an export."""
    query = _ordered(_matching(actor, wanted, today), wanted).options(
        joinedload(Plan.office, innerjoin=True).joinedload(Office.chef), selectinload(Plan.milestones)
    )
    return rows(db.session.scalars(query).all(), today)


def led_by(actor: Actor, today: date, limit: int) -> list[Row]:
    """The running plans of the actor's offices, those furthest behind first."""
    query = select(Plan).where(_led(actor), Plan.ended_at.is_(None), Plan.open_from.is_not(None))
    return rows(db.session.scalars(query.order_by(Plan.open_from, Plan.id).limit(limit)).all(), today)


def own(person_id: int) -> Plan | None:
    """The person's running plan, the newest if there are several, with items and milestones."""
    query = select(Plan).where(Plan.souschef_id == person_id, Plan.ended_at.is_(None))
    query = query.options(joinedload(Plan.milestones)).order_by(Plan.start_date.desc(), Plan.id.desc())
    return db.session.scalars(query).unique().first()


def rows(found: Sequence[Plan], today: date) -> list[Row]:
    """Progress and milestones of these plans: two queries."""
    ids = [plan.id for plan in found]
    counts, states = _counts(ids, today), states_of(ids)
    return [Row(plan, *counts.get(plan.id, (Progress(0, 0), 0)), states.get(plan.id, {})) for plan in found]


def _counts(ids: Collection[int], today: date) -> dict[int, tuple[Progress, int]]:
    done = func.sum(case((PlanItem.state == ItemState.DONE, 1), else_=0))
    counted = func.sum(case((PlanItem.state != ItemState.WAIVED, 1), else_=0))
    late = func.sum(case((and_(PlanItem.state == ItemState.OPEN, PlanItem.due_date < today), 1), else_=0))
    query = select(PlanItem.plan_id, done, counted, late).where(PlanItem.plan_id.in_(ids)).group_by(PlanItem.plan_id)
    return {row[0]: (Progress(row[1], row[2]), row[3]) for row in db.session.execute(query)} if ids else {}


def states_of(ids: Collection[int]) -> dict[int, dict[str, MilestoneState]]:
    """The milestones of each of these plans with their states, in order: one query."""
    if not ids:
        return {}
    last = aliased(MilestoneEvent)
    newest = select(func.max(last.id)).where(last.plan_id == PlanMilestone.plan_id, last.phase == PlanMilestone.phase)
    query = select(PlanMilestone.plan_id, PlanMilestone.phase, MilestoneEvent.kind)
    query = query.outerjoin(MilestoneEvent, MilestoneEvent.id == newest.correlate(PlanMilestone).scalar_subquery())
    found: dict[int, dict[str, MilestoneState]] = {}
    for plan_id, phase, kind in db.session.execute(query.where(PlanMilestone.plan_id.in_(ids))):
        state = MILESTONE_AFTER[kind] if kind else MilestoneState.OPEN
        found.setdefault(plan_id, {})[phase] = state
    return {n: {phase: s[phase] for phase in PHASES if phase in s} for n, s in found.items()}


@dataclass(frozen=True)
class Waiting:
    """A milestone that awaits somebody; `comment` is what was said last, `due` the day of a review to come."""

    plan_id: int
    phase: str
    souschef: str
    comment: str = ""
    due: date | None = None


def latest(kind: MilestoneEventKind, *columns: Any) -> Select[Any]:
    """These columns of the milestones of running plans whose last event is of this kind."""
    later = aliased(MilestoneEvent)
    newer = select(later.id).where(
        later.plan_id == MilestoneEvent.plan_id, later.phase == MilestoneEvent.phase, later.id > MilestoneEvent.id
    )
    query = select(*columns).select_from(MilestoneEvent)
    query = query.join(Plan, Plan.id == MilestoneEvent.plan_id).join(Plan.souschef)
    query = query.where(MilestoneEvent.kind == kind, Plan.ended_at.is_(None), ~newer.exists())
    return query.order_by(MilestoneEvent.id)


WAITING = (Plan.id, MilestoneEvent.phase, Person.name, MilestoneEvent.comment)


def awaiting_decision(actor: Actor) -> list[Waiting]:
    """The milestones that await this chef or deputy, the oldest request first."""
    if not actor.chef_of | actor.deputy_of:
        return []
    query = latest(MilestoneEventKind.REQUESTED, *WAITING).where(_led(actor))
    return [Waiting(*row) for row in db.session.execute(query)]


def returned_to(person_id: int) -> list[Waiting]:
    """The milestones that were sent back to this souschef."""
    query = latest(MilestoneEventKind.RETURNED, *WAITING).where(Plan.souschef_id == person_id)
    return [Waiting(*row) for row in db.session.execute(query)]


def _mine(actor: Actor) -> ColumnElement[bool]:
    """Items that the actor is to do: as souschef, chef, buddy (or chef without one) or HR."""
    led = and_(Plan.office_id.in_(actor.chef_of), Plan.souschef_id != actor.person_id)
    chefs = or_(PlanItem.responsible == "chef", and_(PlanItem.responsible == "makker", Plan.buddy_id.is_(None)))
    parts = [
        and_(PlanItem.responsible == "souschef", Plan.souschef_id == actor.person_id),
        and_(PlanItem.responsible == "makker", Plan.buddy_id == actor.person_id),
        and_(chefs, led) if actor.chef_of else false(),
        PlanItem.responsible == "hr" if Role.HR in actor.roles else false(),
    ]
    return or_(*parts)


def unlocked() -> ColumnElement[bool]:
    """Items whose milestone is not with the chef and not signed off."""
    last = aliased(MilestoneEvent)
    newest = select(func.max(last.id)).where(last.plan_id == PlanItem.plan_id, last.phase == PlanItem.phase)
    locking = select(MilestoneEvent.id).where(
        MilestoneEvent.id == newest.correlate(PlanItem).scalar_subquery(),
        MilestoneEvent.kind.in_([MilestoneEventKind.REQUESTED, MilestoneEventKind.APPROVED]),
    )
    return ~locking.correlate(PlanItem).exists()


@dataclass(frozen=True)
class Due:
    """An open item that a person is to do."""

    plan_id: int
    item_id: int
    title: str
    due_date: date
    souschef_id: int
    souschef: str


def due_for(actor: Actor, today: date, limit: int = 8, within: timedelta = SOON) -> list[Due]:
    """What the actor is to do next: of their own plan everything, of others' what falls due within a week."""
    query = select(PlanItem.plan_id, PlanItem.id, PlanItem.title, PlanItem.due_date, Plan.souschef_id, Person.name)
    query = query.join(Plan, Plan.id == PlanItem.plan_id).join(Plan.souschef)
    near = or_(PlanItem.due_date <= today + within, Plan.souschef_id == actor.person_id)
    query = query.where(PlanItem.state == ItemState.OPEN, Plan.ended_at.is_(None), near, _mine(actor), unlocked())
    query = query.order_by(PlanItem.due_date, PlanItem.id).limit(limit)
    return [Due(*row) for row in db.session.execute(query)]


@dataclass(frozen=True)
class MilestoneDay:
    """The day of a milestone that has not been signed off; `own` on the plan of the person themselves."""

    plan_id: int
    phase: str
    due_date: date
    souschef: str
    office_id: int
    own: bool


def milestone_days(actor: Actor) -> list[MilestoneDay]:
    """The days of the actor's own running plans and of those that they lead."""
    last = aliased(MilestoneEvent)
    newest = select(func.max(last.id)).where(last.plan_id == PlanMilestone.plan_id, last.phase == PlanMilestone.phase)
    signed = select(MilestoneEvent.id).where(
        MilestoneEvent.id == newest.correlate(PlanMilestone).scalar_subquery(),
        MilestoneEvent.kind == MilestoneEventKind.APPROVED,
    )
    own = Plan.souschef_id == actor.person_id
    columns = (PlanMilestone.plan_id, PlanMilestone.phase, PlanMilestone.due_date, Person.name, Plan.office_id, own)
    query = select(*columns).join(Plan, Plan.id == PlanMilestone.plan_id).join(Plan.souschef)
    query = query.where(Plan.ended_at.is_(None), or_(own, _led(actor)), ~signed.correlate(PlanMilestone).exists())
    found = db.session.execute(query.order_by(PlanMilestone.due_date, PlanMilestone.plan_id))
    return [MilestoneDay(*row) for row in found]


def reviews_coming(actor: Actor, today: date) -> list[Waiting]:
    """Trial period reviews that this chef must hold within a fortnight, or should have held."""
    if not actor.chef_of:
        return []
    done = select(MilestoneEvent.id).where(
        MilestoneEvent.plan_id == Plan.id,
        MilestoneEvent.phase == TRIAL_REVIEW,
        MilestoneEvent.kind == MilestoneEventKind.APPROVED,
    )
    query = select(Plan.id, PlanMilestone.phase, Person.name, PlanMilestone.due_date)
    query = query.join(Plan, Plan.id == PlanMilestone.plan_id).join(Plan.souschef)
    query = query.where(PlanMilestone.phase == TRIAL_REVIEW, PlanMilestone.due_date <= today + REVIEW_WARNING)
    query = query.where(Plan.ended_at.is_(None), Plan.office_id.in_(actor.chef_of), ~done.exists())
    query = query.where(Plan.souschef_id != actor.person_id).order_by(PlanMilestone.due_date)
    return [Waiting(row[0], row[1], row[2], due=row[3]) for row in db.session.execute(query)]
