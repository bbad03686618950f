"""What may be proposed, what becomes of it, and what one version says otherwise than another."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.balance.rules import (
    ANSWERED,
    MAX_FOCUS,
    MIN_SHARE,
    STEP,
    TOTAL,
    AnswerKind,
    Blocker,
    Changes,
    Focus,
    Problem,
    State,
    Wanted,
    answer_blockers,
    changes,
    in_state,
    next_number,
    other_of,
    problems,
    proposal_blockers,
    seen,
    states,
)

SLUGS = ("a", "b", "c", "d")
CHEF, SOUSCHEF, STRANGER = 1, 2, 3
TODAY = date(2026, 11, 24)


@dataclass(frozen=True)
class Part:
    position: int
    slug: str
    title: str
    competencies: dict[str, str]


@dataclass(frozen=True)
class Framework:
    parts: tuple[Part, ...]
    competency_keys: tuple[str, ...]


FRAMEWORK = Framework(
    tuple(Part(n, slug, slug.upper(), {f"{slug}-k{k}": "…" for k in (1, 2)}) for n, slug in enumerate(SLUGS, 1)),
    tuple(f"{slug}-k{k}" for slug in SLUGS for k in (1, 2)),
)


@dataclass(frozen=True)
class Given:
    kind: str


@dataclass(frozen=True)
class Version:
    number: int
    answer: Given | None


def wanted(*weights: int, keys: int = 1, reason: str = "", better: str = "") -> Wanted:
    focus = tuple(Focus(key, better) for key in FRAMEWORK.competency_keys[:keys])
    return Wanted(dict(zip(SLUGS, weights, strict=False)), focus, reason)


def history(*kinds: AnswerKind | None) -> list[Version]:
    return [Version(n, Given(kind) if kind else None) for n, kind in enumerate(kinds, 1)]


ANSWERS = st.lists(st.sampled_from([None, *AnswerKind]), max_size=8)
SHARES = st.lists(st.integers(-20, 120), min_size=4, max_size=4)


@given(SHARES)
def test_shares_are_accepted_exactly_when_each_is_a_step_and_they_add_up(shares: list[int]) -> None:
    right = sum(shares) == TOTAL and all(share >= MIN_SHARE and share % STEP == 0 for share in shares)
    assert (problems(wanted(*shares), 1, FRAMEWORK) == []) is right


@given(st.lists(st.integers(1, 17), min_size=3, max_size=3).filter(lambda steps: sum(steps) < 20))
def test_every_division_into_steps_is_possible(steps: list[int]) -> None:
    shares = [STEP * step for step in steps]
    assert problems(wanted(*shares, TOTAL - sum(shares)), 1, FRAMEWORK) == []


@given(ANSWERS)
def test_at_most_one_version_is_agreed_and_only_the_newest_waits(kinds: list[AnswerKind | None]) -> None:
    versions = history(*kinds)
    found = states(versions)
    agreed, waiting = in_state(versions, State.AGREED), in_state(versions, State.PROPOSED)
    assert list(found.values()).count(State.AGREED) == (AnswerKind.CONFIRMED in kinds)
    if agreed:
        assert agreed.number == max(n for n, kind in enumerate(kinds, 1) if kind is AnswerKind.CONFIRMED)
    assert (waiting is not None) == bool(kinds and kinds[-1] is None)
    assert waiting is None or waiting is versions[-1]
    for version in versions:
        if version.answer and found[version.number] is not State.SUPERSEDED:
            assert found[version.number] is ANSWERED[version.answer.kind]


@given(ANSWERS, st.sampled_from(list(AnswerKind)))
def test_an_agreement_stays_in_force_until_the_next_is_agreed(kinds: list[AnswerKind | None], then: AnswerKind) -> None:
    before = in_state(history(*kinds), State.AGREED)
    assert in_state(history(*kinds, None), State.AGREED) == before
    after = in_state(history(*kinds, then), State.AGREED)
    assert (after == before) is (then is not AnswerKind.CONFIRMED)


@given(ANSWERS, st.sampled_from([None, *AnswerKind]))
def test_what_was_read_is_told_from_everything_that_can_follow(
    kinds: list[AnswerKind | None], then: AnswerKind | None
) -> None:
    versions = history(*kinds)
    assert seen(versions) != seen(history(*kinds, then))
    assert next_number(seen(versions)) == len(versions) + 1
    if kinds and kinds[-1] is None and then:
        assert seen(versions) != seen(history(*kinds[:-1], then))


@pytest.mark.parametrize("sent", ["", "x", "-1", "²", "99999999999", "1;2"])
def test_a_garbled_field_is_no_number(sent: str) -> None:
    assert next_number(sent) == 1


@pytest.mark.parametrize(
    ("proposal", "number", "found"),
    [
        (wanted(25, 25, 25, 25), 1, []),
        (wanted(25, 25, 25, 25), 2, [Problem.NO_REASON]),
        (wanted(25, 25, 25, 25, reason="  kort  "), 2, [Problem.NO_REASON]),
        (wanted(25, 25, 25, 25, reason="Fordi driften fylder."), 2, []),
        (wanted(50, 25, 25), 1, [Problem.PARTS]),
        (wanted(0, 50, 25, 25), 1, [Problem.SHARE]),
        (wanted(26, 24, 25, 25), 1, [Problem.SHARE]),
        (wanted(25, 25, 25, 20), 1, [Problem.SUM]),
        (wanted(25, 25, 25, 25, keys=0), 1, [Problem.FEW]),
        (wanted(25, 25, 25, 25, keys=MAX_FOCUS), 1, []),
        (wanted(25, 25, 25, 25, keys=MAX_FOCUS + 1), 1, [Problem.MANY]),
        (wanted(25, 25, 25, 25, better="x" * 201), 1, [Problem.TOO_LONG]),
        (Wanted(dict.fromkeys(SLUGS, 25), (Focus("a-k1"), Focus("a-k1"))), 1, [Problem.UNKNOWN]),
        (Wanted(dict.fromkeys(SLUGS, 25), (Focus("z-k1"),)), 1, [Problem.UNKNOWN]),
    ],
)
def test_the_content_of_a_proposal(proposal: Wanted, number: int, found: list[Problem]) -> None:
    assert problems(proposal, number, FRAMEWORK) == found


def test_each_agrees_with_the_other_and_nobody_with_themselves() -> None:
    assert other_of(SOUSCHEF, SOUSCHEF, CHEF) == CHEF
    assert other_of(CHEF, SOUSCHEF, CHEF) == SOUSCHEF
    assert other_of(STRANGER, SOUSCHEF, CHEF) is None
    assert other_of(SOUSCHEF, SOUSCHEF, None) is None
    assert other_of(SOUSCHEF, SOUSCHEF, SOUSCHEF) is None


def test_nothing_is_proposed_without_another_or_after_the_last_day() -> None:
    assert proposal_blockers(CHEF, None, TODAY) == []
    assert proposal_blockers(CHEF, TODAY, TODAY) == []
    assert proposal_blockers(None, TODAY - timedelta(days=1), TODAY) == [Blocker.NO_OTHER, Blocker.ENDED]


@pytest.mark.parametrize(
    ("kind", "person", "awaited", "found"),
    [
        (AnswerKind.CONFIRMED, SOUSCHEF, SOUSCHEF, []),
        (AnswerKind.DECLINED, SOUSCHEF, SOUSCHEF, []),
        (AnswerKind.WITHDRAWN, CHEF, SOUSCHEF, []),
        (AnswerKind.CONFIRMED, CHEF, SOUSCHEF, [Blocker.OWN]),
        (AnswerKind.DECLINED, CHEF, SOUSCHEF, [Blocker.OWN]),
        (AnswerKind.WITHDRAWN, SOUSCHEF, SOUSCHEF, [Blocker.NOT_OWN]),
        (AnswerKind.CONFIRMED, SOUSCHEF, None, [Blocker.PROPOSER_GONE]),
    ],
)
def test_who_answers_a_proposal_of_the_chef(
    kind: AnswerKind, person: int, awaited: int | None, found: list[Blocker]
) -> None:
    assert answer_blockers(kind, State.PROPOSED, person, CHEF, awaited) == found


@given(st.sampled_from(list(AnswerKind)), st.sampled_from([s for s in State if s is not State.PROPOSED]))
def test_what_is_settled_is_not_answered_again(kind: AnswerKind, state: State) -> None:
    assert answer_blockers(kind, state, SOUSCHEF, CHEF, SOUSCHEF) == [Blocker(state.value)]


def test_what_changed() -> None:
    before = Wanted({"a": 25, "b": 75}, (Focus("k1", "x"), Focus("k2")))
    after = Wanted({"a": 30, "b": 70}, (Focus("k1", "y"), Focus("k3")))
    assert changes(before, after) == Changes((("a", 25, 30), ("b", 75, 70)), ("k3",), ("k2",), ("k1",))
    assert not changes(after, after)
    assert after.says_the_same(Wanted({"b": 70, "a": 30}, (Focus("k3"), Focus("k1", "y")), "En anden grund."))
