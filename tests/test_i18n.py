"""Numbers, dates and order as people in Denmark write them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from flask_babel import force_locale

from portal import clock
from portal.i18n import due, long_date, number, sort_key, today


@pytest.mark.parametrize(
    ("value", "digits", "shown"),
    [
        (3.625, 2, "3,63"),
        (2.675, 2, "2,68"),
        (4.5, 0, "5"),
        (2.5, 0, "3"),
        (23 / 6, 2, "3,83"),
        (0.1 + 0.2, 1, "0,3"),
        (4.174999999999999, 2, "4,18"),
        (3, 2, "3,00"),
    ],
)
@pytest.mark.parametrize("backend", ["sqlite"])
def test_halves_are_rounded_up(app: Flask, value: float, digits: int, shown: str) -> None:
    with app.test_request_context(), force_locale("da"):
        assert number(value, digits) == shown


@pytest.mark.parametrize("backend", ["sqlite"])
def test_dates_are_written_as_people_write_them(app: Flask) -> None:
    day = date(2026, 11, 24)
    with app.app_context(), app.test_request_context(), force_locale("da"):
        assert long_date(day) == "24. november 2026"
    with app.app_context(), app.test_request_context(), force_locale("en"):
        assert long_date(day) == "24 November 2026"


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (-2, "2 dage over fristen"),
        (-1, "1 dag over fristen"),
        (0, "i dag"),
        (1, "i morgen"),
        (3, "om 3 dage"),
        (8, "9. marts 2026"),
    ],
)
@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_due_date_near_by_is_said_in_days(app: Flask, days: int, words: str) -> None:
    now = datetime(2026, 3, 1, 12, tzinfo=UTC)
    with clock.at(now), app.test_request_context(), force_locale("da"):
        assert due(today() + timedelta(days=days)) == words


def test_names_are_sorted_with_the_danish_letters_last() -> None:
    names = ["Ågot", "Ørsted", "Zoffmann", "Æbelø", "andersen", "Élise"]
    assert sorted(names, key=sort_key) == ["andersen", "Élise", "Zoffmann", "Æbelø", "Ørsted", "Ågot"]


def test_the_clock_goes_on_after_a_moment_that_was_set() -> None:
    before = datetime.now(UTC)
    with clock.at(datetime(2020, 1, 1, tzinfo=UTC)):
        assert clock.now().year == 2020
    assert clock.now() >= before
