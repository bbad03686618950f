"""Tables for activities of joint development. What happened is appended; `state` columns are kept in step for lists."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, Moment
from portal.framework.models import FrameworkVersion
from portal.people.models import Person
from portal.strategy.models import StrategicGoalVersion


class Activity(Base):
    """A workshop, course or network meeting with seats; `revision` counts changes, so that a second editor is told."""

    __tablename__ = "activity"
    __table_args__ = (CheckConstraint("seats > 0", name="seats_above_zero"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    framework_version_id: Mapped[int] = mapped_column(ForeignKey("framework_version.id"))
    strategic_version_id: Mapped[int | None] = mapped_column(ForeignKey("strategic_goal_version.id"), index=True)
    title: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(20))
    description: Mapped[str] = mapped_column(Text)
    starts_at: Mapped[datetime] = mapped_column(Moment, index=True)
    minutes: Mapped[int]
    place: Mapped[str] = mapped_column(String(200))
    seats: Mapped[int]
    sign_up_until: Mapped[date]
    state: Mapped[str] = mapped_column(String(12))  # draft, open, cancelled
    revision: Mapped[int] = mapped_column(default=1)
    created_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(Moment)

    framework_version: Mapped[FrameworkVersion] = relationship()
    strategic_version: Mapped[StrategicGoalVersion | None] = relationship()
    created_by: Mapped[Person] = relationship()
    competencies: Mapped[list["ActivityCompetency"]] = relationship(
        back_populates="activity", cascade="all, delete-orphan"
    )
    events: Mapped[list["ActivityEvent"]] = relationship(back_populates="activity", order_by="ActivityEvent.id")
    participations: Mapped[list["Participation"]] = relationship(
        back_populates="activity", order_by="(Participation.since, Participation.id)"
    )


class ActivityCompetency(Base):
    """A competency that the activity trains."""

    __tablename__ = "activity_competency"

    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id"), primary_key=True)
    competency_key: Mapped[str] = mapped_column(String(80), primary_key=True, index=True)

    activity: Mapped[Activity] = relationship(back_populates="competencies")


class ActivityEvent(Base):
    """Append-only: the activity was opened for sign-up, changed, or called off."""

    __tablename__ = "activity_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    words: Mapped[str] = mapped_column(Text)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Moment)

    activity: Mapped[Activity] = relationship(back_populates="events")
    by: Mapped[Person] = relationship()


class Participation(Base):
    """A person's part in an activity: invited, declined, signed up, waiting, left, attended or absent.

    `since` orders the waiting list. Who was invited by need is told to nobody but themselves.
    """

    __tablename__ = "activity_participation"
    __table_args__ = (
        UniqueConstraint("activity_id", "person_id"),
        Index("ix_activity_participation_person_id", "person_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    state: Mapped[str] = mapped_column(String(12))
    since: Mapped[datetime] = mapped_column(Moment)

    activity: Mapped[Activity] = relationship(back_populates="participations")
    person: Mapped[Person] = relationship()
    events: Mapped[list["ParticipationEvent"]] = relationship(
        back_populates="participation", order_by="ParticipationEvent.id"
    )
    evaluations: Mapped[list["Evaluation"]] = relationship(back_populates="participation")


class ParticipationEvent(Base):
    """Append-only: each state that a participation has had; without a person when the portal did it by itself."""

    __tablename__ = "activity_participation_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    participation_id: Mapped[int] = mapped_column(ForeignKey("activity_participation.id"), index=True)
    state: Mapped[str] = mapped_column(String(12))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Moment)

    participation: Mapped[Participation] = relationship(back_populates="events")
    by: Mapped[Person | None] = relationship()


class Evaluation(Base):
    """Append-only: how much a participant can use of it for one competency (1 to 5), and their words."""

    __tablename__ = "activity_evaluation"
    __table_args__ = (
        UniqueConstraint("participation_id", "competency_key"),
        CheckConstraint("value between 1 and 5", name="value_on_scale"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    participation_id: Mapped[int] = mapped_column(ForeignKey("activity_participation.id"))
    competency_key: Mapped[str] = mapped_column(String(80))
    value: Mapped[int]
    words: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Moment)

    participation: Mapped[Participation] = relationship(back_populates="evaluations")
