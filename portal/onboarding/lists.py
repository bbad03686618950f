"""Reading many plans at once: pages of them with progress and milestones. The database does the counting.

Each function costs a fixed number of queries, whatever the number of plans. What does not depend on a filter is put
together once and gets its values with each call: building a statement costs more than SQLite needs to answer it.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Executable,
    Select,
    and_,
    bindparam,
    case,
    func,
    null,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import aliased, joinedload, selectinload

from portal.access import Actor, Role
from portal.bank.rules import PHASES
from portal.db import db, read
from portal.framework.queries import outline
from portal.listing import Listed, pages_of
from portal.onboarding.models import MilestoneEvent, Plan, PlanItem, PlanMilestone
from portal.onboarding.queries import Counting, ItemLine, PlanStatus, count
from portal.onboarding.rules import MILESTONE_AFTER, ItemState, MilestoneState, Progress, item_blockers, next_phase
from portal.people.models import Office, Person

PER_PAGE = 25
KEPT = 64
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


def led(actor: Actor) -> ColumnElement[bool]:
    """Plans of the offices that the actor leads or is deputy of, without their own."""
    return and_(Plan.office_id.in_(actor.chef_of | actor.deputy_of), Plan.souschef_id != actor.person_id)


def followed(actor: Actor) -> ColumnElement[bool]:
    """The plans whose progress is the actor's business: all for HR, those that they lead for a chef or deputy."""
    return true() if Role.HR in actor.roles else led(actor)


def _several(name: str) -> Any:
    return bindparam(name, expanding=True)


ME: Any = bindparam("me")
TODAY: Any = bindparam("today")
IDS, OFFICES, CHEF_OF = (_several(name) for name in ("ids", "offices", "chef_of"))
LED = and_(Plan.office_id.in_(OFFICES), Plan.souschef_id != ME)


def offices_of(actor: Actor) -> frozenset[int]:
    """Where the actor decides, as chef or as deputy."""
    return actor.chef_of | actor.deputy_of


def values(actor: Actor, today: date) -> dict[str, Any]:
    """What the kept statements need to know of the actor and the day."""
    return {"me": actor.person_id, "today": today, "offices": offices_of(actor), "chef_of": actor.chef_of}


OWN = or_(Plan.souschef_id == ME, Plan.buddy_id == ME)
VISIBLE = {"all": [], "led": [or_(OWN, LED)], "own": [OWN]}


def _sees(actor: Actor) -> str:
    """Which plans the policy lets the actor see."""
    if Role.HR in actor.roles:
        return "all"
    return "led" if offices_of(actor) else "own"


def _shown(show: str, today: Any) -> list[ColumnElement[bool]]:
    running = Plan.ended_at.is_(None)
    conditions: dict[str, list[ColumnElement[bool]]] = {
        "running": [running, Plan.open_from.is_not(None)],
        "overdue": [running, Plan.open_from < today],
        "before": [running, Plan.start_date > today],
        "completed": [running, Plan.open_from.is_(None)],
        "ended": [Plan.ended_at.is_not(None)],
    }
    return conditions.get(show, [])


def _matching(sees: str, wanted: Filter) -> Select[Any]:
    """The plans that match; whose they are, the day and the office come with `given`."""
    query = select(Plan).join(Plan.souschef).join(Plan.office)
    query = query.where(*VISIBLE[sees], *_shown(wanted.show, TODAY))
    if wanted.office.isdecimal():
        query = query.where(Plan.office_id == bindparam("office"))
    if wanted.search:
        query = query.where(
            or_(
                Person.name.icontains(wanted.search, autoescape=True),
                Office.name.icontains(wanted.search, autoescape=True),
            )
        )
    return query


def _count(query: Select[Any], *, named: bool) -> Any:
    """How many match; the names of people and offices are looked at only when something is searched in them."""
    if named:
        return query.with_only_columns(func.count(), maintain_column_froms=True)
    return select(func.count()).select_from(Plan).where(*query._where_criteria)


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


class Named(NamedTuple):
    name: str


@dataclass(frozen=True)
class Line:
    """What a list shows of a plan, without the rest of the row."""

    id: int
    start_date: date
    ended_at: datetime | None
    souschef: Named
    office: Named


