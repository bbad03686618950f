"""What is said of a vacancy before anyone is assessed: who decides, by when, and who sits on the panel."""

from datetime import UTC, date, datetime

import pytest

from portal.db import db, unit_of_work
from portal.recruitment import services
from portal.recruitment.models import Recruitment
from portal.recruitment.rules import PanelAdvice, panel_advice
from tests.factories import World
from tests.inspecting import InspectingClient


def facts(world: World, **more: object) -> dict[str, object]:
    return {
        "title": "Souschef til prøve",
        "office": world.office.id,
        "authority": world.people["chef"].id,
        "case_number": "26-9",
        "deadline_day": "2026-07-01",
        "deadline_time": "12:00",
        "starts_on": "2026-10-01",
        **more,
    }


def test_authority_deadline_and_first_day_are_kept_and_shown(client: InspectingClient, world: World) -> None:
    client.sign_in("recruiter")
    added = client.send("/recruitments/add", facts(world, title="Ny stilling"))
    assert added.status_code == 303
    found = db.session.scalars(db.select(Recruitment).order_by(Recruitment.id.desc())).first()
    assert found is not None
    assert found.authority_id == world.people["chef"].id
    assert (found.deadline, found.starts_on) == (datetime(2026, 7, 1, 10, 0, tzinfo=UTC), date(2026, 10, 1))
    page = client.get(f"/recruitments/{found.id}").text
    assert "1. juli 2026 kl. 12.00" in page
    assert "1. oktober 2026" in page
    assert "26-9" in page
    form = client.get(f"/recruitments/{found.id}/edit").text
    assert 'value="12:00"' in form
    client.send(f"/recruitments/{found.id}/edit", facts(world, authority="", deadline_day="", deadline_time=""))
    db.session.expire_all()
    assert (found.authority_id, found.deadline) == (None, None)


@pytest.mark.parametrize(
    ("left_out", "said"), [("deadline_time", "Skriv det klokkeslæt"), ("deadline_day", "Skriv den dag")]
)
def test_a_deadline_is_a_day_and_a_time_of_day(
    client: InspectingClient, world: World, left_out: str, said: str
) -> None:
    client.sign_in("recruiter")
    answer = client.send(f"/recruitments/{world.recruitment.id}/edit", facts(world, **{left_out: ""}))
    assert answer.status_code == 422
    assert said in answer.text


def test_an_authority_who_has_left_stays_until_another_is_chosen(client: InspectingClient, world: World) -> None:
    chef = world.people["chef"]
    with unit_of_work():
        services.change_recruitment(world.recruitment, title="A", office=world.office, case_number="", authority=chef)
        chef.active = False
    client.sign_in("recruiter")
    url = f"/recruitments/{world.recruitment.id}/edit"
    assert f'<option selected value="{chef.id}">' in client.get(url).text
    assert client.send(url, facts(world)).status_code == 303


@pytest.mark.parametrize(
    ("members", "chair", "advice"),
    [
        (0, False, [PanelAdvice.TOO_SMALL, PanelAdvice.NO_CHAIR]),
        (1, True, [PanelAdvice.TOO_SMALL]),
        (2, True, [PanelAdvice.SMALL]),
        (3, True, []),
        (3, False, [PanelAdvice.NO_CHAIR]),
        (4, True, [PanelAdvice.EVEN]),
        (5, True, []),
    ],
)
def test_what_is_unusual_about_a_panel(members: int, chair: bool, advice: list[PanelAdvice]) -> None:
    assert panel_advice(members, chair=chair) == advice


def test_an_unusual_panel_is_pointed_out_and_nothing_is_blocked(client: InspectingClient, world: World) -> None:
    client.sign_in("recruiter")
    url = f"/recruitments/{world.recruitment.id}"
    page = client.get(f"{url}/people").text
    assert "To medlemmer er det mindste" in page
    assert "ingen formand" in page
    for name in ("outsider", "buddy"):
        assert client.send(f"{url}/members", {"person": world.people[name].id, "chair": "y"}).status_code == 303
    page = client.get(f"{url}/people").text
    assert "Et ulige antal gør det lettere at nå til enighed" in page
    assert "ingen formand" not in page
    client.send(f"{url}/members", {"person": world.people["chef"].id})
    page = client.get(f"{url}/people").text
    assert "et ulige antal" in page
    assert "Overvej udvalgets sammensætning" not in page
