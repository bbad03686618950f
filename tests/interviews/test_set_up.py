"""Before anyone assesses: a complete set-up, a scale that can be read, and a last look before it is final."""

import re

import pytest

from portal.db import db
from portal.interviews import queries
from portal.interviews.rules import SetUpGap, set_up_gaps
from portal.recruitment.models import Recruitment
from tests.factories import World
from tests.inspecting import InspectingClient
from tests.interviews.test_journey import EVIDENCE, answers, assess, field


@pytest.mark.parametrize(
    ("profile", "covered", "panel", "gaps"),
    [
        ([1, 2], [1, 2], 2, []),
        ([1, 2], [2, 1, 9], 3, []),
        ([1, 2], [1], 2, [SetUpGap.QUESTIONS]),
        ([1], [1], 1, [SetUpGap.PANEL]),
        ([], [], 0, [SetUpGap.PROFILE, SetUpGap.QUESTIONS, SetUpGap.PANEL]),
    ],
)
def test_the_set_up_is_complete_with_profile_questions_and_panel(
    profile: list[int], covered: list[int], panel: int, gaps: list[SetUpGap]
) -> None:
    assert set_up_gaps(profile, covered, panel) == gaps


def url_of(world: World) -> str:
    return f"/interviews/{world.recruitment.candidates[0].interviews[0].id}"


def declare(client: InspectingClient, world: World, name: str) -> None:
    client.sign_in(name).send(f"{url_of(world)}/declaration", {"impartial": "yes"})


def test_each_level_shows_its_anchor_or_what_it_lies_between(client: InspectingClient, world: World) -> None:
    question = queries.scorecard(world.recruitment)[0]
    declare(client, world, "member")
    page = client.get(f"{url_of(world)}/assessment").text
    texts = re.findall(rf'name="score_{question.id}".*?<strong>(.*?)</strong><span[^>]*>(.*?)</span>', page, re.DOTALL)
    shown = dict(texts)
    assert shown["2"] == "Mellem 1 og 3"
    assert shown["4"] == "Mellem 3 og 5"
    for level in ("1", "3", "5"):
        assert shown[level].startswith(question.anchors[level][:20])


def test_nobody_can_begin_before_each_competency_has_a_question(client: InspectingClient, world: World) -> None:
    recruitment_id = world.recruitment.id
    questions, wanted = queries.scorecard(world.recruitment), answers(world, 4)
    removed = [question.id for question in questions if question.competency_id == questions[0].competency_id]
    client.sign_in("recruiter")
    for question_id in removed:
        client.send(f"/recruitments/{recruitment_id}/scorecard/questions/{question_id}/remove")
    assert "Opsætningen mangler: spørgsmål til vurderingsskemaet" in client.get("/recruitments").text
    declare(client, world, "member")
    for path in (f"/recruitments/{recruitment_id}", f"{url_of(world)}/assessment"):
        page = client.get(path).text
        assert "Du kan ikke begynde endnu" in page
        assert "Vurderingsskemaet mangler spørgsmål" in page
        assert ">Begynd<" not in page
    refused = client.send(f"{url_of(world)}/assessment", wanted)
    assert refused.status_code == 409
    assert "Vurderingsskemaet mangler spørgsmål" in refused.text
    assert f'href="{url_of(world)}/assessment">Gå tilbage' in refused.text
    assert not db.session.get_one(Recruitment, recruitment_id).locked
    assert "Vurdér kandidaten" not in client.get("/").text, "the start page asks for nothing that cannot be done"


def test_nobody_can_begin_alone(client: InspectingClient, world: World) -> None:
    member = next(m for m in world.recruitment.panel if m.person_id == world.people["member2"].id)
    url = f"/recruitments/{world.recruitment.id}/members/{member.id}/remove"
    client.sign_in("recruiter")
    assert client.send(url).status_code == 200, "asked once more"
    assert client.send(url, {"confirmed": "1"}).status_code == 303
    declare(client, world, "member")
    refused = client.send(f"{url_of(world)}/assessment", answers(world, 4))
    assert refused.status_code == 409
    assert "mindst to medlemmer" in refused.text


def test_submitting_shows_every_rating_once_more(client: InspectingClient, world: World) -> None:
    declare(client, world, "member")
    url = f"{url_of(world)}/assessment"
    html = client.get(url).text
    opened = {name: field(html, name) for name in ("version", "page")}
    asked = client.send(url, answers(world, 4, submit="1", **opened))
    assert asked.status_code == 200
    assert "Det kan ikke fortrydes." in asked.text
    assert asked.text.count("Niveau 4: ") == len(queries.scorecard(world.recruitment))
    assert "Indsendt" not in client.get(url).text
    kept = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', asked.text))
    assert kept["submit"] == "1"
    assert any(EVIDENCE in value for value in kept.values())
    kept.pop("csrf_token")
    assert client.send(url, kept).status_code == 303
    page = client.get(url).text
    assert "Indsendt" in page
    assert "verdict-level" in page


def test_questions_are_moved_up_and_down(client: InspectingClient, world: World) -> None:
    before = [question.id for question in queries.scorecard(world.recruitment)]
    client.sign_in("recruiter")
    url = f"/recruitments/{world.recruitment.id}/scorecard/questions"
    assert client.send(f"{url}/{before[1]}/move", {"step": "up"}).status_code == 303
    client.send(f"{url}/{before[-1]}/move", {"step": "down"})
    after = [question.id for question in queries.scorecard(world.recruitment)]
    assert after == [before[1], before[0], *before[2:]]
    assess(client, world, "member", 4)
    client.sign_in("recruiter")
    assert client.send(f"{url}/{before[1]}/move", {"step": "down"}).status_code == 409