LINE = (Plan.id, Plan.start_date, Plan.ended_at, Person.name, Office.name)


def _line(row: Any) -> Line:
    return Line(row[0], row[1], row[2], Named(row[3]), Named(row[4]))


@dataclass(frozen=True)
class Row:
    """A plan as a list shows it."""

    plan: Line | Plan
    progress: Progress
    overdue: int
    states: dict[str, MilestoneState]

    @property
    def next_phase(self) -> str | None:
        return next_phase(self.states)


@dataclass(frozen=True)
class PlanRow(Row):
    """A plan as an export shows it: the whole of it at hand."""

    plan: Plan

    @property
    def next_day(self) -> date | None:
        """When the next milestone falls due."""
        return next((each.due_date for each in self.plan.milestones if each.phase == self.next_phase), None)


def last_page(page: int, total: int) -> int:
    """The page that is asked for, or the last one there is."""
    return min(page, pages_of(total, PER_PAGE))


def plans(actor: Actor, wanted: Filter, today: date, page: int) -> Listed[Row]:
    """One page of the plans that the actor may see, with progress and milestones: two queries.

    A page behind the last one is asked for again as the last one.
    """
    lines, total = _plans(_sees(actor), replace(wanted, office="0" if wanted.office.isdecimal() else ""))
    given = _given(actor, wanted, today)
    found = read(lines, {**given, "before": (page - 1) * PER_PAGE})
    if not found and page > 1:
        count = db.session.scalar(total, given) or 0
        return plans(actor, wanted, today, last_page(page, count))
    count = found[0][-1] if found else 0
    return Listed(rows([_line(row) for row in found], today), count, page, pages_of(count, PER_PAGE))


def _given(actor: Actor, wanted: Filter, today: date) -> dict[str, Any]:
    return {**values(actor, today), **({"office": int(wanted.office)} if wanted.office.isdecimal() else {})}


@lru_cache(KEPT)
def _plans(sees: str, wanted: Filter) -> tuple[Select[Any], Select[Any]]:
    """A page of the plans and the number of all of them; kept for what is asked again and again."""
    query = _matching(sees, wanted)
    total = _count(query, named=bool(wanted.search)).correlate(None).scalar_subquery()
    lines = _ordered(query, wanted).with_only_columns(*LINE, total, maintain_column_froms=True).limit(PER_PAGE)
    return lines.offset(bindparam("before")), select(total)


def every_plan(actor: Actor, wanted: Filter, today: date) -> list[PlanRow]:
    """All plans that match, each with its chef and its milestones' days at hand, for an export."""
    query = _ordered(_matching(_sees(actor), wanted), wanted).options(
        joinedload(Plan.souschef, innerjoin=True),
        joinedload(Plan.office, innerjoin=True).joinedload(Office.chef),
        selectinload(Plan.milestones),
    )
    found = db.session.scalars(query, _given(actor, wanted, today)).all()
    return [
        PlanRow(plan, row.progress, row.overdue, row.states)
        for plan, row in zip(found, rows(found, today), strict=True)
    ]


def led_by(actor: Actor, today: date, limit: int) -> list[Row]:
    """The running plans of the actor's offices, those furthest behind first: one query."""
    return _rows_of(read(_behind(True), {**values(actor, today), "limit": limit}))


def behind(today: date, limit: int) -> list[Row]:
    """All running plans, for HR, those furthest behind first."""
    return _rows_of(read(_behind(False), {"today": today, "limit": limit}))


@cache
def _behind(led: bool) -> Executable:
    """Each plan again and again, beside its numbers and each of its milestones."""
    query = select(*LINE, Plan.open_from).select_from(Plan).join(Plan.souschef).join(Plan.office)
    query = query.where(Plan.ended_at.is_(None), Plan.open_from.is_not(None), *([LED] if led else []))
    lines = query.order_by(Plan.open_from, Plan.id).limit(bindparam("limit")).cte("lines")
    facts = _facts(select(lines.c.id)).subquery("facts")
    return select(lines, facts).join(facts, facts.c.plan_id == lines.c.id).order_by(lines.c.open_from, lines.c.id)


def rows(found: Sequence[Line | Plan], today: date) -> list[Row]:
    """Progress and milestones of these plans: one query."""
    ids = [plan.id for plan in found]
    return _rows(found, read(_facts(), {"ids": ids, "today": today}) if ids else ())


