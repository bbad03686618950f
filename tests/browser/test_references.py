"""Journey 9: follow-ups, the talk, the note, the referee's own form and a hearing, with and without JavaScript."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from portal.i18n import today
from tests.browser.conftest import Opener
from tests.browser.keyboard import enter_day, press, reach, write
from tests.browser.test_pages import violations

SCRIPT = pytest.mark.parametrize("script", [True, False], ids=["javascript", "no javascript"])
REFERENCES = "/recruitments/1/references"
NOTE = "Var hendes chef i fire år. Et projekt blev et halvt år forsinket."


def begin_talk(page: Page) -> None:
    page.goto(REFERENCES)
    press(page, page.get_by_role("button", name="Begynd samtalen").first)
    expect(page.get_by_role("heading", name=re.compile("^Samtale med"), level=1)).to_be_visible()


@SCRIPT
def test_a_talk_becomes_a_note_and_a_fact_is_put_to_the_candidate_by_keyboard(sign_in: Opener, script: bool) -> None:
    page = sign_in("rekruttering", script=script)
    begin_talk(page)
    write(page, page.locator("textarea").first, "Jeg var hendes chef i fire år.")
    if script:
        expect(page.locator("#draft")).to_contain_text("Kladde gemt")
    press(page, page.get_by_role("button", name="Gå videre til notatet"))
    expect(page.get_by_label("Notatet", exact=True)).to_have_value(re.compile("Jeg var hendes chef i fire år."))
    write(page, page.get_by_label("Notatet", exact=True), NOTE)
    press(page, page.get_by_role("button", name="Gør notatet færdigt"))
    press(page, page.get_by_role("button", name="Gør notatet færdigt"))
    expect(page.get_by_text(NOTE)).to_be_visible()
    press(page, page.get_by_role("link", name="Vurdér oplysninger, og partshør kandidaten"))
    write(page, page.get_by_label("Oplysningen, som den står i notatet"), "Et projekt blev et halvt år forsinket.")
    for mark in ("^Den er ny", "^Den er til ugunst", "^Den har væsentlig"):
        press(page, page.get_by_role("checkbox", name=re.compile(mark)), "Space")
    press(page, page.get_by_role("button", name="Gem vurderingen"))
    expect(page.get_by_text("Indstillingen venter på denne partshøring")).to_be_visible()
    enter_day(page, page.get_by_label("Frist for svar"), (today() + timedelta(days=7)).isoformat())
    press(page, page.get_by_role("button", name="Notér, at brevet er sendt"))
    write(page, page.get_by_label("Kandidatens svar"), "Leverandøren gik konkurs undervejs.")
    press(page, page.get_by_role("button", name="Gem svaret"))
    expect(page.get_by_text("Leverandøren gik konkurs undervejs.")).to_be_visible()
    expect(page.get_by_text("Indstillingen venter på denne partshøring")).to_have_count(0)


@SCRIPT
def test_the_referee_answers_on_a_phone_without_signing_in(
    sign_in: Opener, browser: Browser, served: str, script: bool
) -> None:
    page = sign_in("rekruttering", script=script)
    begin_talk(page)
    reach(page, page.get_by_text("Lav et link"))
    page.keyboard.press("Enter")
    press(page, page.get_by_role("button", name="Lav linket"))
    address = page.locator("main code").first.inner_text()
    context = browser.new_context(java_script_enabled=script, viewport={"width": 320, "height": 700}, locale="da-DK")
    phone = context.new_page()
    phone.goto(address)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 320
    write(phone, phone.locator("textarea").first, "Vi arbejdede sammen i tre år.")
    press(phone, phone.get_by_role("button", name="Gem, og fortsæt senere"))
    expect(phone.get_by_text("Svarene er gemt.")).to_be_visible()
    phone.goto(address)
    expect(phone.locator("textarea").first).to_have_value("Vi arbejdede sammen i tre år.")
    press(phone, phone.get_by_role("button", name="Send mine svar"))
    press(phone, phone.get_by_role("button", name="Send mine svar"))
    expect(phone.get_by_role("heading", name="Tak for dine svar")).to_be_visible()
    answer = phone.goto(address)
    assert answer is not None
    assert answer.status == 404
    context.close()


def test_the_pages_of_a_talk_and_a_hearing_are_accessible(sign_in: Opener) -> None:
    page = sign_in("rekruttering", bypass_csp=True)
    page.goto("/candidates/1/follow-ups")
    page.get_by_role("button", name="Foreslå opfølgende spørgsmål").click()
    found = violations(page)
    begin_talk(page)
    found += violations(page)
    page.locator("textarea").first.fill("Jeg var hendes chef i fire år.")
    page.get_by_role("button", name="Gå videre til notatet").click()
    found += violations(page)
    page.get_by_role("button", name="Gør notatet færdigt").click()
    page.get_by_role("button", name="Gør notatet færdigt").click()
    found += violations(page)
    page.get_by_role("link", name="Vurdér oplysninger, og partshør kandidaten").click()
    page.get_by_label("Oplysningen, som den står i notatet").fill("Et projekt blev forsinket.")
    for mark in ("^Den er ny", "^Den er til ugunst", "^Den har væsentlig"):
        page.get_by_role("checkbox", name=re.compile(mark)).check()
    page.get_by_role("button", name="Gem vurderingen").click()
    found += violations(page)
    assert found == []
