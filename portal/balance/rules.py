"""Decisions about the balance between the parts and the focus areas, on plain values.

What was proposed and answered is appended; every state is worked out from it. A proposal is its proposer's yes, so that
an agreement lacks only the other's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol, TypeVar

FRAMEWORK = "souschef"
TOTAL, STEP, MIN_SHARE = 100, 5, 5
MIN_FOCUS, MAX_FOCUS = 1, 6
MAX_BETTER, MIN_WORDS, MAX_WORDS = 200, 10, 1000


class AnswerKind(StrEnum):
    """What becomes of a proposal; only its proposer withdraws it, only the other confirms or declines."""

    CONFIRMED = "confirmed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class State(StrEnum):
    """`proposed` waits for the other; `superseded` was replaced by a newer proposal or a newer agreement."""

    PROPOSED = "proposed"
    AGREED = "agreed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"


ANSWERED: Mapping[str, State] = {
    AnswerKind.CONFIRMED: State.AGREED,
    AnswerKind.DECLINED: State.DECLINED,
    AnswerKind.WITHDRAWN: State.WITHDRAWN,
}


class Answer(Protocol):
    @property
    def kind(self) -> str: ...


class Version(Protocol):
    """What the rules need of a version."""

    @property
    def number(self) -> int: ...

    @property
    def answer(self) -> Answer | None: ...


AnyVersion = TypeVar("AnyVersion", bound=Version)


def states(versions: Sequence[Version]) -> dict[int, State]:
    """The state of each version by its number; `versions` in order, the newest last."""
    found = {v.number: ANSWERED[v.answer.kind] if v.answer else State.PROPOSED for v in versions}
    agreed = [number for number, state in found.items() if state is State.AGREED]
    for number, state in found.items():
        surpassed = state is State.AGREED and number != agreed[-1]
        replaced = state is State.PROPOSED and number != versions[-1].number
        if surpassed or replaced:
            found[number] = State.SUPERSEDED
    return found


def in_state(versions: Sequence[AnyVersion], state: State) -> AnyVersion | None:
    """The one version that is agreed, or the one that waits; there is never a second."""
    found = states(versions)
    return next((v for v in versions if found[v.number] is state), None)


def seen(versions: Sequence[Version]) -> str:
    """What somebody who writes a proposal has read; it changes with everything that is proposed or answered."""
    if not versions:
        return "0"
    answer = versions[-1].answer
    return f"{versions[-1].number} {answer.kind if answer else State.PROPOSED}"


def next_number(seen_by_proposer: str) -> int:
    """The number of the version that somebody writes who has read this."""
    number = seen_by_proposer.partition(" ")[0]
    return int(number) + 1 if number.isascii() and number.isdigit() and len(number) < 6 else 1


class Blocker(StrEnum):
    """Why a step cannot be taken now."""

    NO_OTHER = "no_other"
    ENDED = "ended"
    OVERTAKEN = "overtaken"
    NEW_FRAMEWORK = "new_framework"
    SAME = "same"
    AGREED = "agreed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"
    OWN = "own"
    NOT_OWN = "not_own"
    PROPOSER_GONE = "proposer_gone"


SETTLED: Mapping[State, Blocker] = {state: Blocker(state.value) for state in State if state is not State.PROPOSED}


def other_of(person_id: int, souschef_id: int, chef_id: int | None) -> int | None:
    """With whom this person agrees; None when they are neither souschef nor chef, or there is nobody else."""
    if souschef_id == chef_id or person_id not in (souschef_id, chef_id):
        return None
    return chef_id if person_id == souschef_id else souschef_id


def proposal_blockers(other_id: int | None, last_day: date | None, today: date) -> list[Blocker]:
    """Why nothing can be proposed: somebody must be able to say yes, and the souschef must still be one there."""
    found = [Blocker.NO_OTHER] if other_id is None else []
    return found + ([Blocker.ENDED] if last_day is not None and last_day < today else [])


def answer_blockers(
    kind: AnswerKind, state: State, person_id: int, proposer_id: int, awaited_id: int | None
) -> list[Blocker]:
    """Why this person cannot answer the proposal like this; `awaited_id` is whose yes it lacks (`other_of`)."""
    if state is not State.PROPOSED:
        return [SETTLED[state]]
    if kind is AnswerKind.WITHDRAWN:
        return [] if person_id == proposer_id else [Blocker.NOT_OWN]
    if person_id == proposer_id:
        return [Blocker.OWN]
    return [] if person_id == awaited_id else [Blocker.PROPOSER_GONE]


@dataclass(frozen=True)
class Focus:
    """A competency that gets attention, and what "better" looks like (may be empty)."""

    key: str
    better: str = ""


@dataclass(frozen=True)
class Wanted:
    """What somebody proposes: the share of each part by slug, the focus areas, and why."""

    weights: Mapping[str, int]
    focus: tuple[Focus, ...]
    reason: str = ""

    def says_the_same(self, other: "Wanted") -> bool:
        return dict(self.weights) == dict(other.weights) and set(self.focus) == set(other.focus)


class Part(Protocol):
    """A part of the framework; its competencies are wordings by key."""

    @property
    def position(self) -> int: ...

    @property
    def slug(self) -> str: ...

    @property
    def title(self) -> str: ...

    @property
    def competencies(self) -> Mapping[str, str]: ...


class Framework(Protocol):
    @property
    def parts(self) -> Sequence[Part]: ...

    @property
    def competency_keys(self) -> Sequence[str]: ...


class Problem(StrEnum):
    """What is wrong with the content of a proposal."""

    PARTS = "parts"
    SHARE = "share"
    SUM = "sum"
    FEW = "few"
    MANY = "many"
    UNKNOWN = "unknown"
    NO_REASON = "no_reason"
    TOO_LONG = "too_long"


def total(weights: Mapping[str, int | None]) -> int:
    return sum(weight or 0 for weight in weights.values())


def is_share(weight: int | None) -> bool:
    """Each part has a share, in steps: a souschef must be able to act in all four, though not equally strongly."""
    return weight is not None and MIN_SHARE <= weight <= TOTAL and weight % STEP == 0


def reason_is_missing(reason: str, number: int) -> bool:
    """From the second version on somebody must say why it changes."""
    return number > 1 and len(reason.strip()) < MIN_WORDS


def problems(wanted: Wanted, number: int, framework: Framework) -> list[Problem]:
    """What is wrong with this as version `number`."""
    chosen = [focus.key for focus in wanted.focus]
    texts = [(focus.better, MAX_BETTER) for focus in wanted.focus] + [(wanted.reason, MAX_WORDS)]
    checks = {
        Problem.PARTS: set(wanted.weights) != {part.slug for part in framework.parts},
        Problem.SHARE: not all(is_share(weight) for weight in wanted.weights.values()),
        Problem.SUM: total(wanted.weights) != TOTAL,
        Problem.FEW: len(chosen) < MIN_FOCUS,
        Problem.MANY: len(chosen) > MAX_FOCUS,
        Problem.UNKNOWN: len(set(chosen)) < len(chosen) or not set(chosen) <= set(framework.competency_keys),
        Problem.NO_REASON: reason_is_missing(wanted.reason, number),
        Problem.TOO_LONG: any(len(text) > most for text, most in texts),
    }
    return [problem for problem, found in checks.items() if found]


@dataclass(frozen=True)
class Changes:
    """What one version says otherwise than another; weights are (slug, before, after)."""

    weights: tuple[tuple[str, int, int], ...]
    added: tuple[str, ...]
    removed: tuple[str, ...]
    reworded: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.weights or self.added or self.removed or self.reworded)


def changes(before: Wanted, after: Wanted) -> Changes:
    old, new = ({focus.key: focus.better for focus in wanted.focus} for wanted in (before, after))
    slugs = [*after.weights, *(slug for slug in before.weights if slug not in after.weights)]
    shares = [(slug, before.weights.get(slug, 0), after.weights.get(slug, 0)) for slug in slugs]
    return Changes(
        weights=tuple(share for share in shares if share[1] != share[2]),
        added=tuple(key for key in new if key not in old),
        removed=tuple(key for key in old if key not in new),
        reworded=tuple(key for key in new if key in old and new[key] != old[key]),
    )
