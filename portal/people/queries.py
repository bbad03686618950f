"""Reading persons, offices and sign-ins."""

from collections import defaultdict
from collections.abc import Collection
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
    return actors_of([person], today)[person.id]


def actors_of(persons: Collection[Person], today: date) -> dict[int, Actor]:
    """The persons as the policy sees them, by id, with the relations that hold today."""
    ids = [person.id for person in persons]
    led, serving = defaultdict(set), defaultdict(set)
    for office_id, chef_id in db.session.execute(select(Office.id, Office.chef_id).where(Office.chef_id.in_(ids))):
        led[chef_id].add(office_id)
    for placement in db.session.scalars(select(OfficeSouschef).where(OfficeSouschef.person_id.in_(ids))):
        if holds_on(placement.since, placement.until, today):
            serving[placement.person_id].add(placement.office_id)
    return {
        person.id: Actor(
            person_id=person.id,
            roles=person.roles,
            chef_of=frozenset(led[person.id]),
            souschef_of=frozenset(serving[person.id]),
        )
        for person in persons
    }


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


def current_sign_ins(person: Person) -> list[SignIn]:
    query = select(SignIn).where(SignIn.person_id == person.id, SignIn.ended_at.is_(None))
    return list(db.session.scalars(query.order_by(SignIn.id.desc())))
