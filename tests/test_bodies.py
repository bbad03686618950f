"""What is sent: only forms get in, whole ones, and files only where they are asked for."""

import io

import pytest
from flask import Flask

from portal.access import Permission
from portal.web import accepts_files, needs
from tests.factories import World
from tests.inspecting import InspectingClient

BROKEN = b'--x\r\nContent-Disposition: form-data; name="email"\r\n\r\nhr@por'


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "application/xml", ""])
def test_only_forms_get_in(client: InspectingClient, world: World, kind: str) -> None:
    assert client.post("/sign-in", data=b'{"email": "x"}', content_type=kind).status_code == 415
    client.sign_in("souschef")
    url = f"/onboarding/{world.plan.id}/items/{world.item_of('souschef', 'week_1')}/complete"
    headers = {"X-CSRFToken": client.token()}
    assert client.post(url, data=b'{"note": "x"}', content_type=kind, headers=headers).status_code == 415
    assert client.post(url, content_type=kind, headers=headers).status_code in (303, 400)


@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=x", "multipart/form-data"])
def test_a_form_that_is_cut_off_is_no_empty_form(client: InspectingClient, world: World, kind: str) -> None:
    client.sign_in("souschef")
    url = f"/onboarding/{world.plan.id}/items/{world.item_of('souschef', 'week_1')}/complete"
    headers = {"X-CSRFToken": client.token()}
    assert client.post(url, data=BROKEN, content_type=kind, headers=headers).status_code == 400
    garbled = client.post(url, data=b"note=\xff", content_type="application/x-www-form-urlencoded", headers=headers)
    assert garbled.status_code == 400


def test_files_get_in_only_where_a_view_takes_them(app: Flask, client: InspectingClient, world: World) -> None:
    @accepts_files
    def view(**_values: object) -> str:
        return "ok"

    app.view_functions["people.reset_password"] = view
    client.sign_in("hr")
    data = {"csrf_token": client.token()}
    person = world.people["outsider"].id
    refused = client.post(f"/people/{person}", data={**data, "name": (io.BytesIO(b"x"), "x.txt")})
    assert refused.status_code == 415
    taken = client.post(f"/people/{person}/password", data={**data, "file": (io.BytesIO(b"x"), "x.txt")})
    assert taken.text == "ok"
    assert getattr(needs(Permission.SIGNED_IN)(view), "accepts_files", False)


def test_the_throttle_cannot_be_gone_round(client: InspectingClient, world: World) -> None:
    spellings = ["hr@portal.example", "HR@portal.example", " hr@portal.example", "hr@portal.example\u200b"]
    token = client.token()
    codes = [
        client.post(
            "/sign-in", data={"csrf_token": token, "email": spellings[n % 4], "password": f"forkert-{n}-adgang"}
        ).status_code
        for n in range(9)
    ]
    assert codes == [422] * 8 + [429]
