"""A plan through its pages: comments, waivers, own items, edits, the start that moves, deputies and the review."""

import re
from datetime import date, timedelta

import pytest
from babel.dates import format_date

from portal.db import db, unit_of_work
from portal.i18n import today
from portal.onboarding import queries
from portal.onboarding.models import ItemEvent, Plan, PlanItem
from portal.onboarding.schedule import TRIAL_REVIEW, Contract, trial
from portal.overview import digest
from portal.people.services import name_deputy
from portal.workdays import workday_from
from tests.factories import World
from tests.inspecting import InspectingClient
from tests.onboarding.test_journey import complete_all

LONG = "Det gælder ikke i vores kontor, fordi vi ikke har LIS."
ITEM = {
    "title": "Hils på presseteamet",
    "why": "Du svarer på deres spørgsmål.",
    "documentation": "Aftale i kalenderen",
    "phase": "week_1",
    "responsible": "souschef",
    "theme": "connection",
    "required": "y",
    "competencies": ["strategisk-ledelse-k1"],
}


def danish(day: date) -> str:
    return format_date(day, "d. MMMM y", "da")


def plan_of(world: World) -> Plan:
    db.session.expire_all()
    found = queries.find_plan(world.plan.id)
    assert found is not None
    return found


def item_url(world: World, phase: str = "week_1") -> str:
    return f"/onboarding/{world.plan.id}/items/{world.item_of('souschef', phase)}"


def test_an_own_item_is_added_edited_and_counted(client: InspectingClient, world: World) -> None:
    client.sign_in("souschef")
    before = len(plan_of(world).items)
    due = (today() + timedelta(days=2)).isoformat()
    added = client.send(f"/onboarding/{world.plan.id}/items/add", ITEM | {"due_date": due})
    assert added.status_code == 303
    assert f"0 af {before + 1}" in client.get(f"/onboarding/{world.plan.id}").text
    client.sign_in("chef")
    edited = client.send(added.location + "/edit", ITEM | {"due_date": due, "revision": 1, "responsible": "chef"})
    assert edited.status_code == 303
    page = client.get(added.location).text
    assert "gav det til en anden" in page
    assert "Souschef → Chef" in page
    assert "tilføjede det" in page
    assert client.send(added.location + "/complete").status_code == 303
    client.sign_in("souschef")
    assert client.send(added.location + "/undo").status_code == 403  # it is the chef's now
    wrong = client.send(f"/onboarding/{world.plan.id}/items/add", ITEM | {"title": "", "due_date": "2026-02-30"})
    assert wrong.status_code == 422
    assert "Skriv, hvad der skal gøres." in wrong.text


def test_chef_and_souschef_add_items_and_nobody_else_does(client: InspectingClient, world: World) -> None:
    form = ITEM | {"due_date": (today() + timedelta(days=2)).isoformat()}
    found = {}
    for who in ("souschef", "chef", "buddy", "hr"):
        found[who] = client.sign_in(who).send(f"/onboarding/{world.plan.id}/items/add", form).status_code
    assert found == {"souschef": 303, "chef": 303, "buddy": 403, "hr": 403}


def test_the_history_of_an_edit_tells_what_was_before(client: InspectingClient, world: World) -> None:
    item = next(item for item in plan_of(world).items if item.responsible == "souschef" and item.phase == "week_1")
    url, title, before = item_url(world), item.title, item.due_date
    day = today() + timedelta(days=40)
    form = ITEM | {"due_date": day.isoformat(), "revision": 1, "title": "Hils på hele etagen"}
    client.sign_in("chef")
    assert client.send(url + "/edit", form).status_code == 303
    page = client.get(url).text
    assert f"{title} → Hils på hele etagen" in page
    assert f"{danish(before)} → {danish(day)}" in page
    assert "gav det til en anden" not in page
    page = client.sign_in("hr").get(url).text
    assert "flyttede fristen" in page
    assert title not in page


def test_only_the_chef_makes_a_required_item_optional(client: InspectingClient, world: World) -> None:
    item = next(i for i in plan_of(world).items if i.responsible == "souschef" and i.required)
    url = f"/onboarding/{world.plan.id}/items/{item.id}"
    form = ITEM | {"due_date": item.due_date.isoformat(), "phase": item.phase, "revision": 1}
    del form["required"]
    refused = client.sign_in("souschef").send(url + "/edit", form)
    assert refused.status_code == 409
    assert "det kan kun chefen ændre" in refused.text
    assert client.sign_in("chef").send(url + "/edit", form).status_code == 303
    own = client.sign_in("souschef").send(
        f"/onboarding/{world.plan.id}/items/add", ITEM | {"due_date": item.due_date.isoformat()}
    )
    assert client.send(own.location + "/edit", form | {"phase": "week_1"}).status_code == 303


