"""Lists over many plans: each plan's own facts decide, and no plan is lost between pages."""

import re
from datetime import timedelta

from portal.access import Actor, Role
from portal.db import db, unit_of_work
from portal.i18n import today
from portal.onboarding import decisions, duties, lists, queries, services, work
from portal.onboarding.rules import MilestoneEventKind, MilestoneState, open_from, progress, state_of
from tests.factories import World, make_person, start_plan
from tests.inspecting import InspectingClient

HR = Actor(person_id=0, roles=frozenset({Role.HR}))


def finish(world: World, phase: str) -> None:
    for item in queries.items_of(world.plan, phase):
        services.complete_item(item, world.people["souschef"], "Gjort.")
    services.recount(world.plan.id)


def test_a_locked_milestone_of_one_plan_leaves_the_items_of_others_due(world: World) -> None:
    souschef = Actor(person_id=world.people["souschef"].id)
    other = Actor(person_id=world.people["other_souschef"].id)
    before = {due.item_id for due in duties.due_for(other, today(), limit=99)}
    with unit_of_work():
        finish(world, "before_start")
        decisions.request_sign_off(world.plan, "before_start", world.people["souschef"])
    assert {due.item_id for due in duties.due_for(other, today(), limit=99)} == before
    phases = {db.session.get_one(type(world.plan.items[0]), d.item_id).phase for d in duties.due_for(souschef, today())}
    assert phases
    assert "before_start" not in phases
    locked = {item.id for item in queries.items_of(world.plan, "before_start")}
    found = {item.item_id for item in work.items_due(today())}
    assert found
    assert not found & locked
    assert [m.phase for m in work.milestones_in(MilestoneEventKind.REQUESTED)] == ["before_start"]
    states = lists.states_of([world.plan.id, world.other_plan.id])
    assert states[world.plan.id]["before_start"] is MilestoneState.REQUESTED
    assert set(states[world.other_plan.id].values()) == {MilestoneState.OPEN}


def test_every_plan_is_on_exactly_one_page_in_every_order(world: World) -> None:
    with unit_of_work():
        for n in range(60):
            start_plan(world.office, make_person(f"ny_{n}"), today() + timedelta(days=n % 3))
    for sort in lists.SORTS:
        for descending in (False, True):
            wanted = lists.Filter(sort=sort, descending=descending, show="all")
            first = lists.plans(HR, wanted, today(), 1)
            seen = [row.plan.id for n in range(first.pages) for row in lists.plans(HR, wanted, today(), n + 1).items]
            assert len(seen) == len(set(seen)) == first.total == 62


def test_hr_filters_sorts_and_pages_over_all_offices_in_the_address(client: InspectingClient, world: World) -> None:
    with unit_of_work():
        for n in range(30):
            start_plan(world.office, make_person(f"ny_{n:02}"), today() + timedelta(days=n))
    client.sign_in("hr")

    def names(query: str) -> list[str]:
        page = client.get(f"/onboarding?{query}").text
        rows = page.split("<tbody>")[1].split("</tbody>")[0] if "<tbody>" in page else ""
        return re.findall(r'<a href="/onboarding/\d+">([^<]+)</a>', rows)

    everyone = names("show=all&sort=name") + names("show=all&sort=name&page=2")
    assert everyone == sorted(everyone, key=str.casefold)
    assert len(everyone) == len(set(everyone)) == 32
    assert names("show=all&sort=-name") == everyone[::-1][:25]
    assert names(f"show=all&office={world.other_plan.office_id}") == ["Other Souschef"]
    assert names("show=all&q=ny 07") == ["Ny 07"]
    assert names("show=overdue")[0] == "Souschef"
    assert "Other Souschef" not in names("show=overdue")
    assert "Ny 29" in names("show=before&sort=-start")[:1]
    page = client.get(f"/onboarding?show=all&office={world.office.id}&page=2").text
    assert "Side 2 af 2" in page
    assert "plans.csv?" in page
    assert f"office={world.office.id}" in page.split("plans.xlsx?")[1].split('"')[0]


def test_the_kept_columns_say_what_the_facts_say(world: World) -> None:
    """`state` and `open_from` are worked out again from events and items after every kind of change."""
    person, plan = world.people["souschef"], world.plan
    items = queries.items_of(plan, "week_1")

    def check() -> None:
        db.session.flush()
        db.session.expire_all()
        found = queries.find_plan(plan.id)
        assert found is not None
        assert found.open_from == open_from(found.items)
        assert [item.state for item in found.items] == [state_of(item.events) for item in found.items]
        (row,) = [r for r in lists.every_plan(HR, lists.Filter(show="all"), today()) if r.plan.id == plan.id]
        assert row.progress == progress(item.state for item in found.items)

    with unit_of_work():
        services.complete_item(items[0], person, "Gjort.")
        services.recount(plan.id)
        check()
        services.undo_item(items[0], person)
        services.recount(plan.id)
        check()
        services.ask_waiver(items[1], world.people["chef"], "Findes ikke her.", decides=True)
        services.recount(plan.id)
        check()
        services.move_start(plan, plan.start_date + timedelta(days=30))
        check()
        services.withdraw_waiver(items[1], world.people["chef"])
        services.recount(plan.id)
        check()
