"""Reading development goals: one query each, however many there are."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload, selectinload

from portal.balance.rules import State as VersionState
from portal.balance.rules import in_state
from portal.db import db
from portal.goals.models import Goal, GoalAnswer, GoalEvent, GoalVersion
from portal.goals.rules import OPEN, State
from portal.i18n import today
from portal.people.models import Office, OfficeSouschef, Person


@dataclass(frozen=True)
class Development:
    """A souschef with the offices where they serve on the day, and who leads these; the subject of the policy."""

    souschef: Person
    offices: tuple[Office, ...]

    @property
    def souschef_id(self) -> int:
        return self.souschef.id

    @property
    def office_ids(self) -> frozenset[int]:
        return frozenset(office.id for office in self.offices)

    @property
    def chef_ids(self) -> frozenset[int]:
        """The chefs of today; never the souschef."""
        return frozenset(o.chef_id for o in self.offices if o.chef_id and o.chef_id != self.souschef_id)


def find_development(souschef_id: int) -> Development | None:
    """None for one who has never been a souschef."""
    query = select(OfficeSouschef).where(OfficeSouschef.person_id == souschef_id).order_by(OfficeSouschef.since)
    people = (joinedload(OfficeSouschef.office).joinedload(Office.chef), joinedload(OfficeSouschef.person))
    placements, day = list(db.session.scalars(query.options(*people))), today()
    if not placements:
        return None
    now = [p.office for p in placements if p.since <= day and (p.until is None or p.until >= day)]
    return Development(placements[0].person, tuple(dict.fromkeys(now)))


@dataclass(frozen=True)
class GoalOf:
    """A goal with its souschef's development, which decides who may see it."""

    goal: Goal
    development: Development

    @property
    def agreed(self) -> GoalVersion | None:
        return in_state(self.goal.versions, VersionState.AGREED)

    @property
    def pending(self) -> GoalVersion | None:
        return in_state(self.goal.versions, VersionState.PROPOSED)


def _whole(query: Select[Any]) -> Select[Any]:
    versions = selectinload(Goal.versions)
    return query.options(
        versions.joinedload(GoalVersion.proposed_by, innerjoin=True),
        versions.joinedload(GoalVersion.answer).joinedload(GoalAnswer.by),
        versions.joinedload(GoalVersion.strategic_version),
        selectinload(Goal.events).joinedload(GoalEvent.by, innerjoin=True),
    ).execution_options(populate_existing=True)


def find_goal(goal_id: int) -> GoalOf | None:
    goal = db.session.scalar(_whole(select(Goal).where(Goal.id == goal_id)))
    development = find_development(goal.souschef_id) if goal else None
    return GoalOf(goal, development) if goal and development else None


def goals_of(souschef_id: int, states: Collection[str] = tuple(State)) -> list[Goal]:
    """The souschef's goals in these states, those to follow up first, with all that belongs to them."""
    query = select(Goal).where(Goal.souschef_id == souschef_id, Goal.state.in_(states))
    query = query.order_by(Goal.follow_up_on.is_(None), Goal.follow_up_on, Goal.id)
    return list(db.session.scalars(_whole(query)))


def open_goals_of(souschef_id: int) -> list[Goal]:
    return goals_of(souschef_id, OPEN)


def _serves(day: date) -> Any:
    return OfficeSouschef.since <= day, or_(OfficeSouschef.until.is_(None), OfficeSouschef.until >= day)


@dataclass(frozen=True)
class Owed:
    """A goal that somebody has to answer or follow up, without its words: mails go far."""

    goal_id: int
    souschef_id: int
    souschef: str
    chef_id: int | None
    competency_key: str
    framework_version_id: int
    follow_up_on: date | None
    proposed_by_id: int | None = None


def _owed(day: date) -> Select[Goal, str, int | None]:
    query = select(Goal, Person.name, Office.chef_id).join(Goal.souschef)
    query = query.join(OfficeSouschef, OfficeSouschef.person_id == Goal.souschef_id).join(OfficeSouschef.office)
    return query.where(*_serves(day)).order_by(Goal.follow_up_on, Goal.id)


def to_follow_up(day: date, until: date) -> list[Owed]:
    """Agreed goals whose follow-up falls on or before `until`, of souschefs who serve on `day`."""
    query = _owed(day).where(Goal.state == State.AGREED, Goal.follow_up_on <= until)
    return [
        Owed(g.id, g.souschef_id, name, chef, g.competency_key, g.framework_version_id, g.follow_up_on)
        for g, name, chef in db.session.execute(query)
    ]


def awaiting_answer(day: date) -> list[Owed]:
    """Every goal with a proposal that nobody has answered, with its proposer; of souschefs who serve on `day`."""
    newest = select(GoalVersion.goal_id, GoalVersion.proposed_by_id).outerjoin(GoalVersion.answer)
    waiting = newest.where(GoalAnswer.id.is_(None)).order_by(GoalVersion.number).subquery()
    query = _owed(day).add_columns(waiting.c.proposed_by_id).join(waiting, waiting.c.goal_id == Goal.id)
    found = {}
    for g, name, chef, proposer in db.session.execute(query.where(Goal.state.in_(OPEN))):
        values = (g.id, g.souschef_id, name, chef, g.competency_key, g.framework_version_id, g.follow_up_on, proposer)
        found[g.id, chef] = Owed(*values)
    return list(found.values())
