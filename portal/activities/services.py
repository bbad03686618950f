"""Writing activities and who takes part. Each write begins with the activity's row locked: a seat is given once."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from portal.activities import queries, rules
from portal.activities.models import (
    Activity,
    ActivityCompetency,
    ActivityEvent,
    Evaluation,
    Participation,
    ParticipationEvent,
)
from portal.activities.rules import Blocker, EventKind, Part, State
from portal.activities.texts import BLOCKER_TEXTS
from portal.audit.services import record
from portal.balance.rules import Blocker as Meanwhile
from portal.balance.texts import BLOCKER_TEXTS as MEANWHILE_TEXTS
from portal.clock import now
from portal.db import db, lock_row
from portal.errors import Refused
from portal.framework.models import FrameworkVersion
from portal.people.models import Person


class Overtaken(Refused):
    """Somebody has changed the activity since the form was opened."""


def _refuse(blockers: Iterable[Blocker]) -> None:
    found = list(blockers)
    if found:
        raise Refused([BLOCKER_TEXTS[blocker] for blocker in found])


@dataclass(frozen=True)
class Facts:
    """What HR decides about an activity."""

    title: str
    kind: str
    description: str
    starts_at: datetime
    minutes: int
    place: str
    seats: int
    sign_up_until: date
    strategic_version_id: int | None
    competency_keys: tuple[str, ...]

    @property
    def columns(self) -> dict[str, object]:
        return {name: value for name, value in vars(self).items() if name != "competency_keys"}


def _happened(activity: Activity, kind: EventKind, person: Person, words: str = "") -> None:
    activity.events.append(ActivityEvent(kind=kind, words=words, by_id=person.id, at=now()))
    db.session.flush()
    record(f"activities.{kind.value}", activity)


def add_activity(facts: Facts, framework: FrameworkVersion, person: Person) -> Activity:
    """A draft, seen by HR alone until it is opened."""
    activity = Activity(
        framework_version_id=framework.id,
        state=State.DRAFT,
        created_by_id=person.id,
        created_at=now(),
        **facts.columns,
    )
    activity.competencies = [ActivityCompetency(competency_key=key) for key in facts.competency_keys]
    db.session.add(activity)
    db.session.flush()
    _happened(activity, EventKind.ADDED, person)
    return activity


def change_activity(activity: Activity, facts: Facts, revision: int, person: Person) -> Sequence[Person]:
    """Change what the editor has read (`revision`); returns who moved up from the waiting list, if there are more
    seats."""
    lock_row(activity)
    if activity.revision != revision:
        raise Overtaken([MEANWHILE_TEXTS[Meanwhile.OVERTAKEN]])
    _refuse([Blocker.CANCELLED] if activity.state == State.CANCELLED else [])
    _refuse(rules.seats_blockers(facts.seats, queries.taken_seats(activity.id)))
    for name, value in facts.columns.items():
        setattr(activity, name, value)
    if {row.competency_key for row in activity.competencies} != set(facts.competency_keys):
        activity.competencies = [ActivityCompetency(competency_key=key) for key in facts.competency_keys]
    activity.revision += 1
    _happened(activity, EventKind.CHANGED, person)
    return _move_up(activity)


def open_activity(activity: Activity, person: Person) -> None:
    lock_row(activity)
    _refuse([Blocker.CANCELLED] if activity.state == State.CANCELLED else [])
    if activity.state == State.DRAFT:
        activity.state = State.OPEN
        _happened(activity, EventKind.OPENED, person)


def cancel_activity(activity: Activity, words: str, person: Person) -> None:
    lock_row(activity)
    _refuse([Blocker.CANCELLED] if activity.state == State.CANCELLED else [])
    activity.state = State.CANCELLED
    _happened(activity, EventKind.CANCELLED, person, words)


def _set(part: Participation, state: Part, by: Person | None) -> None:
    part.state, part.since = state, now()
    part.events.append(ParticipationEvent(state=state, by_id=by.id if by else None, at=part.since))
    db.session.flush()


def _part(activity: Activity, person_id: int) -> Participation | None:
    """Read anew: somebody else may have moved this person up meanwhile."""
    part = queries.part_of(activity.id, person_id)
    if part is not None:
        db.session.refresh(part)
    return part


def sign_up(activity: Activity, person: Person, today: date) -> Part:
    """A seat, or a place on the waiting list when all are taken."""
    lock_row(activity)
    part = _part(activity, person.id)
    _refuse(rules.sign_up_blockers(activity.state, activity.sign_up_until, today, Part(part.state) if part else None))
    state = rules.part_on_sign_up(activity.seats, queries.taken_seats(activity.id))
    if part is None:
        part = Participation(activity_id=activity.id, person_id=person.id)
        db.session.add(part)
    _set(part, state, person)
    record(f"activities.{state.value}", activity)
    return state


def leave(activity: Activity, person: Person) -> Sequence[Person]:
    """Give up the seat or the place on the waiting list; returns who moved up."""
    lock_row(activity)
    part = _part(activity, person.id)
    state = Part(part.state) if part else None
    _refuse(rules.leaving_blockers(activity.state, activity.starts_at, now(), state))
    assert part is not None  # or it would have been refused
    _set(part, Part.LEFT, person)
    record("activities.left", activity)
    return _move_up(activity)


def _move_up(activity: Activity) -> Sequence[Person]:
    waiting = {part.id: part for part in queries.waiting(activity.id)}
    chosen = rules.moving_up(activity.seats, queries.taken_seats(activity.id), list(waiting))
    for part_id in chosen:
        _set(waiting[part_id], Part.SIGNED_UP, None)
        record("activities.moved_up", activity)
    return [waiting[part_id].person for part_id in chosen]


def invite(activity: Activity, person_ids: Collection[int], person: Person) -> None:
    """Invite these people by need. Who they are is in no event: it would tell what they need."""
    lock_row(activity)
    _refuse([] if activity.state == State.OPEN else [Blocker.NOT_OPEN])
    known = {row.person_id for row in activity.participations}
    for person_id in sorted(set(person_ids) - known):
        part = Participation(activity_id=activity.id, person_id=person_id)
        db.session.add(part)
        _set(part, Part.INVITED, None)
    _happened(activity, EventKind.INVITED, person)


def decline(activity: Activity, person: Person) -> None:
    """Say no to an invitation; nobody else is told, and nothing of it is in the log."""
    lock_row(activity)
    part = _part(activity, person.id)
    if part is None or part.state != Part.INVITED:
        raise Refused([BLOCKER_TEXTS[Blocker.NOT_INVITED]])
    _set(part, Part.DECLINED, person)


def note_attendance(activity: Activity, attended: Mapping[int, bool], person: Person) -> None:
    """Who was there, by participation; it can be corrected."""
    lock_row(activity)
    parts = {part.id: part for part in queries.participants(activity.id)}
    for part_id, was_there in attended.items():
        part = parts.get(part_id)
        state = Part(part.state) if part else None
        _refuse(rules.attendance_blockers(activity.state, activity.starts_at, now(), state))
        assert part is not None  # or it would have been refused
        noted = Part.ATTENDED if was_there else Part.ABSENT
        if part.state != noted:
            _set(part, noted, person)
    record("activities.note_attendance", activity)


def evaluate(activity: Activity, person: Person, values: Mapping[str, int], words: str) -> None:
    """What one participant thinks: a value for every competency of the activity, and words for the first of them."""
    lock_row(activity)
    part = _part(activity, person.id)
    state = Part(part.state) if part else None
    _refuse(rules.evaluation_blockers(state, bool(part and part.evaluations)))
    assert part is not None  # or it would have been refused
    keys = sorted(row.competency_key for row in activity.competencies)
    for n, key in enumerate(keys):
        given = Evaluation(competency_key=key, value=values[key], words=words if n == 0 else "", at=now())
        part.evaluations.append(given)
    db.session.flush()
    record("activities.evaluate", activity)
