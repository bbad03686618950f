"""A database that cannot be written: said in words, with the text given back, and nothing lost or half written."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select, text

from portal.db import db
from portal.onboarding.models import ItemEvent, PlanItem
from portal.onboarding.rules import state_of
from tests.factories import World
from tests.inspecting import InspectingClient

WORDS = "Drøftet med hele kontoret. "
LONG = WORDS * 140


@contextmanager
def every_connection(statement: str) -> Iterator[None]:
    """Run the statement on each connection that is opened meanwhile, and open them all anew before and after."""

    def prepare(connection: Any, _record: Any) -> None:
        connection.execute(statement)
        connection.commit()

    db.session.remove()
    db.engine.dispose()
    event.listen(db.engine, "connect", prepare)
    try:
        yield
    finally:
        db.session.remove()
        event.remove(db.engine, "connect", prepare)
        db.engine.dispose()


def pages_in_use() -> int:
    return int(db.session.scalar(text("PRAGMA page_count")))


def agrees(plan_id: int) -> None:
    db.session.rollback()
    for item in db.session.scalars(select(PlanItem).where(PlanItem.plan_id == plan_id)):
        assert item.state == state_of(item.events)


def notes() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(ItemEvent.note)))


def refuses(client: InspectingClient, url: str, data: dict[str, Any]) -> None:
    """The answer is a page (or a notice for htmx) that says so and gives the text back; reading still works."""
    response = client.post(url, data=data)
    assert response.status_code == 503
    assert "Intet kan gemmes lige nu" in response.text
    assert WORDS.strip() in response.text
    notice = client.post(url, data=data, headers={"HX-Request": "true"})
    assert (notice.status_code, notice.headers["HX-Retarget"]) == (503, "#notices")
    assert client.get("/onboarding").status_code == 200


def test_a_full_disk_is_said_in_words_and_service_resumes(app: Flask, client: InspectingClient, world: World) -> None:
    if db.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL keeps its own disk")
    plan_id, url = world.plan.id, f"/onboarding/{world.plan.id}/items/{world.item_of('souschef', 'week_1')}/complete"
    client.sign_in("souschef")
    token, room = client.token(), pages_in_use() + 8
    saved = []
    with every_connection(f"PRAGMA max_page_count={room}"):
        for n in range(60):
            note = f"{LONG}{n}"
            if client.post(url, data={"csrf_token": token, "note": note}).status_code != 303:
                break
            saved.append(note)
        else:
            pytest.fail("the disk never was full")
        refuses(client, url, {"csrf_token": token, "note": note})
    assert saved
    assert notes() == saved
    agrees(plan_id)
    assert client.post(url, data={"csrf_token": token, "note": note}).status_code == 303
    assert notes() == [*saved, note]


def test_a_database_closed_for_writing_is_said_in_words_and_service_resumes(
    app: Flask, client: InspectingClient, world: World
) -> None:
    plan_id, url = world.plan.id, f"/onboarding/{world.plan.id}/items/{world.item_of('souschef', 'week_1')}/complete"
    client.sign_in("souschef")
    data = {"csrf_token": client.token(), "note": WORDS}
    sqlite = db.engine.dialect.name == "sqlite"
    with every_connection("PRAGMA query_only=ON" if sqlite else "SET default_transaction_read_only = on"):
        refuses(client, url, data)
    assert notes() == []
    agrees(plan_id)
    assert client.post(url, data=data).status_code == 303
    assert notes() == [WORDS.strip()]
