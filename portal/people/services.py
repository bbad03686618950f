"""Writing persons, offices and sign-ins; every change is in the event log."""

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from datetime import date, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import has_request_context, request
from flask_babel import gettext as _
from sqlalchemy import update

from portal.access import Role
from portal.audit.services import record
from portal.clock import now
from portal.db import db, lock_row
from portal.errors import Refused
from portal.i18n import long_date
from portal.people.models import CalendarLink, Office, OfficeDeputy, OfficeSouschef, Person, PersonRole, SignIn
from portal.people.queries import Account, calendar_link_of, find_person_by_email
from portal.people.rules import normal_email, overlap, secret_hash

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
        created_at=now(),
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
        revoke_calendar_link(person)
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


def change_password(sign_in: SignIn, password: str) -> None:
    """The person's own change: whoever else is signed in as them is out, this browser goes on."""
    end_sign_ins(sign_in.person, but=sign_in)
    set_password(sign_in.person, password)


def password_is_right(account: Account | None, password: str) -> bool:
    """Whether `password` opens the account; takes as long when there is no such account."""
    stored = account.password_hash if account else ""
    try:
        return hasher.verify(stored or _NOBODY_HASH, password) and bool(stored)
    except (VerificationError, InvalidHashError):
        return False


def start_sign_in(email: str, account: Account | None, password: str) -> SignIn | None:
    """A new sign-in for the account whose password was right, else None (no account); both are logged.

    The password was checked outside the transaction: one that has been changed or taken off since opens nothing.
    """
    person = find_person_by_email(email)
    current = person is not None and person.active and account == Account(person.id, person.password_hash)
    if person is None or not current:
        record("people.sign_in_failed", person)
        return None
    if hasher.check_needs_rehash(person.password_hash):
        person.password_hash = hasher.hash(password)
    address = (request.remote_addr or "") if has_request_context() else ""
    sign_in = SignIn(person=person, started_at=now(), address=address)
    db.session.add(sign_in)
    db.session.flush()
    record("people.sign_in", person, actor_id=person.id)
    return sign_in


def form_secret(person: Person, key: str) -> str:
    """What the tokens of this person's forms are made from: the same at each sign-in until the password changes.

    One who was signed out while writing signs in again and sends the form that is still open; nobody else can.
    """
    about = f"forms|{person.id}|{person.password_hash}"
    return hmac.new(key.encode(), about.encode(), hashlib.sha256).hexdigest()


def renew_calendar_link(person: Person) -> str:
    """A new secret for the person's calendar, to be shown once; the one before opens nothing any more."""
    secret = secrets.token_urlsafe(32)
    link = calendar_link_of(person.id)
    if link is None:
        link = CalendarLink(person_id=person.id)
        db.session.add(link)
    link.secret_hash, link.made_at = secret_hash(secret), now()
    db.session.flush()
    record("people.renew_calendar_link", person)
    return secret


def revoke_calendar_link(person: Person) -> None:
    """The calendar opens for nobody; again changes nothing."""
    link = calendar_link_of(person.id)
    if link is not None:
        db.session.delete(link)
        db.session.flush()
        record("people.revoke_calendar_link", person)


def end_sign_in(sign_in: SignIn) -> None:
    sign_in.ended_at = now()
    record("people.sign_out", sign_in.person)


def end_sign_ins(person: Person, *, but: SignIn | None = None) -> None:
    """Sign the person out everywhere, or everywhere `but` there."""
    ending = update(SignIn).where(SignIn.person_id == person.id, SignIn.ended_at.is_(None))
    if but is not None:
        ending = ending.where(SignIn.id != but.id)
    db.session.execute(ending.values(ended_at=now()))
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
    """Place the person; refused when they already serve there on any of these days."""
    lock_row(office)
    for other in office.placements:
        if other.person_id == person.id and overlap(since, until, other.since, other.until):
            days = {"since": long_date(other.since), "until": long_date(other.until) if other.until else "…"}
            text = _(
                "%(name)s is souschef here already: %(since)s to %(until)s. Choose other days.",
                name=person.name,
                **days,
            )
            raise Refused([text])
    placement = OfficeSouschef(office=office, person=person, since=since, until=until)
    db.session.add(placement)
    db.session.flush()
    record("people.add_souschef", office, person_id=person.id, since=since.isoformat())
    return placement


def name_deputy(office: Office, person: Person, since: date, until: date, named_by: Person) -> OfficeDeputy:
    """Let a person decide on sign-offs for the chef of the office; refused for the chef and for a wrong period."""
    if person.id == office.chef_id:
        raise Refused([_("The chef decides already. Choose someone else.")])
    if until < since:
        raise Refused([_("The last day is before the first.")])
    deputy = OfficeDeputy(office=office, person=person, since=since, until=until, named_by_id=named_by.id)
    db.session.add(deputy)
    db.session.flush()
    record("people.name_deputy", office, person_id=person.id, since=since.isoformat(), until=until.isoformat())
    return deputy


def end_deputy(deputy: OfficeDeputy, today: date) -> None:
    """The person decides no more from today on; one that had not begun is over on the day before it would have."""
    last = today - timedelta(days=1)
    deputy.since, deputy.until = min(deputy.since, last), min(deputy.until, last)
    record("people.end_deputy", deputy.office, person_id=deputy.person_id)


def end_placement(placement: OfficeSouschef, until: date) -> None:
    """The person stops as souschef of the office after `until`, never before the first day; an end is never put off."""
    lock_row(placement)
    last = max(until, placement.since)
    if placement.until is not None and placement.until <= last:
        name, day = placement.person.name, long_date(placement.until)
        raise Refused([_("%(name)s stops or has stopped already: the last day is %(day)s.", name=name, day=day)])
    placement.until = last
    record("people.end_placement", placement.office, person_id=placement.person_id, until=placement.until.isoformat())
