"""How far assessors agree, as numbers that advise: intraclass correlations and Krippendorff's alpha. Pure.

Whatever cannot be worked out is None: with fewer than two candidates or assessors, without any difference between the
scores, and (for the correlations) while a score is missing. Never a number that only looks like one.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

Table = Sequence[Sequence[float | None]]  # a row for each candidate, a column for each assessor
Units = Iterable[Sequence[float | None]]  # what several assessors said of the same thing
Distance = Callable[[float, float, Mapping[float, float]], float]

FEWEST = 2
NEARLY_NOTHING = 1e-12  # what binary fractions leave behind where the scores do not differ


@dataclass(frozen=True)
class _Squares:
    """Mean squares of a full table: between candidates, within them, between assessors, and what remains."""

    n: int
    k: int
    rows: float
    within: float
    columns: float
    rest: float


def _squares(table: Table) -> _Squares | None:
    """Two-way analysis of variance; None for what is too small, incomplete or without any difference."""
    n, k = len(table), min((len(row) for row in table), default=0)
    if n < FEWEST or k < FEWEST or any(len(row) != k for row in table):
        return None
    full = [[value for value in row if value is not None] for row in table]
    if any(len(row) != k for row in full):
        return None
    mean = sum(map(sum, full)) / (n * k)
    total = sum((value - mean) ** 2 for row in full for value in row)
    rows = k * sum((sum(row) / k - mean) ** 2 for row in full)
    columns = n * sum((sum(column) / n - mean) ** 2 for column in zip(*full, strict=True))
    if rows < NEARLY_NOTHING:  # nothing in which candidates differ
        return None
    rest = max(total - rows - columns, 0.0)
    return _Squares(n, k, rows / (n - 1), (total - rows) / (n * (k - 1)), columns / (k - 1), rest / ((n - 1) * (k - 1)))


def _ratio(above: float, below: float) -> float | None:
    """What lies below can come near to nothing, or under it, where the assessors disagree more than by chance."""
    return above / below if below > NEARLY_NOTHING else None


def icc_single(table: Table) -> float | None:
    """ICC(2,1): how far the score of one assessor tells candidates apart, when all assess all (Shrout & Fleiss)."""
    s = _squares(table)
    return _ratio(s.rows - s.rest, s.rows + (s.k - 1) * s.rest + s.k * (s.columns - s.rest) / s.n) if s else None


def icc_mean(table: Table) -> float | None:
    """ICC(2,k): the same for the mean of all the assessors."""
    s = _squares(table)
    return _ratio(s.rows - s.rest, s.rows + (s.columns - s.rest) / s.n) if s else None


def icc_family(table: Table) -> dict[str, float | None]:
    """All six of Shrout & Fleiss, by their name; the portal shows two, the others hold the arithmetic to the source."""
    s = _squares(table)
    if s is None:
        return dict.fromkeys(("1,1", "2,1", "3,1", "1,k", "2,k", "3,k"))
    return {
        "1,1": _ratio(s.rows - s.within, s.rows + (s.k - 1) * s.within),
        "2,1": icc_single(table),
        "3,1": _ratio(s.rows - s.rest, s.rows + (s.k - 1) * s.rest),
        "1,k": _ratio(s.rows - s.within, s.rows),
        "2,k": icc_mean(table),
        "3,k": _ratio(s.rows - s.rest, s.rows),
    }


def nominal(one: float, other: float, counts: Mapping[float, float]) -> float:
    return float(one != other)


def interval(one: float, other: float, counts: Mapping[float, float]) -> float:
    return (one - other) ** 2


def ordinal(one: float, other: float, counts: Mapping[float, float]) -> float:
    """As far apart as there are values in between; how large the steps are does not count."""
    low, high = min(one, other), max(one, other)
    between = sum(count for value, count in counts.items() if low <= value <= high)
    return (between - (counts[low] + counts[high]) / 2) ** 2


@dataclass(frozen=True)
class Coincidences:
    """How often each value was given, and how often each two values stand together for the same thing."""

    counts: Mapping[float, float]
    together: Mapping[tuple[float, float], float]


def coincidences(units: Units) -> Coincidences:
    """What only one assessor has said of a thing is paired with nothing and does not count."""
    given = [[value for value in unit if value is not None] for unit in units]
    counts: dict[float, float] = {}
    together: dict[tuple[float, float], float] = {}
    for unit in given:
        share = 1 / (len(unit) - 1) if len(unit) >= FEWEST else 0
        own = Counter(unit) if share else {}
        for one, n in own.items():
            counts[one] = counts.get(one, 0) + n
            for other, m in own.items():
                together[one, other] = together.get((one, other), 0) + n * (m - (one == other)) * share
    return Coincidences(counts, together)


def alpha_of(found: Coincidences, distance: Distance) -> float | None:
    """Krippendorff's alpha of what stands together."""
    counts, total = found.counts, sum(found.counts.values())
    observed = sum(n * distance(one, other, counts) for (one, other), n in found.together.items())
    by_chance = sum(n * m * distance(v, w, counts) for v, n in counts.items() for w, m in counts.items())
    return 1 - (total - 1) * observed / by_chance if by_chance > NEARLY_NOTHING else None


def alpha(units: Units, distance: Distance) -> float | None:
    return alpha_of(coincidences(units), distance)


def sample_sd(values: Sequence[float]) -> float | None:
    """The standard deviation of a sample (n − 1); None with fewer than two values."""
    if len(values) < FEWEST:
        return None
    mean = sum(values) / len(values)
    return float((sum((value - mean) ** 2 for value in values) / (len(values) - 1)) ** 0.5)


@dataclass(frozen=True)
class Agreement:
    """What the portal shows; each is None where it cannot be worked out."""

    single: float | None
    mean: float | None
    ordinal: float | None
    interval: float | None


def agreement(table: Table, units: Sequence[Sequence[float | None]]) -> Agreement:
    """`table` holds each assessor's weighted mean of each candidate, `units` the scores of each question of each.

    Alpha needs at least two candidates, too, to say anything about telling them apart.
    """
    if len(table) < FEWEST:
        return Agreement(None, None, None, None)
    found = coincidences(units)
    return Agreement(icc_single(table), icc_mean(table), alpha_of(found, ordinal), alpha_of(found, interval))
