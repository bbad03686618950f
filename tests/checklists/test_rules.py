"""Decisions about templates and about what running plans get of them, on plain values."""

from dataclasses import dataclass
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.bank.rules import PHASES
from portal.checklists.rules import (
    STANDARD_DAYS,
    Blocker,
    coverage,
    day_limits,
    in_order,
    moved,
    place_of,
    publish_blockers,
    stamp,
)
from portal.onboarding.rules import Blocker as PlanBlocker
from portal.onboarding.rules import MilestoneState, addition_blockers, same_title
from portal.onboarding.schedule import Contract, due_within, milestone_days, not_past, phase_for
from portal.workdays import is_workday


@dataclass
class Thing:
    phase: str
    competency_keys: tuple[str, ...] = ()


ALL = [Thing(phase) for phase in PHASES]


def test_the_standard_milestones_with_an_item_each_can_be_published() -> None:
    assert publish_blockers(STANDARD_DAYS, ALL) == []
    assert in_order(STANDARD_DAYS)
    assert all(day_limits(phase)[0] <= day <= day_limits(phase)[1] for phase, day in STANDARD_DAYS.items())


@pytest.mark.parametrize(
    ("days", "items", "blocker"),
    [
        ({"day_1": 0}, [], Blocker.NO_ITEMS),
        ({"trial_review": 65}, [Thing("trial_review")], Blocker.NO_MILESTONE),
        ({}, [Thing("day_1")], Blocker.NO_MILESTONE),
        ({"day_1": 0, "week_1": 7}, [Thing("day_1")], Blocker.EMPTY_PHASE),
        ({"day_1": 8, "week_1": 7}, [Thing("day_1"), Thing("week_1")], Blocker.PHASE_ORDER),
        ({"day_1": 0}, [Thing("day_1"), Thing("day_90")], Blocker.UNKNOWN_PHASE),
    ],
)
def test_what_keeps_a_draft_from_being_published(days: dict[str, int], items: list[Thing], blocker: Blocker) -> None:
    assert blocker in publish_blockers(days, items)


def test_a_retired_template_and_an_unchanged_draft_are_not_published() -> None:
    assert publish_blockers(STANDARD_DAYS, ALL, retired=True) == [Blocker.RETIRED]
    assert publish_blockers(STANDARD_DAYS, ALL, unchanged=True) == [Blocker.UNCHANGED]


def test_coverage_names_every_competency() -> None:
    assert coverage([Thing("day_1", ("a", "b")), Thing("day_1", ("b",))], ["a", "b", "c"]) == {"a": 1, "b": 2, "c": 0}


@given(st.lists(st.integers(), unique=True, min_size=1), st.data())
def test_moving_keeps_every_item_and_ends_at_the_wanted_place(ids: list[int], data: st.DataObject) -> None:
    item = data.draw(st.sampled_from(ids))
    place = data.draw(st.integers(min_value=1, max_value=len(ids)))
    after = moved(ids, item, place_of(str(place), ids, item))
    assert sorted(after) == sorted(ids)
    assert after.index(item) == place - 1
    assert [n for n in after if n != item] == [n for n in ids if n != item]
    assert moved(moved(ids, item, 1), item, -1) == ids or ids[-1] == item


@pytest.mark.parametrize("order", ["", "sideways", "-1", "1.5", "９", "999999"])
def test_an_order_that_is_none_moves_nothing(order: str) -> None:
    assert place_of(order, [1, 2, 3], 2) == 0


def test_a_stamp_changes_with_the_values_and_not_with_the_order_of_keys() -> None:
    assert stamp("a", {"x": 1, "y": 2}) == stamp("a", {"y": 2, "x": 1})
    assert stamp("a", {"x": 1}) != stamp("a", {"x": 2})


def blockers(title: str, origin: int | None, state: MilestoneState) -> list[PlanBlocker]:
    return addition_blockers(title, origin, state, titles={same_title("Hils på kontoret")}, origins={7})


def test_a_plan_gets_what_it_lacks_in_milestones_that_are_still_open() -> None:
    for state in (MilestoneState.OPEN, MilestoneState.RETURNED):
        assert blockers("Noget nyt", 8, state) == []
        assert blockers("Noget nyt", None, state) == []
    assert blockers("Noget nyt", 8, MilestoneState.REQUESTED) == [PlanBlocker.LOCKED_REQUESTED]
    assert blockers("Noget nyt", 8, MilestoneState.APPROVED) == [PlanBlocker.LOCKED_APPROVED]
    assert blockers("  hils på  KONTORET ", None, MilestoneState.OPEN) == [PlanBlocker.HAS_ITEM]
    assert blockers("Andre ord", 7, MilestoneState.APPROVED) == [PlanBlocker.HAS_ITEM]


def test_an_item_lands_in_the_plans_next_milestone_when_it_lacks_the_items_own() -> None:
    start = date(2026, 2, 2)
    days = milestone_days(start, Contract.NONE, STANDARD_DAYS)
    assert phase_for("trial_review", days) == "day_90"
    assert phase_for("week_1", days) == "week_1"
    few = {"day_1": start, "day_30": date(2026, 3, 4)}
    assert phase_for("before_start", few) == "day_1"
    assert phase_for("week_1", few) == "day_30"
    assert phase_for("month_6", few) == "day_30"
    assert due_within(start, 180, "day_30", few) == date(2026, 3, 4)


@given(st.dates(date(2024, 1, 1), date(2030, 1, 1)), st.dates(date(2024, 1, 1), date(2030, 1, 1)))
def test_nobody_is_given_something_that_is_overdue_already(due: date, today: date) -> None:
    day = not_past(due, today)
    assert day >= today
    assert day == due or is_workday(day)
