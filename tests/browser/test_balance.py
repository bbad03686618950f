"""Chef and souschef agree balance and focus areas, and the plan shows it: with and without JavaScript, by keyboard."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Opener
from tests.browser.keyboard import press, write

SCRIPT = pytest.mark.parametrize("script", [True, False], ids=["javascript", "no javascript"])
PARTS = ("Personaleledelse", "Faglig ledelse", "Strategisk ledelse", "Driftsledelse")
FEEDBACK = "Giver konstruktiv og konkret feedback, som understøtter modtagerens udvikling og potentiale"
TALKS = "Kan håndtere vanskelige samtaler."
PRESENT = "Er nærværende og tilgængelig"
NEWCOMERS_PLAN = "/onboarding/2"


def share_out(page: Page, *shares: int) -> None:
    for part, share in zip(PARTS, shares, strict=True):
        page.get_by_label(part, exact=True).fill(str(share))


def open_balance(page: Page, plan: str) -> None:
    page.goto(plan)
    page.get_by_role("link", name=re.compile("balance og indsatsområder|Se forslaget, og svar")).click()


@SCRIPT
def test_a_balance_is_proposed_changed_agreed_and_shown_on_the_plan(sign_in: Opener, script: bool) -> None:
    chef = sign_in("chef", script=script)
    open_balance(chef, NEWCOMERS_PLAN)
    chef.get_by_role("link", name="Ret forslaget").click()
    share_out(chef, 40, 30, 10, 25)
    if script:
        expect(chef.locator("output")).to_have_text("Summen er 105, men skal være 100")
    chef.get_by_label(FEEDBACK, exact=True).check()
    better = chef.get_by_label(f"Hvordan ser det ud, når det er blevet bedre? (valgfrit) – {FEEDBACK}")
    better.fill("Juristerne får feedback samme uge.")
    chef.get_by_label("Begrundelse").fill("Kontoret har fået syv nye jurister.")
    chef.get_by_role("button", name="Send forslaget").click()
    expect(chef.get_by_role("alert").get_by_text("De fire andele giver 105 tilsammen.")).to_be_visible()
    expect(better).to_have_value("Juristerne får feedback samme uge.")
    share_out(chef, 40, 30, 10, 20)
    if script:
        expect(chef.locator("output")).to_have_text("Summen er 100, som den skal være")
    chef.get_by_role("button", name="Send forslaget").click()
    expect(chef.get_by_text("Dit forslag er sendt.")).to_be_visible()

    souschef = sign_in("souschef2", script=script)
    souschef.get_by_role("link", name="Svar på forslag: balance og indsatsområder").click()
    expect(souschef.get_by_role("heading", name="Afventer dit ja")).to_be_visible()
    souschef.get_by_role("link", name="Foreslå noget andet").click()
    share_out(souschef, 35, 35, 10, 20)
    souschef.get_by_label(TALKS, exact=True).check()
    souschef.get_by_label("Begrundelse").fill("Jeg skal først lære familieretten.")
    souschef.get_by_role("button", name="Send forslaget").click()
    expect(souschef.get_by_role("heading", name="Foreslået, endnu ikke aftalt")).to_be_visible()

    open_balance(chef, NEWCOMERS_PLAN)
    chef.get_by_role("button", name="Sig ja").click()
    expect(chef.get_by_role("heading", name="Aftalt nu")).to_be_visible()
    chef.get_by_text("Ændret siden version 2").click()
    expect(chef.get_by_text("Personaleledelse fra 40 til 35")).to_be_visible()

    souschef.goto(NEWCOMERS_PLAN)
    box = souschef.locator("aside .box", has=souschef.get_by_role("heading", name="Balance og indsatsområder"))
    expect(box.get_by_role("img", name="Balancen mellem de fire dele")).to_be_visible()
    expect(box.locator("strong").first).to_have_text("35 %")
    for text in (TALKS, FEEDBACK, "Juristerne får feedback samme uge."):
        expect(box.get_by_text(text).first).to_be_visible()
    marked = souschef.locator(".checklist > li", has=souschef.get_by_text("Indsatsområde", exact=True))
    title = (
        marked.locator("h4 a").first.inner_text(timeout=5000) if script else marked.locator("h4 a").first.text_content()
    )
    assert title
    souschef.goto("/")
    expect(souschef.get_by_role("heading", name="Mine indsatsområder")).to_be_visible()
    expect(souschef.get_by_text("Svar på forslag")).to_have_count(0)


@SCRIPT
def test_a_no_is_said_with_words(sign_in: Opener, script: bool) -> None:
    souschef = sign_in("souschef2", script=script)
    open_balance(souschef, NEWCOMERS_PLAN)
    souschef.get_by_text("Sig nej", exact=True).click()
    souschef.get_by_label("Hvorfor ikke?").fill("Lad os tage det, når jeg er begyndt.")
    souschef.get_by_role("button", name="Sig nej til forslaget").click()
    expect(souschef.get_by_text("Du har sagt nej.")).to_be_visible()
    chef = sign_in("chef", script=script)
    open_balance(chef, NEWCOMERS_PLAN)
    expect(chef.get_by_text("Lad os tage det, når jeg er begyndt.")).to_be_visible()


@SCRIPT
def test_chef_and_souschef_agree_by_keyboard_alone(sign_in: Opener, script: bool) -> None:
    souschef, chef = sign_in("souschef", script=script), sign_in("chef", script=script)
    press(souschef, souschef.get_by_role("link", name="Se balance og indsatsområder"))
    press(souschef, souschef.get_by_role("link", name="Foreslå en ændring"))
    for part, share in zip(PARTS, (30, 30, 10, 30), strict=True):
        write(souschef, souschef.get_by_label(part, exact=True), str(share))
    if script:
        expect(souschef.locator("output")).to_have_text("Summen er 100, som den skal være")
    press(souschef, souschef.get_by_label(PRESENT, exact=True), "Space")
    expect(souschef.get_by_label(PRESENT, exact=True)).to_be_checked()
    write(souschef, souschef.get_by_label(f"blevet bedre? (valgfrit) – {PRESENT}"), "Døren står åben efter frokost.")
    write(souschef, souschef.get_by_label("Begrundelse"), "Jeg vil være mere til stede.")
    press(souschef, souschef.get_by_role("button", name="Send forslaget"))
    expect(souschef.get_by_text("Dit forslag er sendt.")).to_be_visible()
    chef.reload()
    press(chef, chef.get_by_role("link", name="Svar på forslag: balance og indsatsområder"))
    press(chef, chef.get_by_role("button", name="Sig ja"))
    expect(chef.get_by_role("heading", name="Aftalt nu")).to_be_visible()
    souschef.goto("/")
    press(souschef, souschef.get_by_role("link", name="Åbn mit forløb"))
    box = souschef.locator("aside .box", has=souschef.get_by_role("heading", name="Balance og indsatsområder"))
    expect(box.get_by_text("Døren står åben efter frokost.")).to_be_visible()
    expect(souschef.locator(".checklist li").get_by_text("Indsatsområde", exact=True).first).to_be_attached()
