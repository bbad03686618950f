"""Counting needs so that no reader learns a number about fewer than five people; on plain values.

Two things hold for whatever is published, and the tests prove them by brute force:

- Every figure is a band of at least five values, so that a group of under nine people can be told nothing.
- Whoever adds and subtracts all figures of one competency still has at least five values left for every group and for
  every union of groups. Groups tell bands that begin at a multiple of five. The agency's bands divide what the groups'
  bands leave possible, from its lower end: where they are cut depends on what is public already, and tells no more.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

BAND = 5
FEWEST_PEOPLE = 5  # a group of fewer is put together with others
TELLS_FROM = 2 * BAND - 1  # "fewer than five" and one more band
DAYS_BETWEEN = 30
KEPT = timedelta(days=3 * 365)


@dataclass(frozen=True)
class Band:
    """Between how many people it is, both included."""

    at_least: int
    at_most: int

    @property
    def told(self) -> bool:
        """Whether it says anything but "fewer than five, or not told"."""
        return self.at_least >= BAND


def bands(lowest: int, highest: int) -> list[Band]:
    """What is possible in bands of five from the lower end; the last one is longer rather than shorter."""
    count = max(1, (highest - lowest + 1) // BAND)
    starts = [lowest + BAND * n for n in range(count)]
    return [Band(start, after - 1) for start, after in zip(starts, [*starts[1:], highest + 1], strict=True)]


def band_of(count: int, lowest: int, highest: int) -> Band:
    return next(band for band in bands(lowest, highest) if count <= band.at_most)


def publish(groups: Sequence[tuple[int, int]]) -> tuple[list[Band], Band]:
    """The bands of disjoint groups, each (people, count), and of all of them together."""
    each = [band_of(count, 0, people) for people, count in groups]
    whole = band_of(
        sum(count for _people, count in groups),
        sum(band.at_least for band in each),
        sum(band.at_most for band in each),
    )
    return each, whole


@dataclass(frozen=True)
class Group:
    """Offices that are counted together; a name of "" stands for the offices that no group has."""

    name: str
    office_ids: frozenset[int]


def gather(groups: Iterable[Group], people: Mapping[int, int]) -> list[Group]:
    """The groups over which needs are counted, none of them with fewer than five people.

    `people` is how many souschefs each office has. Offices without a group are a group; groups that are too small go
    together with it, and if that is still too small, so does the smallest of the rest. None at all when the agency has
    fewer than five.
    """

    def size(found: Group) -> int:
        return sum(people.get(office_id, 0) for office_id in found.office_ids)

    named = list(groups)
    grouped = {office_id for group in named for office_id in group.office_ids}
    large = sorted((g for g in named if size(g) >= FEWEST_PEOPLE), key=size)
    small = [g.office_ids for g in named if size(g) < FEWEST_PEOPLE]
    rest = Group("", frozenset(people.keys() - grouped).union(*small))
    while 0 < size(rest) < FEWEST_PEOPLE and large:
        rest = Group("", rest.office_ids | large.pop(0).office_ids)
    found = [g for g in named if g in large]
    return [*found, rest] if size(rest) >= FEWEST_PEOPLE else found


def too_fine(divisions: Sequence[Collection[frozenset[int]]], people: Mapping[int, int]) -> list[frozenset[int]]:
    """Sets of offices with so few people that their needs could be worked out from several divisions into groups.

    What two divisions can tell apart is what lies in the same groups in both; each such set must have nobody in it, or
    as many as a group needs to be told of.
    """
    cells: dict[tuple[int, ...], set[int]] = {}
    for office_id in people:
        place = tuple(
            next((n for n, offices in enumerate(division) if office_id in offices), -1) for division in divisions
        )
        cells.setdefault(place, set()).add(office_id)
    sizes = {frozenset(cell): sum(people[office_id] for office_id in cell) for cell in cells.values()}
    whole = {frozenset(offices & people.keys()) for division in divisions for offices in division}
    return [cell for cell, size in sizes.items() if 0 < size < TELLS_FROM and cell not in whole]


def next_survey_on(last: date | None) -> date | None:
    """The first day on which needs may be counted anew: often enough for plans, too seldom to watch a person change."""
    return last + timedelta(days=DAYS_BETWEEN) if last else None
