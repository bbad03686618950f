"""CPR numbers, protected grounds and unwise questions, measured on two sets of questions that were written apart."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from portal.wording import Advice, advice, find_cpr, protected

HERE = Path(__file__).parent
# The word list was tuned on the first set; the second was written without sight of it and is the honest measure.
LEAST = {"protected_questions": (0.99, 0.98), "held_out_questions": (0.85, 0.85)}
GROUNDS = {
    "health", "disability", "pregnancy", "family", "age", "religion", "politics", "origin", "orientation", "union",
    "salary", "criminal",
}  # fmt: skip


def read(name: str) -> dict[str, list[dict[str, Any]]]:
    content: dict[str, list[dict[str, Any]]] = yaml.safe_load((HERE / f"{name}.yaml").read_text(encoding="utf-8"))
    return content


@pytest.mark.parametrize("name", LEAST)
def test_recall_and_precision_on_the_set(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    rows = read(name)
    assert len(rows["refused"]) >= 60 <= len(rows["allowed"])
    assert {row["ground"] for row in rows["refused"]} == GROUNDS
    hits = sum(bool(protected(row["text"])) for row in rows["refused"])
    wrong = sum(bool(protected(row["text"])) for row in rows["allowed"])
    recall, precision = hits / len(rows["refused"]), hits / (hits + wrong)
    with capsys.disabled():
        print(f"\n{name}: recall {recall:.3f} ({hits} of {len(rows['refused'])}), precision {precision:.3f}", end=" ")
        print(f"({wrong} of {len(rows['allowed'])} allowed ones refused)")
    assert recall >= LEAST[name][0]
    assert precision >= LEAST[name][1]


def test_a_finding_names_ground_law_and_words() -> None:
    (found,) = protected("Hvor mange sygedage har du haft det seneste år?")
    assert (found.ground, found.law, found.words) == ("health", "helbredsoplysningsloven § 2", "sygedage")
    assert protected("Hvornår så du senest samarbejdets sygdomstegn i et team?") == []


@pytest.mark.parametrize("word", ["gra\u00advid", "gra\u200bvid", "\uff47ravid", "gravi\u2060d"])
def test_what_cannot_be_seen_hides_no_protected_ground(word: str) -> None:
    assert [found.ground for found in protected(f"Er du {word}?")] == ["pregnancy"]
    assert [found.ground for found in protected("Har du sma\u030abørn?")] == ["family"]


def test_a_context_ends_with_its_sentence() -> None:
    assert protected("Fortæl om en sag om sygedagpenge.") == []
    assert protected("Fortæl om en sag om sygedagpenge. Er du selv sygemeldt?")


@pytest.mark.parametrize(
    "text",
    [
        "010203-1234",
        "CPR 010203 1234",
        "cpr: 0102031234.",
        "29.02 og 290200-1234",
        "(311299–4321)",
        "cpr-nr. 0102031234",
        "CPR-NUMMER: 0102031234",
        "personnummer 0102031234",
        "CPR010203-1234",
        "01 02 03 1234",
        "010203\u20111234",  # the dash that Word does not break at
        "010203\u2212 1234",
        "010203\u2014\u00a01234",
        "0102\u00ad03\u200b-1234",
        "\uff10\uff11\uff10\uff12\uff10\uff13-1234",
    ],
)
def test_what_looks_like_a_cpr_number_is_found(text: str) -> None:
    assert find_cpr(text)


@pytest.mark.parametrize(
    "text",
    [
        "ordre 320199-1234",
        "ordrenr. 1203456789",
        "tlf. 0102 0304",
        "sag 26-10441",
        "310244-1234 (februar har ikke 31 dage)",
        "2026-11-24",
        "33 12 34 56 78",
        "1234567890123",
        "EAN 0102031234",
        "ordrenummer\u00a00102031234",
        "24-11-26 kl. 1330",
    ],
)
def test_other_numbers_are_left_alone(text: str) -> None:
    assert find_cpr(text) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Du er vel enig i, at kvalitet er vigtigst?", [Advice.LEADING]),
        ("Hvad gjorde du, og hvordan tog de andre imod det?", [Advice.DOUBLE]),
        ("Hvad gjorde du? Hvem var med?", [Advice.DOUBLE]),
        ("Fortæl om en gang, hvor du måtte sige nej.", []),
        ("Hvad gjorde du?", []),
    ],
)
def test_unwise_questions_are_pointed_out(text: str, found: list[Advice]) -> None:
    assert advice(text) == found
