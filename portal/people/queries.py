"""Reading persons, offices and sign-ins."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from portal.access import Actor
from portal.db import db
from portal.people.models import Office, OfficeSouschef, Person, SignIn
from portal.people.rules import holds_on

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


def find_sign_in(sign_in_id: int) -> SignIn | None:
    return db.session.get(SignIn, sign_in_id)


def actor_of(person: Person, today: date) -> Actor:
    """The person as the policy sees them, with the relations that hold today."""
    led = db.session.scalars(select(Office.id).where(Office.chef_id == person.id)).all()
    placements = db.session.scalars(select(OfficeSouschef).where(OfficeSouschef.person_id == person.id)).all()
    serving = frozenset(p.office_id for p in placements if holds_on(p.since, p.until, today))
    return Actor(person_id=person.id, roles=person.roles, chef_of=frozenset(led), souschef_of=serving)


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


def offices() -> list[Office]:
    """All offices by name, each with its chef and souschefs."""
    query = select(Office).order_by(func.lower(Office.name))
    query = query.options(joinedload(Office.chef), selectinload(Office.placements).joinedload(OfficeSouschef.person))
    return list(db.session.scalars(query))


def current_sign_ins(person: Person) -> list[SignIn]:
    query = select(SignIn).where(SignIn.person_id == person.id, SignIn.ended_at.is_(None))
    return list(db.session.scalars(query.order_by(SignIn.id.desc())))
