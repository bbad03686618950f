"""A chair who is not impartial decides nothing about that candidate: impartial members stand in, and nobody else."""

import pytest

from portal.access import Permission, may
from portal.db import db, unit_of_work
from portal.i18n import today
from portal.interviews.models import InterviewClosing
from portal.people.queries import actor_of
from portal.recruitment import services as recruitments
from portal.recruitment.queries import member_of
from tests.factories import World
from tests.inspecting import InspectingClient
from tests.interviews.test_chairing import REASON, with_chair
from tests.interviews.test_journey import assess


def out(world: World, name: str = "outsider") -> None:
    """The one who chairs declares that they are not impartial."""
    candidate = world.recruitment.candidates[0]
    member = member_of(candidate.recruitment, world.people[name].id)
    assert member is not None
    with unit_of_work():
        recruitments.declare_impartiality(candidate, member, False)


def tried(client: InspectingClient, url: str, name: str, verb: str = "close") -> int:
    return client.sign_in(name).send(f"{url}/{verb}", {"reason": REASON}).status_code


def closed_by() -> list[tuple[bool, int]]:
    rows = db.session.execute(db.select(InterviewClosing.closes, InterviewClosing.by_id).order_by(InterviewClosing.id))
    return [(row[0], row[1]) for row in rows]


def test_a_member_who_has_submitted_closes_and_reopens_for_a_chair_who_is_out(
    client: InspectingClient, world: World
) -> None:
    url = with_chair(world)
    out(world)
    assess(client, world, "member", 4)
    page = client.sign_in("member").get(f"{url}/assessment").text
    assert f'href="{url}/close"' in page
    assert "træder du og de andre habile medlemmer til" in page
    assert tried(client, url, "member") == 303
    assert "Niveau 4" in client.get(f"{url}/debrief").text
    assert tried(client, url, "member", "reopen") == 303
    person = world.people["member"].id
    assert closed_by() == [(True, person), (False, person)]


def test_nobody_stands_in_for_a_chair_who_is_impartial_or_has_not_declared(
    client: InspectingClient, world: World
) -> None:
    url = with_chair(world)
    assess(client, world, "member", 4)
    assert tried(client, url, "member") == 403
    assess(client, world, "outsider", 4)
    assert tried(client, url, "member") == 403
    assert f'href="{url}/close"' not in client.get(f"{url}/assessment").text
    assert tried(client, url, "outsider") == 303


@pytest.mark.parametrize(
    ("name", "status"), [("outsider", 403), ("member2", 403), ("recruiter", 403), ("hr", 403), ("buddy", 404)]
)
def test_no_other_gets_through(client: InspectingClient, world: World, name: str, status: int) -> None:
    """Neither the chair who is out, nor a member who has yet to declare or is out, nor anyone beside the panel."""
    url = with_chair(world)
    out(world)
    assess(client, world, "member", 4)
    for verb in ("close", "reopen"):
        assert tried(client, url, name, verb) == status
        assert client.get(f"{url}/{verb}").status_code == status
    if name == "member2":
        out(world, "member2")
        assert tried(client, url, name) == 403
    assert closed_by() == []


def test_standing_in_tells_nothing_of_the_others_and_comes_after_the_own_assessment(
    client: InspectingClient, world: World
) -> None:
    url = with_chair(world)
    out(world)
    client.sign_in("member").send(f"{url}/declaration", {"impartial": "yes"})
    answers = [client.send(f"{url}/close", {"reason": REASON})]
    assess(client, world, "member2", 5)
    answers.append(client.sign_in("member").send(f"{url}/close", {"reason": REASON}))
    assert [answer.status_code for answer in answers] == [409, 409]
    assert all("når du selv har indsendt din vurdering" in answer.text for answer in answers)
    assert closed_by() == []


def test_who_stands_in_for_one_candidate_does_not_for_another(world: World) -> None:
    with_chair(world)
    out(world)
    with unit_of_work():
        other = recruitments.add_candidate(world.recruitment, "Anden Andersen")
        for candidate in (other, world.recruitment.candidates[0]):
            recruitments.declare_impartiality(candidate, world.recruitment.panel[0], True)
    actor = actor_of(world.people["member"], today())
    assert may(actor, Permission.CHAIR, world.recruitment.candidates[0])
    assert not may(actor, Permission.CHAIR, other)


def test_the_recruiter_lets_another_member_chair_when_the_chair_is_away(client: InspectingClient, world: World) -> None:
    url = with_chair(world)
    assess(client, world, "member", 4)
    seat = member_of(world.recruitment, world.people["member"].id)
    assert seat is not None
    naming = f"/recruitments/{world.recruitment.id}/members/{seat.id}/chair"
    assert client.sign_in("outsider").send(naming, {}).status_code == 403
    page = client.sign_in("recruiter").get(f"/recruitments/{world.recruitment.id}/people").text
    assert f'action="{naming}"' in page, "also when assessing has begun"
    assert client.send(naming, {}).status_code == 303
    assert "valgte, hvem der er formand" in client.sign_in("hr").get("/event-log").text
    assert tried(client, url, "outsider") == 403
    assert tried(client, url, "member") == 303
