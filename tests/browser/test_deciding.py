"""A recommendation is written, submitted and decided on, and a refusal reviewed, in a real browser by keyboard."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Opener
from tests.browser.keyboard import choose, press, write
from tests.browser.test_pages import violations

AUTHORITY, AUTHORITY_NAME = "chef2", "Peter Dalgaard"
SCRIPT = pytest.mark.parametrize("script", [True, False], ids=["javascript", "no javascript"])


def ready_recruitment(page: Page) -> str:
    """The address of the demonstration's recruitment that is ready to compare."""
    page.goto("/recruitments?status=ready")
    found = page.get_by_role("link", name="Souschef til Kontor for beskæftigelse").get_attribute("href")
    assert found
    return found


def fill_reasons(page: Page) -> None:
    for field in page.get_by_label("Begrundelse for denne kompetence").all():
        write(page, field, "Samtalen viste det med et konkret eksempel.")
    must_have = page.get_by_label("Hvorfor kandidaten indstilles, selv om")
    if must_have.count():
        write(page, must_have, "Kravet kan læres i stillingen med støtte.")
    write(page, page.get_by_label("Samlet begrundelse"), "Samlet den bedst egnede til stillingen.")


@SCRIPT
def test_recommended_and_decided_by_keyboard_alone(sign_in: Opener, script: bool) -> None:
    recruiter = sign_in("rekruttering", script=script, bypass_csp=script)
    url = ready_recruitment(recruiter)
    recruiter.goto(f"{url}/recommendation")
    choose(recruiter, recruiter.get_by_label("Ansættelsesmyndighed"), AUTHORITY_NAME)
    press(recruiter, recruiter.get_by_role("button", name="Gem ansættelsesmyndighed"))
    expect(recruiter.get_by_text(f"{AUTHORITY_NAME} træffer afgørelse om indstillingen.")).to_be_visible()
    press(recruiter, recruiter.get_by_role("link", name="Skriv indstillingen"))
    candidate = recruiter.locator("#pick option").nth(1).inner_text()
    choose(recruiter, recruiter.get_by_label("Kandidat", exact=True), candidate)
    press(recruiter, recruiter.get_by_role("button", name="Vis grundlaget"))
    expect(recruiter.get_by_role("heading", name=f"Begrundelse for {candidate}")).to_be_visible()
    fill_reasons(recruiter)
    if script:
        assert violations(recruiter) == []
    press(recruiter, recruiter.get_by_role("button", name="Gem som kladde"))
    press(recruiter, recruiter.get_by_role("button", name="Indsend indstillingen"))
    press(recruiter, recruiter.get_by_role("button", name="Indsend indstillingen"))
    expect(recruiter.get_by_text("Indstillingen er indsendt.")).to_be_visible()
    authority = sign_in(AUTHORITY, script=script, bypass_csp=script)
    press(authority, authority.get_by_role("link", name="Træf afgørelse:"))
    expect(authority.get_by_text(f"Udvalget indstiller {candidate}.")).to_be_visible()
    if script:
        assert violations(authority) == []
    press(authority, authority.get_by_label("Følg indstillingen"), "Space")
    press(authority, authority.get_by_role("button", name="Fortsæt til afgørelsen"))
    press(authority, authority.get_by_role("button", name="Registrér afgørelsen"))
    expect(authority.get_by_text("Din afgørelse er registreret.")).to_be_visible()
    recruiter.goto(f"{url}/refusals")
    expect(recruiter.locator("li", has_text=candidate).get_by_text("ansat", exact=True)).to_be_visible()


@SCRIPT
def test_a_refusal_is_written_reviewed_and_sent_by_keyboard_alone(sign_in: Opener, script: bool) -> None:
    page = sign_in("rekruttering", script=script, bypass_csp=script)
    page.goto(f"{ready_recruitment(page)}/refusals")
    if script:
        assert violations(page) == []
    press(page, page.get_by_role("link", name="Skriv afslaget").first)
    letter = page.get_by_label("Afslaget", exact=True)
    assert "[Skriv med et eller to konkrete eksempler" in letter.input_value()
    if script:
        assert violations(page) == []
    write(page, letter, "Kære ansøger. Du får afslag, fordi kravene om drift vejer tungt i stillingen.")
    press(page, page.get_by_role("button", name="Gem afslaget"))
    press(page, page.get_by_role("button", name="Markér som gennemgået"))
    expect(page.get_by_role("link", name="Hent til Word")).to_be_visible()
    press(page, page.get_by_role("button", name="Markér som sendt"))
    press(page, page.get_by_role("button", name="Ja, det er sendt"))
    expect(page.get_by_text("har fået svar.").first).to_be_visible()


def test_the_page_for_filing_is_accessible_and_narrow(sign_in: Opener) -> None:
    page = sign_in("rekruttering", width=320, bypass_csp=True)
    for path in ("filing", "refusals", "recommendation", "recommendation/draft"):
        page.goto(f"{ready_recruitment(page)}/{path}")
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
