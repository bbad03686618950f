"""Tables for retention and deletion; both are append-only."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, Moment
from portal.people.models import Person
from portal.recruitment.models import Candidate, Recruitment


class RetentionSetting(Base):
    """For how many months after its end data of a recruitment's applicants is kept, and why; the last row holds."""

    __tablename__ = "retention_setting"
    __table_args__ = (
        CheckConstraint("months between 1 and 36", name="months"),
        CheckConstraint("months = 6 or reason <> ''", name="reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    months: Mapped[int]
    reason: Mapped[str] = mapped_column(Text)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Moment)

    by: Mapped[Person] = relationship()


class Deletion(Base):
    """That a candidate's data was deleted: by whom, when, why and how much; never whose.

    `case_number` is where the case is filed, and `unfiled_reason` why it need not be. `counts` are rows by table.
    While `door` is set, the database's triggers let this candidate's data go. It points to a row that cannot exist,
    and a database checks that at the end of the transaction: a door that is left open is never committed.
    """

    __tablename__ = "candidate_deletion"
    __table_args__ = (
        CheckConstraint("id > 0", name="id"),
        CheckConstraint("door < 0", name="door"),
        CheckConstraint("reason <> ''", name="reason"),
        CheckConstraint("case_number <> '' or unfiled_reason <> ''", name="filed"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidate.id"), unique=True)
    recruitment_id: Mapped[int] = mapped_column(ForeignKey("recruitment.id"), index=True)
    case_number: Mapped[str] = mapped_column(String(40))
    unfiled_reason: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    months: Mapped[int]
    ended_on: Mapped[date]
    counts: Mapped[dict[str, int]] = mapped_column(JSON)
    door: Mapped[int | None] = mapped_column(
        ForeignKey("candidate_deletion.id", deferrable=True, initially="DEFERRED"), index=True
    )
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Moment, index=True)

    candidate: Mapped[Candidate] = relationship()
    recruitment: Mapped[Recruitment] = relationship()
    by: Mapped[Person] = relationship()
