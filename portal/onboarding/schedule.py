"""When things fall due, on plain values: days from the start, public holidays, and the trial period."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from portal.bank.rules import PHASES
from portal.workdays import add_workdays, workday_from, workday_until

TRIAL_REVIEW = "trial_review"
NOTICE = timedelta(days=14)
MARGIN = timedelta(days=10)
CIVIL_SERVANT_MARGIN_MONTHS = 3
REVIEW_WARNING = timedelta(days=14)
LATE_ADDITION = timedelta(days=7)


class Contract(StrEnum):
    """What the appointment says about a trial.

    Salaried employees: at most three months, and the fourteen days' notice must expire inside the period
    (funktionærloven § 2, stk. 5). Civil servants: two years on trial (PAV).
    """

    TRIAL = "trial"
    CIVIL_SERVANT = "civil_servant"
    NONE = "none"


MONTHS: Mapping[Contract, int] = {Contract.TRIAL: 3, Contract.CIVIL_SERVANT: 24}


def plus_months(day: date, months: int) -> date:
    """The same day of a later (or earlier) month, or that month's last day."""
    count = day.year * 12 + day.month - 1 + months
    year, month = divmod(count, 12)
    for shorter in range(4):
        try:
            return date(year, month + 1, day.day - shorter)
        except ValueError:
            continue
    raise AssertionError("every month has a 28th")


@dataclass(frozen=True)
class Trial:
    """The trial period: its last day, the last day to give notice so that it expires inside, and the review's day."""

    ends: date
    notice_by: date
    review: date


def trial(start: date, contract: Contract) -> Trial | None:
    """The trial period of a contract that has one.

    The review leaves ten days before the last day for notice (three months for a civil servant), so that what is said
    in it can be answered, and lies on a working day.
    """
    months = MONTHS.get(contract)
    if months is None:
        return None
    ends = plus_months(start, months) - timedelta(days=1)
    if contract is Contract.CIVIL_SERVANT:
        notice_by = plus_months(ends, -CIVIL_SERVANT_MARGIN_MONTHS)
        return Trial(ends, notice_by, workday_until(notice_by))
    notice_by = ends - NOTICE
    return Trial(ends, notice_by, workday_until(notice_by - MARGIN))


def due_date(start: date, offset_days: int, *, working_days: bool = False) -> date:
    """The day an item falls due, always a working day: before the start the one before, after it the one after."""
    if working_days:
        return add_workdays(start, offset_days)
    day = start + timedelta(days=offset_days)
    return workday_until(day) if offset_days < 0 else workday_from(day)


def milestone_days(start: date, contract: Contract, phase_days: Mapping[str, int]) -> dict[str, date]:
    """The day of each milestone; without a trial period there is no review of it."""
    found = {phase: due_date(start, days) for phase, days in phase_days.items()}
    period = trial(start, contract)
    if TRIAL_REVIEW in found:
        if period is None:
            del found[TRIAL_REVIEW]
        else:
            found[TRIAL_REVIEW] = period.review
    return found


def phase_for(phase: str, milestones: Mapping[str, date]) -> str:
    """The milestone that an item belongs to: the next one of the plan, when it does not have the item's own."""
    present = [name for name in PHASES if name in milestones]
    later = [name for name in present if PHASES.index(name) >= PHASES.index(phase)]
    return later[0] if later else present[-1]


def due_within(
    start: date, offset_days: int, phase: str, milestones: Mapping[str, date], *, working_days: bool = False
) -> date:
    """The day an item of that milestone falls due: not after the milestone, unless that lies before the start."""
    due = due_date(start, offset_days, working_days=working_days)
    return due if phase == "before_start" else min(due, max(milestones[phase], start))


def not_past(due: date, today: date) -> date:
    """The day for an item that is added later: nobody is given something that is overdue already."""
    return due if due >= today else workday_from(today + LATE_ADDITION)
