"""Tables for recruitments: what is looked for, who assesses, and who has applied."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, Moment
from portal.framework.models import Competency, FrameworkVersion
from portal.people.models import Office, Person


class Recruitment(Base):
    """One vacancy to fill, on the framework version that it began with.

    `locked_at` is when the first assessment began: from then on profile and scorecard are the same for everyone.
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

    office: Mapped[Office] = relationship(lazy="joined", innerjoin=True)
    version: Mapped[FrameworkVersion] = relationship()
    recruiter: Mapped[Person] = relationship(lazy="joined", innerjoin=True)
    profile: Mapped[list["ProfileCompetency"]] = relationship(
        back_populates="recruitment", order_by="ProfileCompetency.id"
    )
    panel: Mapped[list["PanelMember"]] = relationship(back_populates="recruitment", order_by="PanelMember.id")
    candidates: Mapped[list["Candidate"]] = relationship(back_populates="recruitment", order_by="Candidate.id")

    @property
    def locked(self) -> bool:
        return self.locked_at is not None

    @property
    def panel_person_ids(self) -> frozenset[int]:
        return frozenset(member.person_id for member in self.panel)


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
    """An applicant who is interviewed. There is no field for a CPR number, age, health or family."""

    __tablename__ = "candidate"

    id: Mapped[int] = mapped_column(primary_key=True)
    recruitment_id: Mapped[int] = mapped_column(ForeignKey("recruitment.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    added_at: Mapped[datetime] = mapped_column(Moment)

    recruitment: Mapped[Recruitment] = relationship(back_populates="candidates", lazy="joined", innerjoin=True)
    declarations: Mapped[list["ImpartialityDeclaration"]] = relationship(order_by="ImpartialityDeclaration.id")

    @property
    def partial_person_ids(self) -> frozenset[int]:
        """The persons who have declared that they are not impartial to this candidate."""
        out = {declaration.member_id for declaration in self.declarations if not declaration.impartial}
        return frozenset(member.person_id for member in self.recruitment.panel if member.id in out)


class ImpartialityDeclaration(Base):
    """Append-only: a panel member's word, before seeing the candidate. Not impartial is final."""

    __tablename__ = "impartiality_declaration"
    __table_args__ = (UniqueConstraint("candidate_id", "member_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidate.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("panel_member.id"), index=True)
    impartial: Mapped[bool]
    at: Mapped[datetime] = mapped_column(Moment)
