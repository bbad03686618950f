"""What is published about needs never tells a number about fewer than five people: proved by trying everything."""

from itertools import combinations, product

from hypothesis import given, settings
from hypothesis import strategies as st

from portal.needs.rules import BAND, Band, Group, band_of, bands, gather, publish, too_fine

PEOPLE = st.integers(5, 14)


@st.composite
def agency(draw: st.DrawFn) -> list[tuple[int, int]]:
    """One to three groups, each (people, how many of them have the need)."""
    sizes = draw(st.lists(PEOPLE, min_size=1, max_size=3))
    return [(size, draw(st.integers(0, size))) for size in sizes]


def consistent(groups: list[tuple[int, int]]) -> list[tuple[int, ...]]:
    """All counts that would have been published just like this: what a reader can narrow it to."""
    sizes = [size for size, _count in groups]
    published = publish(groups)
    worlds = product(*(range(size + 1) for size in sizes))
    return [world for world in worlds if publish(list(zip(sizes, world, strict=True))) == published]


def test_bands_begin_at_the_lower_end_and_none_is_shorter_than_five() -> None:
    assert bands(0, 14) == [Band(0, 4), Band(5, 9), Band(10, 14)]
    assert bands(0, 12) == [Band(0, 4), Band(5, 12)]
    assert bands(0, 8) == [Band(0, 8)]
    assert band_of(7, 0, 12) == Band(5, 12)


@given(st.integers(0, 100), st.integers(4, 60))
def test_bands_cover_everything_once(lowest: int, more: int) -> None:
    found = bands(lowest, lowest + more)
    assert [n for band in found for n in range(band.at_least, band.at_most + 1)] == [*range(lowest, lowest + more + 1)]
    assert all(band.at_most - band.at_least + 1 >= BAND for band in found)


@settings(max_examples=60, deadline=None)
@given(agency())
def test_no_union_of_groups_is_narrowed_to_fewer_than_five_values(groups: list[tuple[int, int]]) -> None:
    worlds = consistent(groups)
    for size in range(1, len(groups) + 1):
        for union in combinations(range(len(groups)), size):
            values = {sum(world[n] for n in union) for world in worlds}
            assert len(values) >= BAND, (groups, union, values)


@settings(max_examples=60, deadline=None)
@given(agency())
def test_what_is_published_is_true(groups: list[tuple[int, int]]) -> None:
    each, whole = publish(groups)
    assert all(band.at_least <= count <= band.at_most for band, (_people, count) in zip(each, groups, strict=True))
    assert whole.at_least <= sum(count for _people, count in groups) <= whole.at_most


OFFICES = st.dictionaries(st.integers(1, 9), st.integers(0, 6), min_size=1)


@given(OFFICES, st.data())
def test_no_group_that_is_counted_has_fewer_than_five_people(people: dict[int, int], data: st.DataObject) -> None:
    named = data.draw(st.dictionaries(st.sampled_from(sorted(people)), st.sampled_from("ABC")))
    groups = [Group(name, frozenset(n for n, g in named.items() if g == name)) for name in sorted(set(named.values()))]
    found = gather(groups, people)
    sizes = [sum(people[office] for office in group.office_ids) for group in found]
    assert all(size >= BAND for size in sizes)
    offices = [office for group in found for office in group.office_ids]
    assert len(offices) == len(set(offices))
    counted = sum(people.values())
    assert sum(sizes) == (counted if counted >= BAND else 0)


def test_a_small_group_goes_with_the_offices_that_have_none() -> None:
    groups = [Group("A", frozenset({1})), Group("B", frozenset({2})), Group("C", frozenset({3}))]
    found = gather(groups, {1: 9, 2: 3, 3: 6, 4: 1})
    assert [(group.name, sorted(group.office_ids)) for group in found] == [("A", [1]), ("", [2, 3, 4])]


def test_moving_a_small_office_between_groups_would_give_it_away() -> None:
    people = {1: 10, 2: 3, 3: 12, 4: 9}
    before, after = [frozenset({1, 2}), frozenset({3, 4})], [frozenset({1}), frozenset({2, 3, 4})]
    assert too_fine([before, after], people) == [frozenset({2})]
    assert too_fine([before, before], people) == []
    assert too_fine([before, [frozenset({1, 2, 4}), frozenset({3})]], people) == []
