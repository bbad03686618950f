"""Decisions about recommending, deciding and answering, on plain values."""

from typing import Any

import pytest

from portal.decisions import letters
from portal.decisions.letters import Facts
from portal.decisions.rules import (
    Blocker,
    Level,
    Ruling,
    Stage,
    answer_blockers,
    filing_blockers,
    level_of,
    names_in,
    placeholders,
    reason_blockers,
    ruling_blockers,
    stage_of,
    standing_blockers,
    without_names,
)

REASON = "Viste det med eksempler."


def test_every_competency_needs_its_reason_and_a_missed_must_have_one_of_its_own() -> None:
    whole = {1: REASON, 2: REASON}
    assert reason_blockers([1, 2], whole, reason=REASON, failed=[], must_have_reason="") == []
    assert reason_blockers([1, 2], {1: REASON}, reason="", failed=[2], must_have_reason=" ") == [
        Blocker.NO_REASON,
        Blocker.NO_COMPETENCY_REASON,
        Blocker.MUST_HAVE,
    ]
    assert reason_blockers([], {}, reason=REASON, failed=[], must_have_reason="") == [], "nobody is recommended"


def test_a_candidate_stands_only_with_every_interview_open() -> None:
    assert standing_blockers([1, 2], [1, 2, 3], out=False) == []
    assert standing_blockers([1, 2], [1], out=True) == [Blocker.OUT, Blocker.NOT_OPEN]
    assert standing_blockers([], [], out=False) == [Blocker.NO_INTERVIEW]


def test_a_recommendation_is_drafted_anew_when_it_is_sent_back() -> None:
    assert stage_of(submitted=False, ruling=None) is Stage.DRAFTING
    assert stage_of(submitted=True, ruling=None) is Stage.SUBMITTED
    assert stage_of(submitted=True, ruling="return") is Stage.DRAFTING
    assert stage_of(submitted=True, ruling="nobody") is Stage.DECIDED


@pytest.mark.parametrize("ruling", [Ruling.OTHER, Ruling.NOBODY, Ruling.RETURN])
def test_whoever_does_not_follow_gives_a_reason(ruling: Ruling) -> None:
    found = ruling_blockers(Stage.SUBMITTED, ruling, recommended=1, chosen=2, reason="")
    assert found == [Blocker.NO_DECISION_REASON]
    assert ruling_blockers(Stage.SUBMITTED, Ruling.FOLLOW, recommended=1, chosen=None, reason="") == []


def test_a_decision_is_made_once_and_only_on_what_was_submitted() -> None:
    given: dict[str, Any] = {"recommended": 1, "chosen": 1, "reason": REASON}
    assert ruling_blockers(Stage.DRAFTING, Ruling.FOLLOW, **given) == [Blocker.NOT_SUBMITTED]
    assert ruling_blockers(Stage.DECIDED, Ruling.FOLLOW, **given) == [Blocker.DECIDED]
    assert ruling_blockers(Stage.SUBMITTED, Ruling.OTHER, **given) == [Blocker.SAME_CANDIDATE]


def test_nobody_is_refused_twice_or_while_they_are_recommended() -> None:
    assert answer_blockers(hired=False, answered=False, proposed=False) == []
    assert answer_blockers(hired=False, answered=True, proposed=True) == [Blocker.ANSWERED, Blocker.PROPOSED]
    assert answer_blockers(hired=True, answered=True, proposed=False) == [Blocker.HIRED]


def test_names_of_others_are_found_whole_in_parts_and_in_the_genitive() -> None:
    others = ["Anna-Lise von Berg Madsen", "Bo Østergård"]
    text = "Bedre end Bergs svar, og ANNA-LISE VON BERG MADSEN sagde som Østergårds: bo bedre. Boet er klart."
    assert names_in(text, "Ida Madsen", others) == ["Bergs", "ANNA-LISE VON BERG MADSEN", "Østergårds"]
    clean = without_names("Bo og Ida Madsen talte med Berg’s chef.", "Ida Madsen", others)
    assert clean == "[…] og Ida Madsen talte med […] chef."
    assert without_names("Intet at finde.", "Ida", []) == "Intet at finde."
    assert names_in("Vi har Tak", "Ida", ["Vi Tak"], free={"Vi", "Tak"}) == []


def test_levels_are_words_and_a_must_have_that_is_missed_is_weak() -> None:
    assert level_of([], 3) is Level.UNKNOWN
    assert level_of([4, 5], None) is Level.STRONG
    assert level_of([3.2], 4) is Level.WEAK
    assert level_of([3.2], None) is Level.MET


def test_the_draft_states_principle_requirements_and_outcome_without_a_figure() -> None:
    levels = [("kan lede andre", Level.STRONG), ("kan planlægge", Level.WEAK), ("kan prioritere", Level.WEAK)]
    text = letters.draft(Facts("Åse Ørsted", "souschef", "Kontor for prøver", 1, "hired", levels))
    assert text.startswith("Kære Åse Ørsted\n\n")
    assert "besat med en anden ansøger" in text
    assert "stillingen som souschef i Kontor for prøver og" in text
    assert "i høj grad opfylder disse krav:\n- kan lede andre\n\n" in text
    assert "i mindre grad opfylder disse krav:\n- kan planlægge\n- kan prioritere\n\n" in text
    assert not any(c.isdigit() for c in text)
    assert len(placeholders(text)) == 4
    before = letters.draft(
        Facts("Åse Ørsted", "souschef", "Kontor for prøver", 0, "open", [("kan lede", Level.UNKNOWN)])
    )
    assert "besat" not in before.split("\n\n")[2]
    assert "samtale, vi har haft" not in before
    assert "Kravene er:\n- kan lede\n\n" in before
    assert "I vurderingen af dig" not in before


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("Souschef til Kontor for prøver", "souschef til Kontor for prøver"),
        ("Souschef", "souschef i Kontor for prøver"),
        ("HR-souschef", "HR-souschef i Kontor for prøver"),
    ],
)
def test_a_position_is_written_as_within_a_sentence(title: str, said: str) -> None:
    assert letters.position(title, "Kontor for prøver") == said


def test_a_record_is_filed_under_a_number_and_before_the_decision_only_on_purpose() -> None:
    assert filing_blockers(case_number="26-1", decided=True, provisional=False) == []
    assert filing_blockers(case_number=" ", decided=False, provisional=False) == [
        Blocker.NO_CASE_NUMBER,
        Blocker.NOT_DECIDED,
    ]
    assert filing_blockers(case_number="26-1", decided=False, provisional=True) == []
