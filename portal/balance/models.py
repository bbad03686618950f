"""Tables for what chef and souschef agree on. Triggers in the migration refuse any change of a row."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.balance.rules import Focus, Wanted
from portal.db import Base, Moment
from portal.people.models import Office, Person


class BalanceVersion(Base):
    """Append-only: one proposal for a souschef in an office, on one version of the framework.

    `weights` is the share of each part by slug, `focus` a list of key and better.
    """

    __tablename__ = "balance_version"
    __table_args__ = (UniqueConstraint("office_id", "souschef_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    souschef_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    framework_version_id: Mapped[int] = mapped_column(ForeignKey("framework_version.id"))
    number: Mapped[int]
    weights: Mapped[dict[str, int]] = mapped_column(JSON)
    focus: Mapped[list[dict[str, str]]] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(Text)
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Moment)

    office: Mapped[Office] = relationship()
    souschef: Mapped[Person] = relationship(foreign_keys=[souschef_id])
    proposed_by: Mapped[Person] = relationship(foreign_keys=[proposed_by_id])
    answer: Mapped["BalanceAnswer | None"] = relationship(back_populates="version")

    @property
    def wanted(self) -> Wanted:
        return Wanted(self.weights, tuple(Focus(**row) for row in self.focus), self.reason)

    @property
    def focus_keys(self) -> list[str]:
        return [row["key"] for row in self.focus]


class BalanceAnswer(Base):
    """Append-only: the one answer to a proposal; what is settled is settled, and a new proposal begins anew."""

    __tablename__ = "balance_answer"
    __table_args__ = (UniqueConstraint("version_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("balance_version.id"))
    kind: Mapped[str] = mapped_column(String(10))
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    words: Mapped[str] = mapped_column(Text)

    version: Mapped[BalanceVersion] = relationship(back_populates="answer")
    by: Mapped[Person] = relationship()
