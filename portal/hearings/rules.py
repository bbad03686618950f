"""Decisions about hearings, on plain values (forvaltningsloven § 19)."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum


class Step(StrEnum):
    """What is done in a hearing; each but the first closes it."""

    SENT = "sent"
    REPLIED = "replied"
    UNANSWERED = "unanswered"
    REASSESSED = "reassessed"


CLOSING = (Step.REPLIED, Step.UNANSWERED, Step.REASSESSED)
MIN_REASON = 10


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
    SENT_ALREADY = "sent_already"
    NOT_SENT = "not_sent"
    PAST = "past"
    TOO_EARLY = "too_early"
    NO_DEADLINE = "no_deadline"


def step_blockers(
    step: Step, *, calls: bool, steps: Sequence[Step], deadline: date | None, sent_deadline: date | None, today: date
) -> list[StepBlocker]:
    """`deadline` is that of a letter to be sent, `sent_deadline` that of the letter which was sent."""
    if not is_open(calls=calls, steps=steps):
        return [StepBlocker.CLOSED]
    sent = Step.SENT in steps
    if step is Step.SENT:
        if sent:
            return [StepBlocker.SENT_ALREADY]
        if deadline is None:
            return [StepBlocker.NO_DEADLINE]
        return [StepBlocker.PAST] if deadline <= today else []
    if step is Step.REASSESSED:
        return []
    if not sent:
        return [StepBlocker.NOT_SENT]
    return [StepBlocker.TOO_EARLY] if step is Step.UNANSWERED and sent_deadline and today <= sent_deadline else []
