"""Templates through their pages: making, editing, ordering, publishing, retiring, and what two people do at once."""

import re

import pytest
from sqlalchemy.exc import DBAPIError

from portal.bank import queries as bank
from portal.bank.rules import PHASES, Use
from portal.checklists import queries
from portal.checklists.models import Template, TemplateVersion
from portal.db import db
from portal.onboarding.models import Plan
from portal.overview.seeding import load_bank
from tests.checklists.drafts import DRAFT, ITEM, TEMPLATE, begin, draft, group, hidden, publish
from tests.factories import World
from tests.inspecting import InspectingClient

HTMX = {"HX-Request": "true"}
SETTINGS = {"title": "Ny souschef", **{f"has_{p}": "y" for p in PHASES}}
DAYS = {"before_start": -1, "day_1": 0, "week_1": 7, "day_30": 30, "trial_review": 65, "day_90": 90, "month_6": 182}
SETTINGS |= {f"day_{phase}": str(day) for phase, day in DAYS.items()}


def test_chefs_look_and_hr_keeps(client: InspectingClient, world: World) -> None:
    client.sign_in("chef")
    assert "/checklists" in client.get("/onboarding").text
    page = client.get(TEMPLATE).text
    assert "25 af 25 kompetencer" in page
    assert "Redigér skabelonen" not in page
    assert client.send(f"{DRAFT}/start").status_code == 403
    begin(client)
    client.sign_in("chef")
    assert "kladde til version 2" not in client.get("/checklists").text
    client.sign_in("souschef")
    assert "/checklists" not in client.get("/onboarding").text


def test_a_page_costs_few_queries(client: InspectingClient, world: World) -> None:
    begin(client)
    client.budget = 12
    item_id = draft().items[0].id
    for address in (
        "/checklists",
        TEMPLATE,
        f"{TEMPLATE}/versions/1",
        f"{TEMPLATE}/copy",
        DRAFT,
        f"{DRAFT}/edit",
        f"{DRAFT}/bank",
        f"{DRAFT}/items/add",
        f"{DRAFT}/items/{item_id}",
        "/onboarding/templates/1/additions",
    ):
        assert client.get(address).status_code == 200, address


def test_an_empty_template_is_filled_from_the_bank_and_published(client: InspectingClient, world: World) -> None:
    client.sign_in("hr")
    form = {"title": "Kort forløb", "content": "empty", "instance": "a"}
    made = client.send("/checklists/add", form)
    assert client.send("/checklists/add", form).location == made.location  # sent twice, made once
    address = made.location
    template_id = int(address.split("/")[2])
    assert "Kort forløb" in client.get("/checklists").text
    assert "ikke udgivet endnu" in client.get("/checklists").text
    page = client.get(address).text
    assert "Skabelonen har ingen tjekpunkter endnu." in page
    assert client.send(f"{address}/publish", {"revision": "1"}).status_code == 409
    client.sign_in("chef")
    assert "Kort forløb" not in client.get("/checklists").text
    assert "Ikke udgivet endnu" in client.get(f"/checklists/{template_id}").text

    client.sign_in("hr")
    entries = bank.entries("souschef", Use.ONBOARDING, ["driftsledelse-k1"])
    assert client.send(f"{address}/bank?competency=driftsledelse-k1", {}).status_code == 422
    chosen = {"entries": [entry.id for entry in entries]}
    added = client.send(f"{address}/bank?competency=driftsledelse-k1", chosen, headers=HTMX)
    assert added.status_code == 200
    assert 'id="coverage" hx-swap-oob="true"' in added.text
    assert f"{len(entries)} tjekpunkter er tilføjet." in added.text
    client.send(f"{address}/bank", chosen)
    phases = {entry.content.phase for entry in entries}
    assert len(draft(template_id).items) == len(entries)  # what is there is not added again
    assert "Hver milepæl skal have mindst ét tjekpunkt" in client.get(address).text
    stamp = hidden(client.get(f"{address}/edit").text, "revision")
    milestones = {f"has_{phase}": "y" for phase in phases} | {f"day_{phase}": str(DAYS[phase]) for phase in PHASES}
    assert client.send(f"{address}/edit", {"title": "Kort", "revision": stamp, **milestones}).status_code == 303
    assert publish(client, address) == 303
    client.sign_in("chef")
    assert ">Kort</option>" in client.get("/onboarding/start").text


