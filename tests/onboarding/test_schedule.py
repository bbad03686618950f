"""Due dates on Danish working days, and the trial period's review while notice can still be given."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.bank.rules import PHASES
from portal.checklists.rules import STANDARD_DAYS
from portal.onboarding.schedule import NOTICE, Contract, due_date, milestone_days, phase_for, plus_months, trial
from portal.workdays import add_workdays, is_workday

DAYS = st.dates(min_value=date(2024, 1, 1), max_value=date(2035, 12, 31))


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 12, 24), True),  # an ordinary day by law, though many agencies are closed
        (date(2026, 12, 25), False),
        (date(2027, 3, 25), False),  # skærtorsdag
        (date(2027, 4, 23), True),  # store bededag is no holiday since 2024
        (date(2027, 5, 6), False),  # Kristi himmelfartsdag
        (date(2026, 11, 28), False),
    ],
)
def test_danish_public_holidays_and_weekends_are_no_working_days(day: date, works: bool) -> None:
    assert is_workday(day) is works


def test_due_dates_lie_on_working_days_around_the_start() -> None:
    start = date(2026, 10, 15)  # a Thursday
    assert due_date(start, 30) == date(2026, 11, 16)  # the 14th is a Saturday: the Monday after
    assert due_date(start, -5) == date(2026, 10, 9)  # the 10th is a Saturday: the Friday before
    assert due_date(start, 3, working_days=True) == date(2026, 10, 20)
    assert add_workdays(date(2026, 12, 23), 2) == date(2026, 12, 28)
    assert due_date(start, 0, working_days=True) == start


def test_the_worked_example_of_a_trial_period() -> None:
    period = trial(date(2026, 10, 15), Contract.TRIAL)
    assert period is not None
    assert (period.ends, period.notice_by, period.review) == (
        date(2027, 1, 14),
        date(2026, 12, 31),
        date(2026, 12, 21),
    )
    assert trial(date(2026, 10, 15), Contract.NONE) is None
    civil = trial(date(2026, 10, 15), Contract.CIVIL_SERVANT)
    assert civil is not None
    assert civil.ends == date(2028, 10, 14)


@given(DAYS)
def test_notice_after_the_review_expires_inside_the_trial_period(start: date) -> None:
    period = trial(start, Contract.TRIAL)
    assert period is not None
    assert period.notice_by + NOTICE == period.ends < plus_months(start, 3)
    assert is_workday(period.review)
    assert timedelta(days=55) <= period.review - start <= timedelta(days=70)
    assert period.review < period.notice_by


@given(DAYS, st.integers(-60, 200), st.booleans())
def test_a_due_date_is_a_working_day_unless_it_is_the_start_itself(start: date, offset: int, working: bool) -> None:
    due = due_date(start, offset, working_days=working)
    assert is_workday(due) or due == start
    assert (due < start) == (offset < 0) or due == start


@given(DAYS)
def test_without_a_trial_period_its_items_go_to_day_90(start: date) -> None:
    days = milestone_days(start, Contract.NONE, STANDARD_DAYS)
    assert "trial_review" not in days
    assert phase_for("trial_review", days) == "day_90"
    assert list(milestone_days(start, Contract.TRIAL, STANDARD_DAYS)) == list(PHASES)
