"""What became of an application: with a reason, kept for good, and nothing more is owed for it."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask_babel import force_locale
from sqlalchemy import select

from portal.db import db, unit_of_work
from portal.errors import Refused
from portal.interviews.queries import recruitments_lacking_assessments
from portal.overview.digest import compose
from portal.overview.progress import standing
from portal.recruitment import services
from portal.recruitment.candidates import settle
from portal.recruitment.models import Candidate, CandidateEvent, Recruitment
from portal.recruitment.queries import find_candidate, find_recruitment
from portal.recruitment.rules import RESUMED, CandidateState, SettlingBlocker, settling_blockers
from tests.factories import World
from tests.inspecting import InspectingClient
from tests.interviews.test_journey import EVIDENCE, answers, assess
from tests.mail.test_digest import working_day

REASON = "Har fået et andet job."


@pytest.fixture(autouse=True)
def in_danish(app: Flask) -> Iterator[None]:
    """What services say is in Danish, also outside of a request."""
    with force_locale("da"):
        yield


def put_down(world: World, kind: str, reason: str = REASON) -> Candidate:
    candidate = find_candidate(world.recruitment.candidates[0].id)
    assert candidate is not None
    with unit_of_work():
        settle(candidate, kind, reason, world.people["recruiter"])
    return candidate


@pytest.mark.parametrize(
    ("state", "kind", "reason", "taken", "blockers"),
    [
        ("applied", "withdrawn", "x", False, []),
        ("applied", "refused", " ", False, [SettlingBlocker.NO_REASON]),
        ("applied", "hired", "x", True, [SettlingBlocker.TAKEN]),
        ("applied", "refused", "x", True, []),
        ("applied", RESUMED, "x", False, [SettlingBlocker.STANDS]),
        ("withdrawn", "refused", "x", False, [SettlingBlocker.SETTLED]),
        ("hired", RESUMED, "x", True, []),
        ("refused", RESUMED, "x", False, []),
        ("applied", "applied", "x", False, [SettlingBlocker.UNKNOWN]),
    ],
)
def test_only_what_stands_is_settled_and_only_what_does_not_is_resumed(
    state: str, kind: str, reason: str, taken: bool, blockers: list[SettlingBlocker]
) -> None:
    assert settling_blockers(CandidateState(state), kind, reason, taken=taken) == blockers


def test_withdrawn_and_taken_up_again_are_both_kept_with_their_reasons(client: InspectingClient, world: World) -> None:
    url = f"/candidates/{world.recruitment.candidates[0].id}"
    client.sign_in("recruiter")
    assert client.send(f"{url}/settle", {"kind": "withdrawn", "reason": ""}).status_code == 422
    assert client.send(f"{url}/settle", {"kind": "hired", "reason": REASON}).status_code == 422, "not from this page"
    assert client.send(f"{url}/settle", {"kind": "withdrawn", "reason": "010190-1234"}).status_code == 422
    assert client.send(f"{url}/settle", {"kind": "withdrawn", "reason": REASON}).status_code == 303
    page = client.get(url).text
    assert REASON in page
    assert "Kandidaten har trukket sig" in page
    again = client.send(f"{url}/settle", {"kind": "refused", "reason": REASON})
    assert again.status_code == 409
    assert "Genoptag den først" in again.text
    assert client.send(f"{url}/resume", {"reason": "Det var en fejl."}).status_code == 303
    page = client.get(url).text
    assert REASON in page
    assert "Det var en fejl." in page
    assert client.send(f"{url}/resume", {"reason": "Igen."}).status_code == 409
    assert [event.kind for event in db.session.scalars(select(CandidateEvent))] == ["withdrawn", RESUMED]


def test_what_is_kept_can_neither_be_changed_nor_removed(client: InspectingClient, world: World) -> None:
    candidate = put_down(world, "refused")
    event = candidate.events[0]
    event.reason = "Noget andet"
    with pytest.raises(Exception, match="candidate_event"):
        db.session.flush()
    db.session.rollback()
    client.sign_in("recruiter")
    with unit_of_work():
        other = services.add_candidate(db.session.get_one(Recruitment, world.recruitment.id), "Uden Referencer")
        settle(other, "withdrawn", REASON, world.people["recruiter"])
    removal = f"/recruitments/{world.recruitment.id}/candidates/{other.id}/remove"
    refused = client.send(removal, {"confirmed": "1"})
    assert refused.status_code == 409
    assert "bliver stående" in refused.text


def test_nobody_owes_anything_for_one_who_has_withdrawn(client: InspectingClient, world: World) -> None:
    assert recruitments_lacking_assessments()
    client.sign_in("member")
    assert "Kandidat Kirkegaard" in client.get("/").text
    candidate = put_down(world, "withdrawn")
    assert recruitments_lacking_assessments() == []
    assert not [d for d in compose(working_day()) if "Kandidater, du skal vurdere" in d.body or "kandidat" in d.body]
    assert "Afgiv habilitetserklæring" not in client.get("/").text
    page = client.get(f"/recruitments/{world.recruitment.id}").text
    assert "ikke længere kandidat" in page
    assert "Begynd" not in page
    assert REASON not in page
    interview = f"/interviews/{candidate.interviews[0].id}"
    client.send(f"{interview}/declaration", {"impartial": "yes"})
    refused = client.send(f"{interview}/assessment", answers(world, 4))
    assert refused.status_code == 409
    assert "Kandidaten har trukket sig" in refused.text
    with unit_of_work():
        settle(candidate, RESUMED, "Kom tilbage.", world.people["recruiter"])
    assert recruitments_lacking_assessments()
    assert client.send(f"{interview}/assessment", answers(world, 4)).status_code == 303


def test_what_was_assessed_stays_when_the_candidate_is_refused(client: InspectingClient, world: World) -> None:
    assess(client, world, "member", 4)
    put_down(world, "refused")
    page = client.get(f"/interviews/{world.recruitment.candidates[0].interviews[0].id}/assessment").text
    assert EVIDENCE in page
    client.sign_in("recruiter")
    page = client.get(f"/recruitments/{world.recruitment.id}").text
    assert "1 af 2 vurderinger indsendt" in page
    assert ">afslag<" in page


def test_others_are_ready_to_compare_without_the_one_who_withdrew(client: InspectingClient, world: World) -> None:
    with unit_of_work():
        other = services.add_candidate(db.session.get_one(Recruitment, world.recruitment.id), "Anden Andersen")
    assess(client, world, "member", 4)
    assess(client, world, "member2", 4)
    found = find_recruitment(world.recruitment.id)
    assert found is not None
    assert standing(found, world.people["recruiter"].id).status.code == "assessing"
    with unit_of_work():
        settle(other, "withdrawn", REASON, world.people["recruiter"])
    assert standing(found, world.people["recruiter"].id).status.code == "ready"


def test_a_panel_member_still_sees_nothing_of_the_others_when_all_have_withdrawn(
    client: InspectingClient, world: World
) -> None:
    assess(client, world, "member", 4)
    put_down(world, "withdrawn")
    client.sign_in("member2")
    page = client.get(f"/recruitments/{world.recruitment.id}").text
    assert "vurderinger indsendt" not in page


def test_there_is_one_vacancy(world: World) -> None:
    candidate = put_down(world, "hired", "Udvalgets indstilling er fulgt.")
    with unit_of_work():
        other = services.add_candidate(candidate.recruitment, "Anden Andersen")
    with pytest.raises(Refused), unit_of_work():
        settle(other, "hired", REASON, world.people["recruiter"])
    assert db.session.get_one(Candidate, other.id).state is CandidateState.APPLIED


def test_the_list_is_filtered_by_what_became_of_them(client: InspectingClient, world: World) -> None:
    with unit_of_work():
        other = services.add_candidate(db.session.get_one(Recruitment, world.recruitment.id), "Anden Andersen")
        settle(other, "withdrawn", REASON, world.people["recruiter"])
    client.sign_in("recruiter")

    def names(query: str) -> list[str]:
        page = client.get(f"/recruitments/{world.recruitment.id}/people{query}").text
        return re.findall(r'<strong><a href="/candidates/\d+">([^<]+)<', page)

    assert names("") == ["Kandidat Kirkegaard", "Anden Andersen"]
    assert names("?state=withdrawn") == ["Anden Andersen"]
    assert names("?state=applied") == ["Kandidat Kirkegaard"]
    assert names("?state=nonsense") == []
