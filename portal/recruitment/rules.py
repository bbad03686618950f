"""Decisions about the requirement profile, on plain values."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

EQUAL_WEIGHT = 1
FEWEST_MEMBERS, GOOD_PANEL = 2, 3
WEIGHTS = (1, 2, 3)
MINIMA = (2, 3, 4)


class CandidateState(StrEnum):
    """Where an application stands; each but the first is an event with who, when and why."""

    APPLIED = "applied"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"
    HIRED = "hired"


RESUMED = "resumed"  # the event that takes the last one back
OUT = (CandidateState.WITHDRAWN, CandidateState.REFUSED)


def state_of(kinds: Iterable[str]) -> CandidateState:
    """The state after these events in their order."""
    last = next(reversed([*kinds]), RESUMED)
    return CandidateState.APPLIED if last == RESUMED else CandidateState(last)


class SettlingBlocker(StrEnum):
    """Why what became of an application cannot be put down like this."""

    UNKNOWN = "unknown"
    SETTLED = "settled"
    STANDS = "stands"
    NO_REASON = "no_reason"
    TAKEN = "taken"


def settling_blockers(state: CandidateState, kind: str, reason: str, *, taken: bool) -> list[SettlingBlocker]:
    """Only an application that stands can be withdrawn, refused or hired, and only one that does not can be resumed.

    A reason is always kept. `taken` is whether someone else has been hired: there is one vacancy.
    """
    if kind == RESUMED:
        blockers = [SettlingBlocker.STANDS] if state is CandidateState.APPLIED else []
    elif kind not in (*OUT, CandidateState.HIRED):
        blockers = [SettlingBlocker.UNKNOWN]
    elif state is not CandidateState.APPLIED:
        blockers = [SettlingBlocker.SETTLED]
    else:
        blockers = [SettlingBlocker.TAKEN] if kind == CandidateState.HIRED and taken else []
    return blockers if reason.strip() else [*blockers, SettlingBlocker.NO_REASON]


@dataclass(frozen=True)
class Choice:
    """One competency of a profile as chosen: `minimum` (a mean from 1 to 5) makes it a must-have."""

    competency_id: int
    weight: int = EQUAL_WEIGHT
    minimum: int | None = None
    reason: str = ""


def needs_reason(choice: Choice) -> bool:
    """Weights are equal unless a written reason says why not (agency guidance on structured interviews)."""
    return choice.weight != EQUAL_WEIGHT and not choice.reason.strip()


class RemovalBlocker(StrEnum):
    """Why a candidate stays: something about them is on record or hangs on them."""

    DECLARED = "declared"
    REFEREES = "referees"
    SETTLED = "settled"


def removal_blockers(*, declarations: int, referees: int, events: int = 0) -> list[RemovalBlocker]:
    """A candidate can be taken out while nobody has declared themselves, no referee is named, and nothing has become
    of the application."""
    found = {
        RemovalBlocker.DECLARED: declarations,
        RemovalBlocker.REFEREES: referees,
        RemovalBlocker.SETTLED: events,
    }
    return [blocker for blocker, count in found.items() if count]


def same_name(name: str, others: Iterable[str]) -> bool:
    """Whether one of the others is called the same, whatever the case and the spaces."""
    wanted = " ".join(name.casefold().split())
    return any(" ".join(other.casefold().split()) == wanted for other in others)


@dataclass(frozen=True)
class CandidateRow:
    """A row of a file of candidates: where it stands, the name, and perhaps a time (Danish time) and a place."""

    number: int
    name: str
    starts_at: datetime | None = None
    minutes: int = 60
    place: str = ""


def doubled(rows: Sequence[CandidateRow], known: Iterable[str]) -> set[int]:
    """The numbers of those rows whose name is there already, or stands in a row above, whatever the case and spaces."""
    seen = {" ".join(name.casefold().split()) for name in known}
    found = set()
    for row in rows:
        name = " ".join(row.name.casefold().split())
        if name in seen:
            found.add(row.number)
        seen.add(name)
    return found


class PanelAdvice(StrEnum):
    """What is unusual about a panel; it is pointed out, and never stands in the way."""

    TOO_SMALL = "too_small"
    SMALL = "small"
    EVEN = "even"
    NO_CHAIR = "no_chair"


def panel_advice(members: int, *, chair: bool) -> list[PanelAdvice]:
    """An odd number of members, at least three, and one who chairs: otherwise what to think over."""
    if members < FEWEST_MEMBERS:
        found = [PanelAdvice.TOO_SMALL]
    elif members < GOOD_PANEL:
        found = [PanelAdvice.SMALL]
    else:
        found = [PanelAdvice.EVEN] if members % 2 == 0 else []
    return found if chair else [*found, PanelAdvice.NO_CHAIR]
