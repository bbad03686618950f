"""Decisions about checklist items, milestones and sign-off, on plain values.

Facts are appended as events and every state is worked out from them (design, "Facts are appended, states are
computed"); `today` is always an argument.
"""

from bisect import bisect_right
from collections import deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

from portal.bank.rules import PHASES

SOON = timedelta(days=7)
MIN_COMMENT = 10
FROM_TO = " → "  # between what was and what is, in the note of an event that tells of a change


class ItemEventKind(StrEnum):
    """What happens to an item. A waiver is the souschef's or chef's word that the item is not relevant."""

    ADDED = "added"
    COMPLETED = "completed"
    UNDONE = "undone"
    COMMENTED = "commented"
    EDITED = "edited"
    HANDED_OVER = "handed_over"
    WAIVER_ASKED = "waiver_asked"
    WAIVER_GRANTED = "waiver_granted"
    WAIVER_REFUSED = "waiver_refused"
    WAIVER_WITHDRAWN = "waiver_withdrawn"
    RESCHEDULED = "rescheduled"


class ItemState(StrEnum):
    """What the events of an item add up to."""

    OPEN = "open"
    DONE = "done"
    WAIVED = "waived"


STATE_AFTER: Mapping[str, ItemState] = {
    ItemEventKind.COMPLETED: ItemState.DONE,
    ItemEventKind.UNDONE: ItemState.OPEN,
    ItemEventKind.WAIVER_GRANTED: ItemState.WAIVED,
    ItemEventKind.WAIVER_WITHDRAWN: ItemState.OPEN,
}
WAIVER_KINDS = tuple(kind for kind in ItemEventKind if kind.value.startswith("waiver"))


class Urgency(StrEnum):
    """How an item looks today."""

    DONE = "done"
    WAIVED = "waived"
    OVERDUE = "overdue"
    SOON = "soon"
    OPEN = "open"


class MilestoneEventKind(StrEnum):
    REQUESTED = "requested"
    WITHDRAWN = "withdrawn"
    RETURNED = "returned"
    APPROVED = "approved"
    REOPENED = "reopened"


class MilestoneState(StrEnum):
    """`open` until asked; then as the last event of the milestone says."""

    OPEN = "open"
    REQUESTED = "requested"
    RETURNED = "returned"
    APPROVED = "approved"


MILESTONE_AFTER: Mapping[str, MilestoneState] = {
    MilestoneEventKind.REQUESTED: MilestoneState.REQUESTED,
    MilestoneEventKind.WITHDRAWN: MilestoneState.OPEN,
    MilestoneEventKind.RETURNED: MilestoneState.RETURNED,
    MilestoneEventKind.APPROVED: MilestoneState.APPROVED,
    MilestoneEventKind.REOPENED: MilestoneState.OPEN,
}


class Event(Protocol):
    kind: str


class Item(Protocol):
    """What the rules need of a checklist item."""

    @property
    def id(self) -> int: ...

    @property
    def title(self) -> str: ...

    @property
    def phase(self) -> str: ...

    @property
    def required(self) -> bool: ...

    @property
    def due_date(self) -> date: ...

    @property
    def state(self) -> str: ...


class Blocker(StrEnum):
    """Why a step cannot be taken now."""

    ITEMS_OPEN = "items_open"
    EMPTY = "empty"
    ALREADY_REQUESTED = "already_requested"
    ALREADY_APPROVED = "already_approved"
    NOT_REQUESTED = "not_requested"
    NOT_APPROVED = "not_approved"
    LOCKED_APPROVED = "locked_approved"
    LOCKED_REQUESTED = "locked_requested"
    NO_REVIEW = "no_review"
    ENDED = "ended"
    OWN_CHEF = "own_chef"
    OWN_BUDDY = "own_buddy"
    NOT_OPEN = "not_open"
    NO_WAIVER = "no_waiver"
    HAS_ITEM = "has_item"
    NO_RECORD = "no_record"
    CHEFS_WORD = "chefs_word"


