"""Faults that other products of this kind are known for, each held off by a test."""

import gzip
import re
from datetime import timedelta
from pathlib import Path

from sqlalchemy import insert

from portal.db import db, unit_of_work
from portal.i18n import today
from portal.onboarding import queries, services
from portal.onboarding.models import ItemEvent
from portal.paths import STATIC
from portal.people import services as people
from portal.people.models import Person
from tests.factories import World
from tests.inspecting import InspectingClient

NOTE = "Læst og drøftet med chefen."
SCRIPTS_KB = 24
PROGRESS = re.compile(
    r'<progress value="(\d+)" max="(\d+)" aria-label="([^"]+)"></progress>\s*<span[^>]*>([^<]+)</span>'
)


def figure(client: InspectingClient, page: str, name: str) -> str:
    """The number beside the progress bar with this name on a page."""
    return next(number for _done, _all, label, number in PROGRESS.findall(client.get(page).text) if label == name)


def tick(client: InspectingClient, world: World, item_id: int, verb: str = "complete") -> int:
    url = f"/onboarding/{world.plan.id}/items/{item_id}/{verb}"
    return client.send(url, {"note": NOTE} if verb == "complete" else {}).status_code


def test_the_progress_is_right_everywhere_at_once(client: InspectingClient, world: World) -> None:
    item_id, total = world.item_of("souschef", "week_1"), len(world.plan.items)
    places = [
        ("souschef", f"/onboarding/{world.plan.id}", "Alle tjekpunkter"),
        ("souschef", "/", "Alle tjekpunkter"),
        ("hr", "/onboarding", "Souschef"),
    ]
    for verb, done in (("complete", 1), ("undo", 0)):
        client.sign_in("souschef")
        assert tick(client, world, item_id, verb) == 303
        for who, page, name in places:
            client.sign_in(who)
            assert figure(client, page, name) == f"{done} af {total}", page


def test_every_progress_bar_has_a_name_and_a_number(client: InspectingClient, world: World) -> None:
    for who, page in (("souschef", f"/onboarding/{world.plan.id}"), ("hr", "/onboarding"), ("chef", "/")):
        client.sign_in(who)
        text = client.get(page).text
        assert text.count("<progress") == len(PROGRESS.findall(text)) > 0


def test_a_thousand_namesakes_are_all_on_exactly_one_page(client: InspectingClient, world: World) -> None:
    made = people.add_person("navn_0@portal.example", "Anders Andersen")
    row = {c.name: getattr(made, c.name) for c in Person.__table__.columns if c.name != "id"}
    with unit_of_work():
        db.session.execute(insert(Person), [{**row, "email": f"navn_{n}@portal.example"} for n in range(1, 1000)])
    client.sign_in("hr")
    seen: list[str] = []
    for page in range(1, 60):
        found = re.findall(r"navn_\d+@portal\.example", client.get(f"/people?page={page}&q=Andersen").text)
        if not found or found[0] in seen:
            break
        seen += dict.fromkeys(found)
    assert len(seen) == len(set(seen)) == 1000


def test_an_item_is_not_reopened_through_another_plan(client: InspectingClient, world: World) -> None:
    item_id = world.item_of("souschef", "week_1")
    client.sign_in("souschef")
    assert tick(client, world, item_id) == 303
    client.sign_in("other_souschef")
    for plan_id in (world.other_plan.id, world.plan.id):
        assert client.send(f"/onboarding/{plan_id}/items/{item_id}/undo").status_code == 404
    item = queries.find_item(world.plan.id, item_id)
    assert item is not None
    assert item.state == "done"


def test_a_ticked_overdue_item_stays_on_its_owners_list(client: InspectingClient, world: World) -> None:
    item_id = world.item_of("souschef", "week_1")
    item = queries.find_item(world.plan.id, item_id)
    assert item is not None
    with unit_of_work():
        item.due_date = today() - timedelta(days=30)
        services.recount(world.plan.id)
    client.sign_in("souschef")
    assert tick(client, world, item_id) == 303
    for show in ("all", "mine"):
        page = client.get(f"/onboarding/{world.plan.id}?show={show}").text
        assert f'<li id="item-{item_id}" class="done mine">' in page


def test_reopening_keeps_every_answer(client: InspectingClient, world: World) -> None:
    item_id = world.item_of("souschef", "week_1")
    client.sign_in("souschef")
    for verb in ("complete", "undo", "complete", "undo"):
        assert tick(client, world, item_id, verb) == 303
    kept = db.session.query(ItemEvent).filter_by(item_id=item_id, kind="completed").all()
    assert [event.note for event in kept] == [NOTE, NOTE]
    assert client.get(f"/onboarding/{world.plan.id}/items/{item_id}").text.count(NOTE) == 2


def test_the_scripts_of_all_pages_are_two_and_small(client: InspectingClient, world: World) -> None:
    client.sign_in("hr")
    for page in ("/", "/onboarding", f"/onboarding/{world.plan.id}"):
        scripts = re.findall(r'<script src="[^"]*/([^"/]+)"', client.get(page).text)
        assert scripts == ["htmx.min.js", "portal.js"]
    files: list[Path] = [STATIC / "vendor" / name for name in ("htmx.min.js", "portal.js")]
    assert sum(len(gzip.compress(file.read_bytes())) for file in files) < SCRIPTS_KB * 1024
