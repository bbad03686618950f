"""The bank in a real browser: found, added, refused, and taken to Excel and back, with and without JavaScript."""

from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from tests.browser.conftest import Opener

SCRIPT = pytest.mark.parametrize("script", [True, False], ids=["javascript", "no javascript"])
QUESTION = "Fortæl om en flaskehals, som du fik has på."


def fill_in(page: Page, question: str) -> None:
    page.get_by_label("Kompetence", exact=True).select_option("driftsledelse-k1")
    page.get_by_label("Spørgsmål", exact=True).fill(question)
    page.get_by_label("Slags", exact=True).select_option("behavioural")
    page.get_by_label("Opfølgende spørgsmål").fill("Hvad stod i kø?\nHvem mærkede forskellen?")
    for level in ("1", "3", "5"):
        page.get_by_label(f"Niveau {level}", exact=True).fill(f"Svaret på niveau {level} lyder sådan.")


@SCRIPT
def test_a_recruiter_adds_a_question_and_a_protected_one_is_refused(sign_in: Opener, script: bool) -> None:
    page = sign_in("rekruttering", script=script)
    page.get_by_role("link", name="Bank", exact=True).click()
    page.locator("summary", has_text="Tilføj til banken").click()
    page.get_by_role("link", name="Samtalespørgsmål", exact=True).click()
    fill_in(page, "Hvor mange sygedage har du haft?")
    page.get_by_role("button", name="Tilføj til banken").click()
    expect(page.locator(".alert-error")).to_contain_text("helbredsoplysningsloven § 2")
    expect(page.get_by_label("Niveau 5", exact=True)).to_have_value("Svaret på niveau 5 lyder sådan.")
    page.get_by_label("Spørgsmål", exact=True).fill(QUESTION)
    page.get_by_role("button", name="Tilføj til banken").click()
    expect(page.get_by_role("heading", name=QUESTION)).to_be_visible()
    page.get_by_role("link", name="Bank", exact=True).first.click()
    page.get_by_label("Søg", exact=True).fill("FLASKEHALS has paa")
    if not script:
        page.get_by_role("button", name="Vis", exact=True).click()
    expect(page.get_by_role("link", name=QUESTION)).to_be_visible()
    expect(page.locator("#bank tbody tr")).to_have_count(1)


@SCRIPT
def test_a_workbook_is_edited_and_taken_in_after_a_look(sign_in: Opener, script: bool, tmp_path: Path) -> None:
    page = sign_in("hr", script=script)
    page.goto("/bank")
    with page.expect_download() as download:
        page.get_by_role("link", name="Excel").click()
    path = tmp_path / "bank.xlsx"
    download.value.save_as(path)
    book = load_workbook(path)
    book["Annoncelinjer"]["C2"].value = "Du får ting til at ske sammen med andre."
    book.save(path)
    page.goto("/bank/import")
    page.get_by_label("Fil (.xlsx eller .json)").set_input_files(path)
    page.get_by_role("button", name="Se, hvad der bliver ændret").click()
    expect(page.get_by_text("0 nye, 1 ændrede")).to_be_visible()
    page.get_by_role("button", name="Indlæs", exact=True).click()
    expect(page.get_by_text("Filen er indlæst: 0 nye, 1 ændrede.")).to_be_visible()


def test_an_entry_is_reached_and_opened_for_editing_by_keyboard_alone(sign_in: Opener) -> None:
    page = sign_in("hr")
    page.goto("/bank?q=driftsledelse-k1-s1")
    link = page.locator("#bank tbody a").first
    for _ in range(40):
        page.keyboard.press("Tab")
        if link.evaluate("link => link === document.activeElement"):
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/bank/*")
    edit = page.get_by_role("link", name="Redigér")
    for _ in range(40):
        page.keyboard.press("Tab")
        if edit.evaluate("link => link === document.activeElement"):
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/edit")
    expect(page.get_by_label("Spørgsmål", exact=True)).to_be_visible()