def state_of(events: Sequence[Event]) -> ItemState:
    """What the events add up to; the column of the same name is kept in step with it."""
    states = [STATE_AFTER[event.kind] for event in events if event.kind in STATE_AFTER]
    return states[-1] if states else ItemState.OPEN


def waiver_is_asked(events: Sequence[Event]) -> bool:
    """Whether somebody waits for the chef's answer to "not relevant"."""
    kinds = [event.kind for event in events if event.kind in WAIVER_KINDS]
    return bool(kinds) and kinds[-1] == ItemEventKind.WAIVER_ASKED


def is_overdue(state: str, due: date, today: date, milestone: MilestoneState) -> bool:
    """What overdue means everywhere: open, past its day, and somebody can still do it (see `item_blockers`)."""
    return state == ItemState.OPEN and due < today and not item_blockers(milestone)


def urgency(state: str, due: date, today: date, milestone: MilestoneState) -> Urgency:
    """How an item looks today; one that stays as it is for now presses nobody."""
    if state != ItemState.OPEN:
        return Urgency(state)
    if is_overdue(state, due, today, milestone):
        return Urgency.OVERDUE
    return Urgency.SOON if due - today <= SOON and not item_blockers(milestone) else Urgency.OPEN


def milestone_state(events: Sequence[Event]) -> MilestoneState:
    return MILESTONE_AFTER[events[-1].kind] if events else MilestoneState.OPEN


def open_required(items: Iterable[Item]) -> list[Item]:
    """The required items that are neither done nor waived."""
    return [item for item in items if item.required and item.state == ItemState.OPEN]


def request_blockers(state: MilestoneState, items: Sequence[Item]) -> list[Blocker]:
    """Why the souschef cannot ask for sign-off of a milestone with these items."""
    if state is MilestoneState.REQUESTED:
        return [Blocker.ALREADY_REQUESTED]
    if state is MilestoneState.APPROVED:
        return [Blocker.ALREADY_APPROVED]
    if not items:
        return [Blocker.EMPTY]
    return [Blocker.ITEMS_OPEN] if open_required(items) else []


def decision_blockers(
    state: MilestoneState, items: Sequence[Item], *, review_is_missing: bool = False
) -> list[Blocker]:
    """Why the chef cannot approve it; the trial period's milestone needs its review, shared with the souschef."""
    if state is not MilestoneState.REQUESTED:
        return [Blocker.NOT_REQUESTED]
    found = [Blocker.ITEMS_OPEN] if open_required(items) else []
    return found + ([Blocker.NO_REVIEW] if review_is_missing else [])


def return_blockers(state: MilestoneState) -> list[Blocker]:
    return [] if state is MilestoneState.REQUESTED else [Blocker.NOT_REQUESTED]


def reopen_blockers(state: MilestoneState) -> list[Blocker]:
    return [] if state is MilestoneState.APPROVED else [Blocker.NOT_APPROVED]


def item_blockers(state: MilestoneState) -> list[Blocker]:
    """Why an item of a milestone stays as it is: what the chef decides on, or has decided, must not move."""
    if state is MilestoneState.APPROVED:
        return [Blocker.LOCKED_APPROVED]
    return [Blocker.LOCKED_REQUESTED] if state is MilestoneState.REQUESTED else []


LOCKING = tuple(kind for kind, state in MILESTONE_AFTER.items() if item_blockers(state))


def change_blockers(*, was_required: bool, required: bool, own: bool, decides: bool) -> list[Blocker]:
    """Why the words of an item cannot be changed so: what must be done is left out by the chef's word alone.

    `own` is an item that the person has added, `decides` one who decides for the chef.
    """
    return [Blocker.CHEFS_WORD] if was_required and not required and not own and not decides else []


def same_title(title: str) -> str:
    """The title as it is compared: neither case nor spaces make another item of it."""
    return " ".join(title.casefold().split())