@pytest.mark.parametrize("who", ["souschef", "chef", "buddy", "hr"])
def test_everyone_sees_their_own_next_items_first(client: InspectingClient, world: World, who: str) -> None:
    """Also when they are weeks away: the other plan begins in twenty days."""
    plan = queries.find_plan(world.other_plan.id)
    assert plan is not None
    with unit_of_work():
        plan.buddy_id = world.people["buddy"].id
    person = {"souschef": "other_souschef", "chef": "other_chef"}.get(who, who)
    page = client.sign_in(person).get(f"/onboarding/{plan.id}").text
    box = page.split("Dine næste tjekpunkter")[1].split("Tjekliste")[0]
    own = [item for item in plan.items if item.responsible == {"buddy": "makker"}.get(who, who)]
    first = [item for item in own if item.phase == "before_start"] or own
    assert re.findall(r'href="#item-(\d+)"', box) == [str(item.id) for item in first[:5]]


def test_before_the_start_the_first_milestone_comes_first(client: InspectingClient, world: World) -> None:
    page = client.sign_in("other_souschef").get(f"/onboarding/{world.other_plan.id}").text
    assert "Nu: Før start" in page
    assert "Første arbejdsdag er" in page
    assert re.findall(r'<details class="phase" id="(\w+)" open>', page)[0] == "before_start"
    first = re.findall(r'<details class="phase" id="(\w+)"', page)[0]
    assert first == "before_start"
    assert "Før start" in client.get("/").text


def test_chef_souschef_and_hr_reach_the_balance_from_the_plan(client: InspectingClient, world: World) -> None:
    url = f"/balance/{world.office.id}/{world.people['souschef'].id}"
    for who in ("chef", "souschef", "hr"):
        client.sign_in(who)
        assert f'href="{url}"' in client.get(f"/onboarding/{world.plan.id}").text, who
        assert client.get(url).status_code == 200
    assert url not in client.sign_in("buddy").get(f"/onboarding/{world.plan.id}").text


def test_the_second_of_two_editors_sees_both_versions(client: InspectingClient, world: World) -> None:
    url, due = item_url(world) + "/edit", (today() + timedelta(days=2)).isoformat()
    client.sign_in("chef")
    assert client.send(url, ITEM | {"due_date": due, "revision": 1, "title": "Den første"}).status_code == 303
    second = client.send(url, ITEM | {"due_date": due, "revision": 1, "title": "Den anden"})
    assert second.status_code == 409
    assert "Den første" in second.text
    assert 'value="Den anden"' in second.text
    assert client.send(url, ITEM | {"due_date": due, "revision": 2, "title": "Den anden"}).status_code == 303


def test_an_item_that_is_not_relevant_is_decided_by_the_chef_and_leaves_the_count(
    client: InspectingClient, world: World
) -> None:
    url = item_url(world)
    total = len(plan_of(world).items)
    client.sign_in("souschef")
    assert client.send(url + "/waiver", {"reason": "kort"}).status_code == 422
    assert client.send(url + "/waiver", {"reason": LONG}).status_code == 303
    assert f"0 af {total}" in client.get(f"/onboarding/{world.plan.id}").text
    assert client.send(url + "/waiver/decide", {"decide-granted": "yes"}).status_code == 403
    awaits = f'href="{url}"'
    for who, told in (("chef", True), ("hr", False), ("buddy", False), ("other_chef", False)):
        client.sign_in(who)
        start, mail = client.get("/").text, {m.address: m.body for m in digest.compose(workday_from(today()))}
        assert ("Relevant eller ej?" in start and awaits in start) is told, who
        assert ("Relevant eller ej?" in mail.get(f"{who}@portal.example", "")) is told, who
    client.sign_in("chef")
    assert awaits in client.get("/onboarding/sign-offs").text
    assert LONG in client.get(url).text
    assert client.send(url + "/waiver/decide", {"decide-granted": "yes"}).status_code == 303
    assert "Relevant eller ej?" not in client.get("/").text
    assert awaits not in client.get("/onboarding/sign-offs").text
    assert f"0 af {total - 1}" in client.get(f"/onboarding/{world.plan.id}").text
    assert client.send(url + "/waiver/decide", {"decide-granted": "no"}).status_code == 409
    assert client.send(url + "/waiver/withdraw").status_code == 303
    assert f"0 af {total}" in client.get(f"/onboarding/{world.plan.id}").text


