"""Reading the agency's strategic goals."""

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from portal.db import db
from portal.strategy.models import StrategicGoal, StrategicGoalVersion
from portal.strategy.rules import to_choose


def find_goal(strategic_id: int) -> StrategicGoal | None:
    """With all of its wordings, the newest last."""
    query = select(StrategicGoal).where(StrategicGoal.id == strategic_id)
    people = joinedload(StrategicGoal.versions).joinedload(StrategicGoalVersion.by)
    return db.session.scalars(query.options(people).execution_options(populate_existing=True)).unique().one_or_none()


def newest() -> list[StrategicGoalVersion]:
    """What each strategic goal says now, in the agency's order."""
    last = select(StrategicGoalVersion.goal_id, func.max(StrategicGoalVersion.number).label("number"))
    latest = last.group_by(StrategicGoalVersion.goal_id).subquery()
    query = select(StrategicGoalVersion).join(
        latest,
        (StrategicGoalVersion.goal_id == latest.c.goal_id) & (StrategicGoalVersion.number == latest.c.number),
    )
    query = query.join(StrategicGoalVersion.goal).options(joinedload(StrategicGoalVersion.by, innerjoin=True))
    return list(db.session.scalars(query.order_by(StrategicGoal.position, StrategicGoal.id)))


def choices(day: date) -> list[StrategicGoalVersion]:
    """The wordings that a development goal or an activity may point to today."""
    return to_choose(newest(), day)
