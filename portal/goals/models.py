"""Tables for development goals. What is proposed, answered and followed up is appended.

`Goal.state` and `Goal.follow_up_on` are worked out from it and kept in step in the same transaction, for lists.
"""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.balance.models import BalanceVersion
from portal.db import Base, Moment
from portal.framework.models import FrameworkVersion
from portal.people.models import Person
from portal.strategy.models import StrategicGoalVersion


class Goal(Base):
    """A souschef's development goal for one competency; it follows the souschef, whoever is their chef.

    `focus_of` is the agreed balance one of whose focus areas became this goal.
    """

    __tablename__ = "development_goal"
    __table_args__ = (
        Index("ix_development_goal_souschef_id", "souschef_id", "state"),
        Index("ix_development_goal_competency_key", "competency_key", "state"),
        Index("ix_development_goal_follow_up_on", "follow_up_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    souschef_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    framework_version_id: Mapped[int] = mapped_column(ForeignKey("framework_version.id"))
    competency_key: Mapped[str] = mapped_column(String(80))
    focus_of_id: Mapped[int | None] = mapped_column(ForeignKey("balance_version.id"))
    state: Mapped[str] = mapped_column(String(12))
    follow_up_on: Mapped[date | None]
    created_at: Mapped[datetime] = mapped_column(Moment)
    created_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    souschef: Mapped[Person] = relationship(foreign_keys=[souschef_id])
    created_by: Mapped[Person] = relationship(foreign_keys=[created_by_id])
    framework_version: Mapped[FrameworkVersion] = relationship()
    focus_of: Mapped[BalanceVersion | None] = relationship()
    versions: Mapped[list["GoalVersion"]] = relationship(back_populates="goal", order_by="GoalVersion.number")
    events: Mapped[list["GoalEvent"]] = relationship(back_populates="goal", order_by="GoalEvent.id")


class GoalVersion(Base):
    """Append-only: one proposed wording. A proposal is its proposer's yes; it lacks only the other's."""

    __tablename__ = "development_goal_version"
    __table_args__ = (UniqueConstraint("goal_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    goal_id: Mapped[int] = mapped_column(ForeignKey("development_goal.id"))
    number: Mapped[int]
    strategic_version_id: Mapped[int | None] = mapped_column(ForeignKey("strategic_goal_version.id"), index=True)
    direction: Mapped[str] = mapped_column(String(12))  # more, less or differently
    aim: Mapped[str] = mapped_column(Text)
    activity: Mapped[str] = mapped_column(Text)
    who: Mapped[str] = mapped_column(Text)
    sign: Mapped[str] = mapped_column(Text)  # how both will see that it worked
    follow_up_on: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Moment)

    goal: Mapped[Goal] = relationship(back_populates="versions")
    strategic_version: Mapped[StrategicGoalVersion | None] = relationship()
    proposed_by: Mapped[Person] = relationship()
    answer: Mapped["GoalAnswer | None"] = relationship(back_populates="version")


class GoalAnswer(Base):
    """Append-only: the one answer to a proposal: confirmed, declined or withdrawn."""

    __tablename__ = "development_goal_answer"
    __table_args__ = (UniqueConstraint("version_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("development_goal_version.id"))
    kind: Mapped[str] = mapped_column(String(12))
    words: Mapped[str] = mapped_column(Text)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Moment)

    version: Mapped[GoalVersion] = relationship(back_populates="answer")
    by: Mapped[Person] = relationship()


class GoalEvent(Base):
    """Append-only: a follow-up with status and evidence, a goal carried on to a new day, or closed with a reason."""

    __tablename__ = "development_goal_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    goal_id: Mapped[int] = mapped_column(ForeignKey("development_goal.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    status: Mapped[str] = mapped_column(String(12), default="")
    words: Mapped[str] = mapped_column(Text)
    follow_up_on: Mapped[date | None]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Moment)

    goal: Mapped[Goal] = relationship(back_populates="events")
    by: Mapped[Person] = relationship()
