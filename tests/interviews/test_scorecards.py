"""The scorecard of a round: add, reword, write, copy and drop questions; the same for everyone once assessing began."""

import re
from dataclasses import replace
from typing import Any

import pytest

from portal.bank import queries as bank
from portal.bank import services as bank_services
from portal.bank.models import BankVersion
from portal.bank.rules import Use
from portal.db import db, unit_of_work
from portal.interviews import queries, questions
from portal.interviews.models import QuestionDrop, Rating, ScorecardQuestion
from portal.interviews.rules import DropBlocker, LeftOut, drop_blocker, left_out, length
from portal.recruitment.models import InterviewRound, Recruitment
from tests.factories import PROFILE, World, make_recruitment
from tests.inspecting import InspectingClient
from tests.interviews.test_journey import EVIDENCE, answers, assess, field

OWN = {
    "competency": PROFILE[1],
    "kind": "situational",
    "text": "En sagsbehandler har meldt fejl i en afgørelse, som allerede er sendt. Hvad ville du gøre?",
    "probes": "Hvem ville du inddrage?\nHvad ville du sige til borgeren?",
    "anchor_1": "Venter på, at nogen klager.",
    "anchor_3": "Retter fejlen, men følger ikke op.",
    "anchor_5": "Retter fejlen, forklarer den og finder årsagen.",
    "minutes": "9",
}


def card(world: World) -> str:
    return f"/recruitments/{world.recruitment.id}/scorecard"


def asked(world: World, number: int = 1) -> list[ScorecardQuestion]:
    db.session.expire_all()
    found = next(r for r in world.recruitment.rounds if r.number == number)
    return queries.scorecard(found)


def second_round(world: World) -> InterviewRound:
    with unit_of_work():
        found = InterviewRound(recruitment=world.recruitment, number=2)
        db.session.add(found)
    return found


def form_of(client: InspectingClient, url: str, **changes: str) -> dict[str, str]:
    """What the form of the page at `url` would send, with some of it changed."""
    html = client.get(url).text
    sent = {"seen": field(html, "seen"), "minutes": "6"}
    for name in ("text", "probes", "anchor_1", "anchor_3", "anchor_5"):
        found = re.search(rf'<textarea[^>]*name="{name}"[^>]*>\r?\n?(.*?)</textarea>', html, re.DOTALL)
        assert found, name
        sent[name] = found[1]
    return sent | changes


def free_entries(world: World) -> list[BankVersion]:
    taken = queries.bank_keys_on(world.recruitment)
    return [e for e in bank.entries("souschef", Use.INTERVIEW, PROFILE) if e.key not in taken]


def test_several_questions_are_added_from_the_bank_and_found_by_searching(
    client: InspectingClient, world: World
) -> None:
    chosen = [entry.id for entry in free_entries(world)[:2]]
    word = free_entries(world)[0].text.split(",")[0]
    before = len(asked(world))
    client.sign_in("recruiter")
    page = client.get(f"{card(world)}/bank").text
    assert page.count("<fieldset") == len(PROFILE)
    assert "i vurderingsskemaet" in page
    found = client.get(f"{card(world)}/bank", query_string={"q": word.upper()}, headers={"HX-Request": "true"}).text
    assert f'value="{chosen[0]}"' in found
    assert f'value="{chosen[1]}"' not in found
    nothing = client.send(f"{card(world)}/questions", {})
    assert nothing.status_code == 422
    assert "Vælg mindst ét spørgsmål" in nothing.text
    assert client.send(f"{card(world)}/questions", {"question": chosen}).status_code == 303
    assert client.send(f"{card(world)}/questions", {"question": chosen}).status_code == 303, "again adds nothing"
    assert len(asked(world)) == before + 2
    order = [question.competency_id for question in asked(world)]
    assert all(order.index(n) + order.count(n) > i for i, n in enumerate(order)), "those of a competency stand together"


