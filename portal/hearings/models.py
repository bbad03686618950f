"""Tables for hearings; all of them are append-only."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, Moment
from portal.people.models import Person
from portal.recruitment.models import Candidate
from portal.references.models import ReferenceCheck


class Hearing(Base):
    """A fact from a reference, judged: new to the applicant, unfavourable, and essential for the decision.

    All three call for a hearing (forvaltningsloven § 19); `reason` is why a fact is not essential.
    """

    __tablename__ = "hearing"

    id: Mapped[int] = mapped_column(primary_key=True)
    check_id: Mapped[int] = mapped_column(ForeignKey("reference_check.id"), index=True)
    fact: Mapped[str] = mapped_column(Text)
    is_new: Mapped[bool]
    unfavourable: Mapped[bool]
    essential: Mapped[bool]
    reason: Mapped[str] = mapped_column(Text, default="")
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Moment)

    check: Mapped[ReferenceCheck] = relationship()
    by: Mapped[Person] = relationship()
    steps: Mapped[list["HearingStep"]] = relationship(order_by="HearingStep.id")

    @property
    def candidate(self) -> Candidate:
        return self.check.referee.candidate


class HearingStep(Base):
    """What was done in a hearing (`rules.Step`): sent with a deadline, answered, left unanswered, or judged anew."""

    __tablename__ = "hearing_step"

    id: Mapped[int] = mapped_column(primary_key=True)
    hearing_id: Mapped[int] = mapped_column(ForeignKey("hearing.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    text: Mapped[str] = mapped_column(Text)
    deadline: Mapped[date | None]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Moment)

    by: Mapped[Person] = relationship()
