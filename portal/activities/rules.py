"""Decisions about activities of joint development, on plain values."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from statistics import fmean

MAX_COMPETENCIES, MAX_SEATS = 6, 500
FEWEST_ANSWERS = 5  # with fewer, an evaluation would tell what one person thinks


class Kind(StrEnum):
    WORKSHOP = "workshop"
    COURSE = "course"
    NETWORK = "network"


class State(StrEnum):
    """Of an activity; a draft is seen by HR alone."""

    DRAFT = "draft"
    OPEN = "open"
    CANCELLED = "cancelled"


class EventKind(StrEnum):
    """What happened to an activity as a whole."""

    ADDED = "added"
    CHANGED = "changed"
    OPENED = "opened"
    CANCELLED = "cancelled"
    INVITED = "invited"


class Part(StrEnum):
    """A person's part in an activity. Who is `invited` or has `declined` is told to nobody else."""

    INVITED = "invited"
    DECLINED = "declined"
    SIGNED_UP = "signed_up"
    WAITING = "waiting"
    LEFT = "left"
    ATTENDED = "attended"
    ABSENT = "absent"


TAKES_A_SEAT = frozenset({Part.SIGNED_UP, Part.ATTENDED, Part.ABSENT})
KNOWN_TO_HR = TAKES_A_SEAT | {Part.WAITING}
CAN_SIGN_UP = frozenset({None, Part.INVITED, Part.DECLINED, Part.LEFT})


class Blocker(StrEnum):
    """Why something cannot be done with an activity now."""

    NOT_OPEN = "not_open"
    CANCELLED = "cancelled"
    TOO_LATE = "too_late"
    BEGUN = "begun"
    NOT_BEGUN = "not_begun"
    ALREADY = "already"
    NOT_IN = "not_in"
    NOT_INVITED = "not_invited"
    NOT_ATTENDED = "not_attended"
    ANSWERED = "answered"
    FEWER_SEATS = "fewer_seats"


def _not_open(state: State | str) -> list[Blocker]:
    if state == State.CANCELLED:
        return [Blocker.CANCELLED]
    return [] if state == State.OPEN else [Blocker.NOT_OPEN]


def sign_up_blockers(state: State | str, until: date, today: date, part: Part | None) -> list[Blocker]:
    """Why this person cannot sign up now; a full activity has a waiting list."""
    if part not in CAN_SIGN_UP:
        return [Blocker.ALREADY]
    return _not_open(state) or ([Blocker.TOO_LATE] if today > until else [])


def leaving_blockers(state: State | str, starts_at: datetime, now: datetime, part: Part | None) -> list[Blocker]:
    if part not in (Part.SIGNED_UP, Part.WAITING):
        return [Blocker.NOT_IN]
    return _not_open(state) or ([Blocker.BEGUN] if now >= starts_at else [])


def attendance_blockers(state: State | str, starts_at: datetime, now: datetime, part: Part | None) -> list[Blocker]:
    """Attendance is noted from the beginning on, for those who have a seat."""
    if part not in TAKES_A_SEAT:
        return [Blocker.NOT_IN]
    return _not_open(state) or ([] if now >= starts_at else [Blocker.NOT_BEGUN])


def evaluation_blockers(part: Part | None, answered: bool) -> list[Blocker]:
    """Who was there answers, once."""
    if part is not Part.ATTENDED:
        return [Blocker.NOT_ATTENDED]
    return [Blocker.ANSWERED] if answered else []


def seats_blockers(seats: int, taken: int) -> list[Blocker]:
    """Nobody who has a seat loses it because there are fewer."""
    return [Blocker.FEWER_SEATS] if seats < taken else []


def part_on_sign_up(seats: int, taken: int) -> Part:
    return Part.SIGNED_UP if taken < seats else Part.WAITING


def moving_up(seats: int, taken: int, waiting: Sequence[int]) -> Sequence[int]:
    """Who of the waiting, in order, gets one of the seats that are free."""
    return waiting[: max(0, seats - taken)]


@dataclass(frozen=True)
class Verdict:
    """What the participants think of an activity for one competency; `mean` is of 1 to 5."""

    mean: float
    count: int


def verdicts(answers: Iterable[tuple[int, str, int]]) -> dict[str, Verdict]:
    """By competency, from (participation, competency, value); nothing at all from fewer than five participants.

    Every participant answers for every competency, so that no competency has fewer answers than another.
    """
    values: dict[str, list[int]] = {}
    who: set[int] = set()
    for participation_id, key, value in answers:
        who.add(participation_id)
        values.setdefault(key, []).append(value)
    if len(who) < FEWEST_ANSWERS:
        return {}
    return {key: Verdict(fmean(found), len(found)) for key, found in values.items() if len(found) >= FEWEST_ANSWERS}


def words_to_show(words: Collection[str], participants: int) -> list[str]:
    """What participants wrote, without names and in no order that tells who; nothing from fewer than five."""
    return sorted((text for text in words if text), key=str.casefold) if participants >= FEWEST_ANSWERS else []
