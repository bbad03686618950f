"""What is overdue and whose it is, across plans. The database counts; the number of queries does not depend on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, case, func, literal, select

from portal.access import Actor
from portal.db import db
from portal.listing import Listed, pages_of
from portal.onboarding.duties import unlocked
from portal.onboarding.lists import PER_PAGE, followed, last_page
from portal.onboarding.models import Plan, PlanItem
from portal.onboarding.rules import ItemState
from portal.people.models import Office, Person
from portal.people.queries import names_of

HR, NOBODY = 0, -1  # whose an item is when it is no one person's: HR's, or the chef's of an office without one


@dataclass(frozen=True)
class Wanted:
    """Whose items, and of which office; None leaves nothing out."""

    whose: int | None = None
    office_id: int | None = None


@dataclass(frozen=True)
class Tally:
    """How much is overdue with one person in one office, and since when."""

    whose: int
    name: str
    office_id: int
    office: str
    count: int
    oldest: date


@dataclass(frozen=True)
class Late:
    """An overdue item; `name` is whose it is, empty for HR and for nobody."""

    plan_id: int
    item_id: int
    title: str
    phase: str
    due_date: date
    responsible: str
    souschef: str
    office: str
    whose: int
    name: str


def _whose() -> ColumnElement[int]:
    """The person whose the item is, as the policy sees it: a buddy's is the chef's where there is no buddy."""
    chef = case((Office.chef_id != Plan.souschef_id, Office.chef_id), else_=literal(NOBODY))
    return case(
        (PlanItem.responsible == "souschef", Plan.souschef_id),
        (PlanItem.responsible == "hr", literal(HR)),
        ((PlanItem.responsible == "makker") & Plan.buddy_id.is_not(None), Plan.buddy_id),
        else_=chef,
    )


def _late(query: Any, actor: Actor, today: date) -> Any:
    """Open items past their day that can be done: not those of a milestone that awaits the chef or is signed off."""
    query = query.select_from(PlanItem).join(PlanItem.plan).join(Plan.souschef).join(Plan.office)
    query = query.where(PlanItem.state == ItemState.OPEN, PlanItem.due_date < today, unlocked())
    return query.where(Plan.ended_at.is_(None), followed(actor))


def tallies(actor: Actor, today: date) -> list[Tally]:
    """Every person with overdue items, once for each office, the most first."""
    whose, count = _whose().label("whose"), func.count(PlanItem.id)
    query = _late(select(whose, Office.id, Office.name, count, func.min(PlanItem.due_date)), actor, today)
    query = query.group_by(whose, Office.id, Office.name).order_by(count.desc(), Office.name, whose)
    found = db.session.execute(query).all()
    names = names_of({row[0] for row in found})
    return [Tally(row[0], names.get(row[0], ""), *row[1:]) for row in found]


def _matching(columns: Sequence[Any], actor: Actor, wanted: Wanted, today: date) -> Any:
    query = _late(select(*columns), actor, today)
    if wanted.whose is not None:
        query = query.where(_whose() == wanted.whose)
    return query.where(Plan.office_id == wanted.office_id) if wanted.office_id is not None else query


def _items(actor: Actor, wanted: Wanted, today: date) -> Any:
    """The columns of `Late` but for `name`, the oldest item first."""
    columns = (
        Plan.id.label("plan_id"), PlanItem.id.label("item_id"), PlanItem.title, PlanItem.phase, PlanItem.due_date,
        PlanItem.responsible, Person.name.label("souschef"), Office.name.label("office"), _whose().label("whose"),
    )  # fmt: skip
    return _matching(columns, actor, wanted, today).order_by(PlanItem.due_date, PlanItem.id)


def items(actor: Actor, wanted: Wanted, today: date, page: int) -> Listed[Late]:
    """One page of them: three queries."""
    total = db.session.scalar(_matching([func.count(PlanItem.id)], actor, wanted, today)) or 0
    page = last_page(page, total)
    found = _rows(_items(actor, wanted, today).limit(PER_PAGE).offset((page - 1) * PER_PAGE))
    return Listed(found, total, page, pages_of(total, PER_PAGE))


def every_item(actor: Actor, wanted: Wanted, today: date) -> list[Late]:
    """All of them, for an export."""
    return _rows(_items(actor, wanted, today))


def _rows(query: Any) -> list[Late]:
    found = db.session.execute(query).all()
    names = names_of({row.whose for row in found})
    return [Late(**row._mapping, name=names.get(row.whose, "")) for row in found]


def matches(tally: Tally, wanted: Wanted) -> bool:
    return wanted.whose in (None, tally.whose) and wanted.office_id in (None, tally.office_id)


def holders(found: Sequence[Tally]) -> dict[int, str]:
    """Everyone with overdue items, by name; HR and nobody, who have none, come first."""
    return {t.whose: t.name for t in sorted(found, key=lambda t: (t.name.casefold(), t.whose))}
