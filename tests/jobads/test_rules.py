"""What is pointed out in a job ad, on plain values."""

from dataclasses import replace

import pytest

from portal.jobads.rules import REQUIRED, Check, Content, Finding, Line, findings, lacking, lines_from

WHOLE = Content(
    title="Souschef",
    area="Styrelsen og dens arbejdssteder",
    workplace="Kontor for prøver, Prøvegade 1, 9000 Aalborg",
    pay="Overenskomst for akademikere i staten, lønramme 37, og tillæg efter aftale.",
    deadline="2026-12-01T12:00",
    part_time="37 timer om ugen. Deltid er muligt.",
    lines=(Line("Du giver feedback.", "personaleledelse-k4"),),
    everyone="Alle kvalificerede opfordres til at søge uanset alder, køn, handicap, religion, seksuel orientering "
    "eller etnisk oprindelse.",
    apply="Send din ansøgning, dit CV og dit eksamensbevis via linket i annoncen.",
)
ASKED = ["personaleledelse-k4"]


def checks(content: Content, asked: list[str] = ASKED, deadline: str = "2026-12-01T12:00") -> list[Finding]:
    return findings(content, asked, deadline)


def test_an_ad_with_everything_in_it_is_left_alone() -> None:
    assert checks(WHOLE) == []


@pytest.mark.parametrize("name", REQUIRED)
def test_what_the_rules_ask_for_is_missed(name: str) -> None:
    assert lacking(replace(WHOLE, **{name: "  "})) == [name]
    assert Finding(Check.MISSING, name) in checks(replace(WHOLE, **{name: ""}))


def test_another_deadline_than_the_recruitments_is_pointed_out_and_none_is_not() -> None:
    assert [f.check for f in checks(WHOLE, deadline="2026-12-01T13:00")] == [Check.DEADLINE]
    assert checks(WHOLE, deadline="") == []


@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("Vi søger en ung souschef.", "age"),
        ("Du er mellem 30 og 45 år.", "age"),
        ("Vi er et ungt team.", "age"),
        ("Unge talenter opfordres til at søge.", "age"),
        ("Han skal lede kontoret.", "sex"),
        ("Vi søger en kvinde til ledelsen.", "sex"),
        ("Du bliver tillidsmand for gruppen.", "sex"),
        ("Du er gift og har børn.", "family"),
        ("Du er ikke syg ret tit.", "health"),
    ],
)
def test_wording_that_turns_to_some_is_pointed_out_with_its_ground_and_law(text: str, ground: str) -> None:
    found = checks(replace(WHOLE, about_job=text))
    assert ground in {f.ground for f in found}
    assert all(f.check is Check.PROTECTED and f.field == "about_job" and f.law and f.detail for f in found)
    in_lines = checks(replace(WHOLE, lines=(*WHOLE.lines, Line(text))))
    assert {f.field for f in in_lines} == {"lines"}


@pytest.mark.parametrize(
    "text",
    [
        "Du har mindst 10 års erfaring med sagsbehandling.",
        "Kontoret behandler sager om børn og unge og om handicap.",
        "Du kan rumme både nye og erfarne kolleger.",
        "Vi har højt til loftet og korte beslutningsveje.",
    ],
)
def test_plain_wording_is_left_alone(text: str) -> None:
    assert checks(replace(WHOLE, about_job=text)) == []


def test_ad_and_questions_are_held_against_each_other() -> None:
    found = checks(WHOLE, ["driftsledelse-k1"])
    assert [(f.check, f.detail) for f in found] == [
        (Check.NEVER_ASSESSED, "personaleledelse-k4"),
        (Check.NOT_ADVERTISED, "driftsledelse-k1"),
    ]


def test_lines_are_taken_without_the_marks_of_a_list() -> None:
    assert lines_from("- Første\n\n • Anden\n3 års erfaring", "k") == [
        Line("Første", "k"), Line("Anden", "k"), Line("3 års erfaring", "k"),
    ]  # fmt: skip


def test_what_an_ad_says_survives_being_kept() -> None:
    assert Content.read(WHOLE.plain()) == WHOLE
