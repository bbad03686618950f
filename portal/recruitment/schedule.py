"""Decisions about rounds and about the times of interviews, on plain values. Times of day are Danish time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from portal.workdays import workday_from

MAX_ROUNDS = 3
EARLIEST, LATEST = time(6), time(22)  # no interview begins before or ends after; no clock is changed in between
MIN_MINUTES, DEFAULT_MINUTES, MAX_MINUTES = 10, 60, 480
DAYS_BACK, DAYS_AHEAD = 366, 732


class RoundBlocker(StrEnum):
    """Why another round cannot be added, or why an invitation or a round cannot be taken back."""

    ENOUGH = "enough"
    EMPTY = "empty"
    FIRST = "first"
    BEGUN = "begun"
    INVITED_ON = "invited_on"
    NOT_LAST = "not_last"
    HAS_QUESTIONS = "has_questions"
    HAS_INTERVIEWS = "has_interviews"


def adding_blockers(sizes: Sequence[int]) -> list[RoundBlocker]:
    """`sizes` is how many interviews each round has: a further one is for those of the last, and three are the most."""
    if len(sizes) >= MAX_ROUNDS:
        return [RoundBlocker.ENOUGH]
    return [] if sizes and sizes[-1] else [RoundBlocker.EMPTY]


def take_back_blockers(number: int, *, begun: bool, later: bool) -> list[RoundBlocker]:
    """An invitation is taken back while nobody has begun on the interview and the candidate is not invited further."""
    if number == 1:
        return [RoundBlocker.FIRST]
    found = {RoundBlocker.BEGUN: begun, RoundBlocker.INVITED_ON: later}
    return [blocker for blocker, holds in found.items() if holds]


def round_removal_blockers(number: int, *, last: bool, interviews: int, questions: int) -> list[RoundBlocker]:
    """The last round goes away again while it is empty; the first one stays."""
    found = {
        RoundBlocker.FIRST: number == 1,
        RoundBlocker.NOT_LAST: not last,
        RoundBlocker.HAS_INTERVIEWS: interviews > 0,
        RoundBlocker.HAS_QUESTIONS: questions > 0,
    }
    return [blocker for blocker, holds in found.items() if holds]


@dataclass(frozen=True)
class Series:
    """Interviews one after the other: `pause` minutes between them, at most `per_day` on a working day, if given."""

    first: datetime
    minutes: int
    pause: int = 0
    per_day: int | None = None


def fits(starts_at: datetime, minutes: int) -> bool:
    """Whether an interview lies within a working day and ends on the day on which it begins."""
    ends_at = starts_at + timedelta(minutes=minutes)
    return starts_at.time() >= EARLIEST and ends_at.date() == starts_at.date() and ends_at.time() <= LATEST


def is_near(day: date, today: date) -> bool:
    """Whether the day is within reason; a mistyped year is not."""
    return -DAYS_BACK <= (day - today).days <= DAYS_AHEAD


def spread(series: Series, count: int) -> list[datetime]:
    """When each of `count` interviews begins. A full day goes on at the same hour of the next working day."""
    found, here, held = list[datetime](), series.first, 0
    for _n in range(count):
        if held and (held == series.per_day or not fits(here, series.minutes)):
            following = workday_from(here.date() + timedelta(days=1))
            here, held = datetime.combine(following, series.first.time()), 0
        found.append(here)
        held += 1
        here += timedelta(minutes=series.minutes + series.pause)
    return found


def clashes(times: Iterable[tuple[int, datetime, int]]) -> set[int]:
    """The keys of those (key, start, minutes) that overlap with another; one may begin when another ends."""
    found: set[int] = set()
    last: tuple[int, datetime] | None = None  # of those before: the one that ends last
    for key, starts_at, minutes in sorted(times, key=lambda row: (row[1], row[0])):
        ends_at = starts_at + timedelta(minutes=minutes)
        if last is not None and starts_at < last[1]:
            found |= {key, last[0]}
        if last is None or ends_at > last[1]:
            last = (key, ends_at)
    return found
