"""Decisions about the annual talk (MUS), on plain values."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

MAX_WORDS, MAX_SUMMARY, MAX_PLACE = 2000, 6000, 200
MIN_MINUTES, MAX_MINUTES, MINUTES = 30, 240, 90
MAX_COMPETENCIES = 8
LEVELS = range(1, 6)


class Side(StrEnum):
    SOUSCHEF = "souschef"
    CHEF = "chef"

    @property
    def other(self) -> "Side":
        return Side.CHEF if self is Side.SOUSCHEF else Side.SOUSCHEF


class Purpose(StrEnum):
    """What a preparation is released for: the talk, or (the souschef's wishes) the nameless count of needs."""

    TALK = "talk"
    NEEDS = "needs"


class ReleaseKind(StrEnum):
    RELEASED = "released"
    WITHDRAWN = "withdrawn"


class EventKind(StrEnum):
    CALLED = "called"
    MOVED = "moved"
    CHOSEN = "chosen"
    CANCELLED = "cancelled"


class SharingKind(StrEnum):
    SHARED = "shared"
    WITHDRAWN = "withdrawn"


class Stage(StrEnum):
    """`preparing` until both have released, `open` until both have confirmed, then `confirmed`.

    A talk whose chef is no longer the souschef's chef is `broken_off`: it cannot be held, only called off.
    """

    PREPARING = "preparing"
    OPEN = "open"
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"
    BROKEN_OFF = "broken_off"


class Release(Protocol):
    @property
    def side(self) -> str: ...

    @property
    def purpose(self) -> str: ...

    @property
    def kind(self) -> str: ...


class Talk(Protocol):
    """What the rules need of a talk."""

    @property
    def released_at(self) -> datetime | None: ...

    @property
    def frozen_at(self) -> datetime | None: ...

    @property
    def cancelled_at(self) -> datetime | None: ...


def stage_of(talk: Talk, *, chef_is_own: bool) -> Stage:
    if talk.cancelled_at:
        return Stage.CANCELLED
    if talk.frozen_at:
        return Stage.CONFIRMED
    if not chef_is_own:
        return Stage.BROKEN_OFF
    return Stage.OPEN if talk.released_at else Stage.PREPARING


def released_sides(releases: Iterable[Release], purpose: Purpose = Purpose.TALK) -> frozenset[Side]:
    """The sides whose last word on this purpose, in the order given, was to release."""
    last = {release.side: release.kind for release in releases if release.purpose == purpose}
    return frozenset(Side(side) for side, kind in last.items() if kind == ReleaseKind.RELEASED)


class Sharing(Protocol):
    @property
    def with_id(self) -> int: ...

    @property
    def kind(self) -> str: ...


def shared_with(sharings: Iterable[Sharing]) -> frozenset[int]:
    """The persons with whom the talk is shared now."""
    last = {sharing.with_id: sharing.kind for sharing in sharings}
    return frozenset(person_id for person_id, kind in last.items() if kind == SharingKind.SHARED)


class Blocker(StrEnum):
    """Why something cannot be done with the talk now."""

    CANCELLED = "cancelled"
    CONFIRMED = "confirmed"
    BROKEN_OFF = "broken_off"
    RELEASED = "released"
    BOTH_RELEASED = "both_released"
    NOT_RELEASED = "not_released"
    NO_SUMMARY = "no_summary"
    OTHER_SUMMARY = "other_summary"
    NOT_CONFIRMED = "not_confirmed"
    ALREADY_CALLED = "already_called"


_ENDED = {
    Stage.CANCELLED: Blocker.CANCELLED,
    Stage.CONFIRMED: Blocker.CONFIRMED,
    Stage.BROKEN_OFF: Blocker.BROKEN_OFF,
}


def planning_blockers(stage: Stage) -> list[Blocker]:
    """Why the talk cannot be moved, or other competencies chosen."""
    return [_ENDED[stage]] if stage in _ENDED else []


def cancelling_blockers(stage: Stage) -> list[Blocker]:
    return [_ENDED[stage]] if stage in (Stage.CANCELLED, Stage.CONFIRMED) else []


def writing_blockers(stage: Stage, side: Side, released: Collection[Side]) -> list[Blocker]:
    """Why this side cannot write on its preparation; what it has released it takes back first."""
    if stage in _ENDED:
        return [_ENDED[stage]]
    if stage is Stage.OPEN:
        return [Blocker.BOTH_RELEASED]
    return [Blocker.RELEASED] if side in released else []


def withdrawing_blockers(stage: Stage, side: Side, released: Collection[Side]) -> list[Blocker]:
    """Why this side cannot take its release back: what both have released stays."""
    if stage in _ENDED:
        return [_ENDED[stage]]
    if stage is Stage.OPEN:
        return [Blocker.BOTH_RELEASED]
    return [] if side in released else [Blocker.NOT_RELEASED]


def summary_blockers(stage: Stage) -> list[Blocker]:
    """Why the summary cannot be written: first both have released, so that both have read."""
    if stage in _ENDED:
        return [_ENDED[stage]]
    return [] if stage is Stage.OPEN else [Blocker.NOT_RELEASED]


def confirming_blockers(stage: Stage, newest: int | None, number: int) -> list[Blocker]:
    """Why the summary with this number cannot be confirmed: only the newest is, so that both confirm the same."""
    found = summary_blockers(stage)
    if not found and newest is None:
        return [Blocker.NO_SUMMARY]
    return found or ([] if newest == number else [Blocker.OTHER_SUMMARY])


@dataclass(frozen=True)
class Words:
    """One side's view of one competency."""

    words: str = ""
    level: int | None = None
    wants: bool = False

    @property
    def empty(self) -> bool:
        return not (self.words or self.level or self.wants)


@dataclass(frozen=True)
class Suggested:
    """A competency that the talk may be about, and where it comes from."""

    key: str
    in_focus: bool = False
    has_goal: bool = False


def suggest(focus_keys: Sequence[str], goal_keys: Sequence[str]) -> list[Suggested]:
    """The agreed focus areas and the open goals, each competency once, at most as many as a talk can hold."""
    keys = dict.fromkeys([*focus_keys, *goal_keys])
    return [Suggested(key, key in focus_keys, key in goal_keys) for key in keys][:MAX_COMPETENCIES]