def test_a_copy_is_a_template_of_its_own(client: InspectingClient, world: World) -> None:
    client.sign_in("hr")
    assert "Kopi af Ny souschef" in client.get(f"{TEMPLATE}/copy").text
    made = client.send(f"{TEMPLATE}/copy", {"title": "Ny kontorsouschef", "instance": "a"})
    copy = draft(int(made.location.split("/")[2]))
    original = queries.find_by_slug("ny-souschef")
    assert original is not None
    assert original.published is not None
    assert [i.title for i in copy.items] == [i.title for i in original.published.items]
    assert copy.template.slug is None
    assert copy.number == 1
    assert original.draft is None


def test_title_and_milestones_are_changed_and_checked(client: InspectingClient, world: World) -> None:
    begin(client)
    client.send(f"{DRAFT}/start")  # again: the same draft
    stamp = hidden(client.get(f"{DRAFT}/edit").text, "revision")
    wrong = client.send(f"{DRAFT}/edit", {**SETTINGS, "revision": stamp, "day_week_1": "999", "title": ""})
    assert wrong.status_code == 422
    assert "Skriv et helt tal fra 0 til 730." in wrong.text
    assert "Giv skabelonen en titel." in wrong.text
    late = client.send(f"{DRAFT}/edit", {**SETTINGS, "revision": stamp, "day_week_1": "31"})
    assert late.status_code == 422
    assert "tidsrækkefølge" in late.text
    cpr = client.send(f"{DRAFT}/edit", {**SETTINGS, "revision": stamp, "title": "Til 010203-1234"})
    assert cpr.status_code == 422
    fewer = {name: value for name, value in SETTINGS.items() if name != "has_week_1"}
    assert client.send(f"{DRAFT}/edit", {**fewer, "revision": stamp, "day_day_1": "1"}).status_code == 303
    assert draft().phase_days == {p: d for p, d in (DAYS | {"day_1": 1}).items() if p != "week_1"}
    page = client.get(DRAFT).text
    assert "ikke en milepæl i skabelonen" in page
    assert "Nogle tjekpunkter hører til en milepæl, som skabelonen ikke har." in page


def test_the_second_of_two_savers_of_the_milestones_sees_both(client: InspectingClient, world: World) -> None:
    begin(client)
    stamp = hidden(client.get(f"{DRAFT}/edit").text, "revision")
    assert client.send(f"{DRAFT}/edit", {**SETTINGS, "revision": stamp, "title": "Den første"}).status_code == 303
    second = client.send(f"{DRAFT}/edit", {**SETTINGS, "revision": stamp, "title": "Den anden"})
    assert second.status_code == 409
    assert "Den første" in second.text
    assert 'value="Den anden"' in second.text
    again = hidden(second.text, "revision")
    assert client.send(f"{DRAFT}/edit", {**SETTINGS, "revision": again, "title": "Den anden"}).status_code == 303
    assert draft().title == "Den anden"


def test_an_item_is_written_changed_and_removed(client: InspectingClient, world: World) -> None:
    begin(client)
    empty = client.send(f"{DRAFT}/items/add", {})
    assert empty.status_code == 422
    assert "Udfyld feltet." in empty.text
    assert 'value="182"' in client.get(f"{DRAFT}/items/add?phase=month_6").text
    assert client.send(f"{DRAFT}/items/add", ITEM | {"why": "Se 010203-1234."}).status_code == 422
    assert client.send(f"{DRAFT}/items/add", ITEM).status_code == 303
    item = group("month_6")[-1]
    assert (item.title, item.offset_days, item.behaviour_keys) == (ITEM["text"], 150, ["driftsledelse-a7"])
    number = hidden(client.get(f"{DRAFT}/items/{item.id}").text, "number")
    changed = ITEM | {"number": number, "text": "Mød økonomien", "phase": "day_90", "working_days": "y"}
    assert client.send(f"{DRAFT}/items/{item.id}", changed).status_code == 303
    assert group("day_90")[-1].title == "Mød økonomien"
    assert group("day_90")[-1].working_days

    item_id = item.id
    removed = client.send(f"{DRAFT}/items/{item_id}/remove", headers=HTMX)
    assert removed.status_code == 200
    assert 'id="coverage" hx-swap-oob="true"' in removed.text
    assert 'id="publish"' in removed.text
    assert "”Mød økonomien” er taget ud af kladden." in removed.text
    assert item_id not in [i.id for i in draft().items]
    assert client.get(f"{DRAFT}/items/{item_id}").status_code == 404


