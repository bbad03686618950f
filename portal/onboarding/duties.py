"""What awaits one person: milestones to decide, reviews to hold, items to do. A fixed number of queries for anyone.

The statements are put together once and get their values with each call.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Executable,
    Select,
    and_,
    bindparam,
    func,
    literal,
    literal_column,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from portal.access import Actor, Role
from portal.db import db, read
from portal.onboarding.lists import CHEF_OF, LED, ME, led, offices_of, values
from portal.onboarding.models import ItemEvent, MilestoneEvent, Plan, PlanItem, PlanMilestone
from portal.onboarding.rules import LOCKING, SOON, WAIVER_KINDS, ItemState, MilestoneEventKind
from portal.onboarding.schedule import REVIEW_WARNING, TRIAL_REVIEW
from portal.people.models import Person

WAITING = (Plan.id, MilestoneEvent.phase, Person.name, MilestoneEvent.comment)


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


@dataclass(frozen=True)
class OwnPlan:
    """The person's own plan, with no more than counting its items needs."""

    id: int
    version_id: int
    office_id: int


@dataclass(frozen=True)
class Waiver:
    """An item that somebody finds not relevant, which awaits the chef's word."""

    plan_id: int
    item_id: int
    title: str
    souschef: str


@dataclass(frozen=True)
class Awaiting:
    """What a start page needs of plans and milestones; `own` is the newest running plan of the person, if any."""

    requested: list[Waiting]
    returned: list[Waiting]
    reviews: list[Waiting]
    waivers: list[Waiver]
    own: OwnPlan | None


def awaiting(actor: Actor, today: date) -> Awaiting:
    """What awaits the person as chef, deputy or souschef, the oldest first, and their own plan: one query."""
    found: dict[str, list[Any]] = {"requested": [], "returned": [], "reviews": [], "waivers": [], "own": []}
    query, near = _awaiting(bool(offices_of(actor))), today + REVIEW_WARNING
    rows = read(query, {**values(actor, today), "near": near})
    for row in sorted(rows, key=lambda row: (row[5] or date.min, row[6])):
        found[row[0]].append(_read(row))
    plans = found.pop("own")
    return Awaiting(**found, own=plans[-1] if plans else None)


def _read(row: Any) -> OwnPlan | Waiver | Waiting:
    if row[0] == "own":
        return OwnPlan(row[1], row[7], row[8])
    return Waiver(row[1], row[7], row[4], row[3]) if row[0] == "waivers" else Waiting(*row[1:6])


@cache
def _awaiting(leads: bool) -> Executable:
    """Rows of (kind, plan, phase, souschef, comment, day, order, version, office), a chef's only for one who leads.

    Of a waiver the comment is the item's title, and the version the item.
    """
    rest = (null().cast(Plan.start_date.type), MilestoneEvent.id, Plan.version_id, Plan.office_id)
    returned = latest(MilestoneEventKind.RETURNED, literal("returned"), *WAITING, *rest)
    none = (literal(""), literal(""), literal(""))
    own = select(literal("own"), Plan.id, *none, Plan.start_date, Plan.id, Plan.version_id, Plan.office_id)
    branches = [
        returned.where(Plan.souschef_id == ME).order_by(None),
        own.where(Plan.souschef_id == ME, Plan.ended_at.is_(None)),
    ]
    if leads:
        asked = latest(MilestoneEventKind.REQUESTED, literal("requested"), *WAITING, *rest)
        waived = (literal("waivers"), Plan.id, PlanItem.phase, Person.name, PlanItem.title, rest[0], ItemEvent.id)
        waivers = asked_waivers(*waived, PlanItem.id, Plan.office_id)
        branches += [asked.where(LED).order_by(None), _reviews(), waivers.where(LED)]
    return union_all(*branches)


