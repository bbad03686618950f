"""Tables for the scorecard of a recruitment, and the assessments on it."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.bank.models import BankVersion
from portal.db import Base, Moment
from portal.framework.models import Competency
from portal.recruitment.models import Candidate, PanelMember, Recruitment


class ScorecardQuestion(Base):
    """A question on a recruitment's scorecard, copied from the bank: the same for every candidate."""

    __tablename__ = "scorecard_question"
    __table_args__ = (UniqueConstraint("recruitment_id", "bank_version_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    recruitment_id: Mapped[int] = mapped_column(ForeignKey("recruitment.id"), index=True)
    competency_id: Mapped[int] = mapped_column(ForeignKey("competency.id"))
    position: Mapped[int]
    bank_version_id: Mapped[int] = mapped_column(ForeignKey("bank_version.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text)
    probes: Mapped[list[str]] = mapped_column(JSON)
    anchors: Mapped[dict[str, str]] = mapped_column(JSON)

    recruitment: Mapped[Recruitment] = relationship()
    competency: Mapped[Competency] = relationship(lazy="joined", innerjoin=True)
    bank_version: Mapped[BankVersion] = relationship()


class Assessment(Base):
    """One panel member's view of one candidate; from `submitted_at` on neither it nor its ratings change.

    `version` counts the saved drafts, and `saved_from` names the opened page that the last one came from: a page that
    saves again goes on, and one that another page has overtaken is told so.
    """

    __tablename__ = "assessment"
    __table_args__ = (UniqueConstraint("candidate_id", "member_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidate.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("panel_member.id"), index=True)
    started_at: Mapped[datetime] = mapped_column(Moment)
    submitted_at: Mapped[datetime | None] = mapped_column(Moment)
    version: Mapped[int] = mapped_column(default=0)
    saved_from: Mapped[str] = mapped_column(String(32), default="")

    candidate: Mapped[Candidate] = relationship()
    member: Mapped[PanelMember] = relationship(lazy="joined", innerjoin=True)
    ratings: Mapped[list["Rating"]] = relationship(back_populates="assessment", order_by="Rating.id")


class Rating(Base):
    """Draft or final answer to one question: `score` 1–5, or none with `not_covered`; `evidence` is the reason."""

    __tablename__ = "rating"
    __table_args__ = (
        UniqueConstraint("assessment_id", "question_id"),
        CheckConstraint("score is null or score between 1 and 5", name="score"),
        CheckConstraint("score is null or not not_covered", name="scored_or_not_covered"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id"))
    question_id: Mapped[int] = mapped_column(ForeignKey("scorecard_question.id"), index=True)
    score: Mapped[int | None]
    not_covered: Mapped[bool] = mapped_column(default=False)
    evidence: Mapped[str] = mapped_column(Text, default="")

    assessment: Mapped[Assessment] = relationship(back_populates="ratings")
    question: Mapped[ScorecardQuestion] = relationship(lazy="joined", innerjoin=True)
