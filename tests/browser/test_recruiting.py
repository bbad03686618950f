"""Journey 5 by keyboard alone: vacancy, profile, scorecard, panel, coverage and job ad, with and without JavaScript."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Opener
from tests.browser.keyboard import choose, press, write
from tests.browser.test_pages import violations

SCRIPT = pytest.mark.parametrize("script", [True, False], ids=["javascript", "no javascript"])
TITLE = "Souschef til Kontor for familieret"
COMPETENCIES = ("Er nærværende og tilgængelig", "Sikrer kvalitet i opgaveløsningen")


def on_hub(page: Page) -> None:
    page.goto("/recruitments")
    press(page, page.get_by_role("link", name=TITLE, exact=True))


@SCRIPT
def test_a_recruitment_is_set_up_by_keyboard_alone(sign_in: Opener, script: bool) -> None:
    page = sign_in("rekruttering", script=script)
    page.goto("/recruitments")
    press(page, page.get_by_role("link", name="Ny rekruttering"))
    write(page, page.get_by_label("Stilling", exact=True), TITLE)
    choose(page, page.get_by_label("Kontor", exact=True), "Kontor for familieret")
    press(page, page.get_by_role("button", name="Videre til kravprofilen"))
    for competency in COMPETENCIES:
        press(page, page.get_by_label(competency, exact=True), "Space")
    press(page, page.get_by_role("button", name="Gem kravprofilen"))
    press(page, page.get_by_role("link", name="Næste: Vurderingsskema"))
    press(page, page.get_by_role("button", name="Foreslå spørgsmål"))
    expect(page.locator("[id^=question-]").first).to_be_visible()
    press(page, page.get_by_role("button", name=re.compile("^Flyt ned")).first)
    press(page, page.get_by_role("link", name="Se, hvilke kompetencer der er dækket"))
    expect(page.get_by_role("row", name=re.compile(COMPETENCIES[0]))).to_be_visible()
    on_hub(page)
    press(page, page.get_by_role("link", name="Næste: Udvalg og kandidater"))
    for name in ("Ulla Brandt", "Niels Toft"):
        choose(page, page.get_by_label("Person", exact=True), name)
        press(page, page.get_by_role("button", name="Tilføj til udvalget"))
        expect(page.get_by_text(f"{name} sidder i udvalget.")).to_be_visible()
    expect(page.get_by_text("lige antal").or_(page.get_by_text("To medlemmer")).first).to_be_visible()
    write(page, page.get_by_label("Kandidatens navn"), "Åse Ørbæk")
    press(page, page.get_by_role("button", name="Tilføj kandidaten"))
    expect(page.get_by_text("Åse Ørbæk er tilføjet.")).to_be_visible()
    on_hub(page)
    press(page, page.get_by_role("link", name="Næste: Jobannonce"))
    press(page, page.get_by_role("button", name="Lav et udkast til jobannoncen"))
    expect(page.get_by_role("button", name="Gem", exact=True)).to_be_visible()
    on_hub(page)
    expect(page.locator(".step-indicator")).to_contain_text("version 1")


def test_the_pages_of_a_new_recruitment_are_accessible(sign_in: Opener) -> None:
    page = sign_in("rekruttering", bypass_csp=True)
    found = []
    for path in ("/recruitments/add", "/recruitments/2/profile", "/recruitments/2/scorecard", "/recruitments/2/people",
                 "/recruitments/2/ad", "/recruitments/2"):  # fmt: skip
        page.goto(path)
        found += violations(page)
    assert found == []