def test_comments_are_for_those_on_the_plan_alone(client: InspectingClient, world: World) -> None:
    url = item_url(world)
    for name in ("souschef", "chef", "buddy"):
        client.sign_in(name)
        assert client.send(url + "/comments", {"text": f"En bemærkning fra {name}."}).status_code == 303
    assert "En bemærkning fra chef." in client.get(url).text
    client.sign_in("hr")
    page = client.get(url).text
    assert "skrev" in page
    assert "En bemærkning fra chef." not in page
    assert client.send(url + "/comments", {"text": "Fra HR"}).status_code == 403


def test_a_link_in_the_documentation_can_be_followed_and_a_script_cannot(
    client: InspectingClient, world: World
) -> None:
    client.sign_in("souschef")
    note = "Se https://intranet.example/sag/1 og <script>alert(1)</script> javascript:alert(2)"
    client.send(item_url(world) + "/complete", {"note": note})
    page = client.get(item_url(world)).text
    assert '<a href="https://intranet.example/sag/1" rel="noopener noreferrer">' in page
    assert "<script>alert" not in page
    assert 'href="javascript' not in page


def test_moving_the_start_shows_first_and_then_moves_what_is_open(client: InspectingClient, world: World) -> None:
    client.sign_in("souschef")
    client.send(item_url(world) + "/complete", {"note": "Gjort og skrevet ned."})
    before = {item.id: (item.due_date, item.state) for item in plan_of(world).items}
    later = (world.plan.start_date + timedelta(days=28)).isoformat()
    client.sign_in("chef")
    url = f"/onboarding/{world.plan.id}/settings/start"
    preview = client.send(url, {"start_date": later})
    assert preview.status_code == 200
    assert "Det bliver flyttet" in preview.text
    done = next(item for item in plan_of(world).items if item.state == "done")
    told = {item.title: f">{danish(item.due_date)}</td>" for item in plan_of(world).items if item.state == "open"}
    assert all(title in preview.text and day in preview.text for title, day in told.items())
    assert done.title not in preview.text
    assert {item.id: (item.due_date, item.state) for item in plan_of(world).items} == before
    assert client.send(url, {"start_date": later, "confirmed": "yes"}).status_code == 303
    after = {item.id: item for item in plan_of(world).items}
    assert all(after[n].due_date == day for n, (day, state) in before.items() if state == "done")
    days = {m.phase: m.due_date for m in plan_of(world).milestones}
    period = trial(date.fromisoformat(later), Contract.TRIAL)
    assert period is not None
    assert days[TRIAL_REVIEW] == period.review
    moved = [after[n].due_date - day for n, (day, state) in before.items() if state == "open"]
    assert all(timedelta(days=20) <= step <= timedelta(days=36) for step in moved)
    assert client.send(url, {"start_date": "0001-01-01"}).status_code == 422


def test_reopening_keeps_every_answer_and_what_was_signed_off(client: InspectingClient, world: World) -> None:
    url = f"/onboarding/{world.plan.id}/milestones/before_start"
    complete_all(client, world, "before_start")
    client.sign_in("souschef")
    assert client.send(url + "/request").status_code == 303
    assert client.send(url + "/withdraw").status_code == 303
    assert client.send(url + "/request").status_code == 303
    client.sign_in("chef")
    assert client.send(url + "/approve").status_code == 303
    events = db.session.query(ItemEvent).count()
    assert client.send(url + "/reopen", {"reopen-reason": "for kort"}).status_code == 422
    assert client.send(url + "/reopen", {"reopen-reason": "Vi glemte at tale om sommerferien."}).status_code == 303
    assert db.session.query(ItemEvent).count() == events
    plan = plan_of(world)
    assert all(item.state == "done" for item in queries.items_of(plan, "before_start"))
    kinds = [event.kind for event in plan.milestone_events]
    assert kinds == ["requested", "withdrawn", "requested", "approved", "reopened"]
    assert "Det, der blev godkendt" in client.get(url).text


def test_a_deputy_decides_while_the_chef_is_away_and_never_on_the_trial_period(
    client: InspectingClient, world: World
) -> None:
    url = f"/onboarding/{world.plan.id}/milestones/before_start"
    complete_all(client, world, "before_start")
    client.sign_in("souschef")
    client.send(url + "/request")
    client.sign_in("outsider")
    assert client.get(url).status_code == 404
    client.sign_in("chef")
    form = {"office": world.office.id, "since": today().isoformat(), "until": (today() + timedelta(days=9)).isoformat()}
    own = client.send("/onboarding/sign-offs/deputies", form | {"person": world.people["chef"].id})
    assert own.status_code == 409
    named = client.send("/onboarding/sign-offs/deputies", form | {"person": world.people["outsider"].id})
    assert named.status_code == 303
    client.sign_in("outsider")
    assert "Se og afgør" in client.get("/onboarding/sign-offs").text
    assert client.send(url + "/approve").status_code == 303
    assert client.get(f"/onboarding/{world.plan.id}/trial-review").status_code == 403
    assert client.send(f"/onboarding/{world.plan.id}/milestones/trial_review/approve").status_code == 403