def asked_waivers(*columns: Any) -> Select[Any]:
    """These columns of the items that somebody finds not relevant and the chef has yet to decide on."""
    later = aliased(ItemEvent)
    newer = select(later.id).where(
        later.item_id == ItemEvent.item_id, later.id > ItemEvent.id, later.kind.in_(WAIVER_KINDS)
    )
    query = select(*columns).select_from(ItemEvent).join(ItemEvent.item).join(PlanItem.plan).join(Plan.souschef)
    query = query.where(ItemEvent.kind == literal_column("'waiver_asked'"))  # as the index says it
    query = query.where(PlanItem.state == ItemState.OPEN, Plan.ended_at.is_(None), unlocked())
    return query.where(~newer.correlate(ItemEvent).exists())


def _reviews() -> Any:
    """Trial period reviews to be held by `near` that have not been signed off, in offices that the chef leads."""
    done = select(MilestoneEvent.id).where(
        MilestoneEvent.plan_id == Plan.id,
        MilestoneEvent.phase == TRIAL_REVIEW,
        MilestoneEvent.kind == MilestoneEventKind.APPROVED,
    )
    columns = (Plan.id, PlanMilestone.phase, Person.name, literal(""), PlanMilestone.due_date)
    query = select(literal("reviews"), *columns, Plan.id, Plan.version_id, Plan.office_id).select_from(PlanMilestone)
    query = query.join(Plan, Plan.id == PlanMilestone.plan_id).join(Plan.souschef)
    query = query.where(PlanMilestone.phase == TRIAL_REVIEW, PlanMilestone.due_date <= bindparam("near"))
    return query.where(Plan.ended_at.is_(None), Plan.office_id.in_(CHEF_OF), ~done.exists(), Plan.souschef_id != ME)


def unlocked() -> ColumnElement[bool]:
    """Items that can be done now, as `rules.item_blockers` says: their milestone is not with the chef or signed off."""
    last = aliased(MilestoneEvent)
    newest = select(func.max(last.id)).where(last.plan_id == PlanItem.plan_id, last.phase == PlanItem.phase)
    locking = select(MilestoneEvent.id).where(
        MilestoneEvent.id == newest.correlate(PlanItem).scalar_subquery(),
        MilestoneEvent.kind.in_(LOCKING),
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
    query = _due(bool(actor.chef_of), Role.HR in actor.roles)
    known = {**values(actor, today), "near": today + within, "limit": limit}
    return [Due(*row) for row in read(query, known)]


@cache
def _due(leads: bool, hr: bool) -> Executable:
    """The first of each way in which an item can be the actor's: every way has its own path through the indexes."""
    mine, near = Plan.souschef_id == ME, PlanItem.due_date <= bindparam("near")
    ways = [
        and_(PlanItem.responsible == "souschef", mine),
        and_(PlanItem.responsible == "makker", Plan.buddy_id == ME, near),
    ]
    if leads:
        led = and_(Plan.office_id.in_(CHEF_OF), Plan.souschef_id != ME)
        chefs = or_(PlanItem.responsible == "chef", and_(PlanItem.responsible == "makker", Plan.buddy_id.is_(None)))
        ways.append(and_(led, chefs, near))
    if hr:
        hrs = PlanItem.responsible == literal_column("'hr'")  # as the index says it, or it would not be used
        ways += [and_(hrs, near), and_(hrs, mine, ~near)]
    columns = (PlanItem.plan_id, PlanItem.id, PlanItem.title, PlanItem.due_date, Plan.souschef_id, Person.name)
    query = select(*columns).select_from(PlanItem).join(Plan, Plan.id == PlanItem.plan_id).join(Plan.souschef)
    query = query.where(PlanItem.state == literal_column("'open'"), Plan.ended_at.is_(None), unlocked())
    query = query.order_by(PlanItem.due_date, PlanItem.id).limit(bindparam("limit"))
    found = union_all(*(select(query.where(way).subquery()) for way in ways)).subquery()
    return select(found).order_by(found.c.due_date, found.c.id).limit(bindparam("limit"))


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
    query = query.where(Plan.ended_at.is_(None), or_(own, led(actor)), ~signed.correlate(PlanMilestone).exists())
    found = db.session.execute(query.order_by(PlanMilestone.due_date, PlanMilestone.plan_id))
    return [MilestoneDay(*row) for row in found]
