"""How long data is kept, and what keeps it from being deleted, on plain values."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.records.rules import Blocker, due_blockers, filing_blockers, last_due, later_by, retention_blockers

DAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("day", "months", "found"),
    [
        (date(2026, 5, 25), 6, DAY),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 11, 25), -36, date(2023, 11, 25)),
    ],
)
def test_months_are_counted_in_the_calendar(day: date, months: int, found: date) -> None:
    assert later_by(months, day) == found


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.integers(1, 36))
def test_the_last_due_day_is_the_last_whose_time_has_run_out(today: date, months: int) -> None:
    found = last_due(today, months)
    assert later_by(months, found) <= today
    assert all(later_by(months, found + timedelta(days=n)) > today for n in range(1, 40))


def test_nothing_is_due_before_a_decision_or_before_its_day() -> None:
    assert due_blockers(None, 6, DAY) == [Blocker.NOT_ENDED]
    assert due_blockers(date(2026, 5, 26), 6, DAY) == [Blocker.NOT_DUE]
    assert due_blockers(date(2026, 5, 25), 6, DAY) == []


@pytest.mark.parametrize(
    ("filed", "reason", "blockers"),
    [
        (True, "", []),
        (False, "", [Blocker.NOT_FILED]),
        (False, " kort     ", [Blocker.NOT_FILED]),
        (False, "Stillingen blev trukket tilbage.", []),
    ],
)
def test_what_is_not_filed_needs_a_reason(filed: bool, reason: str, blockers: list[Blocker]) -> None:
    assert filing_blockers(filed=filed, unfiled_reason=reason) == blockers


@pytest.mark.parametrize(
    ("months", "reason", "blockers"),
    [
        (6, "", []),
        (12, "", [Blocker.NO_RETENTION_REASON]),
        (12, "Klager kommer inden for et år.", []),
        (36, "Sager om forskelsbehandling.", []),
        (37, "Sager om forskelsbehandling.", [Blocker.MONTHS]),
        (0, "Vi vil ikke gemme noget.", [Blocker.MONTHS]),
        (1, "kort", [Blocker.NO_RETENTION_REASON]),
    ],
)
def test_another_period_than_six_months_needs_a_reason(months: int, reason: str, blockers: list[Blocker]) -> None:
    assert retention_blockers(months, reason) == blockers
