"""Journeys 7 and 8 by keyboard: the debrief where the panel agrees, and the candidates side by side."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Opener
from tests.browser.keyboard import choose, press, reach, write
from tests.browser.test_journeys import SCRIPT

DEBRIEF, COMPARISON = "/interviews/1/debrief", "/recruitments/1/comparison"
REASON = "Vi hørte to forskellige eksempler; det andet viser opfølgning."


def agree(page: Page, question: int, level: str, reason: str) -> None:
    """Open the form of the n-th question, choose a level with the arrow keys, and record it."""
    form = page.locator("li.debrief").nth(question)
    press(page, form.locator("details.more > summary"))
    reach(page, form.get_by_role("radio").first)
    page.keyboard.press("Space")
    for _ in range(int(level) - 1):
        page.keyboard.press("ArrowDown")
    write(page, form.get_by_label("Begrundelse"), reason)
    press(page, form.get_by_role("button", name="Notér", exact=True))


@SCRIPT
def test_the_panel_agrees_in_the_debrief_by_keyboard_alone(sign_in: Opener, script: bool) -> None:
    page = sign_in("rekruttering", script=script, width=375)
    page.goto(DEBRIEF)
    expect(page.get_by_text("Der mangler et fælles niveau på 10 af 10 spørgsmål")).to_be_visible()
    agree(page, 0, "4", REASON)
    box = page.locator(".agreed-box").first
    expect(box.get_by_text("Niveau 4")).to_be_visible()
    expect(box.get_by_text(REASON)).to_be_visible()
    expect(page.get_by_text("Der mangler et fælles niveau på 9 af 10 spørgsmål")).to_be_visible()
    agree(page, 0, "2", "Efter en pause.")
    expect(box.get_by_text("Niveau 2")).to_be_visible()
    press(page, box.locator("summary"))
    expect(box.get_by_text(REASON)).to_be_visible()
    press(page, page.get_by_role("link", name="Som i samtalen"))
    page.wait_for_url("**order=asked")
    assert page.evaluate("document.documentElement.scrollWidth") <= 375


def test_what_one_records_comes_to_the_others_and_what_they_are_writing_stays(sign_in: Opener) -> None:
    writer, reader = sign_in("rekruttering"), sign_in("udvalg1")
    for page in (writer, reader):
        page.goto(DEBRIEF)
    form = writer.locator("li.debrief").nth(1)
    form.locator("summary").first.click()
    field = form.get_by_label("Begrundelse")
    field.fill("Jeg er midt i en sæt")
    agree(reader, 0, "3", REASON)  # the chair of the panel
    expect(writer.locator(".agreed-box").first.get_by_text(REASON)).to_be_visible(timeout=20_000)
    expect(writer.locator("#announcer")).to_contain_text("Udvalget er blevet enigt om 1 spørgsmål mere")
    expect(field).to_have_value("Jeg er midt i en sæt")
    expect(field).to_be_focused()


def test_a_page_that_nobody_looks_at_asks_for_nothing(sign_in: Opener) -> None:
    page = sign_in("udvalg1")
    page.goto(DEBRIEF)
    page.evaluate("Object.defineProperty(document, 'hidden', {value: true})")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.wait_for_timeout(6_000)
    assert not [url for url in asked if "/news" in url]


@SCRIPT
def test_candidates_are_compared_by_keyboard_alone_with_and_without_names(
    sign_in: Opener, script: bool, tmp_path: Path
) -> None:
    page = sign_in("rekruttering", script=script)
    page.goto(COMPARISON)
    choose(page, page.get_by_label("Rækkefølge"), "Efter vægtet gennemsnit")
    press(page, page.get_by_role("button", name="Vis", exact=True))
    page.wait_for_url("**order=total**")
    expect(page.locator("th.apart")).to_contain_text("Bo Lindegaard")
    press(page, page.get_by_label("Uden navne"), "Space")
    press(page, page.get_by_role("button", name="Vis", exact=True))
    page.wait_for_url("**blind=y**")
    expect(page.locator("th.apart")).to_contain_text("Kandidat")
    assert "Lindegaard" not in page.locator("main").inner_text()
    press(page, page.get_by_role("link", name="Kandidat B", exact=True))
    expect(page.get_by_role("heading", name="Profil for Kandidat B")).to_be_visible()
    with page.expect_download() as download:
        press(page, page.get_by_role("link", name="Som CSV"))
    path = tmp_path / "comparison.csv"
    download.value.save_as(path)
    assert "Vestergaard" not in path.read_text(encoding="utf-8-sig")


@pytest.mark.parametrize("width", [1280, 320])
def test_neither_page_is_wider_than_the_screen(sign_in: Opener, width: int) -> None:
    page = sign_in("rekruttering", width=width)
    for address in (DEBRIEF, COMPARISON, f"{COMPARISON}?blind=y&order=total"):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
