"""Decisions about strategic goals, on plain values."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Protocol, TypeVar

MAX_TITLE, MAX_DESCRIPTION = 120, 1000


class Version(Protocol):
    @property
    def starts_on(self) -> date: ...

    @property
    def ends_on(self) -> date: ...

    @property
    def retired(self) -> bool: ...


class State(StrEnum):
    """`coming` and `past` by the period; `retired` was ended before it."""

    COMING = "coming"
    CURRENT = "current"
    PAST = "past"
    RETIRED = "retired"


AnyVersion = TypeVar("AnyVersion", bound=Version)


def state_on(version: Version, day: date) -> State:
    if version.retired:
        return State.RETIRED
    if day < version.starts_on:
        return State.COMING
    return State.PAST if day > version.ends_on else State.CURRENT


def to_choose(newest: Iterable[AnyVersion], day: date) -> list[AnyVersion]:
    """What a development goal or an activity may point to: what holds today, and what is to come."""
    return [version for version in newest if state_on(version, day) in (State.COMING, State.CURRENT)]
