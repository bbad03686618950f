"""Tables for recommendation, decision, answers and filing. All of them are append-only: the last row is what holds."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, Moment
from portal.people.models import Person
from portal.recruitment.models import Candidate, Recruitment


class Recommendation(Base):
    """A saved wording of the panel's recommendation; no candidate means that none is recommended.

    `reasons` are by the id of the competency, as text, because JSON has no other keys. `must_have_reason` says why a
    candidate is recommended although a must-have is not met.
    """

    __tablename__ = "recommendation"
    __table_args__ = (UniqueConstraint("recruitment_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    recruitment_id: Mapped[int] = mapped_column(ForeignKey("recruitment.id"))
    number: Mapped[int]
    candidate_id: Mapped[int | None] = mapped_column(ForeignKey("candidate.id"), index=True)
    reason: Mapped[str] = mapped_column(Text)
    reasons: Mapped[dict[str, str]] = mapped_column(JSON)
    must_have_reason: Mapped[str] = mapped_column(Text, default="")
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Moment)

    candidate: Mapped[Candidate | None] = relationship()
    by: Mapped[Person] = relationship()

    def reason_for(self, competency_id: int) -> str:
        return self.reasons.get(str(competency_id), "")


class MinorityOpinion(Base):
    """What a member of the panel holds against the recommendation, in their own words; an empty text takes it back."""

    __tablename__ = "minority_opinion"

    id: Mapped[int] = mapped_column(primary_key=True)
    recruitment_id: Mapped[int] = mapped_column(ForeignKey("recruitment.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Moment)

    by: Mapped[Person] = relationship()


class Submission(Base):
    """The recommendation as it went to the hiring authority: `snapshot` is exactly that, `digest` its SHA-256."""

    __tablename__ = "recommendation_submission"

    id: Mapped[int] = mapped_column(primary_key=True)
    recruitment_id: Mapped[int] = mapped_column(ForeignKey("recruitment.id"), index=True)
    recommendation_id: Mapped[int] = mapped_column(ForeignKey("recommendation.id"), unique=True)
    snapshot: Mapped[dict[str, Any]] = mapped_column(JSON)
    digest: Mapped[str] = mapped_column(String(64))
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Moment)

    recruitment: Mapped[Recruitment] = relationship()
    recommendation: Mapped[Recommendation] = relationship(lazy="joined", innerjoin=True)
    by: Mapped[Person] = relationship()
    decision: Mapped["Decision | None"] = relationship(back_populates="submission", lazy="joined")


class Decision(Base):
    """The hiring authority's answer to a recommendation; given once. `candidate` is who is hired, if anyone."""

    __tablename__ = "hiring_decision"

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("recommendation_submission.id"), unique=True)
    ruling: Mapped[str] = mapped_column(String(20))
    candidate_id: Mapped[int | None] = mapped_column(ForeignKey("candidate.id"), index=True)
    reason: Mapped[str] = mapped_column(Text)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Moment)

    submission: Mapped[Submission] = relationship(back_populates="decision")
    candidate: Mapped[Candidate | None] = relationship()
    by: Mapped[Person] = relationship()


class RefusalText(Base):
    """A saved wording of the refusal to a candidate."""

    __tablename__ = "refusal_text"
    __table_args__ = (UniqueConstraint("candidate_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidate.id"))
    number: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Moment)

    by: Mapped[Person] = relationship()
    events: Mapped[list["RefusalEvent"]] = relationship(order_by="RefusalEvent.id", back_populates="text")


class RefusalEvent(Base):
    """What a person did with a wording: `reviewed` it, or `sent` it, on the day `sent_on`."""

    __tablename__ = "refusal_event"
    __table_args__ = (CheckConstraint("(kind = 'sent') = (sent_on is not null)", name="day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    text_id: Mapped[int] = mapped_column(ForeignKey("refusal_text.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    sent_on: Mapped[date | None]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Moment)

    text: Mapped[RefusalText] = relationship(back_populates="events")
    by: Mapped[Person] = relationship()


class Filing(Base):
    """The record was put into the agency's filing system under a case number; `digest` is of the record's content."""

    __tablename__ = "filing"

    id: Mapped[int] = mapped_column(primary_key=True)
    recruitment_id: Mapped[int] = mapped_column(ForeignKey("recruitment.id"), index=True)
    case_number: Mapped[str] = mapped_column(String(40))
    provisional: Mapped[bool]
    digest: Mapped[str] = mapped_column(String(64))
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Moment)

    by: Mapped[Person] = relationship()
