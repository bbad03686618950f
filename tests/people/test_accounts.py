"""Passwords, limits on guessing, and what HR keeps: offices, chefs and placements."""

import threading
from datetime import timedelta

import pytest
from flask import Flask

from portal.db import db
from portal.i18n import today
from portal.people import services, views
from portal.people.models import Office, OfficeSouschef
from portal.people.queries import account_of
from portal.people.rules import overlap
from tests.factories import PASSWORD, World
from tests.inspecting import InspectingClient

NEW = "fire-blaa-cykler-i-regn"


def change(client: InspectingClient, present: str, new: str) -> int:
    data = {"password": present, "new_password": new, "repeat_password": new}
    return client.send("/account/password", data).status_code


def test_a_new_password_ends_the_other_sign_ins_and_not_this_one(app: Flask, client: InspectingClient) -> None:
    client.sign_in("hr")
    other = app.test_client()
    assert isinstance(other, InspectingClient)
    other.sign_in("hr")
    assert change(client, PASSWORD, NEW) == 303
    assert client.get("/account").status_code == 200
    assert other.get("/account").status_code == 303


@pytest.mark.parametrize("new", [PASSWORD, " " * 16, "\u200b" * 16])
def test_the_same_password_and_blank_ones_are_refused(client: InspectingClient, new: str) -> None:
    client.sign_in("hr")
    assert change(client, PASSWORD, new) == 422


def test_the_limit_on_the_password_page_is_the_persons(client: InspectingClient) -> None:
    client.sign_in("hr")
    codes = []
    for n in range(10):
        token = client.token()
        data = {"password": f"forkert-{n}", "new_password": NEW, "repeat_password": NEW, "csrf_token": token}
        answer = client.post("/account/password", data=data, environ_base={"REMOTE_ADDR": f"10.0.0.{n}"})
        codes.append(answer.status_code)
    assert codes == [422] * 8 + [429] * 2
    client.sign_in("chef")
    assert change(client, PASSWORD, NEW) == 303


def test_an_address_that_guesses_at_many_accounts_is_stopped(
    client: InspectingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "password_is_right", lambda account, password: False)
    token = client.token()
    codes = [
        client.post(
            "/sign-in", data={"csrf_token": token, "email": f"nobody{n}@portal.example", "password": "forkert"}
        ).status_code
        for n in range(101)
    ]
    assert codes == [422] * 100 + [429]


def test_those_who_sign_in_rightly_use_nothing_up(client: InspectingClient) -> None:
    for _ in range(10):
        client.sign_in("hr")


def test_many_guesses_at_once_are_no_way_round(
    app: Flask, client: InspectingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[str] = []
    barrier = threading.Barrier(8)

    def slow(account: object, password: str) -> bool:
        barrier.wait(timeout=20)
        tried.append(password)
        return False

    monkeypatch.setattr(services, "password_is_right", slow)
    codes: list[int] = []

    def guess(n: int) -> None:
        with app.test_request_context(method="POST"):
            try:
                views._try_sign_in("hr@portal.example", f"forkert-{n}")
                codes.append(422)
            except Exception as error:
                codes.append(getattr(error, "code", 0) or 0)

    db.session.rollback()
    threads = [threading.Thread(target=guess, args=(n,)) for n in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == [422] * 8 + [429] * 12
    assert len(tried) == 8


def test_the_password_is_checked_with_no_transaction_open(
    client: InspectingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[bool] = []
    real = services.password_is_right

    def look(account: object, password: str) -> bool:
        seen.append(db.session().in_transaction())
        return real(account, password)

    monkeypatch.setattr(services, "password_is_right", look)
    client.sign_in("hr")
    assert seen == [False]


def test_one_who_is_taken_off_while_signing_in_stays_out(client: InspectingClient, world: World) -> None:
    account = account_of("outsider@portal.example")
    world.people["outsider"].active = False
    db.session.flush()
    assert services.start_sign_in("outsider@portal.example", account, PASSWORD) is None
    db.session.rollback()


def test_ids_of_people_and_offices_cannot_be_probed(client: InspectingClient, world: World) -> None:
    client.sign_in("outsider")
    for there, not_there in (
        (f"/people/{world.people['hr'].id}", "/people/999999"),
        (f"/offices/{world.office.id}", "/offices/999999"),
    ):
        assert client.get(there).status_code == client.get(not_there).status_code == 403
    placement = world.office.placements[0].id
    for number in (placement, 999999):
        assert client.send(f"/offices/{world.office.id}/souschefs/{number}/end").status_code == 403


def test_a_placement_ends_once_and_does_not_overlap(client: InspectingClient, world: World) -> None:
    client.sign_in("hr")
    placement = world.office.placements[0]
    url, number = f"/offices/{world.office.id}/souschefs", placement.id
    same = {"person": placement.person_id, "since": today().isoformat()}
    assert client.send(url, same).status_code == 409
    with db.session.begin_nested():
        services.end_placement(db.session.get_one(OfficeSouschef, number), today() - timedelta(days=1))
    db.session.commit()
    ended = db.session.get_one(OfficeSouschef, number).until
    again = client.send(f"{url}/{number}/end")
    assert again.status_code == 409
    assert "allerede stoppet" in again.text
    db.session.expire_all()
    assert db.session.get_one(OfficeSouschef, number).until == ended
    assert client.send(url, same).status_code == 303
    assert client.send(url, same).status_code == 409


def test_spans_that_share_a_day_overlap() -> None:
    day = today()
    later = day + timedelta(days=1)
    assert overlap(day, None, later, None)
    assert overlap(day, later, later, None)
    assert not overlap(day, day, later, None)
    assert not overlap(later, None, day, day)


def test_a_chef_who_can_no_longer_sign_in_stays_until_another_is_chosen(client: InspectingClient, world: World) -> None:
    world.people["chef"].active = False
    db.session.commit()
    chef, office_id = world.people["chef"].id, world.office.id
    client.sign_in("hr")
    page = client.get(f"/offices/{office_id}").text
    assert f'<option selected value="{chef}">' in page
    assert client.send(f"/offices/{office_id}", {"name": "Nyt navn", "chef": chef}).status_code == 303
    db.session.expire_all()
    assert db.session.get_one(Office, office_id).chef_id == chef


def test_a_plan_needs_another_chef_and_another_buddy(client: InspectingClient, world: World) -> None:
    client.sign_in("hr")
    form = {
        "office": world.office.id, "start_date": today().isoformat(), "template": 1, "contract": "trial",
        "framework": "souschef/1",
    }  # fmt: skip
    chef, outsider = world.people["chef"].id, world.people["outsider"].id
    own = client.send("/onboarding/start", {**form, "souschef": chef, "buddy": ""})
    assert own.status_code == 409
    assert "Vælg et andet kontor" in own.text
    buddy = client.send("/onboarding/start", {**form, "souschef": outsider, "buddy": outsider})
    assert buddy.status_code == 409
    assert "sin egen makker" in buddy.text
