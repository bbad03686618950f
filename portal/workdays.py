"""Danish working days: Monday to Friday without public holidays (Store Bededag is none since 2024)."""

from datetime import date, timedelta
from functools import cache

import holidays

ONE_DAY = timedelta(days=1)


@cache
def _holidays(year: int) -> holidays.HolidayBase:
    return holidays.country_holidays("DK", years=year)


def is_workday(day: date) -> bool:
    return day.weekday() < 5 and day not in _holidays(day.year)


def workday_from(day: date) -> date:
    """The day itself, or the first working day after it."""
    while not is_workday(day):
        day += ONE_DAY
    return day


def workday_until(day: date) -> date:
    """The day itself, or the last working day before it."""
    while not is_workday(day):
        day -= ONE_DAY
    return day


def add_workdays(start: date, count: int) -> date:
    """The working day that lies `count` working days after `start`, before it when negative; 0 is `start` itself."""
    step, left, day = (ONE_DAY if count > 0 else -ONE_DAY), abs(count), start
    while left:
        day += step
        left -= is_workday(day)
    return day