def test_a_question_is_reworded_for_this_recruitment_and_gets_the_banks_text_again(
    client: InspectingClient, world: World
) -> None:
    question = asked(world)[0]
    url, original = f"{card(world)}/questions/{question.id}", question.text
    client.sign_in("recruiter")
    sent = form_of(client, f"{url}/edit", text="Fortæl om en svær samtale, du tog.", minutes="12")
    assert client.send(f"{url}/edit", sent).status_code == 303
    assert (asked(world)[0].text, asked(world)[0].minutes) == ("Fortæl om en svær samtale, du tog.", 12)
    assert "ændret i forhold til banken" in client.get(card(world)).text
    page = client.get(f"{url}/edit").text
    assert original in page, "the bank's text stands beside"
    assert "Hent bankens tekst igen" in page
    stale = client.send(f"{url}/edit", sent | {"text": "Fra et andet vindue."})
    assert stale.status_code == 409
    assert "Fortæl om en svær samtale, du tog." in stale.text
    assert "Fra et andet vindue." in stale.text
    assert client.send(f"{url}/restore").status_code == 303
    assert asked(world)[0].text == original
    assert "ændret i forhold til banken" not in client.get(card(world)).text
    client.sign_in("hr")
    assert "ændrede et spørgsmål i et vurderingsskema" in client.get("/event-log?action=interviews.").text


def test_a_newer_text_of_the_bank_is_told_and_fetched(client: InspectingClient, world: World) -> None:
    question = asked(world)[0]
    assert question.bank_version is not None
    with unit_of_work():
        content = questions.content_of(question)
        newer = replace(content, text="Fortæl om en gang, du gav svær feedback.")
        bank_services.change_entry(question.bank_version.entry, newer, world.people["hr"])
    client.sign_in("recruiter")
    assert "banken har en nyere tekst" in client.get(card(world)).text
    client.send(f"{card(world)}/questions/{question.id}/restore")
    assert asked(world)[0].text == "Fortæl om en gang, du gav svær feedback."
    assert "banken har en nyere tekst" not in client.get(card(world)).text


@pytest.mark.parametrize(
    ("name", "text", "rule"),
    [
        ("text", "Har du planer om at få børn?", "familie"),
        ("probes", "Hvordan går det?\nHvor mange sygedage har du haft?", "helbred"),
        ("anchor_5", "Er medlem af en fagforening.", "fagforening"),
    ],
)
def test_every_text_is_held_against_the_law_and_the_rule_is_named(
    client: InspectingClient, world: World, name: str, text: str, rule: str
) -> None:
    question = asked(world)[0]
    before = question.text
    client.sign_in("recruiter")
    url = f"{card(world)}/questions/{question.id}/edit"
    for refused in (
        client.send(url, form_of(client, url, **{name: text})),
        client.send(f"{card(world)}/own", OWN | {name: text}),
    ):
        assert refused.status_code == 422
        assert "spørger vi ikke om ved ansættelser" in refused.text
        assert rule in refused.text
        assert re.search(r"lov", refused.text), "the law is named"
        assert text.split("\n")[-1] in refused.text, "what was typed is kept"
    assert asked(world)[0].text == before


def test_an_own_question_belongs_to_a_competency_of_the_profile(client: InspectingClient, world: World) -> None:
    client.sign_in("recruiter")
    assert client.send(f"{card(world)}/own", OWN | {"competency": "strategisk-ledelse-k6"}).status_code == 422
    assert client.send(f"{card(world)}/own", OWN | {"minutes": "0"}).status_code == 422
    assert client.send(f"{card(world)}/own", OWN | {"anchor_3": ""}).status_code == 422
    html = client.get(f"{card(world)}/own").text
    sent = OWN | {"instance": field(html, "instance")}
    assert client.send(f"{card(world)}/own", sent).status_code == 303
    assert client.send(f"{card(world)}/own", sent).status_code == 303
    mine = [question for question in asked(world) if question.bank_version_id is None]
    assert len(mine) == 1, "a double click makes one"
    assert (mine[0].text, mine[0].minutes, mine[0].competency.key) == (OWN["text"], 9, PROFILE[1])
    assert "dit eget spørgsmål" in client.get(card(world)).text
    gone = f"{card(world)}/questions/{mine[0].id}/remove"
    assert client.send(gone).status_code == 200, "its text would be lost, so that is asked first"
    assert client.send(gone, {"confirmed": "1"}).status_code == 303
    assert all(question.bank_version_id for question in asked(world))