def test_the_second_of_two_savers_of_an_item_sees_both(client: InspectingClient, world: World) -> None:
    begin(client)
    one, other = group("month_6")[:2]
    number = hidden(client.get(f"{DRAFT}/items/{one.id}").text, "number")
    elsewhere = hidden(client.get(f"{DRAFT}/items/{other.id}").text, "number")
    assert client.send(f"{DRAFT}/items/{one.id}", ITEM | {"number": number, "text": "Den første"}).status_code == 303
    second = client.send(f"{DRAFT}/items/{one.id}", ITEM | {"number": number, "text": "Den anden"})
    assert second.status_code == 409
    assert "Den første" in second.text
    assert 'value="Den anden"' in second.text
    again = hidden(second.text, "number")
    assert client.send(f"{DRAFT}/items/{one.id}", ITEM | {"number": again, "text": "Den anden"}).status_code == 303
    beside = client.send(f"{DRAFT}/items/{other.id}", ITEM | {"number": elsewhere, "text": "Et andet"})
    assert beside.status_code == 303  # another item is nobody's conflict


def test_a_draft_that_is_gone_gives_back_what_was_typed(client: InspectingClient, world: World) -> None:
    item_id = begin(client).items[0].id
    assert client.send(f"{DRAFT}/discard").status_code == 303
    lost = client.send(f"{DRAFT}/items/{item_id}", ITEM)
    assert lost.status_code == 404
    assert ITEM["why"] in lost.text


def test_items_are_ordered_by_buttons_and_by_place(client: InspectingClient, world: World) -> None:
    begin(client)
    before = [item.id for item in group("week_1")]
    others = [item.id for item in draft().items if item.phase != "week_1"]
    first = before[0]
    moved = client.send(f"{DRAFT}/items/{first}/move", {"step": "down"}, headers=HTMX)
    assert moved.text.lstrip().startswith('<details class="phase" id="week_1"')
    assert f"nummer 2 af {len(before)} i Uge 1" in moved.text
    assert re.search(r'value="down" autofocus', moved.text)
    assert [item.id for item in group("week_1")] == [before[1], first, *before[2:]]
    client.send(f"{DRAFT}/items/{first}/move", {"place": str(len(before))})
    assert [item.id for item in group("week_1")] == [*before[1:], first]
    client.send(f"{DRAFT}/items/{first}/move", {"place": "1"})
    for order in ({"step": "up"}, {"step": "sideways"}, {"place": "-3"}, {"place": "x"}, {}):
        assert client.send(f"{DRAFT}/items/{first}/move", order).status_code == 303
    assert [item.id for item in group("week_1")] == before
    assert [item.id for item in draft().items if item.phase != "week_1"] == others


def test_publishing_needs_a_change_and_what_was_seen(client: InspectingClient, world: World) -> None:
    begin(client)
    assert "Der er ikke ændret noget" in client.get(DRAFT).text
    client.send(f"{DRAFT}/items/add", ITEM)
    seen = hidden(client.get(DRAFT).text, "revision")
    client.send(f"{DRAFT}/items/add", ITEM | {"text": "Skrevet af en anden"})
    late = client.send(f"{DRAFT}/publish", {"revision": seen})
    assert late.status_code == 409
    assert "En anden har ændret kladden." in late.text
    assert publish(client) == 303
    assert client.get(DRAFT).status_code == 404
    page = client.get(TEMPLATE).text
    assert "Version 2, udgivet" in page
    assert f"{TEMPLATE}/versions/1" in page
    assert "En tidligere version" in client.get(f"{TEMPLATE}/versions/1").text
    assert client.get(f"{TEMPLATE}/versions/3").status_code == 404