@pytest.mark.parametrize(("since", "until", "decides"), [(-3, 0, True), (0, 3, True), (-3, -1, False), (1, 3, False)])
def test_a_deputy_decides_from_the_first_day_to_the_last(
    client: InspectingClient, world: World, since: int, until: int, decides: bool
) -> None:
    outsider, day = world.people["outsider"], today()
    with unit_of_work():
        deputy = name_deputy(
            world.office, outsider, day + timedelta(days=since), day + timedelta(days=until), world.people["hr"]
        )
    url = f"/onboarding/{world.plan.id}/milestones/before_start"
    complete_all(client, world, "before_start")
    client.sign_in("souschef").send(url + "/request")
    client.sign_in("outsider")
    assert client.get(url).status_code == (200 if decides else 404)
    if decides:
        client.sign_in("chef").send(f"/onboarding/sign-offs/deputies/{deputy.id}/end")
        client.sign_in("outsider")
    assert client.send(url + "/approve").status_code == 404


def test_a_souschef_who_is_deputy_of_the_office_does_not_sign_off_their_own(
    client: InspectingClient, world: World
) -> None:
    client.sign_in("hr")
    day = today().isoformat()
    form = {"office": world.office.id, "person": world.people["souschef"].id, "since": day, "until": day}
    assert client.send("/onboarding/sign-offs/deputies", form).status_code == 303
    complete_all(client, world, "before_start")
    client.sign_in("souschef")
    client.send(f"/onboarding/{world.plan.id}/milestones/before_start/request")
    assert client.send(f"/onboarding/{world.plan.id}/milestones/before_start/approve").status_code == 403


def test_the_review_is_a_draft_until_shared_and_needed_for_sign_off(client: InspectingClient, world: World) -> None:
    url, review = f"/onboarding/{world.plan.id}/milestones/trial_review", f"/onboarding/{world.plan.id}/trial-review"
    words = {"strengths": "God til at forklare tal.", "concerns": "Tager for meget alene.", "actions": "Ugemøde."}
    complete_all(client, world, "trial_review")
    client.sign_in("souschef")
    assert client.send(url + "/request").status_code == 303
    client.sign_in("chef")
    assert client.send(url + "/approve").status_code == 409
    assert client.send(review, words | {"draft": "yes"}).status_code == 303
    client.sign_in("souschef")
    assert "God til at forklare tal." not in client.get(review).text
    client.sign_in("chef")
    assert client.send(review, words | {"share": "yes"}).status_code == 303
    for name, status in (("buddy", 403), ("outsider", 404), ("other_chef", 404)):
        client.sign_in(name)
        assert client.get(review).status_code == status
    client.sign_in("hr")
    assert "Tager for meget alene." in client.get(review).text
    client.sign_in("souschef")
    assert client.send(review + "/remarks", {"remarks": "Jeg er enig i det første."}).status_code == 303
    assert "Jeg er enig i det første." in client.get(review).text
    client.sign_in("chef")
    assert client.send(url + "/approve").status_code == 303
    assert client.send(review, words | {"share": "yes"}).status_code == 409
    approved = plan_of(world).milestone_events[-1]
    assert approved.snapshot is not None
    assert "Tager for meget alene." not in str(approved.snapshot)
    assert len(approved.snapshot["review"]["digest"]) == 64


def test_a_plan_that_is_ended_stays_as_it_is(client: InspectingClient, world: World) -> None:
    client.sign_in("hr")
    url = f"/onboarding/{world.plan.id}"
    assert client.send(url + "/settings/end", {"reason": "nej"}).status_code == 422
    assert client.send(url + "/settings/end", {"reason": "Souschefen har fået et andet job."}).status_code == 303
    client.sign_in("souschef")
    assert "Afsluttet" in client.get(url).text
    assert client.send(item_url(world) + "/complete").status_code == 409
    assert client.get(url + "/items/add").status_code in (200, 409)
    assert client.send(url + "/milestones/before_start/request").status_code == 409
    assert world.item_of("souschef", "week_1")


@pytest.mark.parametrize("name", ["souschef", "chef", "hr", "buddy"])
def test_the_start_page_and_the_list_say_what_awaits(client: InspectingClient, world: World, name: str) -> None:
    client.sign_in(name)
    assert "Det venter på dig" in client.get("/").text
    for asked in ("?show=overdue", "?show=completed&sort=-name", "?q=souschef&office=1", "?show=x&sort=y&page=9"):
        assert client.get(f"/onboarding{asked}").status_code == 200
    assert db.session.query(PlanItem).count()