def _rows_of(found: Sequence[Any]) -> list[Row]:
    """The plans of a statement that gives them beside their facts."""
    lines = {row[0]: _line(row) for row in found}
    return _rows(list(lines.values()), [row[len(LINE) + 1 :] for row in found])


def _rows(found: Sequence[Line | Plan], facts: Iterable[Any]) -> list[Row]:
    ids = [plan.id for plan in found]
    counts: dict[int, Progress] = {}
    past: dict[int, list[tuple[str, int]]] = {}
    states: dict[int, dict[str, MilestoneState]] = {n: {} for n in ids}
    for row in facts:
        if row[1] is None:
            counts[row[0]] = Progress(row[3], row[4])
        elif row[5] is not None:
            past.setdefault(row[0], []).append((row[1], row[5]))
        else:
            states[row[0]][row[1]] = _after(row[2])
    late = {n: sum(count for phase, count in past.get(n, ()) if not item_blockers(states[n][phase])) for n in ids}
    return [Row(p, counts.get(p.id, Progress(0, 0)), late[p.id], _in_order(states[p.id])) for p in found]


@cache
def _facts(ids: Any = IDS) -> Any:
    """Rows of (plan, phase, kind, done, counted, past): each plan's numbers, milestones, and what is past its day."""
    done = func.sum(case((PlanItem.state == ItemState.DONE, 1), else_=0))
    counted = func.sum(case((PlanItem.state != ItemState.WAIVED, 1), else_=0))
    named = (
        null().label("phase"),
        null().label("kind"),
        done.label("done"),
        counted.label("all"),
        null().label("past"),
    )
    numbers = select(PlanItem.plan_id, *named).where(PlanItem.plan_id.in_(ids))
    past = select(PlanItem.plan_id, PlanItem.phase, null(), null(), null(), func.count()).where(
        PlanItem.plan_id.in_(ids), PlanItem.state == ItemState.OPEN, PlanItem.due_date < TODAY
    )
    milestones = _milestones(null(), null(), null(), ids=ids)
    return union_all(numbers.group_by(PlanItem.plan_id), past.group_by(PlanItem.plan_id, PlanItem.phase), milestones)


def _after(kind: str | None) -> MilestoneState:
    return MILESTONE_AFTER[kind] if kind else MilestoneState.OPEN


def _in_order(states: Mapping[str, MilestoneState]) -> dict[str, MilestoneState]:
    return {phase: states[phase] for phase in PHASES if phase in states}


def states_of(ids: Collection[int]) -> dict[int, dict[str, MilestoneState]]:
    """The milestones of each of these plans with their states, in order: one query."""
    found: dict[int, dict[str, MilestoneState]] = {}
    for row in db.session.execute(_milestones(), {"ids": ids}) if ids else ():
        found.setdefault(row[0], {})[row[1]] = _after(row[2])
    return {plan_id: _in_order(states) for plan_id, states in found.items()}


def status_of(plan: Counting, items: Sequence[ItemLine], today: date) -> PlanStatus:
    """The status of a plan whose items are known: one query."""
    query = _milestones(PlanMilestone.due_date, MilestoneEvent.comment)
    found = read(query, {"ids": [plan.id]})
    states = _in_order({row[1]: _after(row[2]) for row in found})
    days, words = {row[1]: row[3] for row in found}, {row[1]: row[4] or "" for row in found}
    counted = count(items, outline(plan.version_id), today)
    return PlanStatus(plan, counted.all, counted.overdue, states, days, counted.phases, counted.parts, words)


@cache
def _milestones(*more: Any, ids: Any = IDS) -> Any:
    """(plan, phase, kind of the last event, …) of every milestone of plans."""
    last = aliased(MilestoneEvent)
    newest = select(func.max(last.id)).where(last.plan_id == PlanMilestone.plan_id, last.phase == PlanMilestone.phase)
    query = select(PlanMilestone.plan_id, PlanMilestone.phase, MilestoneEvent.kind, *more)
    query = query.outerjoin(MilestoneEvent, MilestoneEvent.id == newest.correlate(PlanMilestone).scalar_subquery())
    return query.where(PlanMilestone.plan_id.in_(ids))
