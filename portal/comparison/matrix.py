"""The comparison as words and numbers, row by row: worked out once, so that the page only prints it."""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from flask_babel import gettext as _
from flask_babel import ngettext

from portal.comparison.arranging import Compared, Detail
from portal.comparison.queries import KEPT, Line
from portal.comparison.rules import Arranged, Entry, Mean, Spread
from portal.i18n import language, number
from portal.recruitment.rules import CandidateState

DIGITS = 2


class Cell(NamedTuple):
    """One candidate in one row; empty texts are left out. `error` is a must-have that is not met."""

    mean: str = ""
    spread: str = ""
    agreed: str = ""
    note: str = ""
    error: str = ""


class Row(NamedTuple):
    """A part (`part` is its place), a competency (`number` counts them), or a sum (neither)."""

    title: str
    cells: tuple[Cell, ...]
    part: int = 0
    number: int = 0
    weight: str = ""
    demand: str = ""


def shown(value: float | None) -> str:
    return "" if value is None else number(value, DIGITS)


class Words:
    """The texts of the cells in the reader's language, looked up once for the whole table."""

    def __init__(self) -> None:
        self.nobody, self.unrated = str(_("Not covered")), str(_("Not rated"))
        self.fails, self.fails_agreed = _("Does not meet the must-have"), _("Agreed below the must-have")
        self.agreed = _("Agreed")
        self.sd, self.no_sd = _("SD"), _("SD cannot be worked out")

    def spread(self, found: Spread | None) -> str:
        if found is None:
            return ""
        ends = f"{shown(found.low)}–{shown(found.high)}"
        return f"{ends} · {self.sd} {shown(found.sd)}" if found.sd is not None else f"{ends} · {self.no_sd}"

    def missing(self, mean: Mean) -> str:
        """Why there is no mean, or what is left out of it."""
        if mean.value is None:
            return self.nobody if mean.not_covered else self.unrated
        if not mean.not_covered:
            return ""
        return str(ngettext("not covered in %(num)s rating", "not covered in %(num)s ratings", mean.not_covered))

    def agreed_on(self, mean: Mean, lacking: int, asked: int) -> str:
        """Empty where the panel has not agreed on any of the questions: most comparisons come before that."""
        if lacking:
            return "" if lacking == asked else str(_("Agreed: %(num)s of %(of)s missing", num=lacking, of=asked))
        return f"{self.agreed} {shown(mean.value) if mean.value is not None else self.nobody.lower()}"


def given(detail: Detail) -> dict[tuple[int, int], str]:
    """What each assessor gave for each competency, such as 4 · 5, by competency and assessor."""
    skipped = _("not covered")
    found: dict[tuple[int, int], list[str]] = {}
    for key, scores in detail.scores.items():
        for score in scores:
            found.setdefault((key, score.assessor), []).append(str(score.score or skipped))
    return {place: " · ".join(texts) for place, texts in found.items()}


class Head(NamedTuple):
    """A candidate above their column; blind there is no `debrief` to go to."""

    label: str
    debrief: int
    state: CandidateState


class ProfileRow(NamedTuple):
    """A competency of one candidate, with what each assessor gave."""

    number: int
    title: str
    minimum: float | None
    mean: str
    agreed: str
    given: tuple[str, ...]


def rows(lines: Sequence[Line], compared: Compared, arranged: Arranged) -> tuple[Row, ...]:
    """The table: each part with its mean, its competencies below it, and the weighted means at the end."""
    return _rows(tuple(lines), compared, tuple(entry.candidate for entry in arranged.all), language())


@lru_cache(KEPT)
def _rows(lines: tuple[Line, ...], compared: Compared, order: tuple[int, ...], language: str) -> tuple[Row, ...]:
    words, entries = Words(), [compared.entries[candidate] for candidate in order]
    shown_now = [(entry, compared.details[entry.candidate]) for entry in entries]
    return (*_body(lines, shown_now, words), *_sums(entries, words))


def profile(
    lines: Sequence[Line], compared: Compared, candidate: int, assessors: Iterable[int]
) -> tuple[ProfileRow, ...]:
    """One candidate's means, and what each of the assessors gave."""
    return _profile(tuple(lines), compared, candidate, tuple(assessors), language())


@lru_cache(KEPT)
def _profile(
    lines: tuple[Line, ...], compared: Compared, candidate: int, assessors: tuple[int, ...], language: str
) -> tuple[ProfileRow, ...]:
    entry, said = compared.entries[candidate], given(compared.details[candidate])
    found = []
    for line in lines:
        key, none = line.criterion.key, _("Not covered")
        means = shown(entry.own.means[key].value) or none, shown(entry.agreed.means[key].value)
        by_assessor = tuple(said.get((key, assessor), "–") for assessor in assessors)
        found.append(ProfileRow(line.number, line.text, line.criterion.minimum, *means, by_assessor))
    return tuple(found)


def _body(lines: Sequence[Line], shown_now: Sequence[tuple[Entry, Detail]], words: Words) -> Iterator[Row]:
    part = 0
    for line in lines:
        criterion = line.criterion
        if criterion.part != part:
            part = criterion.part
            yield Row(line.part, tuple(_part(detail, part, words) for _entry, detail in shown_now), part=part)
        cells = tuple(_cell(entry, detail, criterion.key, words) for entry, detail in shown_now)
        demand = _("Must-have: at least %(minimum)s", minimum=criterion.minimum) if criterion.minimum else ""
        yield Row(line.text, cells, number=line.number, weight=f"{criterion.weight:g}", demand=demand)


def _part(detail: Detail, part: int, words: Words) -> Cell:
    agreed = detail.agreed_parts.get(part)
    return Cell(shown(detail.parts.get(part)), agreed=f"{words.agreed} {shown(agreed)}" if agreed is not None else "")


def _cell(entry: Entry, detail: Detail, key: int, words: Words) -> Cell:
    own, agreed = entry.own.means[key], entry.agreed.means[key]
    asked = detail.asked.get(key, 0)
    error = words.fails if key in entry.own.failed else words.fails_agreed if key in entry.agreed.failed else ""
    return Cell(
        shown(own.value),
        words.spread(detail.spreads.get(key)),
        words.agreed_on(agreed, detail.lacking[key], asked) if asked else "",
        words.missing(own),
        error,
    )


def _sums(entries: Sequence[Entry], words: Words) -> Iterator[Row]:
    error = _("Does not meet the must-haves")
    none, not_yet = _("Cannot be worked out: a competency is not covered"), _("Not agreed on everything yet")
    own = tuple(
        Cell(shown(e.own.total), note=none if e.own.total is None else "", error=error if e.failed else "")
        for e in entries
    )
    yield Row(_("Weighted mean"), own)
    if any(mean.scores for entry in entries for mean in entry.agreed.means.values()):
        cells = tuple(Cell(shown(e.agreed.total), note=not_yet if e.agreed.total is None else "") for e in entries)
        yield Row(_("Weighted mean of what was agreed"), cells)
