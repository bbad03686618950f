"""The onboarding thread, through the pages: start, complete, ask, return, ask again, approve."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from portal.checklists.queries import published
from portal.db import db, unit_of_work
from portal.framework.services import as_document, publish
from portal.i18n import today
from portal.mail.models import OutgoingMail
from portal.onboarding import decisions, queries, services
from portal.onboarding.models import ItemEvent, Plan
from portal.onboarding.rules import MilestoneState, digest
from tests.factories import World, make_person, version
from tests.inspecting import InspectingClient

NOTE = "Læst og drøftet med chefen; spørgsmålene står i vores fælles notat."


def complete_all(client: InspectingClient, world: World, phase: str) -> None:
    """Each item of the phase is ticked by the one who is responsible for it."""
    holders = {"souschef": "souschef", "chef": "chef", "makker": "buddy", "hr": "hr"}
    items = [(i.id, i.responsible) for i in queries.items_of(world.plan, phase)]
    for responsible in sorted({who for _, who in items}):
        client.sign_in(holders[responsible])
        for item_id in [n for n, who in items if who == responsible]:
            response = client.send(f"/onboarding/{world.plan.id}/items/{item_id}/complete", {"note": NOTE})
            assert response.status_code == 303


def test_a_chef_starts_a_plan_with_an_item_for_each_of_the_25_competencies(
    client: InspectingClient, world: World
) -> None:
    newcomer = make_person("newcomer")
    db.session.commit()
    client.sign_in("chef")
    start = today() + timedelta(days=10)
    form = {
        "souschef": newcomer.id,
        "office": world.office.id,
        "start_date": start.isoformat(),
        "template": 1,
        "framework": "souschef/1",
        "contract": "trial",
        "buddy": "",
    }
    response = client.send("/onboarding/start", form)
    assert response.status_code == 303
    plan = db.session.get(Plan, int(response.location.rsplit("/", 1)[1]))
    assert plan is not None
    assert len({key for item in plan.items for key in item.competency_keys}) == 25
    first = min(plan.items, key=lambda item: item.due_date)
    assert first.phase == "before_start"
    assert first.due_date < start
    assert (plan.version.framework.slug, plan.version.number) == ("souschef", 1)
    again = client.send("/onboarding/start", form)
    assert again.status_code == 409
    assert "allerede" in again.text


def test_a_plan_keeps_the_version_of_the_framework_that_was_chosen(client: InspectingClient, world: World) -> None:
    newer = replace(as_document(version()), version=2)
    gone = newer.parts[0].competencies[-1].id
    parts = (replace(newer.parts[0], competencies=newer.parts[0].competencies[:-1]), *newer.parts[1:])
    with unit_of_work():
        publish(replace(newer, parts=parts))
        first, second = make_person("first_new"), make_person("second_new")
    client.sign_in("chef")
    page = client.get("/onboarding/start").text
    assert page.index('value="souschef/2"') < page.index('value="souschef/1"')
    form = {
        "office": world.office.id,
        "start_date": today().isoformat(),
        "template": 1,
        "buddy": "",
        "contract": "trial",
    }
    keys = {}
    for person, chosen in ((first, "souschef/1"), (second, "souschef/2")):
        response = client.send("/onboarding/start", form | {"souschef": person.id, "framework": chosen})
        plan = queries.find_plan(int(response.location.rsplit("/", 1)[1]))
        assert plan is not None
        keys[plan.version.number] = {key for item in plan.items for key in item.competency_keys}
    assert gone in keys[1]
    assert gone not in keys[2]
    assert client.send("/onboarding/start", form | {"souschef": first.id, "framework": "findes/9"}).status_code == 422


def test_a_milestone_is_asked_for_returned_and_approved_and_the_history_keeps_it_all(
    client: InspectingClient, world: World
) -> None:
    url = f"/onboarding/{world.plan.id}/milestones/before_start"
    client.sign_in("souschef")
    refused = client.send(url + "/request")
    assert refused.status_code == 409
    complete_all(client, world, "before_start")

    client.sign_in("souschef")
    assert client.send(url + "/request", {"request-comment": "Klar!"}).status_code == 303
    locked = client.send(f"/onboarding/{world.plan.id}/items/{queries.items_of(world.plan, 'before_start')[0].id}/undo")
    assert locked.status_code in (403, 409)

    client.sign_in("chef")
    assert "Venter på dig" in client.get("/onboarding/sign-offs").text
    short = client.send(url + "/return", {"return-comment": "nej"})
    assert short.status_code == 422
    assert "nej</textarea>" in short.text.replace("\r\n", "")
    assert client.send(url + "/return", {"return-comment": "Der mangler et referat af mødet."}).status_code == 303
    assert client.send(url + "/approve").status_code == 409

    client.sign_in("souschef")
    assert "Der mangler et referat" in client.get(url).text
    assert client.send(url + "/request").status_code == 303
    client.sign_in("chef")
    assert client.send(url + "/approve").status_code == 303

    db.session.expire_all()
    plan = queries.find_plan(world.plan.id)
    assert plan is not None
    events = [event for event in plan.milestone_events if event.phase == "before_start"]
    assert [event.kind for event in events] == ["requested", "returned", "requested", "approved"]
    assert queries.state_of(plan, "before_start") is MilestoneState.APPROVED
    snapshot = events[-1].snapshot
    assert snapshot is not None
    assert digest(snapshot) == events[-1].digest
    assert {entry["note"] for entry in snapshot["items"]} == {NOTE}
    assert "Det, der blev godkendt" in client.get(url).text


def test_nobody_approves_their_own(client: InspectingClient, world: World) -> None:
    url = f"/onboarding/{world.plan.id}/milestones/before_start"
    for name in ("souschef", "buddy", "hr"):
        client.sign_in(name)
        assert client.send(url + "/approve").status_code == 403
    client.sign_in("other_chef")
    assert client.send(url + "/approve").status_code == 404


def test_three_identical_ticks_are_one_event_and_undoing_keeps_the_history(
    client: InspectingClient, world: World
) -> None:
    item_id = world.item_of("souschef", "week_1")
    url = f"/onboarding/{world.plan.id}/items/{item_id}"
    client.sign_in("souschef")
    for _ in range(3):
        client.send(url + "/complete", {"note": NOTE})
    client.send(url + "/undo")
    events = db.session.query(ItemEvent).filter_by(item_id=item_id).order_by(ItemEvent.id).all()
    assert [event.kind for event in events] == ["completed", "undone"]
    assert db.session.query(OutgoingMail).count() == 0  # nobody is mailed about a tick
    page = client.get(url).text
    assert NOTE in page
    assert "åbnede det igen" in page


def test_a_tick_by_htmx_gives_back_the_line_and_says_the_count(client: InspectingClient, world: World) -> None:
    item_id = world.item_of("souschef", "week_1")
    client.sign_in("souschef")
    url = f"/onboarding/{world.plan.id}/items/{item_id}/complete"
    response = client.send(url, headers={"HX-Request": "true"})
    assert response.status_code == 200
    assert response.text.lstrip().startswith(f'<li id="item-{item_id}"')
    assert f"1 af {len(world.plan.items)} tjekpunkter er udført" in response.text
    item = queries.find_item(world.plan.id, item_id)
    assert item is not None
    assert item.state == "done"


def test_an_item_is_not_reached_through_another_plan(client: InspectingClient, world: World) -> None:
    item_id = world.item_of("souschef", "week_1")
    client.sign_in("other_souschef")
    assert client.send(f"/onboarding/{world.other_plan.id}/items/{item_id}/complete").status_code == 404
    assert client.send(f"/onboarding/{world.plan.id}/items/{item_id}/complete").status_code == 404


def test_documentation_is_not_shown_to_hr(client: InspectingClient, world: World) -> None:
    url = f"/onboarding/{world.plan.id}/items/{world.item_of('souschef', 'week_1')}"
    client.sign_in("souschef")
    client.send(url + "/complete", {"note": NOTE})
    assert NOTE in client.get(url).text
    client.sign_in("hr")
    assert NOTE not in client.get(url).text


@pytest.mark.parametrize("statement", ["UPDATE {table} SET {column} = 'x'", "DELETE FROM {table}"])
def test_what_was_done_decided_and_reviewed_cannot_be_changed(world: World, statement: str) -> None:
    souschef, chef = world.people["souschef"], world.people["chef"]
    with unit_of_work():
        for item in queries.items_of(world.plan, "week_1"):
            services.complete_item(item, souschef, NOTE)
        decisions.request_sign_off(world.plan, "week_1", souschef)
        decisions.approve_milestone(world.plan, "week_1", chef)
        decisions.write_review(world.plan, chef, decisions.ReviewText("a", "b", "c"), share=True)
    tables = {
        "onboarding_item_event": "note", "onboarding_milestone_event": "digest", "onboarding_trial_review": "concerns",
    }  # fmt: skip
    for table, column in tables.items():
        with pytest.raises(DBAPIError):
            db.session.execute(text(statement.format(table=table, column=column)))
        db.session.rollback()


def test_what_a_plan_was_started_from_cannot_be_changed(world: World) -> None:
    published()[0].items[0].title = "Noget andet"
    with pytest.raises(DBAPIError, match="published template"):
        db.session.flush()
    db.session.rollback()


@pytest.mark.parametrize("show", ["mine", "open", "all", "nonsense"])
def test_the_checklist_can_be_filtered_in_the_address(client: InspectingClient, world: World, show: str) -> None:
    client.sign_in("souschef")
    assert client.get(f"/onboarding/{world.plan.id}?show={show}").status_code == 200
