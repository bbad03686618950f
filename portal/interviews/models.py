"""Tables for the scorecard of a recruitment, and the assessments on it."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.bank.models import BankVersion
from portal.db import Base, Moment
from portal.framework.models import Competency
from portal.people.models import Person
from portal.recruitment.models import Candidate, Interview, InterviewRound, PanelMember, Recruitment


class ScorecardQuestion(Base):
    """A question of a round, the same for every candidate: from the bank, perhaps reworded, or of one's own.

    A dropped question keeps its ratings but weighs nothing, for everyone.
    """

    __tablename__ = "scorecard_question"
    __table_args__ = (UniqueConstraint("round_id", "bank_version_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    recruitment_id: Mapped[int] = mapped_column(ForeignKey("recruitment.id"), index=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("interview_round.id"), index=True)
    competency_id: Mapped[int] = mapped_column(ForeignKey("competency.id"))
    position: Mapped[int]
    minutes: Mapped[int] = mapped_column(default=6)
    bank_version_id: Mapped[int | None] = mapped_column(ForeignKey("bank_version.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text)
    probes: Mapped[list[str]] = mapped_column(JSON)
    anchors: Mapped[dict[str, str]] = mapped_column(JSON)

    recruitment: Mapped[Recruitment] = relationship()
    competency: Mapped[Competency] = relationship(lazy="joined", innerjoin=True)
    bank_version: Mapped[BankVersion | None] = relationship()
    round: Mapped[InterviewRound] = relationship()
    drop: Mapped["QuestionDrop | None"] = relationship(lazy="joined")

    @property
    def dropped(self) -> bool:
        return self.drop is not None


class QuestionDrop(Base):
    """Append-only: a question that was dropped after assessing began, with who, when and why."""

    __tablename__ = "question_drop"

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("scorecard_question.id"), unique=True)
    reason: Mapped[str] = mapped_column(Text)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Moment)

    by: Mapped[Person] = relationship()


class Assessment(Base):
    """One panel member's view of one candidate in one round; from `submitted_at` on neither it nor its ratings change.

    `version` counts the saved drafts, and `saved_from` names the opened page that the last one came from: a page that
    saves again goes on, and one that another page has overtaken is told so.
    """

    __tablename__ = "assessment"
    __table_args__ = (UniqueConstraint("interview_id", "member_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    interview_id: Mapped[int] = mapped_column(ForeignKey("interview.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("panel_member.id"), index=True)
    started_at: Mapped[datetime] = mapped_column(Moment)
    submitted_at: Mapped[datetime | None] = mapped_column(Moment)
    version: Mapped[int] = mapped_column(default=0)
    saved_from: Mapped[str] = mapped_column(String(32), default="")

    interview: Mapped[Interview] = relationship()
    member: Mapped[PanelMember] = relationship(lazy="joined", innerjoin=True)
    ratings: Mapped[list["Rating"]] = relationship(back_populates="assessment", order_by="Rating.id")

    @property
    def candidate(self) -> Candidate:
        return self.interview.candidate


class Rating(Base):
    """Draft or submitted answer to one question: `score` 1–5, or none with `not_covered`; `evidence` is the reason.

    What is submitted never changes; the assessor may amend it, and the last amendment is what counts.
    """

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
    amendments: Mapped[list["RatingAmendment"]] = relationship(order_by="RatingAmendment.id")

    @property
    def in_force(self) -> "Rating | RatingAmendment":
        """What counts: the last amendment, or the rating as it was submitted."""
        return self.amendments[-1] if self.amendments else self


class RatingAmendment(Base):
    """Append-only: an assessor's later view of a question, with the reason for changing it."""

    __tablename__ = "rating_amendment"
    __table_args__ = (
        CheckConstraint("score is null or score between 1 and 5", name="score"),
        CheckConstraint("(score is null) = not_covered", name="scored_or_not_covered"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    rating_id: Mapped[int] = mapped_column(ForeignKey("rating.id"), index=True)
    score: Mapped[int | None]
    not_covered: Mapped[bool]
    evidence: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Moment)


class InterviewClosing(Base):
    """Append-only: the chair closes the assessing of an interview before all have submitted, or reopens it; the last
    one counts."""

    __tablename__ = "interview_closing"

    id: Mapped[int] = mapped_column(primary_key=True)
    interview_id: Mapped[int] = mapped_column(ForeignKey("interview.id"), index=True)
    closes: Mapped[bool]
    reason: Mapped[str] = mapped_column(Text)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Moment)

    by: Mapped[Person] = relationship()


class AgreedRating(Base):
    """Append-only: what the panel agreed on in the debrief, apart from what each wrote before; the last one counts."""

    __tablename__ = "agreed_rating"
    __table_args__ = (
        CheckConstraint("score is null or score between 1 and 5", name="score"),
        CheckConstraint("(score is null) = not_covered", name="scored_or_not_covered"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    interview_id: Mapped[int] = mapped_column(ForeignKey("interview.id"), index=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("scorecard_question.id"), index=True)
    score: Mapped[int | None]
    not_covered: Mapped[bool]
    reason: Mapped[str] = mapped_column(Text)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Moment)

    by: Mapped[Person] = relationship()
