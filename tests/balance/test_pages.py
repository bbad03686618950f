"""The pages of balance and focus areas, and where else they show: plan, items, milestones, start page, daily mail."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from portal.balance import queries, services
from portal.balance.models import BalanceVersion
from portal.db import db, unit_of_work
from portal.i18n import today
from portal.onboarding.queries import find_plan
from portal.overview import digest
from portal.people import services as people
from portal.workdays import is_workday
from tests.balance.test_agreeing import agree, pair_of, propose, wanted
from tests.factories import World
from tests.inspecting import InspectingClient
from tests.onboarding.test_documents import words_of

BETTER = "Juristerne kan bruge min feedback samme dag."
FEEDBACK = "personaleledelse-k4"


def url_of(world: World) -> str:
    return f"/balance/{world.office.id}/{world.people['souschef'].id}"


def shown_form(client: InspectingClient, url: str) -> dict[str, str]:
    """What the form on the page would send, with its hidden fields and ticked boxes."""
    page = client.get(url).text
    form: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", page.split(f'action="{url}"')[1]):
        name, value = (re.search(rf'\b{key}="([^"]*)"', tag) for key in ("name", "value"))
        if name and ('type="checkbox"' not in tag or " checked" in tag) and name[1] not in ("language", "next"):
            form[name[1]] = value[1] if value else ""
    return form


def filled(client: InspectingClient, world: World, *weights: int, **more: str) -> dict[str, Any]:
    """A proposal as the form asks for it: these shares, feedback as the focus area."""
    form = shown_form(client, url_of(world) + "/propose")
    form |= {f"weight_{n}": str(weight) for n, weight in enumerate(weights, 1)}
    return form | {"focus_3": "y", "better_3": BETTER, **more}


def test_a_balance_is_proposed_changed_and_agreed_through_the_pages(client: InspectingClient, world: World) -> None:
    url = url_of(world)
    client.sign_in("chef")
    assert "Der er endnu ikke aftalt noget" in client.get(url).text
    assert client.send(url + "/propose", filled(client, world, 40, 30, 10, 20)).location == url
    page = client.get(url).text
    assert "Forslaget er dit ja" in page
    assert "Sig ja" not in page

    client.sign_in("souschef")
    assert "Afventer dit ja" in client.get(url).text
    changed = filled(client, world, 30, 30, 10, 30, reason="Driften fylder mere i mit kontor.")
    assert changed["focus_3"] == "y"
    assert client.send(url + "/propose", changed).status_code == 303
    assert client.send(url + "/1/confirm").status_code == 409

    client.sign_in("chef")
    page = client.get(url).text
    assert "Afventer dit ja" in page
    assert "Personaleledelse fra 40 til 30" in page
    assert client.send(url + "/2/confirm").status_code == 303
    page = client.get(url).text
    assert "Aftalt nu" in page
    assert BETTER in page
    assert "Personaleledelse 30 %, Faglig ledelse 30 %, Strategisk ledelse 10 %, Driftsledelse 30 %</desc>" in page
    assert "afløst af en nyere" in page


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"weight_1": "45"}, "De fire andele giver 105 tilsammen. De skal give 100."),
        ({"weight_1": "0"}, "Personaleledelse: Skriv et tal fra 5 til 100"),
        ({"weight_1": "41", "weight_2": "29"}, "Faglig ledelse: Skriv et tal fra 5 til 100"),
        ({"weight_1": "meget"}, "Personaleledelse: Skriv et tal"),
        ({"weight_1": ""}, "Personaleledelse: Skriv et tal"),
        ({"focus_3": None}, "Vælg mindst ét indsatsområde."),
        ({f"focus_{n}": "y" for n in range(7)}, "Vælg højst 6 indsatsområder"),
        ({"better_3": "x" * 201}, "Forkort teksten til højst 200 tegn."),
        ({"better_3": "010190-1234"}, "CPR"),
    ],
)
@pytest.mark.parametrize("backend", ["sqlite"])  # the form asks no database
def test_what_is_wrong_is_told_and_what_was_written_stays(
    client: InspectingClient, world: World, sent: dict[str, str | None], told: str
) -> None:
    client.sign_in("chef")
    form = filled(client, world, 40, 30, 10, 20, reason="Skal blive stående.") | sent
    response = client.send(
        url_of(world) + "/propose", {name: value for name, value in form.items() if value is not None}
    )
    assert response.status_code == 422
    assert told in response.text
    assert "Skal blive stående." in response.text
    assert not db.session.scalars(db.select(BalanceVersion)).all()


def test_the_second_version_needs_a_reason(client: InspectingClient, world: World) -> None:
    agree(pair_of(world), world.people["chef"], world.people["souschef"], wanted())
    client.sign_in("chef")
    response = client.send(url_of(world) + "/propose", filled(client, world, 25, 25, 25, 25))
    assert response.status_code == 422
    assert "hvorfor det ændres" in response.text


def test_one_who_is_overtaken_is_told_and_keeps_what_was_written(client: InspectingClient, world: World) -> None:
    url = url_of(world)
    client.sign_in("souschef")
    form = filled(client, world, 25, 25, 25, 25, reason="Mit eget udspil til os begge.")
    propose(pair_of(world), world.people["chef"], wanted())
    response = client.send(url + "/propose", form)
    assert response.status_code == 409
    for text in ("Der er sket noget imens", "Chef foreslog version 1", "Mit eget udspil", BETTER):
        assert text in response.text
    again = form | {"seen": re.findall(r'name="seen"[^>]*value="([^"]*)"', response.text)[0]}
    assert again["seen"] == "1 proposed"
    assert client.send(url + "/propose", again).status_code == 303


def test_the_same_form_sent_again_counts_once(client: InspectingClient, world: World) -> None:
    client.sign_in("chef")
    form = filled(client, world, 40, 30, 10, 20)
    locations = [client.send(url_of(world) + "/propose", form).location for _ in range(3)]
    assert set(locations) == {url_of(world)}
    assert len(db.session.scalars(db.select(BalanceVersion)).all()) == 1


def test_a_no_needs_words_which_hr_does_not_see(client: InspectingClient, world: World) -> None:
    url = url_of(world)
    propose(pair_of(world), world.people["chef"], wanted())
    client.sign_in("souschef")
    assert client.send(url + "/1/decline", {"words": "nej"}).status_code == 422
    assert client.send(url + "/1/decline", {"words": "Jeg savner strategien i det."}).status_code == 303
    client.sign_in("chef")
    assert "Jeg savner strategien" in client.get(url).text
    client.sign_in("hr")
    page = client.get(url).text
    assert "afvist" in page
    assert "Jeg savner strategien" not in page


def test_a_proposal_is_taken_back_on_the_page(client: InspectingClient, world: World) -> None:
    propose(pair_of(world), world.people["chef"], wanted())
    client.sign_in("chef")
    assert "Træk forslaget tilbage" in client.get(url_of(world)).text
    assert client.send(url_of(world) + "/1/withdraw").status_code == 303
    assert "trukket tilbage" in client.get(url_of(world)).text
    client.sign_in("souschef")
    assert client.send(url_of(world) + "/1/confirm").status_code == 409


def test_there_is_no_page_for_one_who_is_not_souschef_there(client: InspectingClient, world: World) -> None:
    client.sign_in("hr")
    assert client.get(f"/balance/{world.office.id}/{world.people['outsider'].id}").status_code == 404
    assert client.get(f"/balance/{world.office.id}/{world.people['other_souschef'].id}").status_code == 404


def test_a_former_souschefs_agreement_stays_readable(client: InspectingClient, world: World) -> None:
    agree(pair_of(world), world.people["chef"], world.people["souschef"], wanted())
    with unit_of_work():
        people.end_placement(world.office.placements[0], today() - timedelta(days=1))
    client.sign_in("chef")
    page = client.get(url_of(world)).text
    assert "Aftalt nu" in page
    assert "Foreslå en ændring" not in page
    assert "ikke længere souschef" in page


def marks(page: str) -> int:
    return page.count("label-focus")


def trained(world: World, phase: str = "") -> int:
    plan = find_plan(world.plan.id)
    assert plan is not None
    keys = {FEEDBACK, "driftsledelse-k1"}
    return sum(not keys.isdisjoint(i.competency_keys) for i in plan.items if phase in ("", i.phase))


def test_the_plan_its_items_and_milestones_show_the_focus(client: InspectingClient, world: World) -> None:
    plan = f"/onboarding/{world.plan.id}"
    client.sign_in("souschef")
    page = client.get(plan).text
    assert "Aftal balance og indsatsområder" in page
    assert marks(page) == 0
    agree(pair_of(world), world.people["chef"], world.people["souschef"], wanted())
    item = next(i for i in world.plan.items if FEEDBACK in i.competency_keys)
    for name in ("souschef", "chef", "hr"):
        client.sign_in(name)
        page = client.get(plan).text
        assert "Giver konstruktiv og konkret feedback" in page
        assert marks(page) == trained(world) > 2
        assert marks(client.get(f"{plan}/milestones/{item.phase}").text) == trained(world, item.phase)
        page = client.get(f"{plan}/items/{item.id}").text
        assert marks(page) >= 2
        assert "Feedback samme dag." in page
        assert marks(client.get(f"{plan}/progress").text) == 2
        text = words_of(client.get(f"{plan}/plan.docx").data)
        assert text.count("Indsatsområde\n") == trained(world)
        assert "Indsatsområder" in text
        assert client.get(f"{plan}/plan.pdf").status_code == 200


def test_a_buddy_and_a_deputy_see_nothing_of_it(client: InspectingClient, world: World) -> None:
    agree(pair_of(world), world.people["chef"], world.people["souschef"], wanted())
    with unit_of_work():
        people.name_deputy(world.office, world.people["outsider"], today(), today(), world.people["chef"])
    item = next(i for i in world.plan.items if FEEDBACK in i.competency_keys)
    plan = f"/onboarding/{world.plan.id}"
    for name in ("buddy", "outsider"):
        client.sign_in(name)
        assert "ndsatsområde" not in words_of(client.get(f"{plan}/plan.docx").data)
        for url in (plan, f"{plan}/items/{item.id}", f"{plan}/milestones/{item.phase}", f"{plan}/progress"):
            page = client.get(url).text
            assert "ndsatsområde" not in page, url
        assert client.get(url_of(world)).status_code == 404
        assert "ndsatsområde" not in client.get("/").text


def test_an_item_keeps_its_mark_when_it_is_ticked(client: InspectingClient, world: World) -> None:
    agree(pair_of(world), world.people["chef"], world.people["souschef"], wanted())
    item = next(i for i in world.plan.items if FEEDBACK in i.competency_keys and i.responsible == "souschef")
    client.sign_in("souschef")
    url = f"/onboarding/{world.plan.id}/items/{item.id}/complete"
    assert marks(client.send(url, headers={"HX-Request": "true"}).text) == 1


def test_a_proposal_is_a_duty_of_the_one_whose_yes_it_lacks(client: InspectingClient, world: World) -> None:
    pair = pair_of(world)
    propose(pair, world.people["chef"], wanted())
    client.sign_in("souschef")
    assert "Svar på forslag: balance og indsatsområder" in client.get("/").text
    assert "Afventer" not in client.get(f"/onboarding/{world.plan.id}").text
    assert "Det afventer dit ja" in client.get(f"/onboarding/{world.plan.id}").text
    client.sign_in("chef")
    assert "Svar på forslag" not in client.get("/").text
    with unit_of_work():
        found = queries.find_proposal(pair.office_id, pair.souschef_id, 1)
        assert found is not None
        services.confirm(found, world.people["souschef"], today())
    client.sign_in("souschef")
    page = client.get("/").text
    assert "Svar på forslag" not in page
    assert "Mine indsatsområder" in page
    assert "Feedback samme dag." in page


def test_the_daily_mail_names_it_without_its_content(app: Flask, world: World) -> None:
    propose(pair_of(world), world.people["souschef"], wanted())
    day = next(d for n in range(10) if is_workday(d := today() + timedelta(days=n)))
    bodies = {found.address.split("@")[0]: found.body for found in digest.compose(day)}
    assert "\n\nAfventer dit svar\n- Forslag til balance og indsatsområder (Souschef)\n" in bodies["chef"]
    assert f"{url_of(world)}\n" in bodies["chef"]
    assert "Feedback samme dag" not in bodies["chef"]
    assert all("balance" not in body for name, body in bodies.items() if name != "chef")