def test_the_estimated_length_is_the_sum_with_opening_and_closing(client: InspectingClient, world: World) -> None:
    assert length([]) == 0
    assert length([6, 9]) == 5 + 6 + 9 + 10
    client.sign_in("recruiter")
    total = length(question.minutes for question in asked(world))
    assert f"cirka {total} minutter" in client.get(card(world)).text
    client.send(f"{card(world)}/own", OWN)
    page = client.get(card(world)).text
    assert f"cirka {total + 9} minutter" in page
    assert "Spørgsmålene tager længere tid end samtalerne" not in page
    client.send(f"{card(world)}/own", OWN | {"text": "Hvad ville du gøre først?", "minutes": "30"})
    assert "Spørgsmålene tager længere tid end samtalerne" in client.get(card(world)).text


def test_a_question_is_moved_to_a_place_and_htmx_gets_the_list(client: InspectingClient, world: World) -> None:
    ids = [question.id for question in asked(world)]
    client.sign_in("recruiter")
    url = f"{card(world)}/questions/{ids[0]}/move"
    piece = client.send(url, {"place": "3"}, headers={"HX-Request": "true"})
    assert piece.text.lstrip().startswith('<div id="card"')
    assert "Spørgsmål 3 af" in piece.text
    assert [question.id for question in asked(world)] == [ids[1], ids[2], ids[0], *ids[3:]]


def test_each_round_has_its_own_scorecard(client: InspectingClient, world: World) -> None:
    first = [question.id for question in asked(world)]
    assert "Runde 1" not in client.sign_in("recruiter").get(card(world)).text, "one round looks as before"
    second_round(world)
    assess(client, world, "member", 4)
    client.sign_in("recruiter")
    assert client.get(f"{card(world)}?round=3").status_code == 404
    assert 'aria-current="page">Runde 2' in client.get(f"{card(world)}?round=2").text
    assert client.send(f"{card(world)}/suggest?round=2").status_code == 303
    later = asked(world, 2)
    assert {question.competency.key for question in later} == set(PROFILE)
    keys = queries.bank_keys_on(world.recruitment)
    assert all(len(rounds) == 1 for rounds in keys.values()), "what the first round asks is not suggested again"
    assert [question.id for question in asked(world)] == first
    assert client.send(f"{card(world)}/own?round=2", OWN).status_code == 303, "the second round is open still"
    assert client.send(f"{card(world)}/own", OWN).status_code == 409, "the first is locked"
    assert client.get(f"{card(world)}/questions/{first[0]}/edit").status_code == 409
    assert client.send(f"{card(world)}/questions/{first[0]}/restore").status_code == 409


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, None),
        ({"in_profile": False, "present": True}, LeftOut.COMPETENCY),
        ({"present": True}, LeftOut.PRESENT),
        ({"dropped": True}, LeftOut.DROPPED),
        ({"retired": True}, LeftOut.RETIRED),
        ({"worded_well": False}, LeftOut.WORDING),
    ],
)
def test_a_question_is_left_out_for_the_first_reason_that_holds(
    changes: dict[str, bool], reason: LeftOut | None
) -> None:
    plain = {"in_profile": True, "present": False, "dropped": False, "retired": False, "worded_well": True}
    assert left_out(**{**plain, **changes}) is reason