def addition_blockers(
    title: str, origin: int | None, state: MilestoneState, *, titles: Collection[str], origins: Collection[int]
) -> list[Blocker]:
    """Why a running plan does not get an item that is new in its template.

    `origin` is the item's entry in the bank, `state` that of the milestone in which it would land; `titles` (as
    `same_title` gives them) and `origins` are those of the items that the plan has.
    """
    if origin in origins or same_title(title) in titles:
        return [Blocker.HAS_ITEM]
    return item_blockers(state)


def start_blockers(*, souschef_id: int, chef_id: int | None, buddy_id: int | None) -> list[Blocker]:
    """Why a plan cannot be made for these people: someone must be able to sign off, and a buddy is somebody else."""
    found = [Blocker.OWN_CHEF] if souschef_id == chef_id else []
    return found + ([Blocker.OWN_BUDDY] if souschef_id == buddy_id else [])


@dataclass(frozen=True)
class Progress:
    """How many are done of how many; what is waived counts in neither."""

    done: int
    total: int

    @property
    def percent(self) -> int:
        return round(100 * self.done / self.total) if self.total else 0


def progress(states: Iterable[str]) -> Progress:
    counted = [state for state in states if state != ItemState.WAIVED]
    return Progress(sum(state == ItemState.DONE for state in counted), len(counted))


@dataclass(frozen=True)
class Change:
    """On that day the item was closed or opened again, as `kind` says."""

    item_id: int
    kind: str
    day: date


def done_over_time(changes: Iterable[Change], counted: Collection[int], days: Sequence[date]) -> list[int]:
    """How many of the counted items were done at the end of each day; changes and days are in order."""
    done: set[int] = set()
    found, rest = [], deque(change for change in changes if change.item_id in counted)
    for day in days:
        while rest and rest[0].day <= day:
            change = rest.popleft()
            (done.add if STATE_AFTER[change.kind] is ItemState.DONE else done.discard)(change.item_id)
        found.append(len(done))
    return found


def due_over_time(due_dates: Iterable[date], days: Sequence[date]) -> list[int]:
    """How many items should be done at the end of each day."""
    ordered = sorted(due_dates)
    return [bisect_right(ordered, day) for day in days]


def next_phase(states: Mapping[str, MilestoneState]) -> str | None:
    """The first milestone in order that is not approved."""
    return next((phase for phase in PHASES if phase in states and states[phase] is not MilestoneState.APPROVED), None)


class Dated(Protocol):
    @property
    def phase(self) -> str: ...

    @property
    def due_date(self) -> date: ...

    @property
    def state(self) -> str: ...


def open_from(items: Iterable[Dated], locked: Collection[str] = ()) -> date | None:
    """The earliest due date of an item that is still to be done: before today, the plan is behind.

    The items of `locked` phases stay as they are: with the chef, or signed off.
    """
    due = (item.due_date for item in items if item.state == ItemState.OPEN and item.phase not in locked)
    return min(due, default=None)


class Closed(Item, Protocol):
    """An item with the event that closed it, as a snapshot tells of it."""

    @property
    def events(self) -> Sequence[Any]: ...


def snapshot(phase: str, items: Iterable[Closed], extra: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """What is approved, in full: each item with who closed it, when, and what documents it."""
    return {"phase": phase, "items": [snapshot_item(item) for item in items], **(extra or {})}


def snapshot_item(item: Closed) -> dict[str, Any]:
    """One item with who closed it, when, and what documents it."""
    closing = [event for event in item.events if event.kind in STATE_AFTER and item.state != ItemState.OPEN]
    notes = [event.note for event in item.events if event.kind == ItemEventKind.COMPLETED and event.note]
    last = closing[-1] if closing else None
    at: datetime | None = last.at if last else None
    return {
        "title": item.title,
        "required": item.required,
        "due": item.due_date.isoformat(),
        "state": item.state,
        "done_by": last.by.name if last else None,
        "done_at": at.isoformat() if at else None,
        "note": last.note if last and last.note else (notes[-1] if notes and item.state == ItemState.DONE else ""),
    }
