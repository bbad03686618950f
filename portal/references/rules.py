"""Decisions about reference checks, on plain values."""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Protocol, TypeVar

PER_COMPETENCY = 2
MINUTES_PER_QUESTION = 3


class ReleaseBlocker(StrEnum):
    """Why a guide may not leave the portal for a referee."""

    NO_QUESTIONS = "no_questions"
    NO_ACCEPT = "no_accept"
    CURRENT_EMPLOYER = "current_employer"


def release_blockers(*, questions: int, accepted: bool, current_employer: bool) -> list[ReleaseBlocker]:
    """The applicant's accept comes first; for the present employer that is a rule of its own (PAV 15.9.1)."""
    blockers = [] if questions else [ReleaseBlocker.NO_QUESTIONS]
    if not accepted:
        blockers.append(ReleaseBlocker.CURRENT_EMPLOYER if current_employer else ReleaseBlocker.NO_ACCEPT)
    return blockers


def minutes_for(questions: int) -> int:
    """How long so many questions take, where nobody has said otherwise."""
    return questions * MINUTES_PER_QUESTION


def looks_like_phone(text: str) -> bool:
    """Six to fifteen digits, with what people put between them, and an extension if need be."""
    digits = sum(c.isdigit() for c in text)
    return 6 <= digits <= 15 and all(c.isdigit() or c in "+()-./ " for c in text)


class BankQuestion(Protocol):
    @property
    def competency_key(self) -> str: ...


Q = TypeVar("Q", bound=BankQuestion)


def core_questions(bank: Sequence[Q], competency_keys: Iterable[str]) -> list[Q]:
    """Relation and period first, then two questions for each competency in order, then the other general ones."""
    general = [question for question in bank if not question.competency_key]
    opening, closing = general[:2], general[2:]
    chosen = list(opening)
    for key in competency_keys:
        chosen += [question for question in bank if question.competency_key == key][:PER_COMPETENCY]
    return chosen + closing


class ProbeReason(StrEnum):
    """Why a follow-up is proposed; it tells of the interviews as a whole, never of one assessor."""

    NOT_COVERED = "not_covered"
    THRESHOLD = "threshold"
    SPREAD = "spread"
    THIN = "thin"


LARGE_SPREAD = 2
NEAR = 0.5
THIN_EVIDENCE = 60  # characters in the mean; shorter than a sentence with an example


def probe_reason(
    *, scores: Sequence[int], not_covered: int, evidence: Sequence[int], minimum: float | None
) -> ProbeReason | None:
    """Why to ask the referees more about a competency; None when the interviews have covered it well.

    `scores` are all that were given, `not_covered` how many answers said so, `evidence` the lengths of the written
    reasons, `minimum` the lowest mean that will do for a must-have.
    """
    if not_covered or not scores:
        return ProbeReason.NOT_COVERED
    if minimum is not None and abs(sum(scores) / len(scores) - minimum) <= NEAR:
        return ProbeReason.THRESHOLD
    if max(scores) - min(scores) >= LARGE_SPREAD:
        return ProbeReason.SPREAD
    if sum(evidence) / max(len(evidence), 1) < THIN_EVIDENCE:
        return ProbeReason.THIN
    return None


class LinkEnd(StrEnum):
    """Why a referee's link does not work any more."""

    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"
    USED = "used"


LINK_DAYS = 14


class FinishBlocker(StrEnum):
    """What a note lacks before it can be finished."""

    DAY = "day"
    ANSWERS = "answers"
    NOTE = "note"


def finish_blockers(*, held: bool, answers: int, note: str) -> list[FinishBlocker]:
    """A note says when the talk was, and what was said (offentlighedsloven § 13)."""
    blockers = [] if held else [FinishBlocker.DAY]
    blockers += [] if answers else [FinishBlocker.ANSWERS]
    return blockers if note.strip() else [*blockers, FinishBlocker.NOTE]


def moved(order: Sequence[int], moving: int, up: bool) -> list[int]:
    """The same ids with `moving` one place further up or down; at the end of the way it stays."""
    found = list(order)
    here = found.index(moving)
    there = max(here - 1, 0) if up else min(here + 1, len(found) - 1)
    found[here], found[there] = found[there], found[here]
    return found
