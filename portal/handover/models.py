"""Tables for what crosses from a recruitment to the onboarding of the one who was hired. All are append-only."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, Moment
from portal.onboarding.models import Plan
from portal.people.models import Person
from portal.recruitment.models import Candidate


class Handover(Base):
    """The chef's decision for one hired candidate: focus areas were carried over to the plan, or nothing was.

    `note` is what the chef tells the new souschef about it.
    """

    __tablename__ = "handover"
    __table_args__ = (UniqueConstraint("candidate_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidate.id"))
    plan_id: Mapped[int] = mapped_column(ForeignKey("onboarding_plan.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))  # carried or declined
    note: Mapped[str] = mapped_column(Text)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Moment)

    candidate: Mapped[Candidate] = relationship()
    plan: Mapped[Plan] = relationship()
    by: Mapped[Person] = relationship()
    focus: Mapped[list["HandoverFocus"]] = relationship(back_populates="handover", order_by="HandoverFocus.id")
    comments: Mapped[list["HandoverComment"]] = relationship(back_populates="handover", order_by="HandoverComment.id")


class HandoverFocus(Base):
    """Append-only: one competency that crossed, why it was proposed (`ground`), and the chef's own words.

    No score, no assessor and none of their words are in it.
    """

    __tablename__ = "handover_focus"
    __table_args__ = (UniqueConstraint("handover_id", "competency_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    handover_id: Mapped[int] = mapped_column(ForeignKey("handover.id"))
    competency_key: Mapped[str] = mapped_column(String(80))
    ground: Mapped[str] = mapped_column(String(20))
    words: Mapped[str] = mapped_column(Text)

    handover: Mapped[Handover] = relationship(back_populates="focus")


class HandoverComment(Base):
    """Append-only: what the new souschef says to it."""

    __tablename__ = "handover_comment"

    id: Mapped[int] = mapped_column(primary_key=True)
    handover_id: Mapped[int] = mapped_column(ForeignKey("handover.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Moment)

    handover: Mapped[Handover] = relationship(back_populates="comments")
    by: Mapped[Person] = relationship()
