"""Further rounds: who is invited, what can be taken back, and that not impartial is final across all of them."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask_babel import force_locale
from sqlalchemy import select

from portal.audit.models import AuditEvent
from portal.db import db, unit_of_work
from portal.errors import Refused
from portal.interviews import rounds
from portal.interviews.models import ScorecardQuestion
from portal.recruitment import services
from portal.recruitment.candidates import settle
from portal.recruitment.models import Candidate, Interview, InterviewRound, Recruitment
from portal.recruitment.queries import find_interview, find_round
from portal.recruitment.schedule import RoundBlocker, adding_blockers, round_removal_blockers, take_back_blockers
from tests.factories import World
from tests.inspecting import InspectingClient
from tests.interviews.test_journey import answers, assess


@pytest.fixture(autouse=True)
def in_danish(app: Flask) -> Iterator[None]:
    """What services say is in Danish, also outside of a request."""
    with force_locale("da"):
        yield


def add(world: World, name: str) -> Candidate:
    with unit_of_work():
        return services.add_candidate(db.session.get_one(Recruitment, world.recruitment.id), name)


def second_round(world: World, *candidate_ids: int) -> InterviewRound:
    with unit_of_work():
        made = rounds.add_round(db.session.get_one(Recruitment, world.recruitment.id))
        rounds.invite(made, candidate_ids)
    return made


def ask_something(made: InterviewRound) -> None:
    """Give the round a question of its own."""
    recruitment = db.session.get_one(Recruitment, made.recruitment_id)
    with unit_of_work():
        db.session.add(
            ScorecardQuestion(
                recruitment_id=recruitment.id,
                round_id=made.id,
                competency_id=recruitment.profile[0].competency_id,
                position=1,
                kind="behavioural",
                text="Hvad har du tænkt siden sidst?",
                probes=["Hvorfor?"],
                anchors={"1": "Intet nyt.", "3": "Noget nyt.", "5": "Meget nyt."},
            )
        )


def interview_in(made: InterviewRound, candidate_id: int) -> Interview:
    query = select(Interview).where(Interview.round_id == made.id, Interview.candidate_id == candidate_id)
    return db.session.scalars(query).one()


@pytest.mark.parametrize(
    ("sizes", "blockers"),
    [
        ([1], []),
        ([0], [RoundBlocker.EMPTY]),
        ([3, 0], [RoundBlocker.EMPTY]),
        ([3, 1], []),
        ([3, 2, 1], [RoundBlocker.ENOUGH]),
    ],
)
def test_a_further_round_is_for_those_of_the_last(sizes: list[int], blockers: list[RoundBlocker]) -> None:
    assert adding_blockers(sizes) == blockers


def test_what_keeps_an_invitation_or_a_round() -> None:
    assert take_back_blockers(2, begun=False, later=False) == []
    assert take_back_blockers(1, begun=False, later=False) == [RoundBlocker.FIRST]
    assert take_back_blockers(2, begun=True, later=True) == [RoundBlocker.BEGUN, RoundBlocker.INVITED_ON]
    assert round_removal_blockers(2, last=True, interviews=0, questions=0) == []
    assert round_removal_blockers(1, last=False, interviews=0, questions=2) == [
        RoundBlocker.FIRST, RoundBlocker.NOT_LAST, RoundBlocker.HAS_QUESTIONS,
    ]  # fmt: skip


def test_a_recruiter_adds_a_round_and_invites_to_it(client: InspectingClient, world: World) -> None:
    first = world.recruitment.candidates[0].id
    add(world, "Anden Andersen")
    base = f"/recruitments/{world.recruitment.id}"
    client.sign_in("recruiter")
    assert "Tilføj 2. samtale" in client.get(f"{base}/interviews").text
    sent = {"instance": "a" * 32}
    for _again in range(2):
        assert client.send(f"{base}/rounds", sent).status_code == 303
    assert db.session.query(InterviewRound).count() == 2, "sent twice counts once"
    assert client.send(f"{base}/rounds").status_code == 409, "nobody is in the second yet"
    assert client.send(f"{base}/rounds/2/invite").status_code == 422
    assert client.send(f"{base}/rounds/2/invite", {"candidates": [str(first)]}).status_code == 303
    assert client.send(f"{base}/rounds/2/invite", {"candidates": [str(first)]}).status_code == 303
    assert client.send(f"{base}/rounds/2/invite", {"candidates": ["999"]}).status_code == 422
    made = find_round(world.recruitment.id, 2)
    assert made is not None
    assert [interview.candidate_id for interview in made.interviews] == [first]
    page = client.get(base).text
    assert page.index("1. samtale") < page.index("Anden Andersen") < page.index("2. samtale")
    invited = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "interviews.invite")).all()
    assert [(event.subject_id, event.details) for event in invited] == [(first, {"number": 2})]


def test_one_who_has_withdrawn_is_not_invited(world: World) -> None:
    other = add(world, "Anden Andersen")
    with unit_of_work():
        settle(other, "withdrawn", "Trak sig.", world.people["recruiter"])
    with pytest.raises(Refused):
        second_round(world, other.id)


def test_an_invitation_is_taken_back_until_someone_has_begun(client: InspectingClient, world: World) -> None:
    first = world.recruitment.candidates[0].id
    made = second_round(world, first)
    url = f"/interviews/{interview_in(made, first).id}/take-back"
    client.sign_in("recruiter")
    assert "Vil du trække invitationen til Kandidat Kirkegaard tilbage?" in client.send(url).text
    assert client.send(url, {"confirmed": "1"}).status_code == 303
    assert client.send(f"/recruitments/{world.recruitment.id}/rounds/2/remove").status_code == 303
    assert [r.number for r in db.session.query(InterviewRound)] == [1]
    url = f"/interviews/{world.recruitment.candidates[0].interviews[0].id}/take-back"
    assert client.send(url, {"confirmed": "1"}).status_code == 409, "everyone is in the first round"


def test_a_round_that_has_begun_keeps_its_interviews(client: InspectingClient, world: World) -> None:
    first = world.recruitment.candidates[0].id
    made = second_round(world, first)
    interview = interview_in(made, first).id
    ask_something(made)
    client.sign_in("member").send(f"/interviews/{interview}/declaration", {"impartial": "yes"})
    assert client.send(f"/interviews/{interview}/assessment", answers(world, 4)).status_code == 303
    client.sign_in("recruiter")
    refused = client.send(f"/interviews/{interview}/take-back", {"confirmed": "1"})
    assert refused.status_code == 409
    assert "Udvalget er begyndt på denne samtale" in refused.text
    refused = client.send(f"/recruitments/{world.recruitment.id}/rounds/2/remove")
    assert "Der er kandidater i samtalerunden" in refused.text


def test_a_round_without_questions_asks_nobody_for_anything(client: InspectingClient, world: World) -> None:
    assess(client, world, "member", 4)
    made = second_round(world, world.recruitment.candidates[0].id)
    assert "Vurdér kandidaten" not in client.get("/").text
    assert "ingen spørgsmål endnu" in client.get(f"/recruitments/{world.recruitment.id}").text
    ask_something(made)
    assert "Vurdér kandidaten" in client.get("/").text


def test_not_impartial_is_final_in_every_round(client: InspectingClient, world: World) -> None:
    first = world.recruitment.candidates[0]
    client.sign_in("member")
    no = {"impartial": "no", "confirmed": "1"}
    assert client.send(f"/interviews/{first.interviews[0].id}/declaration", no).status_code == 303
    made = second_round(world, first.id)
    ask_something(made)
    later = interview_in(made, first.id).id
    assert client.send(f"/interviews/{later}/declaration", {"impartial": "yes"}).status_code == 409
    assert client.send(f"/interviews/{later}/assessment", answers(world, 4)).status_code == 409
    assert "Du deltager ikke" in client.get(f"/interviews/{later}/assessment").text
    assert client.get(f"/candidates/{first.id}").status_code == 403
    found = find_interview(later)
    assert found is not None
    assert world.people["member"].id in found.candidate.partial_person_ids


def test_a_word_given_in_the_first_round_holds_in_the_second(client: InspectingClient, world: World) -> None:
    assess(client, world, "member", 4)
    made = second_round(world, world.recruitment.candidates[0].id)
    ask_something(made)
    later = interview_in(made, world.recruitment.candidates[0].id).id
    page = client.get(f"/interviews/{later}/assessment").text
    assert "Før du begynder" not in page
