"""Decisions about keeping and deleting applicants' data, on plain values.

Rules (design, "Records"): kept for six months after the process ended unless a written reason says otherwise, at most
three years; nothing goes that has not been filed, unless a written reason says why it need not be.
"""

from calendar import monthrange
from datetime import date, timedelta
from enum import StrEnum

DEFAULT_MONTHS, FEWEST_MONTHS, MOST_MONTHS = 6, 1, 36
MIN_REASON = 10


class Blocker(StrEnum):
    """Why a candidate's data cannot be deleted, or how long it is kept cannot be set."""

    GONE = "gone"
    NOT_ENDED = "not_ended"
    NOT_DUE = "not_due"
    NOT_FILED = "not_filed"
    NO_REASON = "no_reason"
    NAMED = "named"
    MONTHS = "months"
    NO_RETENTION_REASON = "no_retention_reason"


def is_reason(text: str) -> bool:
    return len(text.strip()) >= MIN_REASON


def later_by(months: int, day: date) -> date:
    """The same day that many months later (or earlier, if negative); the last of the month where there is no such."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def last_due(today: date, months: int) -> date:
    """The latest day on which a process may have ended for its data to be due for deletion today."""
    found = later_by(-months, today)
    while later_by(months, found + timedelta(days=1)) <= today:
        found += timedelta(days=1)
    return found


def due_blockers(ended_on: date | None, months: int, today: date) -> list[Blocker]:
    """Why a candidate's data is still to be kept; `ended_on` is None as long as there is no decision."""
    if ended_on is None:
        return [Blocker.NOT_ENDED]
    return [] if later_by(months, ended_on) <= today else [Blocker.NOT_DUE]


def filing_blockers(*, filed: bool, unfiled_reason: str) -> list[Blocker]:
    """Public records are not purged silently: filed, or a written reason why that is not needed."""
    return [] if filed or is_reason(unfiled_reason) else [Blocker.NOT_FILED]


def retention_blockers(months: int, reason: str) -> list[Blocker]:
    """Why applicants' data cannot be kept for so many months."""
    blockers = [] if FEWEST_MONTHS <= months <= MOST_MONTHS else [Blocker.MONTHS]
    return blockers if months == DEFAULT_MONTHS or is_reason(reason) else [*blockers, Blocker.NO_RETENTION_REASON]
