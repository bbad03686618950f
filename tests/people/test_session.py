"""Sign-in, its limits, and what ends it."""

import re
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from portal.audit.models import AuditEvent
from portal.audit.services import record
from portal.db import db, unit_of_work
from portal.framework.models import Competency, FrameworkVersion
from portal.people import services
from portal.people.models import Person, SignIn
from tests.factories import PASSWORD, World
from tests.inspecting import InspectingClient

GENERIC = "E-mail og adgangskode passer ikke sammen."


def attempt(client: InspectingClient, email: str, password: str) -> int:
    return client.send("/sign-in", {"email": email, "password": password}).status_code


def test_wrong_password_and_unknown_address_answer_alike(client: InspectingClient, world: World) -> None:
    for email in ("hr@portal.example", "nobody@portal.example"):
        response = client.send("/sign-in", {"email": email, "password": "forkert-adgangskode"})
        assert response.status_code == 422
        assert GENERIC in response.text
    client.sign_in("hr")
    assert "prøvede at logge på med forkert" in client.get("/event-log?action=people.").text


def test_guessing_is_throttled_and_others_are_not_locked_out(client: InspectingClient, world: World) -> None:
    answers = [attempt(client, "chef@portal.example", f"forkert-{n}-adgang") for n in range(10)]
    assert answers[:8] == [422] * 8
    assert answers[8:] == [429] * 2
    assert attempt(client, "hr@portal.example", PASSWORD) == 303


def test_the_session_is_new_at_sign_in_and_ends_everywhere(client: InspectingClient, world: World) -> None:
    client.get("/sign-in")
    before = client.get_cookie("portal")
    client.sign_in("hr")
    stolen = client.get_cookie("portal")
    assert before is None or stolen is None or stolen.value != before.value
    assert stolen is not None
    client.send("/sign-out-everywhere")
    client.set_cookie("portal", stolen.value)
    assert client.get("/account").status_code == 303


@pytest.mark.parametrize(
    ("column", "age"), [("started_at", timedelta(hours=12, minutes=1)), ("ended_at", timedelta(0))]
)
def test_a_sign_in_ends_by_age_and_by_signing_out(
    client: InspectingClient, world: World, column: str, age: timedelta
) -> None:
    client.sign_in("hr")
    assert client.get("/account").status_code == 200
    started = db.session.scalars(db.select(SignIn).order_by(SignIn.id.desc())).first()
    assert started is not None
    setattr(started, column, started.started_at - age)
    db.session.commit()
    assert client.get("/account").status_code == 303


def test_an_idle_hour_ends_the_session(client: InspectingClient, world: World) -> None:
    client.sign_in("hr")
    with client.session_transaction() as session:
        session["seen"] -= 3601
    assert client.get("/account").status_code == 303


def test_a_one_time_password_opens_nothing_but_the_change_of_it(client: InspectingClient, world: World) -> None:
    password = services.give_one_time_password(world.people["outsider"])
    db.session.commit()
    client.send("/sign-in", {"email": "outsider@portal.example", "password": password})
    assert client.get("/").location == "/account/password"
    url = "/account/password"
    page = client.get(url).text
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    new = {"csrf_token": token, "password": password}
    for weak in ("kort", "password1234", "outsider-1234", "1234567890123"):
        bad = client.post(url, data={**new, "new_password": weak, "repeat_password": weak})
        assert bad.status_code == 422, weak
    good = "fire-blaa-cykler-i-regn"
    assert client.post(url, data={**new, "new_password": good, "repeat_password": good + "x"}).status_code == 422
    assert client.post(url, data={**new, "new_password": good, "repeat_password": good}).status_code == 303
    assert client.get("/").status_code == 200


def test_one_who_is_taken_off_is_out_at_once(client: InspectingClient, world: World) -> None:
    client.sign_in("outsider")
    world.people["outsider"].active = False
    db.session.commit()
    assert client.get("/").status_code == 303
    assert attempt(client, "outsider@portal.example", PASSWORD) == 422


def test_hr_adds_people_and_offices(client: InspectingClient, world: World) -> None:
    client.sign_in("hr")
    added = client.send(
        "/people/add", {"name": "Åse Æblegaard", "email": "AASE@portal.example", "roles": ["recruiter"]}
    )
    assert added.status_code == 303
    shown = client.get(added.location).text
    assert re.search(r"([0-9a-f]{4}-){3}[0-9a-f]{4}", shown), "the password is on the page that follows"
    again = client.get(added.location).text
    assert not re.search(r"([0-9a-f]{4}-){3}[0-9a-f]{4}", again), "and it is shown only once"
    assert "Engangskoden er vist" in again
    assert client.send("/people/add", {"name": "X", "email": "aase@portal.example"}).status_code == 422
    assert client.send("/people/add", {"name": "X", "email": "not an address"}).status_code == 422
    assert "Åse Æblegaard" in client.get("/people?q=æble").text
    fragment = client.get("/people?q=zzz", headers={"HX-Request": "true"}).text
    assert fragment.startswith('<div id="people"')
    chef = world.people["outsider"].id
    office = client.send("/offices/add", {"name": "Nyt kontor", "chef": chef})
    assert office.status_code == 303
    assert client.send("/offices/add", {"name": "nyt KONTOR", "chef": ""}).status_code == 422
    placed = client.send(f"{office.location}/souschefs", {"person": world.people["buddy"].id, "since": "2026-02-01"})
    assert placed.status_code == 303
    own = f"/people/{world.people['hr'].id}"
    assert client.send(own, {"name": "Hr", "active": ""}).status_code == 422


def test_the_event_log_and_published_frameworks_cannot_be_changed(world: World) -> None:
    for statement in (
        db.update(AuditEvent).values(action="x"),
        db.delete(AuditEvent),
        db.update(Competency).values(text="x"),
        db.delete(Competency),
        db.update(FrameworkVersion).values(title="x"),
    ):
        with pytest.raises(IntegrityError):
            db.session.execute(statement)
        db.session.rollback()


def test_a_change_and_its_event_are_written_together_or_not_at_all(world: World) -> None:
    def count() -> int:
        return len(db.session.scalars(db.select(AuditEvent.id)).all())

    def fail() -> None:
        with unit_of_work():
            world.people["hr"].name = "En anden"
            record("people.change_person", world.people["hr"])
            raise RuntimeError("power cut")

    before = count()
    with pytest.raises(RuntimeError):
        fail()
    assert count() == before
    hr = db.session.scalars(db.select(Person).where(Person.email == "hr@portal.example")).one()
    assert hr.name != "En anden"


def test_the_list_of_people_is_filtered_and_sorted_by_the_address(client: InspectingClient, world: World) -> None:
    client.sign_in("hr")

    def names(query: str) -> list[str]:
        return re.findall(r'href="/people/\d+"><strong>([^<]+)', client.get(f"/people?{query}").text)

    assert set(names("role=chef")) == {"Chef", "Other Chef"}
    assert names("role=recruiter&sort=-name") == ["Recruiter", "Other Recruiter"]
    world.people["outsider"].active = False
    db.session.commit()
    assert names("active=no") == ["Outsider"]
    assert names("q=member&sort=email") == ["Member2", "Member"] or names("q=member") == ["Member", "Member2"]
    chef = client.get("/people?role=chef").text
    assert "Kontor for prøver" in chef
    assert "(chef)" in chef
    assert len(names("role=nobody&sort=nothing")) == len(names("")), "what is asked wrongly is left out"
    assert "Listen slutter før denne side" in client.get("/people?page=99").text
