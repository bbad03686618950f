"""Decisions about comparing candidates, on plain values.

Rules (design, "Recruitment and interviews"): *not covered* is neither 0 nor left out in silence; a missed must-have is
shown, never averaged away and never given a place; the weighted mean advises, people decide.
"""

import hashlib
import hmac
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import fsum
from typing import Protocol

from portal.comparison.agreement import sample_sd

FIRST_LETTER, LETTERS = "A", 26


class Answer(Protocol):
    """A rating of one question: a score from 1 to 5, or none with `not_covered`."""

    @property
    def score(self) -> int | None: ...

    @property
    def not_covered(self) -> bool: ...


@dataclass(frozen=True)
class Score:
    """What holds of one assessor's rating of one question; 0 as `assessor` is what the panel agreed on."""

    assessor: int
    question: int
    score: int | None
    not_covered: bool


@dataclass(frozen=True)
class Criterion:
    """What is compared: a competency of a part, its weight, and the lowest mean that will do when it is a must-have."""

    key: int
    weight: float = 1
    minimum: float | None = None
    part: int = 0


@dataclass(frozen=True)
class Mean:
    """The mean of the scores given, and how many answers said *not covered*; `value` is None without any score."""

    value: float | None
    scores: tuple[int, ...]
    not_covered: int

    @property
    def spread(self) -> int:
        """Highest minus lowest score, 0 with fewer than two."""
        return max(self.scores) - min(self.scores) if self.scores else 0


@dataclass(frozen=True)
class Spread:
    """How far apart the assessors are: their lowest and highest mean, and the standard deviation of a sample."""

    low: float
    high: float
    sd: float | None


@dataclass(frozen=True)
class Result:
    """A candidate's means by criterion key; `total` is None while any criterion has no score at all."""

    means: Mapping[int, Mean]
    total: float | None
    missing: tuple[int, ...]
    failed: tuple[int, ...]


def mean_of(answers: Iterable[Answer]) -> Mean:
    answers = list(answers)
    scores = tuple(answer.score for answer in answers if answer.score is not None)
    value = sum(scores) / len(scores) if scores else None
    return Mean(value, scores, sum(1 for answer in answers if answer.not_covered))


def compare(criteria: Sequence[Criterion], answers: Mapping[int, Sequence[Answer]]) -> Result:
    """Weighted mean over all criteria; a criterion without scores leaves no total instead of a rosier one."""
    means = {criterion.key: mean_of(answers.get(criterion.key, ())) for criterion in criteria}
    missing = tuple(key for key, mean in means.items() if mean.value is None)
    failed = tuple(c.key for c in criteria if fails(c, means[c.key]))
    return Result(means, weighted(criteria, {key: mean.value for key, mean in means.items()}), missing, failed)


def weighted(criteria: Sequence[Criterion], values: Mapping[int, float | None]) -> float | None:
    """The weighted mean of these criteria; None when one of them has no value, or there are none."""
    known = [(c.weight, value) for c in criteria if (value := values.get(c.key)) is not None]
    if not criteria or len(known) < len(criteria):
        return None
    return fsum(weight * value for weight, value in known) / fsum(weight for weight, _value in known)


def by_part(criteria: Sequence[Criterion], result: Result) -> dict[int, float | None]:
    """The same for each part of the framework that the profile asks about."""
    values = {key: mean.value for key, mean in result.means.items()}
    return {part: weighted([c for c in criteria if c.part == part], values) for part in {c.part for c in criteria}}


def fails(criterion: Criterion, mean: Mean) -> bool:
    return criterion.minimum is not None and mean.value is not None and mean.value < criterion.minimum


def means_by_assessor(scores: Iterable[Score]) -> dict[int, float]:
    """The mean of each assessor who gave a score."""
    given: dict[int, list[int]] = {}
    for score in scores:
        if score.score is not None:
            given.setdefault(score.assessor, []).append(score.score)
    return {assessor: sum(values) / len(values) for assessor, values in given.items()}


