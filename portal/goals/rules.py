"""Decisions about development goals, on plain values.

A wording is proposed and answered as a balance is (`portal.balance.rules`); what happens to an agreed goal is appended.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from portal.balance.rules import SETTLED, AnswerKind, Blocker, Version, in_state
from portal.balance.rules import State as VersionState

MIN_WORDS, MAX_WORDS = 10, 1000


class Direction(StrEnum):
    """What the souschef is to do of what the competency says."""

    MORE = "more"
    LESS = "less"
    DIFFERENTLY = "differently"


class State(StrEnum):
    """`dropped` was declined or taken back before anything was agreed."""

    PROPOSED = "proposed"
    AGREED = "agreed"
    DROPPED = "dropped"
    CLOSED = "closed"


OPEN = (State.PROPOSED, State.AGREED)


class EventKind(StrEnum):
    FOLLOWED_UP = "followed_up"
    CARRIED = "carried"
    CLOSED = "closed"


class Status(StrEnum):
    """How it goes, as both see it at a follow-up."""

    NOT_BEGUN = "not_begun"
    UNDER_WAY = "under_way"
    HARD = "hard"
    REACHED = "reached"


@dataclass(frozen=True)
class Wanted:
    """What somebody proposes: the goal as both are to agree on it."""

    strategic_version_id: int | None
    direction: str
    aim: str
    activity: str
    who: str
    sign: str
    follow_up_on: date


class Happened(Protocol):
    @property
    def kind(self) -> str: ...


def state_of(versions: Sequence[Version], events: Sequence[Happened]) -> State:
    """`versions` in order; a goal that has been closed stays so."""
    if any(event.kind == EventKind.CLOSED for event in events):
        return State.CLOSED
    if in_state(versions, VersionState.AGREED):
        return State.AGREED
    return State.PROPOSED if in_state(versions, VersionState.PROPOSED) else State.DROPPED


def is_overdue(state: State | str, follow_up_on: date | None, day: date) -> bool:
    """Whether an agreed goal should have been followed up before this day."""
    return state == State.AGREED and follow_up_on is not None and follow_up_on < day


def awaited(proposer_id: int, souschef_id: int, chef_ids: Collection[int]) -> frozenset[int]:
    """Whose yes a proposal lacks: a chef's of today, or the souschef's; nobody's when its proposer is neither."""
    if proposer_id == souschef_id:
        return frozenset(chef_ids) - {souschef_id}
    return frozenset({souschef_id} if proposer_id in chef_ids else ())


def answer_blockers(
    kind: AnswerKind, state: VersionState, person_id: int, proposer_id: int, awaited_ids: Collection[int]
) -> list[Blocker]:
    """Why this person cannot answer the proposal like this."""
    if state is not VersionState.PROPOSED:
        return [SETTLED[state]]
    if kind is AnswerKind.WITHDRAWN:
        return [] if person_id == proposer_id else [Blocker.NOT_OWN]
    if person_id == proposer_id:
        return [Blocker.OWN]
    return [] if person_id in awaited_ids else [Blocker.PROPOSER_GONE]
