"""Charts as numbers that an SVG template only has to draw: where lines, ticks and labels stand. Pure.

components/charts.html draws them; colours and line styles come from the classes `series-1`, `series-2`, …
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

WIDTH, HEIGHT = 720, 300
LEFT, RIGHT, TOP, BOTTOM = 44, 24, 16, 34
STEPS = (1, 2, 5)
MOST_STEPS = 6
LABEL_GAP = 90  # so far apart two labels on the time axis stand at least


@dataclass(frozen=True)
class Series:
    """One line: its values by day; a day without a value (None) is left out, as what is still to come."""

    label: str
    values: Sequence[float | None]


@dataclass(frozen=True)
class Tick:
    """A place on an axis; `day` is set on the time axis, `value` on the other."""

    at: float
    value: int = 0
    day: date | None = None
    anchor: str = "middle"


@dataclass(frozen=True)
class Line:
    """A finished line; `number` chooses its colour, `points` is what SVG's polyline takes, `end` is its last point."""

    number: int
    label: str
    points: str
    end: tuple[float, float] | None


@dataclass(frozen=True)
class LineChart:
    """`mark` is where a day that matters (today) lies, if it is on the chart."""

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    lines: tuple[Line, ...]
    mark: float | None


def line_chart(days: Sequence[date], series: Sequence[Series], mark: date | None = None) -> LineChart:
    """Lines over time. `days` are in order; every series has a value for each of them."""
    first, last = (days[0], days[-1]) if days else (date.min, date.min)
    span = max((last - first).days, 1)
    values = [value for line in series for value in line.values if value is not None]
    levels = axis(max(values, default=0))
    right, bottom = WIDTH - RIGHT, HEIGHT - BOTTOM

    def x_of(day: date) -> float:
        return round(LEFT + (day - first).days / span * (right - LEFT), 1)

    def y_of(value: float) -> float:
        return round(bottom - value / levels[-1] * (bottom - TOP), 1)

    return LineChart(
        WIDTH, HEIGHT, LEFT, right, TOP, bottom,
        across=tuple(_across(first, last, x_of(first), x_of(last))) if days else (),
        up=tuple(Tick(y_of(level), value=level) for level in levels),
        lines=tuple(
            _line(n, line.label, [(x_of(d), y_of(v)) for d, v in zip(days, line.values, strict=True) if v is not None])
            for n, line in enumerate(series, 1)
        ),
        mark=x_of(mark) if mark is not None and first <= mark <= last else None,
    )  # fmt: skip


def axis(highest: float) -> list[int]:
    """Round whole numbers from 0 to at least `highest`, at most seven of them."""
    step, power = 1, 0
    while step * MOST_STEPS < highest:
        power += 1
        step = STEPS[power % len(STEPS)] * 10 ** (power // len(STEPS))
    count = max(1, -(-int(-(-highest // 1)) // step))
    return [step * n for n in range(count + 1)]


def _line(number: int, label: str, points: Sequence[tuple[float, float]]) -> Line:
    return Line(number, label, " ".join(f"{x},{y}" for x, y in points), points[-1] if points else None)


def _across(first: date, last: date, left: float, right: float) -> list[Tick]:
    """Evenly spread days, the first and the last among them."""
    count = max(1, min(int((right - left) // LABEL_GAP), (last - first).days))
    count -= count > 2 and count % 2  # every other label can be left out where there is little room
    found = []
    for n in range(count + 1):
        anchor = "start" if n == 0 else "end" if n == count else "middle"
        day = first + timedelta(days=round((last - first).days * n / count))
        found.append(Tick(round(left + (right - left) * n / count, 1), day=day, anchor=anchor))
    return found


def sample_days(first: date, last: date, also: Sequence[date] = (), most: int = 30) -> list[date]:
    """The days to show between two days: every week, or as many weeks apart as `most` asks for, and those in `also`."""
    weeks = max(1, -(-((last - first).days // 7 + 1) // most))
    regular = {first + timedelta(weeks=n) for n in range(0, (last - first).days // 7 + 1, weeks)}
    return sorted(regular | {first, last} | {day for day in also if first <= day <= last})
