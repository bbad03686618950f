"""Decisions about scorecards and assessments, on plain values.

Rule (design, "Recruitment and interviews"): independent first, then together.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Protocol, TypeVar

LEVELS = (1, 2, 3, 4, 5)
MIN_EVIDENCE = 10
MINUTES_PER_QUESTION = 6
MINUTES = (1, 30)  # what one question may take
OPENING_MINUTES, CLOSING_MINUTES = 5, 10  # what is said first, and the candidate's own questions
MIN_PANEL = 2


class Answer(Protocol):
    """A rating of one question: a score from 1 to 5, or none with `not_covered`."""

    @property
    def score(self) -> int | None: ...

    @property
    def not_covered(self) -> bool: ...

    @property
    def evidence(self) -> str: ...


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


def length(minutes: Iterable[int]) -> int:
    """How long an interview with questions of these minutes takes, with what is said first and last."""
    found = sum(minutes)
    return OPENING_MINUTES + found + CLOSING_MINUTES if found else 0


class LeftOut(StrEnum):
    """Why a question of an earlier recruitment is not copied."""

    COMPETENCY = "competency"
    PRESENT = "present"
    DROPPED = "dropped"
    RETIRED = "retired"
    WORDING = "wording"


def left_out(*, in_profile: bool, present: bool, dropped: bool, retired: bool, worded_well: bool) -> LeftOut | None:
    """The first reason that keeps a question from being copied; None when nothing does."""
    reasons = {
        LeftOut.COMPETENCY: not in_profile,
        LeftOut.PRESENT: present,
        LeftOut.DROPPED: dropped,
        LeftOut.RETIRED: retired,
        LeftOut.WORDING: not worded_well,
    }
    return next((reason for reason, holds in reasons.items() if holds), None)


class DropBlocker(StrEnum):
    """Why a question cannot be dropped now."""

    NOT_BEGUN = "not_begun"
    DROPPED = "dropped"
    LAST = "last"


def drop_blocker(*, begun: bool, dropped: bool, others: int) -> DropBlocker | None:
    """A question is dropped once assessing has begun (before that it is removed), once, and never the last one."""
    if not begun:
        return DropBlocker.NOT_BEGUN
    if dropped:
        return DropBlocker.DROPPED
    return None if others else DropBlocker.LAST


class ChairBlocker(StrEnum):
    """Why the chair cannot close the assessing of an interview, or reopen it."""

    NOT_ASSESSED = "not_assessed"
    CLOSED = "closed"
    OPEN = "open"
    NOT_CLOSED = "not_closed"


def closing_blockers(
    chair: int, assessors: Collection[int], submitted: Collection[int], *, closed: bool
) -> list[ChairBlocker]:
    """Why the chair, or who stands in, a member's id, cannot close the assessing of an interview.

    The chair submits first: their own view is then independent, closing always opens something, and being let
    through or not tells nothing of what the others have done. A chair who is not impartial decides nothing here.
    """
    if chair not in assessors or chair not in submitted:
        return [ChairBlocker.NOT_ASSESSED]
    if closed:
        return [ChairBlocker.CLOSED]
    return [ChairBlocker.OPEN] if scores_are_open(assessors, submitted) else []


def reopening_blockers(chair: int, assessors: Collection[int], *, closed: bool) -> list[ChairBlocker]:
    """Why the chair cannot let the others go on assessing."""
    if chair not in assessors:
        return [ChairBlocker.NOT_ASSESSED]
    return [] if closed else [ChairBlocker.NOT_CLOSED]


def opened_at(
    panel: Collection[int],
    submitted: Mapping[int, datetime],
    out: Mapping[int, datetime],
    closed: Collection[datetime] = (),
) -> datetime | None:
    """When the scores of an interview were opened for the first time; None while they never have been.

    Members by id: when each submitted, or declared themselves not impartial. `closed` are the chair's closings. What
    was once open has been seen, also when the chair has reopened the assessing since.
    """
    moments = [out.get(member) or submitted.get(member) for member in panel]
    found = [*closed]
    if submitted.keys() - out.keys() and None not in moments:
        found.append(max(moment for moment in moments if moment is not None))
    return min(found, default=None)


def came_after(moment: datetime, opened: datetime | None) -> bool:
    """Whether something was written when the others' scores could already be seen, and must say so."""
    return opened is not None and moment > opened


class AmendmentGap(StrEnum):
    """What an amendment lacks."""

    RATING = "rating"
    EVIDENCE = "evidence"
    REASON = "reason"
    NOTHING_NEW = "nothing_new"


def amendment_gaps(before: Answer, after: Answer, reason: str) -> list[AmendmentGap]:
    """What keeps an amendment from counting: it is a whole rating with its evidence, differs, and says why."""
    lacks = gap(after)
    found = [AmendmentGap(lacks.value)] if lacks else []
    if len(reason.strip()) < MIN_EVIDENCE:
        found.append(AmendmentGap.REASON)
    same = (before.score, before.not_covered, before.evidence) == (after.score, after.not_covered, after.evidence)
    return [*found, AmendmentGap.NOTHING_NEW] if same else found


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