def spread_of(scores: Iterable[Score]) -> Spread | None:
    """None without any score; no standard deviation with fewer than two assessors."""
    means = sorted(means_by_assessor(scores).values())
    return Spread(means[0], means[-1], sample_sd(means)) if means else None


def totals_by_assessor(criteria: Sequence[Criterion], scores: Mapping[int, Sequence[Score]]) -> dict[int, float | None]:
    """The weighted mean of each assessor; None for one who left a criterion without any score."""
    means = {c.key: means_by_assessor(scores.get(c.key, ())) for c in criteria}
    assessors = {score.assessor for key in means for score in scores.get(key, ())}
    return {n: weighted(criteria, {key: found.get(n) for key, found in means.items()}) for n in sorted(assessors)}


def agreed_where_complete(
    asked: Mapping[int, Collection[int]], agreed: Mapping[int, Sequence[Score]]
) -> dict[int, Sequence[Score]]:
    """The agreed ratings of the competencies in which none of the questions `asked` lacks one."""
    return {key: agreed.get(key, ()) for key, questions in asked.items() if len(agreed.get(key, ())) >= len(questions)}


@dataclass(frozen=True)
class Entry:
    """A candidate in the comparison, under a name or, blind, a letter; `place` orders the names.

    `own` is of what each assessor wrote, `agreed` of what the panel agreed on where it has agreed on every question.
    """

    candidate: int
    label: str
    place: str
    own: Result
    agreed: Result
    out: bool = False  # withdrawn or refused

    @property
    def failed(self) -> bool:
        return bool(self.own.failed or self.agreed.failed)


class By(StrEnum):
    """What the reader orders the candidates by; a competency is given with its key."""

    NAME = "name"
    TOTAL = "total"
    AGREED = "agreed"
    COMPETENCY = "competency"


@dataclass(frozen=True)
class Arranged:
    """`ordered` from the highest down (or by name), and `apart` those who have no place in such an order."""

    ordered: tuple[Entry, ...]
    apart: tuple[Entry, ...]

    @property
    def all(self) -> tuple[Entry, ...]:
        return self.ordered + self.apart


def _value(entry: Entry, by: By, key: int) -> float | None:
    if by is By.COMPETENCY:
        return entry.own.means[key].value if key in entry.own.means else None
    return entry.agreed.total if by is By.AGREED else entry.own.total


def arrange(entries: Iterable[Entry], by: By = By.NAME, key: int = 0) -> Arranged:
    """By name everyone is in the order; by a number only those who have it, fail no must-have and are still in."""
    named = sorted(entries, key=lambda entry: (entry.place, entry.candidate))
    if by is By.NAME:
        return Arranged(tuple(named), ())
    values = {entry.candidate: _value(entry, by, key) for entry in named}
    placed = [e for e in named if values[e.candidate] is not None and not e.failed and not e.out]
    placed.sort(key=lambda entry: -(values[entry.candidate] or 0))
    inside = {entry.candidate for entry in placed}
    return Arranged(tuple(placed), tuple(entry for entry in named if entry.candidate not in inside))


def letter_of(n: int) -> str:
    """A, B, C … and after Z, AA: what the n-th candidate is called where names are hidden."""
    letter = chr(ord(FIRST_LETTER) + n % LETTERS)
    return letter if n < LETTERS else letter_of(n // LETTERS - 1) + letter


def blind_letters(secret: str, candidates: Iterable[int]) -> dict[int, str]:
    """A letter for each candidate id, in an order that only the portal can work out: neither by name nor by time.

    It is given over all candidates of a recruitment, so that a letter does not change when one more is opened.
    """

    def mixed(candidate: int) -> bytes:
        return hmac.digest(secret.encode(), f"blind-candidate-{candidate}".encode(), hashlib.sha256)

    return {candidate: letter_of(n) for n, candidate in enumerate(sorted(candidates, key=mixed))}
