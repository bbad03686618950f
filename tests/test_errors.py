"""Error pages: they give back what was typed, need no database when that is what failed, and never fail themselves."""

import sqlite3
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from portal import errors
from portal.db import db
from portal.people import queries
from tests.factories import World
from tests.inspecting import InspectingClient


def item_url(world: World) -> str:
    return f"/onboarding/{world.plan.id}/items/{world.item_of('souschef', 'week_1')}/complete"


def test_a_locked_database_gives_a_page_and_the_text_back(app: Flask, client: InspectingClient, world: World) -> None:
    if db.engine.dialect.name != "sqlite":
        return
    client.sign_in("souschef")
    data = {"csrf_token": client.token(), "note": "Kort."}
    url, path = item_url(world), db.engine.url.database
    db.session.rollback()
    other = sqlite3.connect(str(path), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        response = client.post(url, data=data)
        notice = client.post(url, data=data, headers={"HX-Request": "true"})
    finally:
        other.close()
    assert response.status_code == notice.status_code == 503
    assert "Portalen har travlt" in response.text
    assert "Kort.</pre>" in response.text
    assert notice.headers["HX-Retarget"] == "#notices"
    assert client.post(url, data=data).status_code == 303


def gone(*_args: Any, **_kwargs: Any) -> Any:
    raise OperationalError("SELECT 1", {}, Exception("the server is gone"))


def test_no_database_at_all_still_gives_a_page(
    client: InspectingClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.sign_in("souschef")
    url, data = item_url(world), {"csrf_token": client.token(), "note": "Kort."}
    monkeypatch.setattr(queries, "find_sign_in", gone)
    for response in (client.post(url, data=data), client.get("/")):
        assert response.status_code == 503
        assert "Portalen har travlt" in response.text
    assert "Kort.</pre>" in client.post(url, data=data).text


def test_when_even_the_bare_page_fails_there_is_a_line_of_text(
    client: InspectingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: Any) -> str:
        raise RuntimeError("no template")

    monkeypatch.setattr(errors, "_render", fail)
    response = super(InspectingClient, client).open("/nothing")  # the inspecting client itself refuses any 500
    assert response.status_code == 500
    assert response.text == errors.LAST_RESORT


def test_every_text_is_given_back_with_its_label_and_no_secret_is(client: InspectingClient, world: World) -> None:
    client.sign_in("recruiter")
    data = {"name": "Bo", "relation": "Chef", "phone": "1", "candidate": "1", "csrf_token": "forkert-token"}
    page = client.post(f"/recruitments/{world.recruitment.id}/referees", data=data).text
    for label, text in (("Relation til kandidaten", "Chef"), ("Telefon (valgfri)", "1")):
        assert f'<h3>{label}</h3><pre class="prose">{text}</pre>' in page
    assert ">Bo</pre>" in page
    assert "forkert-token" not in page
    secret = client.post("/sign-in", data={"email": "hr@portal.example", "password": "meget-hemmelig"}).text
    assert "hr@portal.example</pre>" in secret
    assert "meget-hemmelig" not in secret


def test_new_emoji_get_in(client: InspectingClient, world: World) -> None:
    client.sign_in("souschef")
    assert client.send(item_url(world), {"note": "Det gik godt \U0001fae9 \U0001fadc"}).status_code == 303
    assert client.send(item_url(world), {"note": "nul\x00"}).status_code == 400


def test_one_who_was_signed_out_signs_in_again_and_sends_the_same_form(client: InspectingClient, world: World) -> None:
    client.sign_in("souschef")
    url, data = item_url(world), {"csrf_token": client.token(), "note": "Skrevet, før jeg blev logget af."}
    client.delete_cookie("portal")
    lost = client.post(url, data=data)
    assert lost.status_code == 401
    assert "før jeg blev logget af" in lost.text
    notice = client.post(url, data=data, headers={"HX-Request": "true"})
    assert (notice.status_code, notice.headers["HX-Retarget"]) == (401, "#notices")
    client.sign_in("souschef")
    assert client.post(url, data=data).status_code == 303
    client.sign_in("chef")
    assert client.post(url, data=data).status_code == 400


def test_an_error_right_after_signing_in_has_its_page(
    client: InspectingClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = {"email": "hr@portal.example", "password": "korrekt-hest-batteri", "csrf_token": client.token()}

    def refuse(_url: str) -> Any:
        raise errors.Refused(["Ikke nu."])

    monkeypatch.setattr("portal.people.views.redirect_to", refuse)
    response = client.post("/sign-in", data=data)
    assert response.status_code == 409
    assert "Ikke nu." in response.text
