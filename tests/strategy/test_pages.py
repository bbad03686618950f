"""Strategic goals through the pages: HR keeps them, everyone reads them, nothing is overwritten in silence."""

from portal.db import unit_of_work
from portal.i18n import today
from portal.strategy import queries, services
from portal.strategy.services import Wording
from tests.factories import World
from tests.inspecting import InspectingClient

YEAR = today().year
FORM = {
    "title": "Borgerne får svar inden for fristen",
    "description": "Ledere følger sagernes alder uge for uge.",
    "starts_on": f"{YEAR}-01-01",
    "ends_on": f"{YEAR}-12-31",
}


def test_hr_adds_and_changes_a_goal_and_everyone_reads_it(client: InspectingClient, world: World) -> None:
    client.sign_in("hr")
    assert "Ingen strategiske mål endnu" in client.get("/strategy").text
    made = client.send("/strategy/add", FORM)
    assert made.status_code == 303
    changed = client.send(f"{made.location}/change", {**FORM, "number": "1", "title": "Borgerne får svar til tiden"})
    assert changed.status_code == 303
    client.sign_in("souschef")
    page = client.get(made.location).text
    assert "Borgerne får svar til tiden" in page
    assert "Borgerne får svar inden for fristen" in page  # what it said before
    assert "Skift" not in client.get("/strategy").text
    assert "Borgerne får svar til tiden" in client.get("/strategy/goals.csv").text
    assert client.send(f"{made.location}/change", FORM).status_code == 403


def test_the_second_editor_is_shown_what_the_first_wrote(client: InspectingClient, world: World) -> None:
    client.sign_in("hr")
    location = client.send("/strategy/add", FORM).location
    goal_id = int(location.rsplit("/", 1)[1])
    with unit_of_work():
        goal = queries.find_goal(goal_id)
        assert goal is not None
        services.change_goal(goal, 1, Wording("Den andens mål", "", today(), today()), world.people["hr"])
    late = client.send(f"{location}/change", {**FORM, "number": "1", "title": "Mit mål"})
    assert late.status_code == 409
    assert "Den andens mål" in late.text
    assert 'value="Mit mål"' in late.text
    assert client.send(f"{location}/change", {**FORM, "number": "2", "title": "Mit mål"}).status_code == 303


def test_a_period_that_ends_before_it_begins_is_refused_at_its_field(client: InspectingClient, world: World) -> None:
    client.sign_in("hr")
    wrong = client.send("/strategy/add", {**FORM, "ends_on": f"{YEAR - 1}-12-31"})
    assert wrong.status_code == 422
    assert "ends_on-error" in wrong.text


def test_a_goal_that_has_been_ended_cannot_be_chosen(client: InspectingClient, world: World) -> None:
    client.sign_in("hr")
    location = client.send("/strategy/add", FORM).location
    assert [v.title for v in queries.choices(today())] == [FORM["title"]]
    assert client.send(f"{location}/retire").status_code == 200  # asks first
    assert client.send(f"{location}/retire", {"confirmed": "1"}).status_code == 303
    assert queries.choices(today()) == []
