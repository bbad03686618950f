"""A template is edited in a real browser: with and without JavaScript, by keyboard, and by dragging."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Opener
from tests.browser.test_pages import violations

SCRIPT = pytest.mark.parametrize("script", [True, False], ids=["javascript", "no javascript"])


def open_draft(page: Page) -> None:
    page.goto("/onboarding")
    page.get_by_role("link", name="Skabeloner").click()
    page.get_by_role("link", name="Ny souschef", exact=True).click()
    page.get_by_role("button", name="Redigér skabelonen").click()
    expect(page.get_by_text("Kladde til version 2")).to_be_visible()


def order(page: Page, phase: str) -> list[str]:
    return page.locator(f"#{phase} h3").all_inner_texts()


@SCRIPT
def test_hr_edits_publishes_and_adds_what_is_new_to_running_plans(sign_in: Opener, script: bool) -> None:
    hr = sign_in("hr", script=script)
    open_draft(hr)
    gone = hr.locator("#month_6 h3").first.inner_text()
    hr.get_by_role("button", name=f"Fjern: {gone}").click()
    expect(hr.get_by_role("link", name=gone)).to_have_count(0)
    if script:
        expect(hr.locator("#announcer")).to_have_text(f"”{gone}” er taget ud af kladden.")
    hr.get_by_role("link", name="Tilføj fra banken").click()
    hr.get_by_label("Søg").fill(gone)
    if not script:
        hr.get_by_role("button", name="Vis").click()
    hr.wait_for_url("**/draft/bank?q=**")
    hr.get_by_label(gone).check()
    hr.get_by_role("button", name="Tilføj de valgte").click()
    expect(hr.get_by_text("1 tjekpunkt er tilføjet.").first).to_be_visible()
    hr.get_by_role("link", name="Tilbage til kladden").click()
    assert order(hr, "month_6")[-1] == gone
    hr.get_by_role("link", name="Skriv et nyt tjekpunkt – 6 måneder").click()
    hr.get_by_label("Det skal gøres").fill("Mød kontorets controller")
    hr.get_by_label("Hvorfor").fill("Budgettet bliver forståeligt af at blive forklaret.")
    hr.get_by_label("Dokumentation", exact=True).fill("En linje om, hvad I aftalte.")
    hr.get_by_label("Dage fra start").fill("150")
    hr.get_by_label("Ansvarlig").select_option(label="Souschef")
    hr.get_by_label("Handler om").select_option(label="Relationer")
    hr.get_by_label("Driftsledelse: Kan planlægge og organisere kontorets arbejde").check()
    hr.get_by_role("button", name="Tilføj tjekpunktet").click()
    expect(hr.get_by_role("link", name="Mød kontorets controller")).to_be_visible()
    hr.get_by_role("button", name="Udgiv", exact=True).click()
    expect(hr.get_by_text("Version 2 er udgivet.")).to_be_visible()
    hr.get_by_role("link", name="Tilføj til igangværende forløb").click()
    hr.get_by_label("Mød kontorets controller").check()
    hr.get_by_role("button", name="Se, hvad hvert forløb får").click()
    hr.get_by_role("button", name="Tilføj til de valgte forløb").click()
    expect(hr.get_by_text("2 tjekpunkter er tilføjet, fordelt på 2 forløb.")).to_be_visible()
    souschef = sign_in("souschef", script=script)
    souschef.goto("/onboarding/1")
    souschef.locator("#month_6 summary").click()
    expect(souschef.get_by_role("link", name="Mød kontorets controller")).to_be_visible()


@SCRIPT
def test_items_are_ordered_by_keyboard_alone(sign_in: Opener, script: bool) -> None:
    hr = sign_in("hr", script=script)
    open_draft(hr)
    before = order(hr, "week_1")
    button = hr.get_by_role("button", name=f"Flyt ned: {before[0]}")
    button.focus()
    hr.keyboard.press("Enter")
    expect(hr.locator("#week_1 h3").nth(1)).to_have_text(before[0])
    if script:
        expect(hr.locator("#announcer")).to_contain_text(f"nummer 2 af {len(before)} i Uge 1")
        expect(button).to_be_focused()
        hr.keyboard.press("Enter")
        expect(hr.locator("#week_1 h3").nth(2)).to_have_text(before[0])
    else:
        hr.get_by_role("button", name=f"Flyt ned: {before[0]}").click()
    assert order(hr, "week_1") == [before[1], before[2], before[0], *before[3:]]


def test_an_item_is_dragged_to_its_place_and_a_drag_that_is_given_up_changes_nothing(sign_in: Opener) -> None:
    hr = sign_in("hr")
    open_draft(hr)
    before = order(hr, "week_1")
    items = hr.locator("#week_1 li")
    box = items.nth(2).bounding_box()
    assert box is not None
    items.nth(0).locator(".handle").drag_to(items.nth(2), target_position={"x": 200, "y": box["height"] - 6})
    expect(hr.locator("#announcer")).to_contain_text(f"nummer 3 af {len(before)} i Uge 1")
    after = [before[1], before[2], before[0], *before[3:]]
    assert order(hr, "week_1") == after
    hr.locator("#week_1 .handle").first.drag_to(hr.locator("#day_1 li").first)  # another milestone takes nothing
    assert order(hr, "week_1") == after
    hr.reload()
    assert order(hr, "week_1") == after


def test_pages_that_need_a_draft_are_accessible_and_fit_a_narrow_screen(sign_in: Opener) -> None:
    hr = sign_in("hr", bypass_csp=True)
    open_draft(hr)
    wrong: list[str] = []

    def look() -> None:
        wrong.extend(f"{hr.url}: {problem}" for problem in violations(hr))
        hr.set_viewport_size({"width": 320, "height": 800})
        if hr.evaluate("document.documentElement.scrollWidth") > 320:
            wrong.append(f"{hr.url}: scrolls sideways at 320 px")
        hr.set_viewport_size({"width": 1280, "height": 900})

    look()
    first = hr.locator("#week_1 h3 a").first
    item, title = first.get_attribute("href"), first.inner_text()
    assert item is not None
    hr.goto(item)
    look()
    hr.get_by_label("Det skal gøres").fill("Noget helt nyt")
    hr.get_by_role("button", name="Gem tjekpunktet").click()
    hr.get_by_role("button", name="Fjern: Noget helt nyt").click()
    expect(hr.locator("#announcer")).to_contain_text("taget ud")
    hr.goto("/checklists/1/draft/bank")
    hr.get_by_label(title).check()
    look()
    hr.goto("/checklists/1/draft/edit")
    hr.get_by_label("Dag – Uge 1").fill("999")
    hr.get_by_role("button", name="Gem", exact=True).click()
    look()
    hr.goto("/checklists/1/draft/items/add?phase=month_6")
    look()
    hr.get_by_label("Det skal gøres").fill("Mød kontorets controller")
    hr.get_by_role("button", name="Tilføj tjekpunktet").click()
    look()  # with what is missing at its fields
    hr.get_by_label("Hvorfor").fill("Budgettet bliver forståeligt.")
    hr.get_by_label("Dokumentation", exact=True).fill("En linje.")
    hr.get_by_label("Ansvarlig").select_option(label="Souschef")
    hr.get_by_label("Handler om").select_option(label="Relationer")
    hr.get_by_label("Driftsledelse: Kan planlægge og organisere kontorets arbejde").check()
    hr.get_by_role("button", name="Tilføj tjekpunktet").click()
    hr.get_by_role("button", name="Udgiv", exact=True).click()
    look()
    hr.goto("/onboarding/templates/1/additions")
    look()
    hr.get_by_label("Mød kontorets controller").check()
    hr.get_by_role("button", name="Se, hvad hvert forløb får").click()
    expect(hr.get_by_role("heading", level=1)).to_have_text("Hvad hvert forløb får")
    look()
    assert wrong == []
