"""Writing persons, offices and sign-ins; every change is in the event log."""

import secrets
from collections.abc import Iterable
from datetime import UTC, date, datetime

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import has_request_context, request
from sqlalchemy import update

from portal.access import Role
from portal.audit.services import record
from portal.db import db
from portal.people.models import Office, OfficeSouschef, Person, PersonRole, SignIn
from portal.people.queries import find_person_by_email
from portal.people.rules import normal_email

hasher = PasswordHasher()  # Argon2id with the library's current recommendation (RFC 9106, low memory)
_NOBODY_HASH = hasher.hash(secrets.token_hex(16))


def add_person(email: str, name: str, *, job_title: str = "", roles: Iterable[Role] = ()) -> Person:
    """Add a person without a password; `email` must not be in use."""
    person = Person(
        email=normal_email(email),
        name=name.strip(),
        job_title=job_title.strip(),
        password_hash="",
        must_change_password=True,
        active=True,
        created_at=datetime.now(UTC),
    )
    person.role_rows = [PersonRole(role=role.value) for role in sorted(set(roles))]
    db.session.add(person)
    db.session.flush()
    record("people.add_person", person, roles=sorted(role.value for role in person.roles))
    return person


def change_person(person: Person, *, name: str, job_title: str, roles: Iterable[Role], active: bool) -> None:
    wanted = {role.value for role in roles}
    person.name, person.job_title, person.active = name.strip(), job_title.strip(), active
    person.role_rows = [row for row in person.role_rows if row.role in wanted] + [
        PersonRole(role=role) for role in sorted(wanted - {row.role for row in person.role_rows})
    ]
    if not active:
        end_sign_ins(person)
    db.session.flush()
    record("people.change_person", person, roles=sorted(wanted), active=active)


def choose_digest(person: Person, wanted: bool) -> None:
    """Whether the person gets the daily mail; the same choice again changes nothing."""
    if person.wants_digest is not wanted:
        person.wants_digest = wanted
        db.session.flush()
        record("people.choose_digest", person, wanted=wanted)


def set_password(person: Person, password: str, *, must_change: bool = False) -> None:
    person.password_hash = hasher.hash(password)
    person.must_change_password = must_change
    db.session.flush()
    record("people.set_password", person, must_change=must_change)


def give_one_time_password(person: Person) -> str:
    """A random password that must be changed at the first sign-in; everything signed in with the old one ends."""
    password = "-".join(secrets.token_hex(2) for _ in range(4))
    end_sign_ins(person)
    set_password(person, password, must_change=True)
    return password


def password_is_right(person: Person | None, password: str) -> bool:
    """Whether `password` opens the account; takes as long when there is no such account."""
    stored = person.password_hash if person and person.active and person.password_hash else ""
    try:
        return hasher.verify(stored or _NOBODY_HASH, password) and bool(stored)
    except (VerificationError, InvalidHashError):
        return False


def start_sign_in(email: str, password: str) -> SignIn | None:
    """A new sign-in when address and password belong together, else None; both are logged."""
    person = find_person_by_email(normal_email(email))
    if not password_is_right(person, password) or person is None:
        record("people.sign_in_failed", person)
        return None
    if hasher.check_needs_rehash(person.password_hash):
        person.password_hash = hasher.hash(password)
    address = (request.remote_addr or "") if has_request_context() else ""
    sign_in = SignIn(person_id=person.id, started_at=datetime.now(UTC), address=address)
    db.session.add(sign_in)
    db.session.flush()
    record("people.sign_in", person, actor_id=person.id)
    return sign_in


def end_sign_in(sign_in: SignIn) -> None:
    sign_in.ended_at = datetime.now(UTC)
    record("people.sign_out", sign_in.person)


def end_sign_ins(person: Person) -> None:
    """Sign the person out everywhere."""
    db.session.execute(
        update(SignIn)
        .where(SignIn.person_id == person.id, SignIn.ended_at.is_(None))
        .values(ended_at=datetime.now(UTC))
    )
    record("people.sign_out_everywhere", person)


def add_office(name: str, chef: Person | None) -> Office:
    office = Office(name=name.strip(), chef=chef)
    db.session.add(office)
    db.session.flush()
    record("people.add_office", office, chef_id=office.chef_id)
    return office


def change_office(office: Office, *, name: str, chef: Person | None) -> None:
    office.name, office.chef = name.strip(), chef
    db.session.flush()
    record("people.change_office", office, chef_id=office.chef_id)


def add_souschef(office: Office, person: Person, since: date, until: date | None = None) -> OfficeSouschef:
    placement = OfficeSouschef(office=office, person=person, since=since, until=until)
    db.session.add(placement)
    db.session.flush()
    record("people.add_souschef", office, person_id=person.id, since=since.isoformat())
    return placement


def end_placement(placement: OfficeSouschef, until: date) -> None:
    """The person stops as souschef of the office after `until`, never before the first day."""
    placement.until = max(until, placement.since)
    record("people.end_placement", placement.office, person_id=placement.person_id, until=placement.until.isoformat())
