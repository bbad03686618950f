"""Tables of the bank. A version never changes: editing adds the next one, and what used the old one keeps it."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.bank.rules import FIELDS, Content, Use
from portal.db import Base, Moment
from portal.people.models import Person


class BankEntry(Base):
    """A question, item, line or text through all its versions. `retired_at` takes it out of all new use."""

    __tablename__ = "bank_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    framework_slug: Mapped[str] = mapped_column(String(60))
    use: Mapped[str] = mapped_column(String(20), index=True)
    retired_at: Mapped[datetime | None] = mapped_column(Moment)

    versions: Mapped[list["BankVersion"]] = relationship(back_populates="entry", order_by="BankVersion.number.desc()")

    @property
    def current(self) -> "BankVersion":
        return self.versions[0]


class BankVersion(Base):
    """What the entry says from `created_at` on; `details` holds the fields of its use, `search_text` all words folded.

    `created_by` is None for what comes with the portal.
    """

    __tablename__ = "bank_version"
    __table_args__ = (UniqueConstraint("entry_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("bank_entry.id"))
    number: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    details: Mapped[dict[str, Any]] = mapped_column(JSON)
    behaviour_keys: Mapped[list[str]] = mapped_column(JSON)
    search_text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Moment)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    entry: Mapped[BankEntry] = relationship(back_populates="versions", lazy="joined", innerjoin=True)
    created_by: Mapped[Person | None] = relationship(lazy="joined")
    ties: Mapped[list["BankTie"]] = relationship(order_by="BankTie.position", lazy="selectin")

    @property
    def key(self) -> str:
        return self.entry.key

    @property
    def use(self) -> Use:
        return Use(self.entry.use)

    @property
    def competency_keys(self) -> list[str]:
        return [tie.competency_key for tie in self.ties]

    @property
    def competency_key(self) -> str:
        """The one competency of a question or line; empty for a general question."""
        return self.ties[0].competency_key if self.ties else ""

    @property
    def kind(self) -> str:
        return str(self.details.get("kind", ""))

    @property
    def content(self) -> Content:
        """The version as plain values."""
        details = {name: self.details[name] for name in FIELDS[self.use] if name in self.details}
        if "probes" in details:
            details["probes"] = tuple(details["probes"])
        return Content(
            use=self.use,
            text=self.text,
            competencies=tuple(self.competency_keys),
            behaviours=tuple(self.behaviour_keys),
            **details,
        )


class BankTie(Base):
    """A version springs from a competency of the framework, named by its stable key; the first one is the main one."""

    __tablename__ = "bank_tie"

    version_id: Mapped[int] = mapped_column(ForeignKey("bank_version.id"), primary_key=True)
    competency_key: Mapped[str] = mapped_column(String(80), primary_key=True, index=True)
    position: Mapped[int]