def another(world: World, recruiter: str) -> Recruitment:
    """A recruitment of that recruiter whose scorecard has an own, a reworded and a retired question."""
    with unit_of_work():
        made = make_recruitment("Souschef året før", world.office, world.people[recruiter])
        first, second, *_rest = queries.scorecard(made.rounds[0])
        first.text = "Omskrevet dengang: Fortæl om en svær samtale."
        assert second.bank_version is not None
        bank_services.retire_entry(second.bank_version.entry)
        content = questions.content_of(first)
        questions.add_own_question(made.rounds[0], replace(content, text="Eget dengang?"), 8)
    return made


def test_questions_are_copied_from_an_earlier_recruitment_that_the_person_may_see(
    client: InspectingClient, world: World
) -> None:
    source, hidden = another(world, "recruiter"), another(world, "other_recruiter")
    source_round, hidden_round = source.rounds[0].id, hidden.rounds[0].id
    client.sign_in("recruiter")
    for question in asked(world):
        client.send(f"{card(world)}/questions/{question.id}/remove")
    list_of = client.get(f"{card(world)}/copy").text
    assert f"source={source_round}" in list_of
    assert f"source={hidden_round}" not in list_of
    assert client.get(f"{card(world)}/copy?source={hidden_round}").status_code == 404
    assert client.send(f"{card(world)}/copy", {"source": hidden_round}).status_code == 409
    shown = client.get(f"{card(world)}/copy?source={source_round}").text
    assert "banken har taget det ud af brug" in shown
    assert "Omskrevet dengang" in shown
    count = len(queries.scorecard(source.rounds[0]))
    assert client.send(f"{card(world)}/copy", {"source": source_round}).status_code == 303
    texts = [question.text for question in asked(world)]
    assert len(texts) == count - 1
    assert {"Omskrevet dengang: Fortæl om en svær samtale.", "Eget dengang?"} <= set(texts)
    again = client.get(f"{card(world)}/copy?source={source_round}").text
    assert "Der er ikke noget at kopiere" in again
    assert again.count("runden stiller det allerede") == count - 1


@pytest.mark.parametrize(
    ("begun", "dropped", "others", "blocker"),
    [
        (True, False, 1, None),
        (False, False, 1, DropBlocker.NOT_BEGUN),
        (True, True, 1, DropBlocker.DROPPED),
        (True, False, 0, DropBlocker.LAST),
    ],
)
def test_a_question_is_dropped_once_after_assessing_began_and_never_the_last(
    begun: bool, dropped: bool, others: int, blocker: DropBlocker | None
) -> None:
    assert drop_blocker(begun=begun, dropped=dropped, others=others) is blocker


REASON = "Kandidaterne forstod spørgsmålet forskelligt."


def without(world: World, question_id: int, data: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if not name.endswith(f"_{question_id}")}


