"""Writing strategic goals; a change is a new version, and what points to the old one keeps it."""

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from portal.audit.services import record
from portal.clock import now
from portal.db import db, lock_row
from portal.errors import Refused
from portal.people.models import Person
from portal.strategy import queries
from portal.strategy.models import StrategicGoal, StrategicGoalVersion


class Overtaken(Refused):
    """Somebody has changed the strategic goal since the form was opened."""


@dataclass(frozen=True)
class Wording:
    """What a strategic goal says, and its period."""

    title: str
    description: str
    starts_on: date
    ends_on: date

    def says_the_same(self, version: StrategicGoalVersion) -> bool:
        return self == Wording(version.title, version.description, version.starts_on, version.ends_on)


def _append(goal: StrategicGoal, number: int, wording: Wording, person: Person, *, retired: bool = False) -> None:
    if wording.ends_on < wording.starts_on:
        raise Refused([_("The period must end on or after the day on which it begins.")])
    values = vars(wording)
    goal.versions.append(StrategicGoalVersion(number=number, retired=retired, by_id=person.id, at=now(), **values))
    db.session.flush()


def add_goal(wording: Wording, person: Person) -> StrategicGoal:
    """A strategic goal, last in the agency's order."""
    goal = StrategicGoal(position=1 + max((v.goal.position for v in queries.newest()), default=0))
    db.session.add(goal)
    _append(goal, 1, wording, person)
    record("strategy.add_goal", goal)
    return goal


def change_goal(goal: StrategicGoal, number: int, wording: Wording, person: Person) -> bool:
    """The next version after the one that was read (`number`); False when it says nothing new."""
    last = _last(goal, number)
    if wording.says_the_same(last):
        return False
    _append(goal, last.number + 1, wording, person)
    record("strategy.change_goal", goal, number=last.number + 1)
    return True


def retire_goal(goal: StrategicGoal, number: int, person: Person) -> None:
    """End the goal before its time; nothing new can point to it."""
    last = _last(goal, number)
    wording = Wording(last.title, last.description, last.starts_on, last.ends_on)
    _append(goal, last.number + 1, wording, person, retired=True)
    record("strategy.retire_goal", goal)


def _last(goal: StrategicGoal, number: int) -> StrategicGoalVersion:
    lock_row(goal)
    last = goal.versions[-1]
    if last.retired:
        raise Refused([_("The strategic goal has been ended. Add a new one instead.")])
    if last.number != number:
        raise Overtaken([_("Somebody has changed the strategic goal meanwhile. Open it anew and see what it says.")])
    return last
