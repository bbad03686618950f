"""The comparison as a picture: where everything stands is worked out here, the template only draws it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.comparison.rules import Criterion, Result
from portal.interviews.rules import LEVELS

WIDTH, LEFT, RIGHT, TOP = 360, 26, 62, 26
BAR, GAP, SPACE = 13, 3, 16


@dataclass(frozen=True)
class Bar:
    """One candidate's mean for one competency; `width` is none where nobody covered it."""

    candidate: int  # the place in the list of candidates
    y: int
    width: float
    mean: float | None


@dataclass(frozen=True)
class Group:
    """The bars of one competency; `minimum_x` is where its must-have lies."""

    number: int
    y: int
    height: int
    bars: tuple[Bar, ...]
    minimum_x: float | None


@dataclass(frozen=True)
class Chart:
    width: int
    height: int
    top: int
    left: int
    bar: int
    axis: tuple[tuple[int, float], ...]
    groups: tuple[Group, ...]


def x_of(value: float) -> float:
    """Where a value from 1 to 5 lies on the way across."""
    return round(LEFT + (value - LEVELS[0]) / (LEVELS[-1] - LEVELS[0]) * (WIDTH - LEFT - RIGHT), 1)


def chart(criteria: Sequence[Criterion], results: Sequence[Mapping[int, float | None]]) -> Chart:
    """Bars by competency; `results` are the means by competency, one mapping for each candidate in their order."""
    groups, y = [], TOP
    height = len(results) * (BAR + GAP) - GAP
    for number, criterion in enumerate(criteria, 1):
        bars = tuple(
            Bar(n, y + n * (BAR + GAP), round(x_of(mean) - LEFT, 1) if mean is not None else 0, mean)
            for n, mean in enumerate(found.get(criterion.key) for found in results)
        )
        minimum = x_of(criterion.minimum) if criterion.minimum is not None else None
        groups.append(Group(number, y, height, bars, minimum))
        y += height + SPACE
    axis = tuple((level, x_of(level)) for level in LEVELS)
    return Chart(WIDTH, y, TOP, LEFT, BAR, axis, tuple(groups))


def means_of(result: Result) -> dict[int, float | None]:
    return {key: mean.value for key, mean in result.means.items()}


def letter_of(n: int) -> str:
    """A, B, C … and after Z, AA: what the chart calls the n-th candidate."""
    letter = chr(ord("A") + n % 26)
    return letter if n < 26 else letter_of(n // 26 - 1) + letter
