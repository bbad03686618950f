"""Decisions about the requirement profile, on plain values."""

from dataclasses import dataclass

EQUAL_WEIGHT = 1
WEIGHTS = (1, 2, 3)
MINIMA = (2, 3, 4)


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
