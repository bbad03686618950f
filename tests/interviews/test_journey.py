"""The interview thread, through the pages: set up, declare, assess independently, compare."""

import re
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from portal.db import db
from portal.interviews import queries
from portal.interviews.models import Assessment, Rating
from portal.recruitment.models import Recruitment
from tests.factories import World
from tests.inspecting import InspectingClient

EVIDENCE = "Fortalte om et møde, hvad der blev aftalt, og hvad det førte til."


def answers(world: World, score: int, **changes: Any) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for question in queries.scorecard(world.recruitment):
        data |= {f"score_{question.id}": str(score), f"evidence_{question.id}": f"{EVIDENCE} Niveau {score}."}
    return data | changes


def field(html: str, name: str) -> str:
    """The value of a hidden field of the page."""
    found = re.search(rf'name="{name}" type="hidden" value="([^"]*)"', html)
    assert found, name
    return found[1]


def assess(client: InspectingClient, world: World, name: str, score: int) -> None:
    candidate_id = world.recruitment.candidates[0].id
    client.sign_in(name)
    client.send(f"/interviews/{candidate_id}/declaration", {"impartial": "yes"})
    sent = answers(world, score, submit="1", confirmed="1")
    response = client.send(f"/interviews/{candidate_id}/assessment", sent)
    assert response.status_code == 303, response.text


def test_a_recruiter_sets_up_a_recruitment_from_the_framework(client: InspectingClient, world: World) -> None:
    client.sign_in("recruiter")
    made = client.send("/recruitments/add", {"title": "Souschef", "office": world.office.id, "case_number": "26-1"})
    assert made.status_code == 303
    recruitment_id = int(made.location.split("/")[2])
    page = client.get(made.location).text
    picks = re.findall(r'name="pick_(\d+)"', page)
    assert len(picks) == 25
    profile = {f"weight_{n}": "1" for n in picks} | {f"minimum_{n}": "" for n in picks}
    profile |= {f"pick_{n}": "y" for n in picks[:4]} | {f"minimum_{picks[0]}": "3"}
    unreasoned = client.send(made.location, profile | {f"weight_{picks[1]}": "2"})
    assert unreasoned.status_code == 422
    assert "Skriv, hvorfor denne kompetence vejer mere" in unreasoned.text
    assert client.send(made.location, profile).status_code == 303
    client.send(f"/recruitments/{recruitment_id}/scorecard/suggest")
    recruitment = db.session.get(Recruitment, recruitment_id)
    assert recruitment is not None
    questions = queries.scorecard(recruitment)
    assert len(questions) == 8
    assert {q.competency_id for q in questions} == {int(n) for n in picks[:4]}
    card = client.get(f"/recruitments/{recruitment_id}/scorecard").text
    assert questions[0].anchors["5"][:40] in card
    url = f"/recruitments/{recruitment_id}/scorecard/questions"
    question_id, key = questions[0].id, questions[0].bank_version_id
    assert client.send(f"{url}/{question_id}/remove").status_code == 303
    assert client.send(url, {"question": key}).status_code == 303
    people = f"/recruitments/{recruitment_id}"
    assert client.send(f"{people}/members", {"person": world.people["member"].id, "chair": "y"}).status_code == 303
    assert client.send(f"{people}/candidates", {"name": "Åse Ørsted"}).status_code == 303
    assert "Åse Ørsted" in client.get(f"{people}/people").text


def test_scores_are_hidden_until_all_have_submitted(client: InspectingClient, world: World) -> None:
    candidate = world.recruitment.candidates[0]
    recruitment_id, candidate_id, name = world.recruitment.id, candidate.id, candidate.name
    assess(client, world, "member", 5)
    comparison, scores = f"/recruitments/{recruitment_id}/comparison", f"/interviews/{candidate_id}/debrief"
    for who in ("member2", "recruiter"):
        client.sign_in(who)
        assert client.get(scores).status_code == 404
        page = client.get(comparison).text
        assert "Niveau 5" not in page
        assert name not in page
    client.sign_in("member2")
    hub = client.get(f"/recruitments/{recruitment_id}").text
    assert "af 2 vurderinger" not in hub
    assess(client, world, "member2", 2)
    for who in ("member", "member2", "recruiter"):
        client.sign_in(who)
        assert "Niveau 5" in client.get(scores).text
        page = client.get(comparison).text
        assert "3,50" in page
    client.sign_in("hr")
    assert client.get(scores).status_code == 403
    assert client.get(comparison).status_code == 403


