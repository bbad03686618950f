"""Decisions about templates, on plain values."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Protocol

from portal.bank.rules import PHASES

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


class Item(Protocol):
    @property
    def phase(self) -> str: ...

    @property
    def competency_keys(self) -> Sequence[str]: ...


class Blocker(StrEnum):
    """Why a draft cannot be published."""

    NO_ITEMS = "no_items"
    PHASE_ORDER = "phase_order"
    UNKNOWN_PHASE = "unknown_phase"


def publish_blockers(phase_days: Mapping[str, int], items: Sequence[Item]) -> list[Blocker]:
    """Milestones must follow each other in time, and every item must belong to one of them."""
    found = [] if items else [Blocker.NO_ITEMS]
    days = [phase_days[phase] for phase in PHASES if phase in phase_days]
    if days != sorted(days):
        found.append(Blocker.PHASE_ORDER)
    if any(item.phase not in phase_days for item in items):
        found.append(Blocker.UNKNOWN_PHASE)
    return found


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
