"""The guide's questions: reworded, moved, added and removed until the first accept, and checked as in the bank."""

import csv
import io
import json

import pytest
from openpyxl import load_workbook

from portal.references import queries
from tests.factories import World
from tests.inspecting import InspectingClient
from tests.references.test_talks import ACCEPT

OWN = {"competency": "", "text": "Hvordan arbejdede kandidaten med budgetter?", "probes": "Hvor store?\nHvor længe?"}


def url_of(world: World) -> str:
    return f"/recruitments/{world.recruitment.id}/references/questions"


def texts(world: World) -> list[str]:
    return [question.text for question in queries.guide(world.recruitment)]


def test_a_question_is_reworded_and_the_page_says_so(client: InspectingClient, world: World) -> None:
    question = queries.guide(world.recruitment)[1]
    client.sign_in("recruiter")
    changed = {"text": "Hvornår arbejdede I sammen?", "probes": "Hvor længe?", "minutes": "5"}
    assert client.send(f"{url_of(world)}/{question.id}", changed).status_code == 303
    page = client.get(f"/recruitments/{world.recruitment.id}/references").text
    assert "Hvornår arbejdede I sammen?" in page
    assert "ændret i forhold til banken" in page
    assert f"cirka {3 * (len(texts(world)) - 1) + 5} minutter" in page


def test_questions_move_and_go_and_come(client: InspectingClient, world: World) -> None:
    before, questions = texts(world), queries.guide(world.recruitment)
    source = questions[2].bank_version_id
    client.sign_in("recruiter")
    third = questions[2].id
    client.send(f"{url_of(world)}/{third}/move", {"direction": "up"})
    assert texts(world)[:3] == [before[0], before[2], before[1]]
    asked = client.send(f"{url_of(world)}/{third}/remove")
    assert before[2] in asked.text
    client.send(f"{url_of(world)}/{third}/remove", {"confirmed": "1"})
    assert before[2] not in texts(world)
    client.send(f"{url_of(world)}/from-bank", {"question": source})
    assert texts(world)[-1] == before[2]
    client.send(f"{url_of(world)}/own", OWN)
    assert texts(world)[-1] == OWN["text"]
    assert queries.guide(world.recruitment)[-1].probes == ["Hvor store?", "Hvor længe?"]


@pytest.mark.parametrize("where", ["own", "change"])
def test_what_may_not_be_asked_is_refused_with_the_law(client: InspectingClient, world: World, where: str) -> None:
    client.sign_in("recruiter")
    url = f"{url_of(world)}/own" if where == "own" else f"{url_of(world)}/{queries.guide(world.recruitment)[0].id}"
    refused = client.send(url, {**OWN, "minutes": "3", "text": "Var kandidaten ofte syg?"})
    assert refused.status_code == 422
    assert "helbredsoplysningsloven" in refused.text.lower()
    assert "Var kandidaten ofte syg?" in refused.text


@pytest.mark.parametrize("where", ["own", "change"])
def test_follow_ups_of_a_question_are_checked_as_well(client: InspectingClient, world: World, where: str) -> None:
    client.sign_in("recruiter")
    url = f"{url_of(world)}/own" if where == "own" else f"{url_of(world)}/{queries.guide(world.recruitment)[0].id}"
    before = texts(world)
    refused = client.send(
        url, {**OWN, "minutes": "3", "probes": "Hvor store?\nEr kandidaten medlem af en fagforening?"}
    )
    assert refused.status_code == 422
    assert "forskelsbehandlingsloven" in refused.text.lower() or "foreningsfrihed" in refused.text.lower()
    assert "medlem af en fagforening" in refused.text
    assert texts(world) == before


def test_after_the_first_accept_the_core_stays_the_same_for_all(client: InspectingClient, world: World) -> None:
    client.sign_in("recruiter")
    client.send(f"/referees/{world.referee.id}/accept", ACCEPT)
    before, question = texts(world), queries.guide(world.recruitment)[1].id
    for path, sent in (
        (f"{question}", {"text": "Noget andet?", "minutes": "3"}),
        (f"{question}/move", {"direction": "up"}),
        (f"{question}/remove", {"confirmed": "1"}),
        ("own", OWN),
    ):
        assert client.send(f"{url_of(world)}/{path}", sent).status_code == 409
    assert texts(world) == before


def test_the_questions_as_csv_workbook_and_json(client: InspectingClient, world: World) -> None:
    client.sign_in("recruiter")
    client.send(f"/referees/{world.referee.id}/accept", ACCEPT)
    url, wanted = f"/referees/{world.referee.id}/guide", texts(world)
    rows = list(csv.reader(io.StringIO(client.get(f"{url}.csv").data.decode("utf-8-sig")), delimiter=";"))
    assert [row[2] for row in rows[1:]] == wanted
    sheet = load_workbook(io.BytesIO(client.get(f"{url}.xlsx").data)).active
    assert sheet is not None
    assert [row[2] for row in list(sheet.values)[1:]] == wanted
    found = json.loads(client.get(f"{url}.json").data)
    assert [question["text"] for question in found["questions"]] == wanted
    assert found["candidate"] == "Kandidat Kirkegaard"
