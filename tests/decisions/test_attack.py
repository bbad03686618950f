"""Attackers inside the case: one who is not impartial, an authority with another role, a recruiter after the fact."""

import pytest

from portal.access import Role
from portal.audit.models import AuditEvent
from portal.db import db, unit_of_work
from portal.people.models import PersonRole
from portal.recruitment import services as recruitments
from portal.recruitment.models import Recruitment
from tests.decisions.case import FIRST, Opened, opened, recommend
from tests.factories import World
from tests.inspecting import InspectingClient

REASON = "Samlet den bedst egnede"


def drafted(client: InspectingClient, world: World) -> Opened:
    case = opened(world)
    client.sign_in("member")
    assert client.send(f"{case.url}/recommendation/draft", case.wording(case.first)).status_code == 303
    return case


def test_a_recruiter_who_is_not_impartial_sees_no_recommendation_by_sending_a_wrong_form(
    client: InspectingClient, world: World
) -> None:
    with unit_of_work():
        seat = recruitments.add_member(world.recruitment, world.people["recruiter"])
        recruitments.declare_impartiality(world.recruitment.candidates[0], seat, False)
    client.sign_in("recruiter")
    url = f"/recruitments/{world.recruitment.id}/recommendation"
    for path in ("", "/draft"):
        assert client.get(f"{url}{path}").status_code == 403
    for path in ("/authority", "/draft", "/submit", "/opinion", "/decide"):
        answer = client.send(f"{url}{path}", {"person": "", "candidate": "x", "opinion": "x" * 5000})
        assert answer.status_code == 403, path
        assert FIRST not in answer.text


def test_an_authority_who_is_hr_too_sees_no_draft_either(client: InspectingClient, world: World) -> None:
    case = drafted(client, world)
    with unit_of_work():
        db.session.add(PersonRole(person_id=world.people["chef"].id, role=Role.HR))
    client.sign_in("chef")
    page = client.get(f"{case.url}/recommendation").text
    assert REASON not in page
    assert FIRST not in page
    recommend(case, case.first)
    assert FIRST in client.get(f"{case.url}/recommendation").text


@pytest.mark.parametrize("decided", [False, True])
def test_the_authority_is_not_exchanged_once_the_recommendation_is_before_them(
    client: InspectingClient, world: World, decided: bool
) -> None:
    case = opened(world)
    recommend(case, case.first)
    if decided:
        client.sign_in("chef")
        client.send(f"{case.url}/recommendation/decide", {"ruling": "follow", "candidate": "", "confirmed": "1"})
    client.sign_in("recruiter")
    chef, friend = world.people["chef"].id, world.people["outsider"].id
    facts = {"title": "Souschef til prøve", "office": str(world.office.id), "case_number": "26-1"}
    for someone in (str(friend), ""):
        assert client.send(f"{case.url}/edit", {**facts, "authority": someone}).status_code == 409
        assert client.send(f"{case.url}/recommendation/authority", {"person": someone}).status_code in (409, 422)
    assert client.send(f"{case.url}/edit", {**facts, "authority": str(chef)}).status_code == 303
    assert db.session.scalars(db.select(Recruitment.authority_id)).one() == chef


@pytest.mark.parametrize("path", ["recommendation/draft", "candidates/{}/refusal"])
def test_reading_the_grounds_by_a_wrong_form_is_in_the_log_as_well(
    client: InspectingClient, world: World, path: str
) -> None:
    case = opened(world)
    client.sign_in("recruiter")
    form = {"candidate": str(case.first), "reason": "x" * 5000, "letter": ""}
    assert client.send(f"{case.url}/{path.format(case.second)}", form).status_code == 422
    db.session.rollback()
    seen = db.select(AuditEvent.subject_kind).where(AuditEvent.action == "decisions.see_grounds")
    assert db.session.scalars(seen).all() == ["candidate"]


def test_a_member_who_has_yet_to_declare_to_a_candidate_reads_nothing_of_the_recommendation(
    client: InspectingClient, world: World
) -> None:
    case = opened(world)
    with unit_of_work():
        case.recruitment.rounds[0].locked_at = None
        recruitments.add_candidate(case.recruitment, "Den Tredje")
    client.sign_in("member")
    assert client.get(f"{case.url}/recommendation").status_code == 403
    assert client.get(f"{case.url}/recommendation/draft").status_code == 403
