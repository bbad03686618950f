"""Two at once, twice the same, and one who comes back later: nothing counts twice and nobody's words are lost."""

import re
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select

from portal.db import Base, db
from portal.i18n import today
from portal.onboarding import queries, services
from portal.onboarding.models import ItemEvent, Plan, PlanItem, TrialReview
from portal.people.models import Person
from tests.factories import World
from tests.inspecting import InspectingClient
from tests.test_together import together

NOTE = "Læst og drøftet med chefen."


def kinds(item_id: int) -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(ItemEvent.kind).where(ItemEvent.item_id == item_id).order_by(ItemEvent.id)))


def test_a_double_click_is_one_completion(app: Flask, world: World) -> None:
    plan_id, item_id, person_id = world.plan.id, world.item_of("souschef", "week_1"), world.people["souschef"].id

    def complete(_read: object) -> None:
        item = queries.find_item_to_change(plan_id, item_id)
        assert item is not None
        services.complete_item(item, db.session.get_one(Person, person_id), NOTE)
        services.recount(plan_id)

    assert together(app, *[(lambda: queries.find_plan_alone(plan_id), complete)] * 3) == ["done"] * 3
    assert kinds(item_id) == ["completed"]


def test_a_tick_that_is_sent_again_from_an_old_page_is_one_completion(client: InspectingClient, world: World) -> None:
    item_id = world.item_of("souschef", "week_1")
    url = f"/onboarding/{world.plan.id}/items/{item_id}/complete"
    client.sign_in("souschef")
    old_page: dict[str, Any] = {"csrf_token": client.token(), "note": NOTE}
    for headers in ({}, {"HX-Request": "true"}, {}):
        assert client.post(url, data=old_page, headers=headers).status_code in (200, 303)
    assert kinds(item_id) == ["completed"]


def shown(client: InspectingClient, page: str, action: str) -> dict[str, str]:
    """The hidden fields of the form with that address, as a double click or the browser's repeat sends them."""
    form = client.get(page).text.split(f'action="{action}"')[1].split("</form>")[0]
    hidden = (
        re.findall(r'\b(name|value)="([^"]*)"', tag) for tag in re.findall(r'<input[^>]*type="hidden"[^>]*>', form)
    )
    return {found["name"]: found["value"] for found in map(dict, hidden)}


def count(of: type[Base]) -> int:
    db.session.rollback()
    return db.session.query(of).count()


def test_what_makes_something_makes_it_once_however_often_it_is_sent(client: InspectingClient, world: World) -> None:
    plan = f"/onboarding/{world.plan.id}"
    item = f"{plan}/items/{world.item_of('souschef', 'week_1')}"
    day = (today() + timedelta(days=3)).isoformat()
    own = {"title": "Hils på pressechefen", "phase": "week_1", "due_date": day, "responsible": "souschef"}
    new = {"souschef": str(world.people["outsider"].id), "office": str(world.office.id), "start_date": day}
    words = {"strengths": "Klar.", "concerns": "Ingen.", "actions": "Ugemøde.", "share": "yes"}
    forms: list[tuple[str, str, str, type[Base], dict[str, str]]] = [
        ("souschef", item, f"{item}/comments", ItemEvent, {"text": "Hvem spørger jeg?"}),
        ("souschef", f"{plan}/items/add", f"{plan}/items/add", PlanItem, own | {"theme": "culture", "required": "y"}),
        ("chef", f"{plan}/trial-review", f"{plan}/trial-review", TrialReview, words),
        ("souschef", f"{plan}/trial-review", f"{plan}/trial-review/remarks", TrialReview, {"remarks": "Jeg er enig."}),
        (
            "chef", "/onboarding/start", "/onboarding/start", Plan,
            new | {"contract": "trial", "buddy": "", "template": "1", "framework": "souschef/1"},
        ),
    ]  # fmt: skip
    for who, page, action, made, fields in forms:
        client.sign_in(who)
        data, before = shown(client, page, action) | fields, count(made)
        answers = [client.post(action, data=data) for _ in range(3)]
        assert {answer.status_code for answer in answers} == {303}, (action, answers[0].text)
        assert len({answer.location for answer in answers}) == 1
        assert count(made) == before + 1, action
        if made is not Plan:
            again = shown(client, page, action) | fields
            assert client.post(action, data=again).status_code == 303
            assert count(made) == before + 2, "the same words on a page that is opened anew are meant"


def edit(client: InspectingClient, url: str, **changed: str) -> dict[str, str]:
    """What the form of the item sends when a person has changed some of it."""
    form = {"phase": "week_1", "due_date": "2027-02-01", "responsible": "souschef", "theme": "culture", "required": "y"}
    page = client.get(url).text
    revision = page.split('name="revision"')[1].split('value="')[1].split('"')[0]
    return {"csrf_token": client.token(), "revision": revision, **form, **changed}


def test_the_second_of_two_editors_sees_both_versions_and_decides(client: InspectingClient, world: World) -> None:
    item_id = world.item_of("souschef", "week_1")
    url = f"/onboarding/{world.plan.id}/items/{item_id}/edit"
    client.sign_in("souschef")
    seconds = edit(client, url, title="Mød hele kontoret")
    client.sign_in("chef")
    assert client.post(url, data=edit(client, url, title="Mød de nærmeste kolleger")).status_code == 303
    client.sign_in("souschef")
    page = client.post(url, data={**seconds, "csrf_token": client.token()})
    assert page.status_code == 409
    assert "Mød de nærmeste kolleger" in page.text
    assert 'value="Mød hele kontoret"' in page.text
    assert db.session.get_one(PlanItem, item_id, populate_existing=True).title == "Mød de nærmeste kolleger"
    revision = page.text.split('name="revision"')[1].split('value="')[1].split('"')[0]
    again = {**seconds, "csrf_token": client.token(), "revision": revision}
    assert client.post(url, data=again).status_code == 303
    assert db.session.get_one(PlanItem, item_id, populate_existing=True).title == "Mød hele kontoret"


def test_what_was_typed_before_the_session_ended_can_be_sent_after_signing_in(
    client: InspectingClient, world: World
) -> None:
    item_id = world.item_of("souschef", "week_1")
    url = f"/onboarding/{world.plan.id}/items/{item_id}/complete"
    client.sign_in("souschef")
    data = {"csrf_token": client.token(), "note": NOTE}
    client.delete_cookie("portal")
    lost = client.post(url, data=data)
    assert lost.status_code == 401
    assert f'<form method="post" action="{url}">' in lost.text
    for name, text in data.items():
        assert f'<input type="hidden" name="{name}" value="{text}">' in lost.text
    client.sign_in("souschef")
    assert client.post(url, data=data).status_code == 303
    assert kinds(item_id) == ["completed"]


def test_a_password_is_not_given_back(client: InspectingClient, world: World) -> None:
    client.sign_in("souschef")
    data = {"csrf_token": client.token(), "password": "meget-hemmelig", "new_password": "endnu-mere-hemmelig"}
    client.delete_cookie("portal")
    lost = client.post("/account/password", data=data)
    assert lost.status_code == 401
    assert "hemmelig" not in lost.text
