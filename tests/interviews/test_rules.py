"""The comparison of candidates, with the worked example of the field's own documents."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.comparison.rules import Criterion, compare, mean_of
from portal.interviews.rules import Gap, gap, scores_are_open

CRITERIA = [Criterion(1, 0.3, 3), Criterion(2, 0.3), Criterion(3, 0.2), Criterion(4, 0.2)]


@dataclass
class Given:
    score: int | None
    not_covered: bool = False
    evidence: str = "Fortalte konkret om en sag."


def answers(rows: str) -> dict[int, list[Given]]:
    """Rows such as 5545|4554: one per assessor, one digit per criterion."""
    return {n: [Given(int(row[n - 1])) for row in rows.split("|")] for n in (1, 2, 3, 4)}


@pytest.mark.parametrize(
    ("rows", "total", "failed"),
    [("5545|4554|5445", 4.6, ()), ("2555|2555|3555", 4.2, (1,)), ("4334|3433|4343", 3.4333, ())],
)
def test_the_weighted_mean_of_the_worked_example(rows: str, total: float, failed: tuple[int, ...]) -> None:
    result = compare(CRITERIA, answers(rows))
    assert result.total == pytest.approx(total, abs=0.00005)
    assert result.failed == failed


def test_a_failed_must_have_is_shown_with_its_mean_and_not_averaged_away() -> None:
    result = compare(CRITERIA, answers("2555|2555|3555"))
    assert result.means[1].value == pytest.approx(2.33, abs=0.005)
    assert result.failed == (1,)


def test_a_competency_that_nobody_covered_leaves_no_total() -> None:
    given_answers = answers("5545|4554") | {4: [Given(None, True), Given(None, True)]}
    result = compare(CRITERIA, given_answers)
    assert result.total is None
    assert result.missing == (4,)


def test_not_covered_by_one_is_counted_beside_the_mean_of_the_others() -> None:
    mean = mean_of([Given(4), Given(None, True), Given(2)])
    assert mean.value == 3
    assert mean.not_covered == 1
    assert mean.spread == 2


@pytest.mark.parametrize(
    ("answer", "lacks"),
    [
        (None, Gap.RATING),
        (Given(None), Gap.RATING),
        (Given(4, evidence="  kort  "), Gap.EVIDENCE),
        (Given(4), None),
        (Given(None, True, ""), None),
    ],
)
def test_every_score_needs_its_written_reason(answer: Given | None, lacks: Gap | None) -> None:
    assert gap(answer) is lacks


def test_scores_open_when_all_assessors_have_submitted() -> None:
    assert not scores_are_open([], [])
    assert not scores_are_open([1, 2], [1])
    assert scores_are_open([1, 2], [2, 1, 9])


@given(st.lists(st.lists(st.integers(1, 5), min_size=4, max_size=4), min_size=1, max_size=6))
def test_the_total_lies_between_the_lowest_and_the_highest_score(rows: list[list[int]]) -> None:
    result = compare(CRITERIA, {n: [Given(row[n - 1]) for row in rows] for n in (1, 2, 3, 4)})
    assert result.total is not None
    scores = [score for row in rows for score in row]
    assert min(scores) - 1e-9 <= result.total <= max(scores) + 1e-9
