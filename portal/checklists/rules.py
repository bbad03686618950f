"""Decisions about templates, on plain values."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any, Protocol

from portal.bank.rules import PHASES
from portal.digests import digest

# The day of each milestone, counted from the first day at work; the trial period's review follows the contract.
STANDARD_DAYS: Mapping[str, int] = {
    "before_start": -1,
    "day_1": 0,
    "week_1": 7,
    "day_30": 30,
    "trial_review": 65,
    "day_90": 90,
    "month_6": 182,
}
REVIEW = "trial_review"
BEFORE_START = (-180, -1)
AFTER_START = (0, 730)


class Item(Protocol):
    @property
    def phase(self) -> str: ...

    @property
    def competency_keys(self) -> Sequence[str]: ...


class Blocker(StrEnum):
    """Why a draft cannot be published."""

    NO_ITEMS = "no_items"
    NO_MILESTONE = "no_milestone"
    EMPTY_PHASE = "empty_phase"
    PHASE_ORDER = "phase_order"
    UNKNOWN_PHASE = "unknown_phase"
    RETIRED = "retired"
    UNCHANGED = "unchanged"


def day_limits(phase: str) -> tuple[int, int]:
    """The first and the last day on which the milestone can lie."""
    return BEFORE_START if phase == "before_start" else AFTER_START


def in_order(phase_days: Mapping[str, int]) -> bool:
    """Whether the milestones follow each other in time."""
    days = [phase_days[phase] for phase in PHASES if phase in phase_days]
    return days == sorted(days)


def publish_blockers(
    phase_days: Mapping[str, int], items: Sequence[Item], *, retired: bool = False, unchanged: bool = False
) -> list[Blocker]:
    """Milestones follow each other in time, each has something to sign off, and every item belongs to one of them.

    A plan without a trial period has no review of it, so the review alone is no milestone to build on.
    """
    found = [Blocker.RETIRED] if retired else []
    found += [Blocker.UNCHANGED] if unchanged else []
    found += [] if items else [Blocker.NO_ITEMS]
    found += [] if set(phase_days) - {REVIEW} else [Blocker.NO_MILESTONE]
    found += [] if in_order(phase_days) else [Blocker.PHASE_ORDER]
    phases = {item.phase for item in items}
    found += [Blocker.UNKNOWN_PHASE] if phases - set(phase_days) else []
    return found + ([Blocker.EMPTY_PHASE] if items and set(phase_days) - phases else [])


def coverage(items: Iterable[Item], competency_keys: Sequence[str]) -> dict[str, int]:
    """How many items train each competency, none left out."""
    counts = Counter(key for item in items for key in item.competency_keys)
    return {key: counts[key] for key in competency_keys}


def moved(ids: Sequence[int], item_id: int, step: int) -> list[int]:
    """The ids with one of them `step` places further down (up when negative); at the ends it stays."""
    order = list(ids)
    place = order.index(item_id)
    order.insert(max(0, min(len(order) - 1, place + step)), order.pop(place))
    return order


def place_of(order: str, ids: Sequence[int], item_id: int) -> int:
    """How many places "up", "down" or a number (counted from one) moves the item; what is none of them, nowhere."""
    if order in ("up", "down"):
        return -1 if order == "up" else 1
    return int(order) - 1 - ids.index(item_id) if order.isascii() and order.isdigit() and len(order) < 6 else 0


def stamp(*values: Any) -> str:
    """Short for exactly these JSON values: a form carries what it began with, so that the second saver is told."""
    return digest(values)[:16]
