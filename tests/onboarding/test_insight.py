"""Looking across plans and back over one: files of the list, what is overdue and whose it is, progress over time."""

import csv
import io
import re
from datetime import date, timedelta

import pytest
from openpyxl import load_workbook

from portal.access import Actor, Role
from portal.db import unit_of_work
from portal.i18n import today
from portal.onboarding import lists, overdue, queries, services
from portal.onboarding.rules import Change, done_over_time, due_over_time
from tests.factories import World, make_person, start_plan
from tests.inspecting import InspectingClient

HR = Actor(person_id=0, roles=frozenset({Role.HR}))
MONDAY = date(2026, 11, 23)


def rows_of(csv_file: bytes) -> list[list[str]]:
    assert csv_file.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(csv_file.decode("utf-8-sig")), delimiter=";"))


def test_the_list_as_a_file_holds_what_the_filter_finds(client: InspectingClient, world: World) -> None:
    with unit_of_work():
        world.people["other_souschef"].name = "=Regneark"
    client.sign_in("hr")
    response = client.get("/onboarding/plans.csv?show=all&sort=name")
    assert response.mimetype == "text/csv"
    assert f"filename=onboarding-{today().isoformat()}.csv" in response.headers["Content-Disposition"]
    heading, *rows = rows_of(response.data)
    assert heading[:4] == ["Souschef", "Kontor", "Chef", "Start"]
    assert [row[0] for row in rows] == ["'=Regneark", "Souschef"]
    row = dict(zip(heading, rows[1], strict=True))
    found = lists.every_plan(HR, lists.Filter(search="Souschef", show="all"), today())[-1]
    assert row["Start"] == world.plan.start_date.isoformat()
    assert row["Overskredet"] == str(found.overdue)
    assert row["Tjekpunkter"] == str(len(world.plan.items))
    assert row["Næste milepæl"] == "Før start"
    assert row["Milepælens dag"] == next(m.due_date for m in world.plan.milestones).isoformat()
    assert len(rows_of(client.get("/onboarding/plans.csv?show=overdue").data)) == 2
    assert rows_of(client.get("/onboarding/plans.csv?q=findes-ikke").data) == [heading]
    assert "hentede listen over forløb" in client.get("/event-log?action=onboarding.").text


def test_the_workbook_has_real_days(client: InspectingClient, world: World) -> None:
    data = client.sign_in("hr").get("/onboarding/plans.xlsx?show=all").data
    sheet = load_workbook(io.BytesIO(data)).worksheets[0]
    starts = {cell.value.date() for cell in sheet["D"][1:]}
    assert starts == {world.plan.start_date, world.other_plan.start_date}
    assert {cell.data_type for cell in sheet["G"][1:]} == {"n"}


@pytest.mark.parametrize(("who", "count"), [("souschef", 1), ("buddy", 1), ("chef", 1), ("outsider", 0), ("hr", 2)])
def test_nobody_takes_more_out_than_the_list_shows_them(
    client: InspectingClient, world: World, who: str, count: int
) -> None:
    rows = rows_of(client.sign_in(who).get("/onboarding/plans.csv?show=all").data)
    assert len(rows) == count + 1


def test_what_is_overdue_is_counted_by_person_and_office(client: InspectingClient, world: World) -> None:
    late = [item for item in world.plan.items if item.due_date < today()]
    by_holder = {name: sum(item.responsible == name for item in late) for name in ("souschef", "chef", "makker", "hr")}
    found = overdue.tallies(HR, today())
    people = world.people
    holders = {people["souschef"].id: "souschef", people["chef"].id: "chef", people["buddy"].id: "makker", 0: "hr"}
    assert {holders[t.whose]: t.count for t in found} == {name: n for name, n in by_holder.items() if n}
    assert {t.office for t in found} == {world.office.name}
    assert overdue.items(HR, overdue.Wanted(), today(), 1).total == len(late)
    client.sign_in("hr")
    whole = client.get("/onboarding/overdue").text
    assert f"{len(late)} tjekpunkter er overskredet" in whole
    mine = client.get(f"/onboarding/overdue?person={people['chef'].id}&office={world.office.id}")
    assert f"{by_holder['chef']} tjekpunkt" in mine.text
    assert client.get("/onboarding/overdue?person=nej&office=999999&page=77").status_code == 200
    rows = rows_of(client.get(f"/onboarding/overdue.csv?person={people['chef'].id}").data)
    assert len(rows) == by_holder["chef"] + 1
    assert "hentede listen over det overskredne" in client.get("/event-log?action=onboarding.").text


