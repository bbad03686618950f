"""What is new in a template comes to the plans that run: chosen, seen, confirmed, and nothing else."""

from datetime import timedelta

from portal.audit.models import AuditEvent
from portal.checklists import queries as checklists
from portal.db import db, unit_of_work
from portal.i18n import today
from portal.onboarding import decisions, queries, services
from portal.onboarding.models import ItemEvent, Plan, PlanItem
from portal.onboarding.rules import open_from
from tests.checklists.drafts import DRAFT, ITEM, TEMPLATE, begin, draft, hidden, publish
from tests.factories import World, make_person, start_plan
from tests.inspecting import InspectingClient

URL = "/onboarding/templates/1/additions"
EARLY = ITEM | {"text": "Læs kontorets velkomst", "phase": "before_start", "offset_days": "-5"}


def publish_two(client: InspectingClient) -> list[int]:
    """Version 2 with two items more: one before the start, one at six months; their ids."""
    begin(client)
    for item in (EARLY, ITEM):
        assert client.send(f"{DRAFT}/items/add", item).status_code == 303
    ids = [item.id for item in draft().items[-2:]]
    assert publish(client) == 303
    return ids


def plan_of(plan_id: int) -> Plan:
    db.session.expire_all()
    found = queries.find_plan(plan_id)
    assert found is not None
    return found


def titles(plan_id: int) -> list[str]:
    return [item.title for item in plan_of(plan_id).items]


def test_hr_adds_what_is_new_to_the_plans_that_are_chosen(client: InspectingClient, world: World) -> None:
    plan, other = world.plan.id, world.other_plan.id
    ids = publish_two(client)
    assert "2 igangværende forløb er startet fra en tidligere version." in client.get(TEMPLATE).text
    version = hidden(client.get(URL).text, "version")
    assert client.send(URL, {"version": version}).status_code == 422
    preview = client.send(URL, {"version": version, "items": ids})
    assert preview.status_code == 200
    for words in ("Souschef", "Other Souschef", "Tilføj 2 tjekpunkter til forløbet", ITEM["text"]):
        assert words in preview.text
    assert ITEM["text"] not in titles(plan)  # nothing yet
    form = {"version": version, "items": ids, "confirmed": "yes"}
    nobody = client.send(URL, form)
    assert nobody.status_code == 422
    assert "Vælg mindst ét forløb." in nobody.text
    client.budget = 20
    assert client.send(URL, {**form, "plans": [plan]}).status_code == 303
    assert {ITEM["text"], EARLY["text"]} <= set(titles(plan))
    assert ITEM["text"] not in titles(other)
    found = plan_of(plan)
    late, early = (next(i for i in found.items if i.title == t["text"]) for t in (ITEM, EARLY))
    assert early.due_date >= today() + timedelta(days=7)  # its own day was before the plan began
    assert late.phase == "month_6"
    assert late.due_date > today() + timedelta(days=100)
    assert found.open_from == open_from(found.items)
    events = db.session.query(ItemEvent).filter_by(item_id=late.id).all()
    assert [(event.kind, event.by_id) for event in events] == [("added", world.people["hr"].id)]
    (logged,) = db.session.query(AuditEvent).filter_by(action="onboarding.spread_items").all()
    assert (logged.subject_id, logged.details["items"]) == (plan, 2)
    assert "2 tjekpunkter er tilføjet, fordelt på 1 forløb." in client.get(TEMPLATE).text

    client.send(URL, {**form, "plans": [plan, other]})  # sent again: the first plan has them
    assert titles(plan).count(ITEM["text"]) == titles(other).count(ITEM["text"]) == 1
    assert "Intet at tilføje" in client.get(URL).text


def test_nothing_new_comes_into_what_is_asked_for_or_signed_off(client: InspectingClient, world: World) -> None:
    plan = world.plan.id
    with unit_of_work():
        for item in queries.items_of(world.plan, "before_start"):
            services.complete_item(item, world.people["souschef"], "Gjort.")
        decisions.request_sign_off(world.plan, "before_start", world.people["souschef"])
    ids = publish_two(client)
    version = hidden(client.get(URL).text, "version")
    preview = client.send(URL, {"version": version, "items": ids}).text
    assert "Tilføjes ikke: Milepælen afventer godkendelse" in preview
    client.send(URL, {"version": version, "items": ids, "plans": [plan], "confirmed": "yes"})
    assert EARLY["text"] not in titles(plan)
    assert ITEM["text"] in titles(plan)


