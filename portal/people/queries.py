"""Reading persons, offices and sign-ins."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from portal.access import Actor
from portal.db import db
from portal.people.models import Office, OfficeSouschef, Person, PersonRole, SignIn
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
    led = db.session.scalars(select(Office.id).where(Office.chef_id == person.id)).all()
    placements = db.session.scalars(select(OfficeSouschef).where(OfficeSouschef.person_id == person.id)).all()
    serving = frozenset(p.office_id for p in placements if holds_on(p.since, p.until, today))
    return Actor(person_id=person.id, roles=person.roles, chef_of=frozenset(led), souschef_of=serving)


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


def offices() -> list[Office]:
    """All offices by name, each with its chef and souschefs."""
    query = select(Office).order_by(func.lower(Office.name))
    query = query.options(joinedload(Office.chef), selectinload(Office.placements).joinedload(OfficeSouschef.person))
    return list(db.session.scalars(query))


def current_sign_ins(person: Person) -> list[SignIn]:
    query = select(SignIn).where(SignIn.person_id == person.id, SignIn.ended_at.is_(None))
    return list(db.session.scalars(query.order_by(SignIn.id.desc())))
