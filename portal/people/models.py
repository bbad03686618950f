"""Tables for persons, their roles, the offices that they lead or serve in, and their sign-ins."""

from datetime import date, datetime

from flask_login import UserMixin
from sqlalchemy import CheckConstraint, ForeignKey, String, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.access import Actor, Role
from portal.db import Base, Moment


class Person(Base):
    """Anyone who can sign in. `password_hash` is Argon2id, or empty while no password has been given."""

    __tablename__ = "person"
    __table_args__ = (CheckConstraint("email = lower(email)", name="email_lower"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120), index=True)
    job_title: Mapped[str] = mapped_column(String(120), default="")
    password_hash: Mapped[str] = mapped_column(String(200), default="")
    must_change_password: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)
    wants_digest: Mapped[bool] = mapped_column(default=True, server_default=true())
    created_at: Mapped[datetime] = mapped_column(Moment)

    role_rows: Mapped[list["PersonRole"]] = relationship(cascade="all, delete-orphan")
    offices_led: Mapped[list["Office"]] = relationship(back_populates="chef", order_by="Office.name")
    placements: Mapped[list["OfficeSouschef"]] = relationship(back_populates="person")

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(Role(row.role) for row in self.role_rows)


class PersonRole(Base):
    __tablename__ = "person_role"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    role: Mapped[str] = mapped_column(String(20), primary_key=True)


class Office(Base):
    """An office (kontor) with the person who is its chef; being chef is this relation, not a role."""

    __tablename__ = "office"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    chef_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)

    chef: Mapped[Person | None] = relationship(back_populates="offices_led")
    placements: Mapped[list["OfficeSouschef"]] = relationship(back_populates="office", order_by="OfficeSouschef.since")


class OfficeSouschef(Base):
    """A person is souschef of an office from `since` until (and with) `until`, both local dates."""

    __tablename__ = "office_souschef"
    __table_args__ = (CheckConstraint("until is null or until >= since", name="until_after_since"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    since: Mapped[date]
    until: Mapped[date | None]

    office: Mapped[Office] = relationship(back_populates="placements")
    person: Mapped[Person] = relationship(back_populates="placements")


class OfficeDeputy(Base):
    """A person decides on sign-offs for the chef of an office from `since` until (and with) `until`."""

    __tablename__ = "office_deputy"
    __table_args__ = (CheckConstraint("until >= since", name="until_after_since"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    since: Mapped[date]
    until: Mapped[date]
    named_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    office: Mapped[Office] = relationship(lazy="joined", innerjoin=True)
    person: Mapped[Person] = relationship(foreign_keys=[person_id], lazy="joined", innerjoin=True)


class CalendarLink(Base):
    """A person's subscription to their own days. Whoever has the secret address reads it, so only its hash is kept."""

    __tablename__ = "calendar_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), unique=True)
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime] = mapped_column(Moment)

    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)


class SignIn(UserMixin, Base):  # type: ignore[misc]
    """One signed-in browser. It ends by signing out, by signing out everywhere, or when it is too old."""

    __tablename__ = "sign_in"
    __allow_unmapped__ = True

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    started_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    address: Mapped[str] = mapped_column(String(45))

    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)
    actor: Actor  # worked out anew at each request, never stored
