"""Decisions about assessments and the comparison of candidates, on plain values.

Rules (design, "Recruitment and interviews"): independent first, then together; *not covered* is neither 0 nor left out
in silence; a missed must-have is shown and never averaged away; the weighted mean advises, people decide.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, TypeVar

LEVELS = (1, 2, 3, 4, 5)
MIN_EVIDENCE = 10
MINUTES_PER_QUESTION = 6
MIN_PANEL = 2


class Answer(Protocol):
    """A rating of one question: a score from 1 to 5, or none with `not_covered`."""

    score: int | None
    not_covered: bool
    evidence: str


class Gap(StrEnum):
    """What a rating lacks before it can be submitted."""

    RATING = "rating"
    EVIDENCE = "evidence"


def gap(answer: Answer | None) -> Gap | None:
    """What is missing: a rating at all, or the written evidence that each score needs."""
    if answer is None or (answer.score is None and not answer.not_covered):
        return Gap.RATING
    if answer.score is not None and len(answer.evidence.strip()) < MIN_EVIDENCE:
        return Gap.EVIDENCE
    return None


class SetUpGap(StrEnum):
    """What a recruitment lacks before anyone may begin to assess; beginning locks all of it."""

    PROFILE = "profile"
    QUESTIONS = "questions"
    PANEL = "panel"


def set_up_gaps(profile: Collection[int], covered: Collection[int], panel: int) -> list[SetUpGap]:
    """`profile` and `covered` are competencies: those looked for, and those that the scorecard asks about."""
    gaps = [] if profile else [SetUpGap.PROFILE]
    if not covered or not set(profile) <= set(covered):
        gaps.append(SetUpGap.QUESTIONS)
    return gaps if panel >= MIN_PANEL else [*gaps, SetUpGap.PANEL]


def scores_are_open(assessors: Collection[int], submitted: Collection[int], *, closed: bool = False) -> bool:
    """Whether anyone may see the scores of an interview: all of its assessors have submitted, or the chair closed it.

    Closing opens nothing where nobody has submitted.
    """
    return bool(submitted) if closed else bool(assessors) and set(assessors) <= set(submitted)


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


def moved(order: Sequence[int], moving: int, up: bool) -> list[int]:
    """The same ids with `moving` one place further up or down; at the end of the way it stays."""
    found = list(order)
    here = found.index(moving)
    there = max(here - 1, 0) if up else min(here + 1, len(found) - 1)
    found[here], found[there] = found[there], found[here]
    return found


class BankQuestion(Protocol):
    @property
    def kind(self) -> str: ...

    @property
    def competency_key(self) -> str: ...


Q = TypeVar("Q", bound=BankQuestion)


def suggest(bank: Sequence[Q], competency_keys: Sequence[str], per_competency: int) -> list[Q]:
    """The first behavioural question of each competency, then the first situational one, as many as asked for."""
    chosen: list[Q] = []
    for key in competency_keys:
        mine = [question for question in bank if question.competency_key == key]
        firsts = [next((q for q in mine if q.kind == kind), None) for kind in ("behavioural", "situational")]
        chosen += [question for question in firsts if question is not None][:per_competency]
    return chosen
