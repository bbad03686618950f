"""Tables for the agency's strategic goals. Triggers in the migration refuse any change of a version."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, Moment
from portal.people.models import Person


class StrategicGoal(Base):
    """One strategic goal through all of its versions; what it says is in the last."""

    __tablename__ = "strategic_goal"

    id: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int]

    versions: Mapped[list["StrategicGoalVersion"]] = relationship(
        back_populates="goal", order_by="StrategicGoalVersion.number"
    )


class StrategicGoalVersion(Base):
    """Append-only: a wording with its period, both days included. A `retired` version ends the goal.

    Who points to a strategic goal points to the wording that they read.
    """

    __tablename__ = "strategic_goal_version"
    __table_args__ = (
        UniqueConstraint("goal_id", "number"),
        CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    goal_id: Mapped[int] = mapped_column(ForeignKey("strategic_goal.id"))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(120))
    description: Mapped[str] = mapped_column(Text)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    retired: Mapped[bool] = mapped_column(default=False)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Moment)

    goal: Mapped[StrategicGoal] = relationship(back_populates="versions")
    by: Mapped[Person] = relationship()
