"""Tables for reference checks: referees with the applicant's accept, and the guide."""

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.bank.models import BankVersion
from portal.db import Base, Moment
from portal.framework.models import Competency
from portal.people.models import Person
from portal.recruitment.models import Candidate, Recruitment


class GuideQuestion(Base):
    """A question of a recruitment's reference guide, copied from the bank: the same core for all candidates."""

    __tablename__ = "reference_guide_question"
    __table_args__ = (UniqueConstraint("recruitment_id", "bank_version_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    recruitment_id: Mapped[int] = mapped_column(ForeignKey("recruitment.id"), index=True)
    competency_id: Mapped[int | None] = mapped_column(ForeignKey("competency.id"))
    position: Mapped[int]
    bank_version_id: Mapped[int] = mapped_column(ForeignKey("bank_version.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    probes: Mapped[list[str]] = mapped_column(JSON)

    recruitment: Mapped[Recruitment] = relationship()
    competency: Mapped[Competency | None] = relationship(lazy="joined")
    bank_version: Mapped[BankVersion] = relationship()


class Referee(Base):
    """A person whom the candidate has named as a reference."""

    __tablename__ = "referee"

    id: Mapped[int] = mapped_column(primary_key=True)
    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidate.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    relation: Mapped[str] = mapped_column(String(120))
    phone: Mapped[str] = mapped_column(String(40))
    current_employer: Mapped[bool]

    candidate: Mapped[Candidate] = relationship(lazy="joined", innerjoin=True)
    accepts: Mapped[list["ApplicantAccept"]] = relationship(order_by="ApplicantAccept.id", back_populates="referee")

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
