"""Reading persons, offices and sign-ins."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import CompoundSelect, Select, String, bindparam, cast, func, literal, or_, select, union_all
from sqlalchemy.orm import joinedload, selectinload

from portal.access import Actor, Role
from portal.db import db
from portal.people.models import Office, OfficeDeputy, OfficeSouschef, Person, PersonRole, SignIn

PER_PAGE = 25


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


def find_sign_in(sign_in_id: int) -> SignIn | None:
    found: SignIn | None = db.session.scalar(_sign_in(), {"id": sign_in_id})
    return found


@cache
def _sign_in() -> Select[Any]:
    return select(SignIn).where(SignIn.id == bindparam("id"))


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


def _actor(person_id: int, relations: dict[str, set[str]]) -> Actor:
    roles = frozenset(Role(value) for value in relations.pop("role", ()))
    ids = {name: frozenset(int(value) for value in values) for name, values in relations.items()}
    return Actor(person_id=person_id, roles=roles, **ids)


def names_of(ids: Collection[int]) -> dict[int, str]:
    """Names by person id, for pages that only know ids."""
    return {row[0]: row[1] for row in db.session.execute(select(Person.id, Person.name).where(Person.id.in_(ids)))}


def people(page: int, search: str = "") -> Pagination:
    """One page of persons by name, those whose name or address contains `search`."""
    query = select(Person).options(selectinload(Person.role_rows)).order_by(func.lower(Person.name), Person.id)
    if search:
        query = query.where(
            or_(Person.name.icontains(search, autoescape=True), Person.email.icontains(search, autoescape=True))
        )
    return db.paginate(query, page=page, per_page=PER_PAGE, error_out=False)


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


def office_names() -> list[tuple[int, str]]:
    """(id, name) of all offices by name, to choose from."""
    query = select(Office.id, Office.name).order_by(func.lower(Office.name))
    return [(row[0], row[1]) for row in db.session.execute(query)]


def current_sign_ins(person: Person) -> list[SignIn]:
    query = select(SignIn).where(SignIn.person_id == person.id, SignIn.ended_at.is_(None))
    return list(db.session.scalars(query.order_by(SignIn.id.desc())))
