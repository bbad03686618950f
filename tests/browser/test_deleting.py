"""Journey 14: HR reviews the deletion list, deletes, and the log shows it; in a real browser, by keyboard alone."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Opener
from tests.browser.keyboard import press, write
from tests.browser.test_pages import violations

SCRIPT = pytest.mark.parametrize("script", [True, False], ids=["javascript", "no javascript"])
FILED, UNFILED = "Souschef på familieretsområdet", "Souschef til Sekretariatet"


def row(page: Page, name: str) -> str:
    return page.locator("tr", has_text=name).inner_text()


@SCRIPT
def test_the_list_is_reviewed_deleted_from_and_logged_by_keyboard_alone(sign_in: Opener, script: bool) -> None:
    page = sign_in("hr", script=script, bypass_csp=script)
    press(page, page.get_by_role("link", name="Gennemgå slettelisten"))
    expect(page.get_by_role("heading", name="Sletteliste")).to_be_visible()
    if script:
        assert violations(page) == []
    assert "25-30218" in row(page, "Signe Falk")
    for name in ("Signe Falk", "Inger Bloch"):
        press(page, page.get_by_label(name), "Space")
    press(page, page.get_by_role("button", name="Gennemgå de valgte"))
    expect(page.get_by_text("Går tabt: navn, 1 samtale").first).to_be_visible()
    if script:
        assert violations(page) == []
    press(page, page.get_by_role("button", name="Slet endeligt"))
    if script:  # the browser's own check does not let an empty reason through
        expect(page.get_by_label("Begrundelse for sletningen")).to_be_focused()
    write(page, page.get_by_label("Begrundelse for sletningen"), "Fristen for Signe Falk er udløbet.")
    press(page, page.get_by_role("button", name="Slet endeligt"))
    summary = page.locator(".alert-error")
    expect(summary).to_contain_text("må ikke nævne nogen ved navn")
    expect(summary).to_contain_text("ikke er journaliseret")
    if script:
        assert violations(page) == []
    write(page, page.get_by_label("Begrundelse for sletningen"), "Opbevaringsfristen er udløbet.")
    write(page, page.get_by_label("Hvorfor det, der ikke er journaliseret"), "Stillingen blev nedlagt igen.")
    press(page, page.get_by_role("button", name="Slet endeligt"))
    expect(page.get_by_text("Oplysningerne om 2 kandidater er slettet.")).to_be_visible()
    expect(page.locator("tr", has_text=UNFILED)).to_contain_text("Stillingen blev nedlagt igen.")
    if script:
        assert violations(page) == []
    for path in ("/records/log", "/records", "/event-log", "/recruitments?q=familieret"):
        page.goto(path)
        for name in ("Signe Falk", "Poul Nygaard", "Inger Bloch"):
            expect(page.get_by_text(name)).to_have_count(0)
    page.goto("/event-log")
    expect(page.get_by_text("slettede oplysningerne om en kandidat")).to_have_count(2)


@SCRIPT
def test_hr_marks_a_case_as_filed_and_sets_the_period_by_keyboard_alone(sign_in: Opener, script: bool) -> None:
    page = sign_in("hr", script=script, bypass_csp=script)
    page.goto("/records?standing=unfiled")
    press(page, page.get_by_role("link", name="Markér som journaliseret").first)
    expect(page.get_by_role("heading", name="Markér som journaliseret")).to_be_visible()
    if script:
        assert violations(page) == []
    press(page, page.get_by_role("button", name="Markér som journaliseret"))
    expect(page.get_by_text("25-31940").first).to_be_visible()
    press(page, page.get_by_role("link", name="Opbevaringsperiode"))
    expect(page.get_by_role("heading", name="Opbevaringsperiode")).to_be_visible()
    if script:
        assert violations(page) == []
    write(page, page.get_by_label("Måneder efter at forløbet sluttede"), "24")
    press(page, page.get_by_role("button", name="Gem perioden"))
    expect(page.locator(".alert-error")).to_contain_text("kræver en begrundelse")
    write(page, page.get_by_label("Begrundelse for perioden"), "Klager over forskelsbehandling kommer sent.")
    press(page, page.get_by_role("button", name="Gem perioden"))
    expect(page.get_by_text("24 måneder")).to_be_visible()
    page.goto("/records")
    expect(page.get_by_role("heading", name="Intet har nået fristen")).to_be_visible()


def test_the_list_is_searched_as_one_types_and_all_are_chosen(sign_in: Opener) -> None:
    page = sign_in("hr")
    page.goto("/records")
    page.get_by_label("Søg på navn").fill("sandholt")
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_role("link", name="Vælg alle på siden").click()
    expect(page.get_by_label("Ove Sandholt")).to_be_checked()


def test_the_pages_are_accessible_and_narrow(sign_in: Opener) -> None:
    page = sign_in("hr", width=320, bypass_csp=True)
    page.goto("/records?all=1")
    chosen = page.locator("input[name=candidate]").evaluate_all("boxes => boxes.map(box => 'candidate=' + box.value)")
    filing = page.get_by_role("link", name="Markér som journaliseret").first.get_attribute("href")
    for path in ("/records", f"/records/review?{'&'.join(chosen)}", "/records/log", "/records/retention", str(filing)):
        page.goto(path)
        assert violations(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
