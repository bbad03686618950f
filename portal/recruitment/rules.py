"""Decisions about the requirement profile, on plain values."""

from collections.abc import Iterable
from dataclasses import dataclass
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


def removal_blockers(*, declarations: int, referees: int) -> list[RemovalBlocker]:
    """A candidate can be taken out while nobody has declared themselves and no referee is named."""
    blockers = [RemovalBlocker.DECLARED] if declarations else []
    return [*blockers, RemovalBlocker.REFEREES] if referees else blockers


def same_name(name: str, others: Iterable[str]) -> bool:
    """Whether one of the others is called the same, whatever the case and the spaces."""
    wanted = " ".join(name.casefold().split())
    return any(" ".join(other.casefold().split()) == wanted for other in others)


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
