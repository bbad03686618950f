"""Decisions about comparing candidates, on plain values.

Rules (design, "Recruitment and interviews"): *not covered* is neither 0 nor left out in silence; a missed must-have is
shown and never averaged away; the weighted mean advises, people decide.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol


class Answer(Protocol):
    """A rating of one question: a score from 1 to 5, or none with `not_covered`."""

    @property
    def score(self) -> int | None: ...

    @property
    def not_covered(self) -> bool: ...


@dataclass(frozen=True)
class Criterion:
    """What is compared: a competency, its weight, and the lowest mean that will do when it is a must-have."""

    key: int
    weight: float = 1
    minimum: float | None = None


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
    total = None
    if criteria and not missing:
        weighted = sum(c.weight * (means[c.key].value or 0) for c in criteria)
        total = weighted / sum(c.weight for c in criteria)
    return Result(means, total, missing, failed)


def fails(criterion: Criterion, mean: Mean) -> bool:
    return criterion.minimum is not None and mean.value is not None and mean.value < criterion.minimum
