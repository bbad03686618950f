"""A candidate's profile as a picture: where everything stands is worked out here, the template only draws it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.comparison.queries import Line
from portal.comparison.rules import Result, Spread
from portal.interviews.rules import LEVELS

WIDTH, LEFT, RIGHT, TOP = 360, 30, 50, 28
ROW = 30


@dataclass(frozen=True)
class Row:
    """One competency by its number in the table; what there is no value for is None and is not drawn."""

    number: int
    y: int
    mean: float | None
    mean_x: float | None
    agreed_x: float | None
    low_x: float | None
    high_x: float | None
    minimum_x: float | None


@dataclass(frozen=True)
class Chart:
    width: int
    height: int
    top: int
    left: int
    right: int
    axis: tuple[tuple[int, float], ...]
    rows: tuple[Row, ...]


def x_of(value: float) -> float:
    """Where a value from 1 to 5 lies on the way across."""
    return round(LEFT + (value - LEVELS[0]) / (LEVELS[-1] - LEVELS[0]) * (WIDTH - LEFT - RIGHT), 1)


def _place(value: float | None) -> float | None:
    return None if value is None else x_of(value)


def profile_chart(lines: Sequence[Line], own: Result, agreed: Result, spreads: Mapping[int, Spread | None]) -> Chart:
    """A row for each competency: the mean, how far apart the assessors are, what was agreed, and the must-have."""
    rows = []
    for n, line in enumerate(lines):
        key = line.criterion.key
        mean, spread = own.means[key].value, spreads.get(key)
        low, high = (spread.low, spread.high) if spread else (None, None)
        places = (_place(value) for value in (mean, agreed.means[key].value, low, high, line.criterion.minimum))
        rows.append(Row(line.number, TOP + n * ROW + ROW // 2, mean, *places))
    axis = tuple((level, x_of(level)) for level in LEVELS)
    return Chart(WIDTH, TOP + len(lines) * ROW + 6, TOP, LEFT, WIDTH - RIGHT, axis, tuple(rows))
