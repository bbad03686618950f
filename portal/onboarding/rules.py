"""Decisions about checklist items, milestones and sign-off, on plain values.

Facts are appended as events and every state is worked out from them (design, "Facts are appended, states are
computed"); `today` is always an argument.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

from portal.bank.rules import PHASES

SOON = timedelta(days=7)
MIN_RETURN_COMMENT = 10


class ItemEventKind(StrEnum):
    COMPLETED = "completed"
    UNDONE = "undone"


class MilestoneState(StrEnum):
    """`open` until asked; then as the last event of the milestone says."""

    OPEN = "open"
    REQUESTED = "requested"
    RETURNED = "returned"
    APPROVED = "approved"


class ItemState(StrEnum):
    DONE = "done"
    OVERDUE = "overdue"
    SOON = "soon"
    OPEN = "open"


class Event(Protocol):
    kind: str


class Item(Protocol):
    """What the rules need of a checklist item."""

    @property
    def title(self) -> str: ...

    @property
    def required(self) -> bool: ...

    @property
    def due_date(self) -> date: ...

    @property
    def events(self) -> Sequence[Any]: ...


class Blocker(StrEnum):
    """Why a step cannot be taken now."""

    ITEMS_OPEN = "items_open"
    EMPTY = "empty"
    ALREADY_REQUESTED = "already_requested"
    ALREADY_APPROVED = "already_approved"
    NOT_REQUESTED = "not_requested"
    LOCKED_APPROVED = "locked_approved"
    LOCKED_REQUESTED = "locked_requested"
    OWN_CHEF = "own_chef"
    OWN_BUDDY = "own_buddy"


def start_blockers(souschef_id: int, chef_id: int | None, buddy_id: int | None) -> list[Blocker]:
    """Why a plan cannot begin with these people: nobody signs off their own, nor is their own buddy."""
    blockers = [Blocker.OWN_CHEF] if souschef_id == chef_id else []
    return [*blockers, Blocker.OWN_BUDDY] if souschef_id == buddy_id else blockers


def due_date(start: date, offset_days: int) -> date:
    """Calendar days from the start date; before the start they are negative."""
    return start + timedelta(days=offset_days)


def is_done(events: Sequence[Event]) -> bool:
    return bool(events) and events[-1].kind == ItemEventKind.COMPLETED


def item_state(done: bool, due: date, today: date) -> ItemState:
    if done:
        return ItemState.DONE
    if due < today:
        return ItemState.OVERDUE
    return ItemState.SOON if due - today <= SOON else ItemState.OPEN


def milestone_state(events: Sequence[Event]) -> MilestoneState:
    return MilestoneState(events[-1].kind) if events else MilestoneState.OPEN


def open_required(items: Iterable[Item]) -> list[str]:
    """Titles of the required items that are not done."""
    return [item.title for item in items if item.required and not is_done(item.events)]


def request_blockers(state: MilestoneState, items: Sequence[Item]) -> list[Blocker]:
    """Why the souschef cannot ask for sign-off of a milestone with these items."""
    if state is MilestoneState.REQUESTED:
        return [Blocker.ALREADY_REQUESTED]
    if state is MilestoneState.APPROVED:
        return [Blocker.ALREADY_APPROVED]
    if not items:
        return [Blocker.EMPTY]
    return [Blocker.ITEMS_OPEN] if open_required(items) else []


def decision_blockers(state: MilestoneState) -> list[Blocker]:
    """Why the chef cannot approve or return it."""
    return [] if state is MilestoneState.REQUESTED else [Blocker.NOT_REQUESTED]


def item_blockers(state: MilestoneState) -> list[Blocker]:
    """Why an item of a milestone cannot be ticked or undone: what the chef decides on must stay as it was."""
    if state is MilestoneState.APPROVED:
        return [Blocker.LOCKED_APPROVED]
    return [Blocker.LOCKED_REQUESTED] if state is MilestoneState.REQUESTED else []


@dataclass(frozen=True)
class Progress:
    """How many are done of how many."""

    done: int
    total: int


def progress(items: Iterable[Item]) -> Progress:
    states = [is_done(item.events) for item in items]
    return Progress(sum(states), len(states))


def next_phase(states: dict[str, MilestoneState]) -> str | None:
    """The first milestone in order that is not approved."""
    return next((phase for phase in PHASES if phase in states and states[phase] is not MilestoneState.APPROVED), None)


def snapshot(phase: str, items: Iterable[Item]) -> dict[str, Any]:
    """What is approved, in full: each item with who completed it, when, and what documents it."""
    return {"phase": phase, "items": [_snapshot_item(item) for item in items]}


def _snapshot_item(item: Item) -> dict[str, Any]:
    last = item.events[-1] if is_done(item.events) else None
    at: datetime | None = last.at if last else None
    return {
        "title": item.title,
        "required": item.required,
        "due": item.due_date.isoformat(),
        "done_by": last.by.name if last else None,
        "done_at": at.isoformat() if at else None,
        "note": last.note if last else "",
    }


def digest(content: dict[str, Any]) -> str:
    """SHA-256 of the canonical JSON: keys sorted, no spaces, UTF-8."""
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
