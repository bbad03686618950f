"""Writing development goals. Each write begins with the goal's row locked: there is one outcome, and both are told."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date

from flask_babel import gettext as _

from portal.audit.services import record
from portal.balance.rules import AnswerKind, Blocker, seen, states
from portal.balance.texts import BLOCKER_TEXTS
from portal.clock import now
from portal.db import db, lock_row
from portal.errors import Refused
from portal.framework.models import FrameworkVersion
from portal.goals import rules
from portal.goals.models import Goal, GoalAnswer, GoalEvent, GoalVersion
from portal.goals.queries import Development, GoalOf
from portal.goals.rules import OPEN, EventKind, State, Status, Wanted
from portal.people.models import Person


class Overtaken(Refused):
    """Somebody has proposed, answered or followed up since the form was opened."""


def _refuse(blockers: Iterable[Blocker]) -> None:
    found = list(blockers)
    if found:
        raise Refused([BLOCKER_TEXTS[blocker] for blocker in found])


def _keep_in_step(goal: Goal) -> None:
    """What lists sort and count by; the day of the last event that moved it, or of what is agreed or proposed."""
    goal.state = rules.state_of(goal.versions, goal.events)
    moved = [event.follow_up_on for event in goal.events if event.follow_up_on]
    agreed = [v for v in goal.versions if v.answer and v.answer.kind == AnswerKind.CONFIRMED]
    newest = (agreed or goal.versions)[-1]
    later = [e for e in goal.events if e.follow_up_on and newest.answer and e.at > newest.answer.at]
    goal.follow_up_on = None if goal.state not in OPEN else (moved[-1] if later else newest.follow_up_on)
    db.session.flush()


def _version(number: int, wanted: Wanted, reason: str, person: Person) -> GoalVersion:
    return GoalVersion(number=number, reason=reason, proposed_by_id=person.id, at=now(), **asdict(wanted))


def propose_goal(
    development: Development,
    framework: FrameworkVersion,
    competency_key: str,
    wanted: Wanted,
    person: Person,
    *,
    focus_of_id: int | None = None,
) -> Goal:
    """A new goal, which lacks the other's yes; `focus_of_id` is the balance whose focus area it comes from."""
    if not development.chef_ids:
        raise Refused([_("There is nobody to agree with: the souschef serves in no office with a chef. Ask HR.")])
    goal = Goal(
        souschef_id=development.souschef_id,
        framework_version_id=framework.id,
        competency_key=competency_key,
        focus_of_id=focus_of_id,
        state=State.PROPOSED,
        follow_up_on=wanted.follow_up_on,
        created_at=now(),
        created_by_id=person.id,
    )
    goal.versions.append(_version(1, wanted, "", person))
    db.session.add(goal)
    db.session.flush()
    record("goals.propose", goal, number=1)
    return goal


def seen_of(goal: Goal) -> str:
    """What somebody who writes has read of the goal; it changes with everything that happens to it."""
    return f"{seen(goal.versions)} {len(goal.events)}"


def _lock(found: GoalOf, seen_by_writer: str | None = None) -> Goal:
    goal = found.goal
    lock_row(goal)
    db.session.refresh(goal, ["versions", "events"])
    for version in goal.versions:
        db.session.refresh(version, ["answer"])
    if seen_by_writer is not None and seen_by_writer != seen_of(goal):
        raise Overtaken([BLOCKER_TEXTS[Blocker.OVERTAKEN]])
    return goal


def propose_change(found: GoalOf, wanted: Wanted, reason: str, seen_by_writer: str, person: Person) -> GoalVersion:
    """Another wording of a goal; what is agreed stays in force until the other says yes to this."""
    goal = _lock(found, seen_by_writer)
    if goal.state not in OPEN:
        raise Refused([_("The goal is closed. Propose a new one instead.")])
    standing = [v for v in (found.agreed, found.pending) if v is not None]
    if any(wanted == Wanted(**{name: getattr(v, name) for name in asdict(wanted)}) for v in standing):
        raise Refused([BLOCKER_TEXTS[Blocker.SAME]])
    made = _version(goal.versions[-1].number + 1, wanted, reason, person)
    goal.versions.append(made)
    _keep_in_step(goal)
    record("goals.propose", goal, number=made.number)
    return made


def answer(found: GoalOf, number: int, kind: AnswerKind, person: Person, words: str = "") -> bool:
    """Append the answer; the same person's same answer again changes nothing and is False."""
    goal = _lock(found)
    version = next((v for v in goal.versions if v.number == number), None)
    if version is None:
        raise Refused([BLOCKER_TEXTS[Blocker.OVERTAKEN]])
    given = version.answer
    if given is not None and given.kind == kind and given.by_id == person.id:
        return False
    awaited = rules.awaited(version.proposed_by_id, goal.souschef_id, found.development.chef_ids)
    state = states(goal.versions)[number]
    _refuse(rules.answer_blockers(kind, state, person.id, version.proposed_by_id, awaited))
    version.answer = GoalAnswer(kind=kind.value, words=words, by_id=person.id, at=now())
    db.session.flush()
    _keep_in_step(goal)
    record(f"goals.{kind.value}", goal, number=number)
    return True


def follow_up(found: GoalOf, status: Status, words: str, next_on: date, seen_by_writer: str, person: Person) -> None:
    """How it goes, what shows it, and when both look at it next."""
    _append(found, EventKind.FOLLOWED_UP, words, seen_by_writer, person, status=status, follow_up_on=next_on)


def carry(found: GoalOf, words: str, next_on: date, seen_by_writer: str, person: Person) -> None:
    """The goal goes on to the next talk, or to another day."""
    _append(found, EventKind.CARRIED, words, seen_by_writer, person, follow_up_on=next_on)


def close(found: GoalOf, status: Status, words: str, seen_by_writer: str, person: Person) -> None:
    """The goal has ended, reached or not, with a reason; it is never opened again."""
    _append(found, EventKind.CLOSED, words, seen_by_writer, person, status=status)


def _append(
    found: GoalOf,
    kind: EventKind,
    words: str,
    seen_by_writer: str,
    person: Person,
    *,
    status: str = "",
    follow_up_on: date | None = None,
) -> None:
    goal = _lock(found, seen_by_writer)
    if goal.state != State.AGREED:
        raise Refused([_("Only a goal on which both have agreed can be followed up or closed.")])
    goal.events.append(
        GoalEvent(kind=kind, status=status, words=words, follow_up_on=follow_up_on, by_id=person.id, at=now())
    )
    db.session.flush()
    _keep_in_step(goal)
    record(f"goals.{kind.value}", goal)
