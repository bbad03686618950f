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
    """How long a call with this many questions takes: said on the page and in the document alike."""
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
