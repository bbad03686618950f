"""Overdue means the same everywhere: on the plan, in lists and files, by whom, in the mail and in the rules."""

import csv
import io
from datetime import timedelta

from openpyxl import load_workbook

from portal.access import Actor, Role
from portal.db import db, unit_of_work
from portal.i18n import today
from portal.onboarding import decisions, lists, overdue, queries, services, work
from portal.onboarding.rules import is_overdue
from tests.factories import World
from tests.inspecting import InspectingClient

HR = Actor(person_id=0, roles=frozenset({Role.HR}))
PHASE = "before_start"


def everywhere(world: World) -> dict[str, int]:
    """How many items of the world's first plan are overdue, as each place that says so counts them."""
    db.session.commit()
    db.session.expire_all()
    plan = queries.find_plan(world.plan.id)
    assert plan is not None
    states, lines = queries.states_of(plan), queries.lines_of(plan)
    everyone = lists.Filter(show="all")
    (row,) = [r for r in lists.plans(HR, everyone, today(), 1).items if r.plan.id == plan.id]
    (exported,) = [r for r in lists.every_plan(HR, everyone, today()) if r.plan.id == plan.id]
    found = {
        "rules": sum(is_overdue(i.state, i.due_date, today(), states[i.phase]) for i in plan.items),
        "plan": lists.status_of(plan, lines, today()).overdue,
        "document": queries.status_of(plan, today()).overdue,
        "list": row.overdue,
        "list as a file": exported.overdue,
        "overdue items": overdue.items(HR, overdue.Wanted(office_id=plan.office_id), today(), 1).total,
        "by whom": sum(t.count for t in overdue.tallies(HR, today()) if t.office_id == plan.office_id),
        "overdue items as a file": len(overdue.every_item(HR, overdue.Wanted(office_id=plan.office_id), today())),
        "mail": sum(i.plan.id == plan.id and i.due_date < today() for i in work.items_due(today())),
    }
    behind = {r.plan.id for r in lists.plans(HR, lists.Filter(show="overdue"), today(), 1).items}
    assert (plan.id in behind) is (found["rules"] > 0)
    return found


def one_number(world: World) -> int:
    found = everywhere(world)
    assert len(set(found.values())) == 1, found
    return found["rules"]


def test_an_optional_item_of_a_milestone_with_the_chef_is_overdue_nowhere(
    client: InspectingClient, world: World
) -> None:
    souschef, chef = world.people["souschef"], world.people["chef"]
    items = queries.items_of(world.plan, PHASE)
    left = [item.id for item in items if not item.required]
    assert left
    for item in items:
        item.due_date = today() - timedelta(days=9)
        if item.required:
            services.complete_item(item, souschef, "Gjort.")
    for item in world.plan.items:
        if item.phase != PHASE and item.due_date < today():
            item.due_date = today()
    services.recount(world.plan.id)
    assert one_number(world) == len(left)
    url = f"/onboarding/{world.plan.id}"
    client.sign_in("souschef")
    page = client.get(url).text
    assert f"{len(left)} overskredne" in page
    assert f'<li id="item-{left[0]}" class="overdue' in page

    decisions.request_sign_off(world.plan, PHASE, souschef)
    assert one_number(world) == 0
    page = client.get(url).text
    assert "intet overskredet" in page
    assert f'<li id="item-{left[0]}" class="open' in page
    assert '<li id="item-' not in client.get(url + "?show=overdue").text
    for path in (f"{url}/items/{left[0]}", f"{url}/milestones/{PHASE}"):
        assert "– overskredet" not in client.get(path).text

    decisions.return_milestone(world.plan, PHASE, chef, "Der mangler et referat.")
    assert one_number(world) == len(left)
    decisions.request_sign_off(world.plan, PHASE, souschef)
    decisions.approve_milestone(world.plan, PHASE, chef)
    assert one_number(world) == 0
    decisions.reopen_milestone(world.plan, PHASE, chef, "Vi glemte at tale om ferien.")
    assert one_number(world) == len(left)


def test_a_plan_whose_every_milestone_is_signed_off_is_not_running(world: World) -> None:
    """An optional item that was left open does not keep it on the list for ever."""
    souschef, chef = world.people["souschef"], world.people["chef"]
    review = decisions.ReviewText("Godt.", "Ingen.", "Ugemøde.")
    with unit_of_work():
        decisions.write_review(world.plan, chef, review, share=True)
        for phase in queries.states_of(world.plan):
            for item in queries.items_of(world.plan, phase):
                if item.required:
                    services.complete_item(item, souschef, "Gjort.")
            decisions.request_sign_off(world.plan, phase, souschef)
            decisions.approve_milestone(world.plan, phase, chef)
    assert any(item.state == "open" for item in world.plan.items)
    shown = {
        show: {r.plan.id for r in lists.plans(HR, lists.Filter(show=show), today(), 1).items} for show in lists.SHOWN
    }
    assert world.plan.id in shown["completed"]
    assert world.plan.id not in shown["running"] | shown["overdue"]


def test_what_is_overdue_is_the_same_as_csv_and_as_a_workbook(client: InspectingClient, world: World) -> None:
    client.sign_in("chef")
    page = client.get("/onboarding/overdue").text
    assert "/onboarding/overdue.xlsx" in page
    text = client.get("/onboarding/overdue.csv").data.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    sheet = load_workbook(io.BytesIO(client.get("/onboarding/overdue.xlsx").data)).worksheets[0]
    cells = list(sheet.iter_rows(values_only=True))
    assert [str(cell) for cell in cells[0]] == rows[0]
    assert [row[0] for row in cells[1:]] == [row[0] for row in rows[1:]]
    assert len(cells) > 1
    assert all(hasattr(row[1], "year") and isinstance(row[2], int) for row in cells[1:])