def test_a_dropped_question_needs_no_rating_weighs_nothing_and_keeps_what_was_written(
    client: InspectingClient, world: World
) -> None:
    question = asked(world)[0]
    question_id, total = question.id, len(asked(world))
    url, drop = f"/interviews/{world.recruitment.candidates[0].id}", f"{card(world)}/questions/{question_id}/drop"
    assert client.sign_in("recruiter").send(drop, {"reason": REASON}).status_code == 409, "not before assessing began"
    low = answers(world, 5, **{f"score_{question_id}": "1"})
    client.sign_in("member").send(f"{url}/declaration", {"impartial": "yes"})
    client.send(f"{url}/assessment", low)
    for who, status in (("member", 403), ("hr", 403), ("outsider", 404)):
        assert client.sign_in(who).send(drop, {"reason": REASON}).status_code == status
    client.sign_in("recruiter")
    assert "Det kan ikke fortrydes" in client.get(drop).text
    assert client.send(drop, {"reason": "  "}).status_code == 422
    assert client.send(drop, {"reason": REASON}).status_code == 303
    assert client.send(drop, {"reason": REASON}).status_code == 409, "dropped once"
    page = client.sign_in("member").get(f"{url}/assessment").text
    assert REASON in page
    assert EVIDENCE in page, "what was written stays in sight"
    assert f'name="score_{question_id}"' not in page
    assert page.count("data-question") == total - 1
    sent = {name: field(page, name) for name in ("version", "page")}
    asks = client.send(f"{url}/assessment", without(world, question_id, answers(world, 5, submit="1", **sent)))
    assert asks.text.count("Niveau 5: ") == total - 1
    shown = {name: field(client.get(f"{url}/assessment").text, name) for name in ("version", "page")}
    done = without(world, question_id, answers(world, 5, submit="1", confirmed="1", **shown))
    assert client.send(f"{url}/assessment", done).status_code == 303
    client.sign_in("member2").send(f"{url}/declaration", {"impartial": "yes"})
    lacking = client.send(f"{url}/assessment", {}, headers={"HX-Request": "true"}).text
    assert f"{total - 1} af {total - 1}" in lacking, "what was dropped is not missing"
    shown = {name: field(client.get(f"{url}/assessment").text, name) for name in ("version", "page")}
    done = without(world, question_id, answers(world, 5, submit="1", confirmed="1", **shown))
    assert client.send(f"{url}/assessment", done).status_code == 303
    assert REASON in client.get(f"{url}/assessment").text
    comparison = client.sign_in("recruiter").get(f"/recruitments/{world.recruitment.id}/comparison").text
    assert "5,00" in comparison, "the 1 counts nowhere"
    assert "1 · 5" not in comparison
    kept = db.session.scalars(db.select(Rating).where(Rating.question_id == question_id)).one()
    assert (kept.score, EVIDENCE in kept.evidence) == (1, True)
    assert db.session.scalars(db.select(QuestionDrop.reason)).one() == REASON
    log = client.sign_in("hr").get("/event-log?action=interviews.").text
    assert "lod et spørgsmål udgå for alle kandidater" in log


def test_text_typed_before_a_question_was_dropped_is_not_lost(client: InspectingClient, world: World) -> None:
    question_id, url = asked(world)[0].id, f"/interviews/{world.recruitment.candidates[0].id}"
    client.sign_in("member").send(f"{url}/declaration", {"impartial": "yes"})
    client.send(f"{url}/assessment", {f"evidence_{asked(world)[1].id}": EVIDENCE})
    page = client.get(f"{url}/assessment").text
    shown = {name: field(page, name) for name in ("version", "page")}
    client.sign_in("recruiter").send(f"{card(world)}/questions/{question_id}/drop", {"reason": REASON})
    client.sign_in("member").send(f"{url}/assessment", {f"evidence_{question_id}": "Skrevet inden.", **shown})
    assert "Skrevet inden." in client.get(f"{url}/assessment").text


def test_the_preview_shows_the_assessors_page_and_saves_nothing(client: InspectingClient, world: World) -> None:
    for who in ("recruiter", "member"):
        page = client.sign_in(who).get(f"{card(world)}/preview").text
        main = page[page.index("<main") : page.index("</main>")]
        assert main.count("data-question") == len(asked(world))
        assert 'method="post"' not in main
        assert 'type="submit"' not in main
        assert asked(world)[0].anchors["5"][:30] in main


def test_the_pages_take_as_many_queries_for_thirty_questions_as_for_six(client: InspectingClient, world: World) -> None:
    client.sign_in("recruiter")
    pages = (
        card(world),
        f"{card(world)}/bank",
        f"{card(world)}/preview",
        f"/recruitments/{world.recruitment.id}/coverage",
    )
    few = []
    for page in pages:
        client.get(page)
        few.append(client.selects)
    with unit_of_work():
        content = questions.content_of(asked(world)[0])
        for n in range(24):
            changed = replace(content, text=f"Spørgsmål {n}?")
            questions.add_own_question(world.recruitment.rounds[0], changed, 6)
    client.sign_in("recruiter")
    many = []
    for page in pages:
        client.get(page)
        many.append(client.selects)
    assert many == few
