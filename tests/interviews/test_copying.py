"""Questions are copied from an earlier recruitment: what comes along, what does not, and what can be copied at all."""

from dataclasses import replace

import pytest

from portal.bank import services as bank_services
from portal.db import unit_of_work
from portal.interviews import queries, questions
from portal.recruitment.models import Recruitment
from tests.factories import World, make_recruitment
from tests.inspecting import InspectingClient
from tests.interviews.test_scorecards import asked, card


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


def test_what_can_be_copied_is_searched_counted_and_cut_by_the_database(
    client: InspectingClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "COPYABLE_PER_PAGE", 2)
    with unit_of_work():
        titles = ["Souschef i Århus", "Souschef i Ribe", "Souschef i Skive", "Uden spørgsmål"]
        for title in titles:
            made = make_recruitment(title, world.office, world.people["recruiter"])
            if title == titles[-1]:
                for question in queries.scorecard(made.rounds[0]):
                    questions.remove_question(question)
    client.sign_in("recruiter")
    first = client.get(f"{card(world)}/copy")
    selects = client.selects
    assert "3 runder" in first.text
    assert "Uden spørgsmål" not in first.text
    assert [title in first.text for title in titles[:3]] == [False, True, True]
    assert titles[0] in client.get(f"{card(world)}/copy?page=2").text
    found = client.get(f"{card(world)}/copy?q=århus")
    assert client.selects == selects, "one page costs the same however many there are"
    assert titles[0] in found.text
    assert titles[1] not in found.text
    assert "Ingen rekruttering passer" in client.get(f"{card(world)}/copy?q=Esbjerg").text
