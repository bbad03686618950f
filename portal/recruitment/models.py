"""Tables for recruitments: what is looked for, who assesses, and who has applied."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, Moment
from portal.framework.models import Competency, FrameworkVersion
from portal.people.models import Office, Person
from portal.recruitment.rules import OUT, CandidateState, state_of


class Recruitment(Base):
    """One vacancy to fill, on the framework version that it began with.

    `locked_at` is when the first assessment began: from then on the profile is the same for everyone. `authority`
    decides on the panel's recommendation; `deadline` is when applications are due.
    """

    __tablename__ = "recruitment"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(120))
    case_number: Mapped[str] = mapped_column(String(40), default="")
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("framework_version.id"))
    recruiter_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(Moment)
    locked_at: Mapped[datetime | None] = mapped_column(Moment)
    authority_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    deadline: Mapped[datetime | None] = mapped_column(Moment)
    starts_on: Mapped[date | None]

    office: Mapped[Office] = relationship(lazy="joined", innerjoin=True)
    version: Mapped[FrameworkVersion] = relationship()
    recruiter: Mapped[Person] = relationship(lazy="joined", innerjoin=True, foreign_keys=[recruiter_id])
    authority: Mapped[Person | None] = relationship(foreign_keys=[authority_id])
    profile: Mapped[list["ProfileCompetency"]] = relationship(
        back_populates="recruitment", order_by="ProfileCompetency.id"
    )
    panel: Mapped[list["PanelMember"]] = relationship(back_populates="recruitment", order_by="PanelMember.id")
    candidates: Mapped[list["Candidate"]] = relationship(
        back_populates="recruitment",
        order_by="Candidate.id",
        primaryjoin="and_(Recruitment.id == Candidate.recruitment_id, Candidate.deleted_at.is_(None))",
    )
    rounds: Mapped[list["InterviewRound"]] = relationship(
        back_populates="recruitment", order_by="InterviewRound.number"
    )

    @property
    def locked(self) -> bool:
        return self.locked_at is not None

    @property
    def panel_person_ids(self) -> frozenset[int]:
        return frozenset(member.person_id for member in self.panel)

    @property
    def chair_person_ids(self) -> frozenset[int]:
        return frozenset(member.person_id for member in self.panel if member.chair)


class ProfileCompetency(Base):
    """A competency that is looked for. `minimum` makes it a must-have; a weight other than 1 needs a `reason`."""

    __tablename__ = "recruitment_competency"
    __table_args__ = (
        UniqueConstraint("recruitment_id", "competency_id"),
        CheckConstraint("weight between 1 and 5", name="weight"),
        CheckConstraint("minimum is null or minimum between 1 and 5", name="minimum"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    recruitment_id: Mapped[int] = mapped_column(ForeignKey("recruitment.id"))
    competency_id: Mapped[int] = mapped_column(ForeignKey("competency.id"), index=True)
    weight: Mapped[int] = mapped_column(default=1)
    minimum: Mapped[int | None]
    reason: Mapped[str] = mapped_column(Text, default="")

    recruitment: Mapped[Recruitment] = relationship(back_populates="profile")
    competency: Mapped[Competency] = relationship(lazy="joined", innerjoin=True)


class PanelMember(Base):
    __tablename__ = "panel_member"
    __table_args__ = (UniqueConstraint("recruitment_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    recruitment_id: Mapped[int] = mapped_column(ForeignKey("recruitment.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    chair: Mapped[bool] = mapped_column(default=False)

    recruitment: Mapped[Recruitment] = relationship(back_populates="panel")
    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)


class Candidate(Base):
    """An applicant who is interviewed. There is no field for a CPR number, age, health or family.

    From `deleted_at` on only the row is left, without the name: no page knows of the candidate any more, while counts
    and the event log still make sense.
    """

    __tablename__ = "candidate"

    id: Mapped[int] = mapped_column(primary_key=True)
    recruitment_id: Mapped[int] = mapped_column(ForeignKey("recruitment.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    added_at: Mapped[datetime] = mapped_column(Moment)
    deleted_at: Mapped[datetime | None] = mapped_column(Moment)

    recruitment: Mapped[Recruitment] = relationship(back_populates="candidates", lazy="joined", innerjoin=True)
    declarations: Mapped[list["ImpartialityDeclaration"]] = relationship(order_by="ImpartialityDeclaration.id")
    interviews: Mapped[list["Interview"]] = relationship(back_populates="candidate", order_by="Interview.round_id")
    events: Mapped[list["CandidateEvent"]] = relationship(order_by="CandidateEvent.id")

    @property
    def state(self) -> CandidateState:
        """What the last event says."""
        return state_of(event.kind for event in self.events)

    @property
    def awaits_assessment(self) -> bool:
        """Whether the application still stands; what became of it ends what the panel owes."""
        return self.state is CandidateState.APPLIED

    @property
    def in_the_running(self) -> bool:
        """Whether the candidate has neither withdrawn nor been refused."""
        return self.state not in OUT

    @property
    def partial_person_ids(self) -> frozenset[int]:
        """The persons who have declared that they are not impartial to this candidate."""
        return self._declared(impartial=False)

    @property
    def impartial_person_ids(self) -> frozenset[int]:
        """The panel members who have declared that they are impartial to this candidate."""
        return self._declared(impartial=True)

    def _declared(self, *, impartial: bool) -> frozenset[int]:
        found = {declaration.member_id for declaration in self.declarations if declaration.impartial is impartial}
        return frozenset(member.person_id for member in self.recruitment.panel if member.id in found)


class ImpartialityDeclaration(Base):
    """Append-only: a panel member's word, before seeing the candidate. Not impartial is final."""

    __tablename__ = "impartiality_declaration"
    __table_args__ = (UniqueConstraint("candidate_id", "member_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidate.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("panel_member.id"), index=True)
    impartial: Mapped[bool]
    at: Mapped[datetime] = mapped_column(Moment)


class CandidateEvent(Base):
    """Append-only: what became of an application, by whom and why; the last one counts (`rules.CandidateState`)."""

    __tablename__ = "candidate_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidate.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(Text)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Moment)

    by: Mapped[Person] = relationship()


class InterviewRound(Base):
    """A round of interviews, with questions of its own; they stay the same from `locked_at`, its first assessment."""

    __tablename__ = "interview_round"
    __table_args__ = (UniqueConstraint("recruitment_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    recruitment_id: Mapped[int] = mapped_column(ForeignKey("recruitment.id"))
    number: Mapped[int]
    locked_at: Mapped[datetime | None] = mapped_column(Moment)

    recruitment: Mapped[Recruitment] = relationship(back_populates="rounds")

    @property
    def locked(self) -> bool:
        return self.locked_at is not None

    @property
    def interviews(self) -> list["Interview"]:
        """Who is in the round, in the order in which the candidates were added."""
        return [i for candidate in self.recruitment.candidates for i in candidate.interviews if i.round_id == self.id]


class Interview(Base):
    """A candidate in a round: everyone is in the first, and the panel invites to the next ones."""

    __tablename__ = "interview"
    __table_args__ = (UniqueConstraint("candidate_id", "round_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidate.id"))
    round_id: Mapped[int] = mapped_column(ForeignKey("interview_round.id"), index=True)
    starts_at: Mapped[datetime | None] = mapped_column(Moment)
    minutes: Mapped[int] = mapped_column(default=60)
    place: Mapped[str] = mapped_column(String(200), default="")

    candidate: Mapped[Candidate] = relationship(back_populates="interviews")
    round: Mapped[InterviewRound] = relationship()

    @property
    def recruitment(self) -> Recruitment:
        return self.candidate.recruitment
