"""What each page may ask of the database: exactly so many queries, however many plans there are."""

from datetime import timedelta

import pytest

from portal.db import db, unit_of_work
from portal.i18n import today
from portal.onboarding import services
from tests.factories import World, make_person, start_plan
from tests.inspecting import InspectingClient

# who asks for what, and how many queries that takes: who is signed in and what they may takes one of them
BUDGETS = {
    "plans": ("hr", "/onboarding", 4),
    "plans as chef": ("chef", "/onboarding", 4),
    "plans, searched": ("hr", "/onboarding?q=souschef&show=all&sort=name", 4),
    "plan": ("souschef", "/onboarding/{plan}", 5),
    "plan as chef": ("chef", "/onboarding/{plan}", 5),
    "start as chef": ("chef", "/", 5),
    "start as HR": ("hr", "/", 8),
    "recruitments": ("recruiter", "/recruitments", 2),
    "recruitments as HR, filtered": ("hr", "/recruitments?status=assessing&sort=title&q=souschef", 2),
    "start as souschef": ("souschef", "/", 6),
    "sign-offs": ("chef", "/onboarding/sign-offs", 7),
}
TICK = 6


def queries(client: InspectingClient, path: str) -> int:
    """How many the page takes when the process has read what never changes."""
    for _ in range(2):
        assert client.get(path).status_code == 200
    return client.selects


@pytest.mark.parametrize("page", BUDGETS)
def test_a_page_takes_exactly_its_budget(client: InspectingClient, world: World, page: str) -> None:
    who, path, budget = BUDGETS[page]
    client.sign_in(who)
    assert queries(client, path.format(plan=world.plan.id)) == budget


def test_a_tick_and_its_undoing_take_exactly_their_budget(client: InspectingClient, world: World) -> None:
    url = f"/onboarding/{world.plan.id}/items/{world.item_of('souschef', 'week_1')}"
    client.sign_in("souschef")
    data = {"csrf_token": client.token()}
    for verb in ("complete", "undo", "complete", "undo"):
        assert client.post(f"{url}/{verb}", data=data, headers={"HX-Request": "true"}).status_code == 200
    assert client.selects == TICK
    client.post(f"{url}/complete", data=data, headers={"HX-Request": "true"})
    assert client.selects == TICK


def add_plans(world: World, first: int, last: int) -> None:
    with unit_of_work():
        for n in range(first, last):
            souschef = make_person(f"ny_{n}")
            plan = start_plan(world.office, souschef, today() - timedelta(days=n % 9))
            services.complete_item(plan.items[0], souschef, "Gjort.")
            services.recount(plan.id)


def test_sixty_plans_take_as_many_queries_as_five(client: InspectingClient, world: World) -> None:
    def measured() -> dict[str, int]:
        found = {}
        for page, (who, path, _budget) in BUDGETS.items():
            client.sign_in(who)
            found[page] = queries(client, path.format(plan=plan_id))
        return found

    plan_id = world.plan.id
    add_plans(world, 0, 3)
    few = measured()
    add_plans(World.load(), 3, 58)
    assert measured() == few
    db.session.rollback()