def test_a_chef_sees_the_plans_of_the_own_offices_alone(client: InspectingClient, world: World) -> None:
    assert "Kontor for prøver" in client.sign_in("chef").get("/onboarding/overdue").text
    other = client.sign_in("other_chef").get("/onboarding/overdue")
    assert "Intet er overskredet" in other.text
    assert client.get(f"/onboarding/overdue?office={world.office.id}").status_code == 200


def test_a_buddys_items_are_the_chefs_without_a_buddy_and_nobodys_without_a_chef(world: World) -> None:
    with unit_of_work():
        world.plan.buddy_id = None
        plan = start_plan(world.office, world.people["outsider"], today() - timedelta(days=30))
        world.office.chef = None
    found = {t.whose for t in overdue.tallies(HR, today())}
    assert overdue.NOBODY in found
    assert world.people["chef"].id not in found
    assert world.people["buddy"].id not in found
    page = overdue.items(HR, overdue.Wanted(whose=overdue.NOBODY), today(), 1)
    assert {late.responsible for late in page.items} == {"chef", "makker"}
    assert plan.office_id == world.office.id


def test_many_overdue_items_are_on_pages_and_cost_no_more(client: InspectingClient, world: World) -> None:
    client.sign_in("hr")
    client.budget = 12
    with unit_of_work():
        for n in range(4):
            start_plan(world.office, make_person(f"sen_{n}"), today() - timedelta(days=200))
    total = overdue.items(HR, overdue.Wanted(), today(), 1).total
    pages = -(-total // lists.PER_PAGE)
    seen = [late.item_id for n in range(pages) for late in overdue.items(HR, overdue.Wanted(), today(), n + 1).items]
    assert len(seen) == len(set(seen)) == total > 200
    assert f"Side 2 af {pages}" in client.get("/onboarding/overdue?page=2").text
    fragment = client.get("/onboarding/overdue", headers={"HX-Request": "true"})
    assert fragment.text.lstrip().startswith('<div id="overdue"')
    for url in ("overdue.csv", "plans.csv?show=all", "plans.xlsx?show=all"):
        assert client.get(f"/onboarding/{url}").status_code == 200


def test_done_and_due_are_counted_at_the_end_of_each_day() -> None:
    day = [MONDAY + timedelta(days=n) for n in range(4)]
    changes = [
        Change(1, "completed", day[0]),
        Change(1, "completed", day[1]),  # documentation added later: done already
        Change(2, "completed", day[1]),
        Change(1, "undone", day[2]),
        Change(3, "completed", day[2]),  # waived since, so it counts nowhere
    ]
    assert done_over_time(changes, {1, 2}, day) == [1, 2, 1, 1]
    assert done_over_time([], {1}, day) == [0, 0, 0, 0]
    assert due_over_time([day[2], day[0], day[0]], day) == [2, 2, 3, 3]


def test_progress_shows_the_same_numbers_as_chart_and_table(client: InspectingClient, world: World) -> None:
    with unit_of_work():
        items = queries.items_of(world.plan, "before_start")
        for item in items:
            services.complete_item(item, world.people["souschef"])
        services.recount(world.plan.id)
    client.sign_in("souschef")
    page = client.get(f"/onboarding/{world.plan.id}/progress").text
    due = sum(item.due_date <= today() for item in world.plan.items)
    assert f"var fristen nået for {due} af {len(world.plan.items)} tjekpunkter, og {len(items)} var udført" in page
    assert page.count("<polyline") == 4  # two lines, and both in the legend
    rows = re.findall(r'<th scope="row">[^<]+</th><td class="figure">([^<]+)</td><td class="figure">(\d+)</td>', page)
    assert (str(len(items)), str(due)) in rows
    assert rows[-1] == ("–", str(len(world.plan.items)))
    lines = re.findall(r'<polyline class="chart-line series-2" points="([^"]+)"', page)
    assert max(len(points.split()) for points in lines) == len(rows)
    assert page.count("<progress") == 25 + 4
    assert f"/onboarding/{world.plan.id}/progress" in client.get(f"/onboarding/{world.plan.id}").text


@pytest.mark.parametrize("days", [-400, 0, 400])
def test_progress_of_an_old_a_new_and_an_ended_plan(client: InspectingClient, world: World, days: int) -> None:
    with unit_of_work():
        plan = start_plan(world.office, world.people["outsider"], today() + timedelta(days=days))
        if days < 0:
            services.end_plan(plan, "Forløbet er slut før tid.")
    assert client.sign_in("hr").get(f"/onboarding/{plan.id}/progress").status_code == 200
