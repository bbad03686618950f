"""Tables for reference checks: referees with the applicant's accept, the guide, and what the referees said."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.bank.models import BankVersion
from portal.db import Base, Moment
from portal.framework.models import Competency
from portal.people.models import Person
from portal.recruitment.models import Candidate, Recruitment


class GuideQuestion(Base):
    """A question of a recruitment's reference guide, the same core for all candidates: from the bank, perhaps reworded,
    or of one's own."""

    __tablename__ = "reference_guide_question"
    __table_args__ = (UniqueConstraint("recruitment_id", "bank_version_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    recruitment_id: Mapped[int] = mapped_column(ForeignKey("recruitment.id"), index=True)
    competency_id: Mapped[int | None] = mapped_column(ForeignKey("competency.id"))
    position: Mapped[int]
    minutes: Mapped[int] = mapped_column(default=3)
    bank_version_id: Mapped[int | None] = mapped_column(ForeignKey("bank_version.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    probes: Mapped[list[str]] = mapped_column(JSON)

    recruitment: Mapped[Recruitment] = relationship()
    competency: Mapped[Competency | None] = relationship(lazy="joined")
    bank_version: Mapped[BankVersion | None] = relationship()


class GuideProbe(Base):
    """A follow-up for one candidate, proposed from the interviews; asked when the recruiter has accepted it.

    `why` is a `rules.ProbeReason`; the text never tells what an assessor said. `accepted` is None until decided.
    """

    __tablename__ = "reference_probe"
    __table_args__ = (UniqueConstraint("candidate_id", "competency_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidate.id"))
    competency_id: Mapped[int] = mapped_column(ForeignKey("competency.id"))
    text: Mapped[str] = mapped_column(Text)
    why: Mapped[str] = mapped_column(String(20))
    accepted: Mapped[bool | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Moment)

    candidate: Mapped[Candidate] = relationship()
    competency: Mapped[Competency] = relationship(lazy="joined", innerjoin=True)


class Referee(Base):
    """A person whom the candidate has named as a reference."""

    __tablename__ = "referee"

    id: Mapped[int] = mapped_column(primary_key=True)
    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidate.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    relation: Mapped[str] = mapped_column(String(120))
    period: Mapped[str] = mapped_column(String(80), default="", server_default="")
    phone: Mapped[str] = mapped_column(String(40))
    email: Mapped[str] = mapped_column(String(254), default="", server_default="")
    current_employer: Mapped[bool]

    candidate: Mapped[Candidate] = relationship(lazy="joined", innerjoin=True)
    accepts: Mapped[list["ApplicantAccept"]] = relationship(order_by="ApplicantAccept.id", back_populates="referee")
    check: Mapped["ReferenceCheck | None"] = relationship(back_populates="referee")

    @property
    def recruitment(self) -> Recruitment:
        return self.candidate.recruitment

    @property
    def accept(self) -> "ApplicantAccept | None":
        """The accept that holds now: the last one, unless the candidate has taken it back."""
        last = self.accepts[-1] if self.accepts else None
        return last if last and last.withdrawal is None else None


class ApplicantAccept(Base):
    """Append-only: the applicant's accept that this referee is called; without one no guide leaves the portal."""

    __tablename__ = "applicant_accept"

    id: Mapped[int] = mapped_column(primary_key=True)
    referee_id: Mapped[int] = mapped_column(ForeignKey("referee.id"), index=True)
    given_on: Mapped[date]
    how: Mapped[str] = mapped_column(Text)
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime] = mapped_column(Moment)

    referee: Mapped[Referee] = relationship(back_populates="accepts")
    recorded_by: Mapped[Person] = relationship(lazy="joined", innerjoin=True)
    withdrawal: Mapped["AcceptWithdrawal | None"] = relationship(back_populates="accept")


class AcceptWithdrawal(Base):
    """Append-only: the candidate has taken an accept back; from then on the referee is not called."""

    __tablename__ = "accept_withdrawal"

    id: Mapped[int] = mapped_column(primary_key=True)
    accept_id: Mapped[int] = mapped_column(ForeignKey("applicant_accept.id"), unique=True)
    how: Mapped[str] = mapped_column(Text)
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime] = mapped_column(Moment)

    accept: Mapped[ApplicantAccept] = relationship(back_populates="withdrawal")
    recorded_by: Mapped[Person] = relationship(lazy="joined", innerjoin=True)


class ReferenceCheck(Base):
    """What one referee said, and the note of it; from `finished_at` on none of it changes, and addenda are dated.

    `version` and `saved_from` tell opened pages apart, as with an assessment. `digest` is of what was finished.
    """

    __tablename__ = "reference_check"
    __table_args__ = (CheckConstraint("minutes is null or minutes between 1 and 600", name="minutes"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    referee_id: Mapped[int] = mapped_column(ForeignKey("referee.id"), unique=True)
    caller_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    started_at: Mapped[datetime] = mapped_column(Moment)
    held_on: Mapped[date | None]
    minutes: Mapped[int | None]
    note: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=0)
    saved_from: Mapped[str] = mapped_column(String(32), default="")
    finished_at: Mapped[datetime | None] = mapped_column(Moment)
    finished_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    digest: Mapped[str] = mapped_column(String(64), default="")

    referee: Mapped[Referee] = relationship(back_populates="check")
    caller: Mapped[Person] = relationship(foreign_keys=[caller_id])
    finished_by: Mapped[Person | None] = relationship(foreign_keys=[finished_by_id])
    answers: Mapped[list["ReferenceAnswer"]] = relationship(back_populates="check", order_by="ReferenceAnswer.id")
    addenda: Mapped[list["ReferenceAddendum"]] = relationship(order_by="ReferenceAddendum.id")
    links: Mapped[list["FormLink"]] = relationship(order_by="FormLink.id", back_populates="check")

    @property
    def finished(self) -> bool:
        return self.finished_at is not None

    @property
    def written_at(self) -> datetime | None:
        """When the referee sent their answers in writing; None when they were given in a talk."""
        return self.links[-1].ended_at if self.links and self.links[-1].ended_why == "used" else None

    @property
    def recruitment(self) -> Recruitment:
        return self.referee.recruitment


class ReferenceAnswer(Base):
    """The referee's answer to a question of the guide, or to a follow-up about this candidate."""

    __tablename__ = "reference_answer"
    __table_args__ = (
        UniqueConstraint("check_id", "question_id"),
        UniqueConstraint("check_id", "probe_id"),
        CheckConstraint("(question_id is null) <> (probe_id is null)", name="about_one"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    check_id: Mapped[int] = mapped_column(ForeignKey("reference_check.id"))
    question_id: Mapped[int | None] = mapped_column(ForeignKey("reference_guide_question.id"), index=True)
    probe_id: Mapped[int | None] = mapped_column(ForeignKey("reference_probe.id"), index=True)
    text: Mapped[str] = mapped_column(Text)

    check: Mapped[ReferenceCheck] = relationship(back_populates="answers")


class ReferenceAddendum(Base):
    """Append-only: what was added to a finished note, by whom and when."""

    __tablename__ = "reference_addendum"

    id: Mapped[int] = mapped_column(primary_key=True)
    check_id: Mapped[int] = mapped_column(ForeignKey("reference_check.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Moment)

    by: Mapped[Person] = relationship()


class FormLink(Base):
    """A secret address at which the referee answers without signing in; only a digest of the secret is kept.

    It is good until `expires_at`, and ends for good when it is withdrawn, replaced or used (`rules.LinkEnd`).
    """

    __tablename__ = "reference_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    check_id: Mapped[int] = mapped_column(ForeignKey("reference_check.id"), index=True)
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    language: Mapped[str] = mapped_column(String(2))
    made_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    ended_why: Mapped[str] = mapped_column(String(12), default="")

    check: Mapped[ReferenceCheck] = relationship(back_populates="links")
