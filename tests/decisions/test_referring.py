"""References in the decision: in words beside the interviews, and in everything that is held on a candidate."""

import json

from portal.db import unit_of_work
from portal.references import checks, services
from portal.references import queries as references
from tests.decisions.case import opened
from tests.factories import World, open_hearing
from tests.inspecting import InspectingClient

SAID = "Hun talte roligt med dem, der var uenige."


def talk_about_the_profile(world: World, note: str) -> str:
    """A finished note with an answer about a competency of the profile; the question that was asked."""
    question = next(q for q in references.guide(world.recruitment) if q.competency_id)
    recruiter = world.people["recruiter"]
    with unit_of_work():
        services.record_accept(world.referee, recruiter, given_on=world.plan.start_date, how="Pr. mail")
        check = checks.start_check(world.referee, recruiter)
        checks.save_answers(check, {f"q_{question.id}": SAID}, checks.Seen())
        checks.save_note(check, checks.Note(world.plan.start_date, 30, note), recruiter)
    return question.text


def test_answers_stand_beside_the_interviews_of_their_competency(client: InspectingClient, world: World) -> None:
    case = opened(world)
    asked = talk_about_the_profile(world, "Roligt sprog.")
    client.sign_in("recruiter")
    url = f"{case.url}/recommendation/draft?candidate={world.referee.candidate_id}"
    page = client.get(url).text
    assert SAID in page
    assert asked in page
    assert "Reference fra Referent Rask" in page


def test_an_unfinished_talk_is_no_ground(client: InspectingClient, world: World) -> None:
    case = opened(world)
    recruiter = world.people["recruiter"]
    with unit_of_work():
        services.record_accept(world.referee, recruiter, given_on=world.plan.start_date, how="Pr. mail")
        check = checks.start_check(world.referee, recruiter)
        question = next(q for q in references.guide(world.recruitment) if q.competency_id)
        checks.save_answers(check, {f"q_{question.id}": SAID}, checks.Seen())
    client.sign_in("recruiter")
    assert SAID not in client.get(f"{case.url}/recommendation/draft?candidate={world.referee.candidate_id}").text


def test_everything_held_on_a_candidate_includes_the_talk_and_the_hearing(
    client: InspectingClient, world: World
) -> None:
    open_hearing(world.referee, world.people["recruiter"])
    client.sign_in("recruiter")
    url = f"/recruitments/{world.recruitment.id}/candidates/{world.referee.candidate_id}/export.json"
    found = json.loads(client.get(url).data)
    talk = json.dumps(found, ensure_ascii=False)
    for held in ("edede et stort projekt.", "Jeg var kandidatens chef.", "Projektet blev forsinket."):
        assert held in talk