def test_a_published_version_and_a_running_plan_stay_as_they_are(client: InspectingClient, world: World) -> None:
    title, plan = world.plan.items[0].title, world.plan.id
    client.sign_in("souschef")
    before = re.sub(r'value="[^"]{40,}"', "", client.get(f"/onboarding/{plan}").text)
    begin(client)
    for item in group("before_start"):
        client.send(f"{DRAFT}/items/{item.id}/remove")
    fewer = {name: value for name, value in SETTINGS.items() if name != "has_before_start"}
    stamp = hidden(client.get(f"{DRAFT}/edit").text, "revision")
    client.send(f"{DRAFT}/edit", {**fewer, "title": "Noget andet", "revision": stamp, "day_day_90": "100"})
    assert publish(client) == 303
    client.sign_in("souschef")
    after = re.sub(r'value="[^"]{40,}"', "", client.get(f"/onboarding/{plan}").text)
    assert title in after
    assert re.findall(r"<h[1-4]>.*?</h[1-4]>", after) == re.findall(r"<h[1-4]>.*?</h[1-4]>", before)
    db.session.expire_all()
    kept = db.session.get_one(TemplateVersion, db.session.get_one(Plan, plan).template_version_id)
    assert kept.number == 1
    kept.title = "Rettet bagom"
    with pytest.raises(DBAPIError):
        db.session.flush()
    db.session.rollback()


def test_what_was_published_here_stays_when_the_portal_is_seeded_anew(client: InspectingClient, world: World) -> None:
    begin(client)
    client.send(f"{DRAFT}/items/add", ITEM)
    assert publish(client) == 303
    load_bank()
    db.session.commit()
    template = queries.find_template(1)
    assert template is not None
    assert [version.number for version in template.versions] == [2, 1]


def test_a_draft_is_discarded_and_what_was_never_published_goes_with_it(client: InspectingClient, world: World) -> None:
    begin(client)
    assert client.send(f"{DRAFT}/discard").location.endswith(TEMPLATE)
    made = client.send("/checklists/add", {"title": "Et forsøg", "content": "bank", "instance": "b"}).location
    assert client.send(f"{made}/discard").location.endswith("/checklists")
    assert db.session.query(Template).count() == 1
    assert client.get(made).status_code == 404


def test_a_template_retires_and_comes_back_but_never_the_last(client: InspectingClient, world: World) -> None:
    client.sign_in("hr")
    alone = client.send(f"{TEMPLATE}/retire")
    assert alone.status_code == 409
    assert "eneste skabelon" in alone.text
    made = client.send("/checklists/add", {"title": "Den anden", "content": "bank", "instance": "c"}).location
    assert publish(client, made) == 303
    begin(client)
    assert client.send(f"{TEMPLATE}/retire").status_code == 303
    assert "Ny souschef" not in client.get("/checklists").text
    assert "Ny souschef" in client.get("/checklists?retired=y").text
    assert "Ny souschef" not in client.get("/onboarding/start").text.split("<select")[-1]
    assert "Skabelonen er udgået." in client.get(DRAFT).text
    client.send(f"{DRAFT}/discard")
    assert client.send(f"{DRAFT}/start").status_code == 409
    assert client.send(f"{TEMPLATE}/restore").status_code == 303
    assert "Ny souschef" in client.get("/checklists").text


def test_the_bank_is_searched_beside_the_draft(client: InspectingClient, world: World) -> None:
    begin(client)
    item_id, title = group("week_1")[0].id, group("week_1")[0].title
    client.send(f"{DRAFT}/items/{item_id}/remove")
    found = client.get(f"{DRAFT}/bank", query_string={"q": title}, headers=HTMX).text
    assert "1 tjekpunkt" in found
    assert 'name="entries"' in found
    assert "Ikke mere at tilføje" in client.get(f"{DRAFT}/bank?q=findesikke").text
    assert "Intet fundet" in client.get(f"{DRAFT}/bank?q=findesikke&all=y").text
    assert client.get(f"{DRAFT}/bank?competency=nonsense&page=x").status_code == 200
    everything = client.get(f"{DRAFT}/bank?all=y").text
    assert 'rel="next"' in everything
    assert "all=y" in everything
    assert "i kladden</span>" in everything
