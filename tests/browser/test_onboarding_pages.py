"""Pages of onboarding that no link leads to, on paper, and clicks that come twice or too late."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Opener, pdf_text
from tests.browser.test_pages import violations

SCRIPT = pytest.mark.parametrize("script", [True, False], ids=["javascript", "no javascript"])
PLAN, NEWCOMERS, FINISHED = "/onboarding/1", "/onboarding/2", "/onboarding/3"


def test_pages_that_only_a_form_leads_to_are_accessible_and_fit_a_narrow_screen(sign_in: Opener) -> None:
    wrong: list[str] = []

    def look(page: Page) -> None:
        wrong.extend(f"{page.url}: {problem}" for problem in violations(page))
        for width in (320, 375):
            page.set_viewport_size({"width": width, "height": 800})
            if page.evaluate("document.documentElement.scrollWidth") > width:
                wrong.append(f"{page.url}: scrolls sideways at {width} px")
        page.set_viewport_size({"width": 1280, "height": 900})

    chef = sign_in("chef", bypass_csp=True)
    chef.goto(f"{PLAN}/settings")
    chef.get_by_label("Ny første arbejdsdag").fill("2027-03-01")
    chef.get_by_role("button", name="Se, hvad der bliver flyttet").click()
    look(chef)
    chef.goto(f"{PLAN}/trial-review")
    chef.get_by_label("Styrker").fill("Klar i mødet med juristerne.")
    chef.get_by_role("button", name="Gem og del").click()
    expect(chef.locator(".alert-error")).to_be_visible()
    look(chef)
    chef.get_by_label("Bekymringer").fill("Ingen.")
    chef.get_by_label("Aftalte handlinger").fill("Ugemøde om mandagen.")
    chef.get_by_role("button", name="Gem og del").click()
    expect(chef.get_by_text("Vurderingen er delt med souschefen og HR.")).to_be_visible()
    look(chef)
    souschef = sign_in("souschef", bypass_csp=True)
    souschef.goto(f"{PLAN}/trial-review")
    expect(souschef.get_by_text("Ugemøde om mandagen.")).to_be_visible()
    look(souschef)
    souschef.goto(PLAN)
    souschef.locator("#trial_review li.mine h4 a").first.click()
    item = souschef.url
    souschef.locator("summary", has_text="Ikke relevant her?").click()
    souschef.get_by_role("button", name="Bed chefen om at tage det ud").evaluate("b => { b.form.noValidate = true; }")
    souschef.get_by_role("button", name="Bed chefen om at tage det ud").click()
    look(souschef)
    souschef.get_by_label("Hvorfor er det ikke relevant her?").fill("Kontoret holder ingen kontormøder i december.")
    souschef.get_by_role("button", name="Bed chefen om at tage det ud").click()
    look(souschef)
    chef.goto(f"{item}/edit")
    chef.get_by_label("Det skal gøres").fill("Chefens ord")
    souschef.goto(f"{item}/edit")
    chef.get_by_role("button", name="Gem tjekpunktet").click()
    look(chef)  # with the question of whether the item is relevant
    souschef.get_by_label("Det skal gøres").fill("Souschefens ord")
    souschef.get_by_role("button", name="Gem tjekpunktet").click()
    expect(souschef.get_by_text("Chefens ord").first).to_be_visible()
    expect(souschef.get_by_label("Det skal gøres")).to_have_value("Souschefens ord")
    look(souschef)
    souschef.goto("/account")
    souschef.get_by_role("button", name="Lav et hemmeligt link").click()
    look(souschef)
    assert wrong == []


@SCRIPT
def test_a_double_click_and_a_click_from_a_page_behind_are_one_completion(sign_in: Opener, script: bool) -> None:
    page = sign_in("souschef", script=script)
    page.goto(PLAN)
    line = page.locator("#trial_review li.mine").first
    title = line.locator("h4 a").inner_text()
    line.get_by_role("button").dblclick()
    expect(page.get_by_role("button", name=f"Åbn igen: {title}")).to_be_visible()
    page.goto(PLAN)
    expect(page.get_by_role("button", name=f"Åbn igen: {title}")).to_be_visible()
    page.locator(".checklist").get_by_role("link", name=title, exact=True).click()
    item = page.url
    note = page.get_by_label("Dokumentation (valgfri)")
    note.fill("Referatet ligger på sagen.")
    page.get_by_role("button", name="Tilføj dokumentationen").click()
    page.wait_for_url(f"**{PLAN}#**")
    page.go_back()
    page.wait_for_url(item)
    note.fill("Referatet ligger på sagen.")
    page.get_by_role("button", name="Tilføj dokumentationen").click()
    page.wait_for_url(f"**{PLAN}#**")
    page.goto(item)
    expect(page.locator(".timeline li")).to_have_count(2)  # the tick, and the documentation once
    expect(page.get_by_text("Referatet ligger på sagen.")).to_have_count(1)


def printed(page: Page, path: str, folder: Path) -> str:
    """What the page says on paper, without line breaks."""
    page.goto(path)
    page.emulate_media(media="print")
    file = folder / "page.pdf"
    page.pdf(path=file, format="A4")
    page.emulate_media(media="screen")
    return re.sub(r"\s+", " ", pdf_text(file))


@pytest.mark.parametrize("script", [False])  # printing needs none
def test_plan_milestone_balance_and_review_print_without_what_is_for_the_screen(
    sign_in: Opener, script: bool, tmp_path: Path
) -> None:
    page = sign_in("souschef3", script=script)
    plan = printed(page, FINISHED, tmp_path)
    assert "Læs kompetencegrundlaget, og skriv ned" in plan  # of a milestone that is folded on the screen
    milestone = printed(page, f"{FINISHED}/milestones/day_30", tmp_path)
    assert "Det, der blev godkendt" in milestone
    assert "Kontrolsum:" in milestone
    review = printed(page, f"{FINISHED}/trial-review", tmp_path)
    assert "Aftalte handlinger" in review
    for text in (plan, milestone, review):
        for screen in ("Log af", "Spring til indholdet", "English", "Tilføj et tjekpunkt", "PDF til udskrift"):
            assert screen not in text
    balance = printed(sign_in("souschef", script=script), "/balance/1/6", tmp_path)
    assert "Indsatsområder" in balance
    assert "Foreslå en ændring" not in balance