def test_a_missed_must_have_is_flagged(client: InspectingClient, world: World) -> None:
    assess(client, world, "member", 2)
    assess(client, world, "member2", 2)
    page = client.get(f"/recruitments/{world.recruitment.id}/comparison").text
    assert "Opfylder ikke skal-krav" in page


def test_an_incomplete_assessment_is_kept_as_a_draft_and_says_what_is_missing(
    client: InspectingClient, world: World
) -> None:
    candidate_id = world.recruitment.candidates[0].id
    questions = queries.scorecard(world.recruitment)
    client.sign_in("member")
    url = f"/interviews/{candidate_id}/assessment"
    refused = client.send(url, answers(world, 4, submit="1"))
    assert refused.status_code == 409
    assert EVIDENCE in refused.text, "what was typed is given back"
    client.send(f"/interviews/{candidate_id}/declaration", {"impartial": "yes"})
    first = f"evidence_{questions[0].id}"
    response = client.send(url, answers(world, 4, submit="1", **{first: ""}))
    assert response.status_code == 422
    assert "begrundelsen mangler" in response.text
    assert EVIDENCE in client.get(url).text
    shown = {name: field(client.get(url).text, name) for name in ("version", "page")}
    draft = client.send(url, answers(world, 3, **shown), headers={"HX-Request": "true"})
    assert "Kladde gemt" in draft.text
    too_long = client.send(url, answers(world, 3, **{first: "x" * 4001}))
    assert too_long.status_code == 422
    assert "x" * 4001 in too_long.text


def test_a_submitted_assessment_is_frozen_in_the_database_too(client: InspectingClient, world: World) -> None:
    assess(client, world, "member", 4)
    candidate_id = world.recruitment.candidates[0].id
    again = client.send(f"/interviews/{candidate_id}/assessment", answers(world, 1))
    assert again.status_code == 409
    for statement in (
        db.update(Rating).values(score=1),
        db.delete(Rating),
        db.update(Assessment).values(submitted_at=None),
    ):
        with pytest.raises(IntegrityError):
            db.session.execute(statement)
        db.session.rollback()


def test_profile_and_scorecard_lock_with_the_first_assessment(client: InspectingClient, world: World) -> None:
    question_id = queries.scorecard(world.recruitment)[0].id
    assess(client, world, "member", 4)
    client.sign_in("recruiter")
    url = f"/recruitments/{world.recruitment.id}"
    assert client.send(f"{url}/scorecard/questions/{question_id}/remove").status_code == 409
    assert client.send(f"{url}/scorecard/suggest").status_code == 409
    assert client.send(f"{url}/members", {"person": world.people["outsider"].id}).status_code == 409


def test_one_who_is_not_impartial_is_out_and_the_others_go_on(client: InspectingClient, world: World) -> None:
    candidate_id = world.recruitment.candidates[0].id
    client.sign_in("member2")
    declaration = f"/interviews/{candidate_id}/declaration"
    asked = client.send(declaration, {"impartial": "no"})
    assert asked.status_code == 200
    assert "Er du inhabil i forhold til Kandidat Kirkegaard?" in asked.text
    assert client.send(declaration, {"impartial": "no", "confirmed": "1"}).status_code == 303
    assert client.send(declaration, {"impartial": "yes"}).status_code == 409
    assert client.send(f"/interviews/{candidate_id}/assessment", answers(world, 4)).status_code == 409
    assess(client, world, "member", 4)
    assert "4,00" in client.get(f"/recruitments/{world.recruitment.id}/comparison").text
    client.sign_in("member2")
    assert client.get(f"/interviews/{candidate_id}/debrief").status_code == 404
    assert "4,00" not in client.get(f"/recruitments/{world.recruitment.id}/comparison").text


def test_reading_scores_is_in_the_event_log(client: InspectingClient, world: World) -> None:
    assess(client, world, "member", 4)
    assess(client, world, "member2", 4)
    client.get(f"/interviews/{world.recruitment.candidates[0].id}/debrief")
    client.sign_in("hr")
    log = client.get("/event-log?action=interviews.").text
    assert "Member2 læste udvalgets vurderinger af en kandidat" in log
