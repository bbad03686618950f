"""How far assessors agree: the worked examples of the literature, and what cannot be worked out."""

from math import isnan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.comparison.agreement import (
    Agreement,
    Distance,
    agreement,
    alpha,
    icc_family,
    icc_mean,
    icc_single,
    interval,
    nominal,
    ordinal,
    sample_sd,
)

SHROUT_AND_FLEISS = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
FAMILY = {"1,1": 0.1657, "2,1": 0.2898, "3,1": 0.7148, "1,k": 0.4428, "2,k": 0.6201, "3,k": 0.9093}
KRIPPENDORFF = ["-----34121133-3", "1-213343-------", "--21344-21133-4"]
TABLES = st.lists(st.lists(st.none() | st.integers(1, 5), min_size=3, max_size=3), max_size=6)


def units(rows: list[str]) -> list[list[int | None]]:
    return [[None if given == "-" else int(given) for given in unit] for unit in zip(*rows, strict=True)]


@pytest.mark.parametrize(("name", "value"), FAMILY.items())
def test_the_six_correlations_of_shrout_and_fleiss(name: str, value: float) -> None:
    assert icc_family(SHROUT_AND_FLEISS)[name] == pytest.approx(value, abs=0.00005)


@pytest.mark.parametrize(("distance", "value"), [(nominal, 0.6914), (ordinal, 0.8067), (interval, 0.8108)])
def test_krippendorffs_alpha_of_his_example_with_missing_values(distance: Distance, value: float) -> None:
    assert alpha(units(KRIPPENDORFF), distance) == pytest.approx(value, abs=0.00005)


@pytest.mark.parametrize(
    "table",
    [
        [],
        [[4, 5]],
        [[4], [5]],
        [[3, 3], [3, 3]],
        [[2, 4], [2, 4]],
        [[4, None], [3, 5]],
        [[4, 5], [3]],
    ],
    ids=["nobody", "one candidate", "one assessor", "all the same", "candidates alike", "a gap", "ragged"],
)
def test_a_correlation_that_cannot_be_worked_out_is_none(table: list[list[float | None]]) -> None:
    assert icc_single(table) is None
    assert icc_mean(table) is None
    assert set(icc_family(table).values()) == {None}


@pytest.mark.parametrize("given", [[], [[3]], [[3, 3], [3, 3]], [[3, None], [None, 4]]])
def test_an_alpha_that_cannot_be_worked_out_is_none(given: list[list[float | None]]) -> None:
    assert alpha(given, ordinal) is None
    assert alpha(given, interval) is None


def test_one_candidate_says_nothing_about_agreement() -> None:
    assert agreement([[4, 2]], [[4, 2], [1, 5]]) == Agreement(None, None, None, None)


def test_complete_agreement_is_one() -> None:
    found = agreement([[4, 4], [2, 2]], [[4, 4], [2, 2]])
    assert found == Agreement(1, 1, 1, 1)


def test_the_standard_deviation_is_that_of_a_sample() -> None:
    assert sample_sd([2, 4, 4, 4, 5, 5, 7, 9]) == pytest.approx(2.1381, abs=0.00005)
    assert sample_sd([4]) is None
    assert sample_sd([]) is None


@given(TABLES)
def test_no_number_is_ever_nan_or_above_one_and_the_order_does_not_matter(
    table: list[list[int | None]],
) -> None:
    found = agreement(table, table)
    values = [found.single, found.mean, found.ordinal, found.interval]
    assert all(value is None or (not isnan(value) and value <= 1 + 1e-9) for value in values)
    turned = [row[::-1] for row in table[::-1]]
    again = agreement(turned, turned)
    for one, other in zip(values, [again.single, again.mean, again.ordinal, again.interval], strict=True):
        assert one == pytest.approx(other) if one is not None else other is None
