"""Hearings: what is new, unfavourable and essential is put to the candidate before the decision, and all is kept."""

from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from portal import clock
from portal.db import db
from portal.hearings import queries
from portal.hearings.models import Hearing
from portal.hearings.rules import Step, StepBlocker, calls_for_hearing, is_open, needs_reason, step_blockers
from portal.i18n import today
from tests.factories import World, finished_talk, open_hearing
from tests.inspecting import InspectingClient

DAY = date(2026, 11, 25)
FACT = {"fact": "Projektet blev et halvt år forsinket.", "is_new": "y", "unfavourable": "y"}


@pytest.mark.parametrize("new", [True, False])
@pytest.mark.parametrize("against", [True, False])
@pytest.mark.parametrize("essential", [True, False])
def test_only_what_is_new_unfavourable_and_essential_calls_for_a_hearing(
    new: bool, against: bool, essential: bool
) -> None:
    marks = {"is_new": new, "unfavourable": against, "essential": essential}
    assert calls_for_hearing(**marks) is all(marks.values())
    assert needs_reason(**marks) is (new and against and not essential)


@pytest.mark.parametrize(
    ("step", "steps", "deadline", "sent", "blockers"),
    [
        (Step.SENT, [], DAY + timedelta(days=1), None, []),
        (Step.SENT, [], None, None, [StepBlocker.NO_DEADLINE]),
        (Step.SENT, [], DAY, None, [StepBlocker.PAST]),
        (Step.SENT, [Step.SENT], DAY + timedelta(days=1), DAY, [StepBlocker.SENT_ALREADY]),
        (Step.REPLIED, [], None, None, [StepBlocker.NOT_SENT]),
        (Step.REPLIED, [Step.SENT], None, DAY, []),
        (Step.UNANSWERED, [Step.SENT], None, DAY, [StepBlocker.TOO_EARLY]),
        (Step.UNANSWERED, [Step.SENT], None, DAY - timedelta(days=1), []),
        (Step.REASSESSED, [], None, None, []),
        (Step.REPLIED, [Step.SENT, Step.REPLIED], None, DAY, [StepBlocker.CLOSED]),
    ],
)
def test_when_a_step_may_be_taken(
    step: Step, steps: list[Step], deadline: date | None, sent: date | None, blockers: list[StepBlocker]
) -> None:
    found = step_blockers(step, calls=True, steps=steps, deadline=deadline, sent_deadline=sent, today=DAY)
    assert found == blockers


def test_a_hearing_is_open_until_a_step_closes_it() -> None:
    assert is_open(calls=True, steps=[])
    assert is_open(calls=True, steps=[Step.SENT])
    assert not is_open(calls=True, steps=[Step.SENT, Step.REPLIED])
    assert not is_open(calls=False, steps=[])


def test_a_fact_is_judged_put_to_the_candidate_and_closed_with_the_reply(
    client: InspectingClient, world: World
) -> None:
    candidate = world.recruitment.candidates[0].id
    finished_talk(world.referee, world.people["recruiter"])
    client.sign_in("recruiter")
    facts = f"/referees/{world.referee.id}/facts"
    judged = client.send(facts, {**FACT, "essential": "y"})
    assert judged.status_code == 303
    page = client.get(judged.location).text
    assert "Indstillingen venter på denne partshøring" in page
    assert "forvaltningslovens § 19" in page
    assert len(queries.open_hearings([candidate])) == 1
    deadline = (today() + timedelta(days=7)).isoformat()
    assert client.send(f"{judged.location}/send", {"deadline": deadline, "text": "Kære Kandidat"}).status_code == 303
    assert client.send(f"{judged.location}/unanswered", {"silence-text": ""}).status_code == 409, "too early"
    assert client.send(f"{judged.location}/reply", {"reply-text": ""}).status_code == 422
    reply = {"reply-text": "Leverandøren gik konkurs undervejs."}
    assert client.send(f"{judged.location}/reply", reply).status_code == 303
    assert "Leverandøren gik konkurs undervejs." in client.get(judged.location).text
    assert queries.open_hearings([candidate]) == []
    assert "førte en partshøring videre" in client.sign_in("hr").get("/event-log?action=hearings.").text


def test_the_letter_is_in_danish_whatever_the_readers_language(client: InspectingClient, world: World) -> None:
    hearing = open_hearing(world.referee, world.people["recruiter"])
    page = client.sign_in("recruiter").get(f"/hearings/{hearing.id}", headers={"Accept-Language": "en"}).text
    assert "Letter to the candidate" in page
    assert "Kære Kandidat" in page
    assert "Dear " not in page


def test_without_a_reply_a_hearing_closes_after_the_deadline(client: InspectingClient, world: World) -> None:
    hearing = open_hearing(world.referee, world.people["recruiter"])
    client.sign_in("recruiter")
    url = f"/hearings/{hearing.id}"
    deadline = today() + timedelta(days=3)
    client.send(f"{url}/send", {"deadline": deadline.isoformat(), "text": "Kære Kandidat"})
    with clock.at(clock.now() + timedelta(days=4)):
        client.sign_in("recruiter")
        assert client.send(f"{url}/unanswered", {"silence-text": ""}).status_code == 303
    db.session.expire_all()
    assert queries.open_hearings([world.recruitment.candidates[0].id]) == []


def test_that_a_fact_is_not_essential_needs_a_reason(client: InspectingClient, world: World) -> None:
    finished_talk(world.referee, world.people["recruiter"])
    client.sign_in("recruiter")
    facts = f"/referees/{world.referee.id}/facts"
    refused = client.send(facts, FACT)
    assert refused.status_code == 422
    assert FACT["fact"] in refused.text
    assert client.send(facts, {**FACT, "reason": "Det skyldtes en konkurs hos leverandøren."}).status_code == 303
    assert queries.open_hearings([world.recruitment.candidates[0].id]) == []
    assert "Det skyldtes en konkurs hos leverandøren." in client.get(facts).text


def test_an_open_hearing_can_be_judged_not_essential_with_a_reason(client: InspectingClient, world: World) -> None:
    hearing = open_hearing(world.referee, world.people["recruiter"])
    client.sign_in("recruiter")
    url = f"/hearings/{hearing.id}/not-essential"
    assert client.send(url, {"reason-text": "nej"}).status_code == 422
    assert client.send(url, {"reason-text": "Kandidaten er ikke længere i betragtning."}).status_code == 303
    assert client.send(url, {"reason-text": "Kandidaten er ikke længere i betragtning."}).status_code == 409


def test_no_fact_is_judged_before_the_note_is_finished(client: InspectingClient, world: World) -> None:
    client.sign_in("recruiter")
    assert client.get(f"/referees/{world.referee.id}/facts").status_code == 409


def test_a_double_click_judges_a_fact_once(client: InspectingClient, world: World) -> None:
    finished_talk(world.referee, world.people["recruiter"])
    client.sign_in("recruiter")
    url = f"/referees/{world.referee.id}/facts"
    sent = {**FACT, "essential": "y", "instance": "a" * 32}
    assert client.send(url, sent).location == client.send(url, sent).location
    assert db.session.scalar(db.select(db.func.count()).select_from(Hearing)) == 1


def test_the_database_keeps_what_was_judged(world: World) -> None:
    open_hearing(world.referee, world.people["recruiter"])
    for statement in ("UPDATE hearing SET essential = NOT essential", "DELETE FROM hearing"):
        with pytest.raises(IntegrityError):
            db.session.execute(text(statement))
        db.session.rollback()
