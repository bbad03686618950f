"""Reading persons, offices and sign-ins."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    String,
    and_,
    bindparam,
    cast,
    func,
    literal,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import joinedload, selectinload

from portal.access import Actor, Role
from portal.db import db, read
from portal.people.models import CalendarLink, Office, OfficeDeputy, OfficeSouschef, Person, PersonRole, SignIn
from portal.people.rules import secret_hash

PER_PAGE = 25
SEPARATOR = ","


def find_person(person_id: int) -> Person | None:
    return db.session.get(Person, person_id)


def find_person_by_email(email: str) -> Person | None:
    return db.session.scalar(select(Person).where(Person.email == email))


@dataclass(frozen=True)
class Account:
    """What checking a password needs, as plain values; the hash is empty for one who cannot sign in."""

    person_id: int
    password_hash: str


def account_of(email: str) -> Account | None:
    person = find_person_by_email(email)
    return Account(person.id, person.password_hash if person.active else "") if person else None


def find_office(office_id: int) -> Office | None:
    return db.session.scalar(
        select(Office)
        .where(Office.id == office_id)
        .options(joinedload(Office.chef), selectinload(Office.placements).joinedload(OfficeSouschef.person))
    )


def find_placement(office_id: int, placement_id: int) -> OfficeSouschef | None:
    placement = db.session.get(OfficeSouschef, placement_id)
    return placement if placement and placement.office_id == office_id else None


def placement_on(office_id: int, person_id: int, day: date) -> OfficeSouschef | None:
    """The person's placement as souschef of the office on that day."""
    query = select(OfficeSouschef).where(OfficeSouschef.office_id == office_id, OfficeSouschef.person_id == person_id)
    return db.session.scalar(
        query.where(OfficeSouschef.since <= day, or_(OfficeSouschef.until.is_(None), OfficeSouschef.until >= day))
    )


def deputies(office_ids: Collection[int], day: date) -> list[OfficeDeputy]:
    """Who decides for the chefs of these offices now or later, by office and day."""
    query = select(OfficeDeputy).where(OfficeDeputy.office_id.in_(office_ids), OfficeDeputy.until >= day)
    return list(db.session.scalars(query.order_by(OfficeDeputy.office_id, OfficeDeputy.since)))


def find_deputy(deputy_id: int) -> OfficeDeputy | None:
    return db.session.get(OfficeDeputy, deputy_id)


def find_sign_in(sign_in_id: int, today: date) -> SignIn | None:
    """A sign-in with the person and what they may do today: the one query that every page begins with."""
    found = db.session.execute(_sign_in(len(RELATIONS)), {"sign_in": sign_in_id, "day": today}).all()
    if not found:
        return None
    sign_in: SignIn = found[0][0]
    relations = {name: set(values.split(SEPARATOR)) for _sign_in_again, name, values in found if name is not None}
    sign_in.actor = _actor(sign_in.person_id, relations)
    return sign_in


def calendar_link_of(person_id: int) -> CalendarLink | None:
    return db.session.scalar(select(CalendarLink).where(CalendarLink.person_id == person_id))


def subscriber(secret: str) -> Person | None:
    """The person whose calendar this secret opens; nobody for one who can no longer sign in."""
    query = select(CalendarLink).where(CalendarLink.secret_hash == secret_hash(secret))
    link = db.session.scalar(query)
    return link.person if link and link.person.active else None


# of the persons and the day, as parameters of the statement
Relation = Callable[[Any, Any], Select[Any, str, str]]


def _roles(person_ids: Any, day: Any) -> Select[Any, str, str]:
    return select(PersonRole.person_id, literal("role"), PersonRole.role).where(PersonRole.person_id.in_(person_ids))


def _led(person_ids: Any, day: Any) -> Select[Any, str, str]:
    query = select(Office.chef_id, literal("chef_of"), cast(Office.id, String))
    return query.where(Office.chef_id.in_(person_ids))


def _in_office(name: str, table: type[OfficeSouschef] | type[OfficeDeputy]) -> Relation:
    def relation(person_ids: Any, day: Any) -> Select[Any, str, str]:
        query = select(table.person_id, literal(name), cast(table.office_id, String))
        query = query.where(table.person_id.in_(person_ids))
        return query.where(table.since <= day, or_(table.until.is_(None), table.until >= day))

    return relation


# What the policy knows of persons. Features above add their own: each gives rows of (person, field of Actor, id).
RELATIONS: list[Relation] = [
    _roles,
    _led,
    _in_office("souschef_of", OfficeSouschef),
    _in_office("deputy_of", OfficeDeputy),
]


def actor_of(person: Person, today: date) -> Actor:
    """The person as the policy sees them, with the relations that hold today."""
    return actors_of([person], today)[person.id]