def test_a_plan_that_has_the_item_or_has_ended_gets_nothing(client: InspectingClient, world: World) -> None:
    with unit_of_work():
        plan_item = world.plan.items[-1]
        words = {name: getattr(plan_item, name) for name in ("why", "documentation", "phase", "responsible", "theme")}
        own = services.ItemWords(
            title=ITEM["text"].upper(), due_date=plan_item.due_date, required=False, competency_keys=(), **words
        )
        services.add_item(world.plan, world.people["chef"], own)
        services.end_plan(world.other_plan, "Fik et andet job.")
    ids = publish_two(client)
    page = client.get(URL).text
    assert EARLY["text"] in page
    assert ITEM["text"] not in page
    form = {"version": hidden(page, "version"), "items": ids, "plans": [world.other_plan.id], "confirmed": "yes"}
    assert client.send(URL, form).status_code == 422  # neither that item nor that plan is offered


def test_a_newer_wording_of_the_same_entry_of_the_bank_is_no_new_item(client: InspectingClient, world: World) -> None:
    begin(client)
    item = next(i for i in draft().items if i.phase == "month_6")
    number = hidden(client.get(f"{DRAFT}/items/{item.id}").text, "number")
    client.send(f"{DRAFT}/items/{item.id}", ITEM | {"number": number, "text": "Samme punkt med andre ord"})
    assert publish(client) == 303
    assert "Intet at tilføje" in client.get(URL).text


def test_an_overtaken_version_is_refused(client: InspectingClient, world: World) -> None:
    ids = publish_two(client)
    version = hidden(client.get(URL).text, "version")
    client.send(f"{DRAFT}/start")
    client.send(f"{DRAFT}/items/add", ITEM | {"text": "Endnu et"})
    assert publish(client) == 303
    late = client.send(URL, {"version": version, "items": ids, "plans": [world.plan.id], "confirmed": "yes"})
    assert late.status_code == 409
    assert ITEM["text"] not in titles(world.plan.id)


def test_moving_the_start_moves_what_was_added(client: InspectingClient, world: World) -> None:
    ids = publish_two(client)
    version = hidden(client.get(URL).text, "version")
    client.send(URL, {"version": version, "items": ids, "plans": [world.other_plan.id], "confirmed": "yes"})
    before = {item.title: item.due_date for item in plan_of(world.other_plan.id).items}
    with unit_of_work():
        plan = plan_of(world.other_plan.id)
        services.move_start(plan, plan.start_date + timedelta(days=28))
    after = {item.title: item.due_date for item in plan_of(world.other_plan.id).items}
    for item in (ITEM, EARLY):
        assert after[item["text"]] > before[item["text"]]


def test_many_plans_cost_no_more_queries(client: InspectingClient, world: World) -> None:
    with unit_of_work():
        for n in range(12):
            start_plan(world.office, make_person(f"ny_{n}"), today())
    ids = publish_two(client)
    plans = [plan.id for plan in queries.running_from(1)]
    client.budget = 12
    version = hidden(client.get(URL).text, "version")
    assert client.send(URL, {"version": version, "items": ids}).status_code == 200
    client.budget = 25
    form = {"version": version, "items": ids, "plans": plans, "confirmed": "yes"}
    assert client.send(URL, form).status_code == 303
    assert db.session.query(PlanItem).filter_by(title=ITEM["text"]).count() == 14


def test_a_template_that_is_not_published_has_nothing_to_add(client: InspectingClient, world: World) -> None:
    client.sign_in("hr")
    made = client.send("/checklists/add", {"title": "Et forsøg", "content": "bank", "instance": "b"}).location
    assert client.get(f"/onboarding/templates/{made.split('/')[2]}/additions").status_code == 404
    assert checklists.find_draft(int(made.split("/")[2])) is not None
