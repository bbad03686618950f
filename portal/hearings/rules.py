"""Decisions about hearings, on plain values (forvaltningsloven § 19)."""

import re
from collections.abc import Sequence
from datetime import date
from enum import StrEnum


class Step(StrEnum):
    """What is done in a hearing: the letter is written and read through, sent, answered or not; then it is closed.

    What comes later, such as a reply after the deadline, is added to the closed hearing.
    """

    DRAFTED = "drafted"
    REVIEWED = "reviewed"
    SENT = "sent"
    REPLIED = "replied"
    UNANSWERED = "unanswered"
    REASSESSED = "reassessed"
    ADDED = "added"


LETTERS = (Step.DRAFTED, Step.REVIEWED)
CLOSING = (Step.REPLIED, Step.UNANSWERED, Step.REASSESSED)
MIN_REASON = 10
DAY_HERE = "[frist]"  # where the deadline goes in the letter, which is in Danish


def calls_for_hearing(*, is_new: bool, unfavourable: bool, essential: bool) -> bool:
    """A fact is put to the applicant when it is new to them, to their disadvantage and essential for the decision."""
    return is_new and unfavourable and essential


def needs_reason(*, is_new: bool, unfavourable: bool, essential: bool) -> bool:
    """That something new and unfavourable is not essential is a judgement, and it is written down."""
    return is_new and unfavourable and not essential


def is_open(*, calls: bool, steps: Sequence[Step]) -> bool:
    """Whether the recommendation has to wait: the fact calls for a hearing that nothing has closed."""
    return calls and not any(step in CLOSING for step in steps)


class StepBlocker(StrEnum):
    """Why a step cannot be taken now."""

    CLOSED = "closed"
    STILL_OPEN = "still_open"
    NOT_REVIEWED = "not_reviewed"
    SENT_ALREADY = "sent_already"
    NOT_SENT = "not_sent"
    PAST = "past"
    TOO_EARLY = "too_early"
    NO_DEADLINE = "no_deadline"


def step_blockers(
    step: Step, *, calls: bool, steps: Sequence[Step], deadline: date | None, sent_deadline: date | None, today: date
) -> list[StepBlocker]:
    """`deadline` is that of a letter to be written or sent, `sent_deadline` that of the letter which was sent."""
    if is_open(calls=calls, steps=steps) is (step is Step.ADDED):
        return [StepBlocker.STILL_OPEN if step is Step.ADDED else StepBlocker.CLOSED]
    if step in (*LETTERS, Step.SENT):
        return _letter_blockers(step, steps, deadline, today)
    if step in (Step.REASSESSED, Step.ADDED):
        return []
    if Step.SENT not in steps:
        return [StepBlocker.NOT_SENT]
    return [StepBlocker.TOO_EARLY] if step is Step.UNANSWERED and sent_deadline and today <= sent_deadline else []


def _letter_blockers(step: Step, steps: Sequence[Step], deadline: date | None, today: date) -> list[StepBlocker]:
    if Step.SENT in steps:
        return [StepBlocker.SENT_ALREADY]
    if step is Step.SENT and (not steps or steps[-1] is not Step.REVIEWED):
        return [StepBlocker.NOT_REVIEWED]
    if deadline is None:
        return [StepBlocker.NO_DEADLINE]
    return [StepBlocker.PAST] if deadline <= today else []


class LetterGap(StrEnum):
    """What a letter that has been read through must say, and does not."""

    DEADLINE = "deadline"
    LAW = "law"
    UNFINISHED = "unfinished"


def letter_gaps(text: str, deadline: str) -> list[LetterGap]:
    """`deadline` is the day as the letter writes it; the rule that gives the right to reply is § 19."""
    gaps = [] if deadline in text else [LetterGap.DEADLINE]
    gaps += [] if re.search(r"§\s*19\b", text) else [LetterGap.LAW]
    return [*gaps, LetterGap.UNFINISHED] if re.search(r"\[[^\]]+\]", text) else gaps