def actors_of(persons: Collection[Person], today: date) -> dict[int, Actor]:
    """The persons as the policy sees them, by id: one query, however many they are."""
    ids = [person.id for person in persons]
    found: dict[int, dict[str, set[str]]] = {person_id: {} for person_id in ids}
    for row in db.session.execute(_relations(len(RELATIONS)), {"ids": ids, "day": today}):
        found[row[0]].setdefault(row[1], set()).add(row[2])
    return {person_id: _actor(person_id, relations) for person_id, relations in found.items()}


@cache
def _relations(count: int) -> CompoundSelect[Any]:
    """The question of every request, put together once; `count` tells when a feature has added a relation."""
    ids: Any = bindparam("ids", expanding=True)
    day: Any = bindparam("day")
    return union_all(*(relation(ids, day) for relation in RELATIONS))


@cache
def _sign_in(count: int) -> Select[Any]:
    """The sign-in again and again, each time beside all that one relation gives; once if there are none."""
    wanted: Any = bindparam("sign_in")
    whose: Any = select(SignIn.person_id).where(SignIn.id == wanted)
    day: Any = bindparam("day")
    _person, name, value = union_all(*(relation(whose, day) for relation in RELATIONS)).subquery().c
    found = select(name, func.aggregate_strings(value, SEPARATOR).label("all")).group_by(name).subquery()
    return select(SignIn, *found.c).outerjoin(found, true()).where(SignIn.id == wanted)


def _actor(person_id: int, relations: dict[str, set[str]]) -> Actor:
    roles = frozenset(Role(value) for value in relations.pop("role", ()))
    ids = {name: frozenset(int(value) for value in values) for name, values in relations.items()}
    return Actor(person_id=person_id, roles=roles, **ids)


def names_of(ids: Collection[int]) -> dict[int, str]:
    """Names by person id, for pages that only know ids."""
    return {row[0]: row[1] for row in db.session.execute(select(Person.id, Person.name).where(Person.id.in_(ids)))}


def ids_named(search: str) -> list[int]:
    """Those whose name contains `search`."""
    return list(db.session.scalars(select(Person.id).where(Person.name.icontains(search, autoescape=True))))


@dataclass(frozen=True)
class Wanted:
    """Which persons a list shows, and in what order: `role` may also be chef or souschef, `active` yes or no."""

    search: str = ""
    role: str = ""
    active: str = ""
    sort: str = "name"
    descending: bool = False


SORTS = {"name": func.lower(Person.name), "email": Person.email, "job_title": func.lower(Person.job_title)}


def people(page: int, wanted: Wanted, today: date) -> Pagination:
    """One page of persons with their roles and the offices that they lead or serve in."""
    query = select(Person).options(
        selectinload(Person.role_rows),
        selectinload(Person.offices_led),
        selectinload(Person.placements).joinedload(OfficeSouschef.office),
    )
    if wanted.search:
        found = (column.icontains(wanted.search, autoescape=True) for column in (Person.name, Person.email))
        query = query.where(or_(*found))
    if wanted.active:
        query = query.where(Person.active if wanted.active == "yes" else ~Person.active)
    if wanted.role:
        query = query.where(_holds(wanted.role, today))
    order = SORTS[wanted.sort]
    query = query.order_by(order.desc() if wanted.descending else order, Person.id)
    return db.paginate(query, page=page, per_page=PER_PAGE, error_out=False)


def _holds(role: str, today: date) -> ColumnElement[bool]:
    if role == "chef":
        return Person.offices_led.any()
    if role == "souschef":
        running = or_(OfficeSouschef.until.is_(None), OfficeSouschef.until >= today)
        return Person.placements.any(and_(OfficeSouschef.since <= today, running))
    return Person.role_rows.any(PersonRole.role == role)


def active_people() -> list[Person]:
    """Everyone who can be chosen in a list, by name."""
    return list(db.session.scalars(select(Person).where(Person.active).order_by(func.lower(Person.name), Person.id)))


def digest_readers() -> list[Person]:
    """Everyone who can sign in and wants the daily mail, with their roles."""
    query = select(Person).where(Person.active, Person.wants_digest).order_by(Person.id)
    return list(db.session.scalars(query.options(selectinload(Person.role_rows))))


def offices() -> list[Office]:
    """All offices by name, each with its chef and souschefs."""
    query = select(Office).order_by(func.lower(Office.name))
    query = query.options(joinedload(Office.chef), selectinload(Office.placements).joinedload(OfficeSouschef.person))
    return list(db.session.scalars(query))


OFFICE_NAMES = select(Office.id, Office.name).order_by(func.lower(Office.name))


def office_names() -> list[tuple[int, str]]:
    """(id, name) of all offices by name, to choose from."""
    return [(row[0], row[1]) for row in read(OFFICE_NAMES, {})]


def current_sign_ins(person: Person) -> list[SignIn]:
    query = select(SignIn).where(SignIn.person_id == person.id, SignIn.ended_at.is_(None))
    return list(db.session.scalars(query.order_by(SignIn.id.desc())))
