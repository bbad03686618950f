"""The comparison of candidates, with the worked example of the field's own documents, and for any ratings."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from statistics import stdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.comparison.charts import WIDTH, profile_chart, x_of
from portal.comparison.queries import Line
from portal.comparison.rules import (
    Arranged,
    By,
    Criterion,
    Entry,
    Score,
    agreed_where_complete,
    arrange,
    blind_letters,
    by_part,
    compare,
    letter_of,
    mean_of,
    spread_of,
    totals_by_assessor,
)

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


@given(st.lists(st.lists(st.integers(1, 5), min_size=4, max_size=4), min_size=1, max_size=6))
def test_the_total_lies_between_the_lowest_and_the_highest_score(rows: list[list[int]]) -> None:
    result = compare(CRITERIA, {n: [Given(row[n - 1]) for row in rows] for n in (1, 2, 3, 4)})
    assert result.total is not None
    scores = [score for row in rows for score in row]
    assert min(scores) - 1e-9 <= result.total <= max(scores) + 1e-9


def scores(*given: int | None, question: int = 1) -> list[Score]:
    """One rating from each of the assessors 1, 2, 3 …"""
    return [Score(n, question, score, score is None) for n, score in enumerate(given, 1)]


def test_the_spread_is_between_the_means_of_the_assessors_and_not_between_questions() -> None:
    found = spread_of([*scores(5, 3), *scores(1, 3, question=2)])
    assert found is not None
    assert (found.low, found.high, found.sd) == (3, 3, 0)


def test_without_two_assessors_there_is_no_standard_deviation() -> None:
    alone = spread_of(scores(4, None))
    assert alone is not None
    assert (alone.low, alone.high, alone.sd) == (4, 4, None)
    assert spread_of(scores(None, None)) is None


def test_an_assessor_who_left_a_competency_without_a_score_has_no_total() -> None:
    two = [Criterion(1), Criterion(2)]
    assert totals_by_assessor(two, {1: scores(4, 2), 2: scores(5, None)}) == {1: 4.5, 2: None}


def test_what_was_agreed_counts_only_where_every_question_has_been_agreed_on() -> None:
    agreed = {1: [Score(0, 1, 4, False)], 2: [Score(0, 3, None, True), Score(0, 4, 5, False)]}
    found = agreed_where_complete({1: [1, 2], 2: [3, 4], 3: [5]}, agreed)
    assert set(found) == {2}
    assert compare([Criterion(2)], found).total == 5


def test_a_part_has_the_weighted_mean_of_its_own_competencies() -> None:
    criteria = [Criterion(1, 2, part=1), Criterion(2, 1, part=1), Criterion(3, 1, part=2), Criterion(4, 1, part=3)]
    found = compare(criteria, {1: [Given(5)], 2: [Given(2)], 3: [Given(3)]})
    assert by_part(criteria, found) == {1: 4, 2: 3, 3: None}


def entry(candidate: int, given: Sequence[int | None], name: str = "x", *, out: bool = False) -> Entry:
    """A candidate with one score for each of the two criteria, the first of them a must-have of 3."""
    criteria = [Criterion(1, 1, 3), Criterion(2)]
    found = {key: [Score(1, key, score, score is None)] for key, score in zip((1, 2), given, strict=True)}
    return Entry(candidate, name, name, compare(criteria, found), compare(criteria, {}), out)


def ids(found: Arranged) -> tuple[list[int], list[int]]:
    return [e.candidate for e in found.ordered], [e.candidate for e in found.apart]


def test_by_name_everyone_is_in_the_order_and_by_a_number_only_those_who_can_be() -> None:
    everyone = [
        entry(1, (5, 5), "b"),
        entry(2, (2, 5), "a"),
        entry(3, (4, None), "d"),
        entry(4, (3, 4), "c"),
        entry(5, (5, 5), "e", out=True),
    ]
    assert ids(arrange(everyone)) == ([2, 1, 4, 3, 5], [])
    assert ids(arrange(everyone, By.TOTAL)) == ([1, 4], [2, 3, 5])
    assert ids(arrange(everyone, By.COMPETENCY, 1)) == ([1, 3, 4], [2, 5])
    assert ids(arrange(everyone, By.AGREED)) == ([], [2, 1, 4, 3, 5])


def test_what_was_agreed_below_a_must_have_takes_the_place_in_the_order_away_too() -> None:
    criteria = [Criterion(1, 1, 3)]
    own, agreed = compare(criteria, {1: scores(5)}), compare(criteria, {1: scores(2)})
    assert ids(arrange([Entry(1, "a", "a", own, agreed)], By.TOTAL)) == ([], [1])


def test_letters_follow_neither_the_names_nor_the_time_of_adding_and_stay_the_same() -> None:
    found = blind_letters("a secret", range(1, 31))
    assert sorted(found.values(), key=lambda letter: (len(letter), letter)) == [letter_of(n) for n in range(30)]
    assert [found[n] for n in range(1, 31)] != [letter_of(n) for n in range(30)]
    assert found == blind_letters("a secret", reversed(range(1, 31)))
    assert found != blind_letters("another", range(1, 31))


KEYS = (1, 2, 3)
RATINGS = st.none() | st.integers(1, 5)
RATED = st.fixed_dictionaries({n: st.lists(RATINGS, max_size=4) for n in KEYS})
WEIGHTS = st.tuples(*[st.integers(1, 5)] * 3)
MINIMA = st.tuples(*[st.none() | st.integers(2, 4)] * 3)
PARTS = st.tuples(*[st.integers(1, 2)] * 3)
RANDOM = st.randoms(use_true_random=False)
Rated = dict[int, list[int | None]]


def plainly(weights: Sequence[int], found: Rated, keys: Sequence[int] = KEYS) -> tuple[dict[int, float], float | None]:
    """The same sums without anything of the portal: the means of these competencies, and the weighted one."""
    given = {key: [s for s in found[key] if s is not None] for key in keys}
    means = {key: sum(values) / len(values) for key, values in given.items() if values}
    if not keys or len(means) < len(keys):
        return means, None
    return means, sum(weights[n - 1] * means[n] for n in keys) / sum(weights[n - 1] for n in keys)


def same(number: float | None) -> object:
    return None if number is None else pytest.approx(number)


def scored(found: Rated) -> dict[int, list[Score]]:
    return {key: scores(*given_scores, question=key) for key, given_scores in found.items()}


def low_in(minima: Sequence[int | None], means: dict[int, float]) -> set[int]:
    return {n for n, minimum in enumerate(minima, 1) if minimum is not None and means.get(n, 9) < minimum}


@given(RATED, WEIGHTS, MINIMA, PARTS)
def test_the_comparison_of_any_ratings_is_the_plain_recomputation(
    found: Rated, weights: tuple[int, ...], minima: tuple[int | None, ...], parts: tuple[int, ...]
) -> None:
    criteria = [Criterion(n, weights[n - 1], minima[n - 1], parts[n - 1]) for n in KEYS]
    result = compare(criteria, scored(found))
    means, total = plainly(weights, found)
    assert {key: mean.value for key, mean in result.means.items() if mean.value is not None} == means
    assert result.total == same(total)
    assert set(result.failed) == low_in(minima, means)
    assert set(result.missing) == set(KEYS) - set(means)
    for key, given_scores in found.items():
        known = [score for score in given_scores if score is not None]
        assert result.means[key].not_covered == len(given_scores) - len(known), "what is missing is never left out"
        spread = spread_of(scores(*given_scores, question=key))
        assert (spread and (spread.low, spread.high)) == ((min(known), max(known)) if known else None)
        assert (spread.sd if spread else None) == same(stdev(known) if len(known) > 1 else None)
    for part, value in by_part(criteria, result).items():
        assert value == same(plainly(weights, found, [n for n in KEYS if parts[n - 1] == part])[1])
    for assessor, value in totals_by_assessor(criteria, scored(found)).items():
        own = {key: given_scores[assessor - 1 : assessor] for key, given_scores in found.items()}
        assert value == same(plainly(weights, own)[1])


@given(st.lists(st.tuples(RATED, RATED, st.booleans()), min_size=1, max_size=5), WEIGHTS, MINIMA, RANDOM)
def test_no_candidate_with_a_failed_must_have_bears_a_rank_and_nobody_disappears(
    candidates: list[tuple[Rated, Rated, bool]],
    weights: tuple[int, ...],
    minima: tuple[int | None, ...],
    random: Random,
) -> None:
    criteria = [Criterion(n, weights[n - 1], minima[n - 1]) for n in KEYS]
    entries, barred = [], set()
    for number, (own, agreed, out) in enumerate(candidates):
        results = [compare(criteria, scored(found)) for found in (own, agreed)]
        entries.append(Entry(number, f"n{number % 2}", f"n{number % 2}", results[0], results[1], out))
        if any(low_in(minima, plainly(weights, found)[0]) for found in (own, agreed)):
            barred.add(number)
    mixed = random.sample(entries, len(entries))
    for by in By:
        arranged = arrange(entries, by, 1)
        assert ids(arranged) == ids(arrange(mixed, by, 1)), "the order of input never matters"
        assert {e.candidate for e in arranged.all} == set(range(len(entries)))
        if by is not By.NAME:
            assert not barred & {e.candidate for e in arranged.ordered}
    for by, which in ((By.TOTAL, 0), (By.AGREED, 1)):
        ordered = [plainly(weights, candidates[e.candidate][which])[1] for e in arrange(entries, by).ordered]
        assert None not in ordered
        assert ordered == pytest.approx(sorted(ordered, key=lambda total: -(total or 0)))


@given(RATED, WEIGHTS, RANDOM)
def test_the_order_of_what_is_read_never_matters(found: Rated, weights: tuple[int, ...], random: Random) -> None:
    criteria = [Criterion(n, weights[n - 1], 3) for n in KEYS]
    read = scored(found)
    keys = random.sample(KEYS, len(KEYS))
    mixed = {key: random.sample(read[key], len(read[key])) for key in keys}
    one, other = compare(criteria, read), compare([criteria[n - 1] for n in keys], mixed)
    assert one.total == other.total
    assert (set(one.failed), set(one.missing)) == (set(other.failed), set(other.missing))
    assert all(spread_of(read[key]) == spread_of(mixed[key]) for key in KEYS)
    assert totals_by_assessor(criteria, read) == totals_by_assessor(criteria, mixed)


def test_what_is_drawn_stays_inside_the_chart_and_what_nobody_covered_is_not_drawn() -> None:
    lines = [Line(1, Criterion(1, 1, 3), "x", "y"), Line(2, Criterion(2), "x", "y")]
    own = compare([Criterion(1, 1, 3), Criterion(2)], {1: scores(5, 4)})
    drawn = profile_chart(lines, own, compare([Criterion(1), Criterion(2)], {}), {1: spread_of(scores(5, 4)), 2: None})
    first, second = drawn.rows
    assert (first.low_x, first.high_x, first.mean_x) == (x_of(4), x_of(5), x_of(4.5))
    assert drawn.left <= x_of(1) < x_of(5) <= drawn.right < WIDTH
    assert first.minimum_x == x_of(3)
    assert (second.mean, second.mean_x, second.low_x, second.agreed_x, second.minimum_x) == (None,) * 5
    assert first.agreed_x is None
    assert drawn.rows[-1].y < drawn.height
    assert [letter_of(n) for n in (0, 25, 26, 27)] == ["A", "Z", "AA", "AB"]
