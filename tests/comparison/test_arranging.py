"""The comparison as it is worked out from what was read, for any names, ratings and rounds."""

from hypothesis import given
from hypothesis import strategies as st

from portal.comparison.arranging import agreement_in, compared, labels_of
from portal.comparison.queries import Asked, Line, Meeting, Person, Reading
from portal.comparison.rules import Arranged, By, Criterion, Score, arrange
from portal.recruitment.rules import CandidateState

NAMES = st.lists(st.text("abcdefghijklmnopqrstuvwxyzæøå -", min_size=4, max_size=30), min_size=1, max_size=6)
RATINGS = st.lists(st.none() | st.integers(1, 5), min_size=6, max_size=6)
SECRET = "x" * 32


def reading_of(names: list[str], ratings: list[int | None], *, closed: tuple[int, ...] = ()) -> Reading:
    """One round with two questions and three assessors; everyone gets the same ratings, turned by their place."""
    lines = tuple(Line(n, Criterion(n, n, 3, part=n), f"Kompetence {n}", f"Del {n}") for n in (1, 2))
    persons = {n: Person(n, name, CandidateState.APPLIED) for n, name in enumerate(names, 1)}
    meetings = tuple(Meeting(n, n, 1, n not in closed) for n in persons)
    scores = {}
    for n in persons:
        turned = ratings[n % 6 :] + ratings[: n % 6]
        places = [(assessor, question) for assessor in (1, 2, 3) for question in (1, 2)]
        scores[n] = [Score(a, q, s, s is None) for (a, q), s in zip(places, turned, strict=True)]
    return Reading(lines, (Asked(1, 1, 1), Asked(2, 2, 1)), persons, meetings, scores, {})


def arranged(reading: Reading, by: By, *, blind: bool) -> Arranged:
    labels = labels_of(reading, SECRET, blind=blind)
    return arrange(compared(reading, 0, labels, blind=blind).entries.values(), by, 1)


@given(NAMES, RATINGS)
def test_blind_nothing_that_is_worked_out_holds_a_name_and_all_numbers_stay_the_same(
    names: list[str], ratings: list[int | None]
) -> None:
    reading = reading_of(names, ratings)
    blind = compared(reading, 0, labels_of(reading, SECRET, blind=True), blind=True)
    told = repr(blind).replace(SECRET, "")
    fixed = repr(compared(reading_of(["?"] * len(names), ratings), 0, blind.letters, blind=True))
    assert told == fixed, "no name has any part in it"
    for by in (By.TOTAL, By.AGREED, By.COMPETENCY):
        one, other = arranged(reading, by, blind=True), arranged(reading, by, blind=False)
        assert {e.candidate for e in one.ordered} == {e.candidate for e in other.ordered}
        assert [e.own.total for e in one.ordered] == [e.own.total for e in other.ordered]


@given(NAMES, RATINGS)
def test_the_order_by_letter_is_that_of_the_letters_and_never_that_of_the_names(
    names: list[str], ratings: list[int | None]
) -> None:
    labels = [entry.label for entry in arranged(reading_of(names, ratings), By.NAME, blind=True).ordered]
    assert labels == [chr(ord("A") + n) for n in range(len(names))]


@given(NAMES, RATINGS)
def test_nobody_who_is_not_open_has_any_part_in_what_is_shown(names: list[str], ratings: list[int | None]) -> None:
    reading = reading_of(names, ratings, closed=(1,))
    assert 1 not in compared(reading, 0, labels_of(reading, SECRET, blind=False), blind=False).entries
    assert agreement_in(reading, 1) is None


def test_names_are_in_danish_order() -> None:
    names = ["Åse", "Ørn", "Ælle", "Zita", "aage"]
    found = arranged(reading_of(names, [3, 3, 3, 3, 3, 3]), By.NAME, blind=False)
    assert [entry.label for entry in found.ordered] == ["aage", "Zita", "Ælle", "Ørn", "Åse"]
