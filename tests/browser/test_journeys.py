"""The journeys of the threads, walked in a real browser with and without JavaScript."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, Request, expect

from portal.bank.rules import Use
from portal.overview.seeding import read_bank
from tests.browser.conftest import Opener, pdf_text

SCRIPT = pytest.mark.parametrize("script", [True, False], ids=["javascript", "no javascript"])
PLAN = "/onboarding/1"
ITEMS = [row.content for row in read_bank() if row.content.use is Use.ONBOARDING]
DONE = sum(item.phase in ("before_start", "day_1", "week_1", "day_30") for item in ITEMS)
RETURNED = f"{PLAN}/milestones/day_30"


@SCRIPT
def test_a_chef_starts_an_onboarding_from_the_template(sign_in: Opener, script: bool) -> None:
    chef = sign_in("chef", script=script)
    chef.get_by_role("link", name="Onboarding", exact=True).click()
    chef.get_by_role("link", name="Start et onboardingforløb").click()
    chef.get_by_role("button", name="Start forløbet").click()
    expect(chef.get_by_role("heading", name="Start et onboardingforløb")).to_be_visible()
    chef.get_by_label("Ny souschef").select_option(label="Ulla Brandt")
    chef.get_by_label("Kontor", exact=True).select_option(label="Kontor for familieret")
    chef.get_by_label("Første arbejdsdag").fill("2027-02-01")
    chef.get_by_role("button", name="Start forløbet").click()
    expect(chef.get_by_role("heading", level=1)).to_have_text("Onboarding af Ulla Brandt")
    expect(chef.get_by_text(f"0 af {len(ITEMS)}").first).to_be_visible()


@SCRIPT
def test_the_souschef_completes_items_and_asks_and_the_chef_returns_and_approves(sign_in: Opener, script: bool) -> None:
    souschef = sign_in("souschef", script=script)
    souschef.goto(PLAN)
    title = "Forklar en ledelsesbeslutning på et kontormøde, og følg op på medarbejdernes spørgsmål"
    souschef.get_by_role("button", name=f"Markér som udført: {title}").click()
    expect(souschef.get_by_role("button", name=f"Åbn igen: {title}")).to_be_visible()
    if script:
        expect(souschef.locator("#announcer")).to_contain_text(f"{DONE + 1} af {len(ITEMS)}")
    souschef.locator(".checklist").get_by_role("link", name=title).click()
    souschef.get_by_label("Dokumentation (valgfri)").fill("Kontormøde 18. november, punkt 2 i referatet.")
    souschef.get_by_role("button", name="Tilføj dokumentationen").click()
    souschef.wait_for_url("**/onboarding/1#**")
    souschef.goto(RETURNED)
    expect(souschef.get_by_text("Rollefordelingen mangler").first).to_be_visible()
    souschef.get_by_label("Besked til chefen").fill("Afsnittet om principielle afgørelser er skrevet ind.")
    souschef.get_by_role("button", name="Meld klar til godkendelse").click()
    expect(souschef.get_by_text("Milepælen er meldt klar til godkendelse hos din chef.")).to_be_visible()

    chef = sign_in("chef", script=script)
    expect(chef.get_by_role("link", name="Godkend: Dag 30")).to_be_visible()
    chef.get_by_role("link", name="Godkendelser").click()
    chef.get_by_role("link", name="Se og afgør").click()
    chef.get_by_text("Send den retur i stedet").click()
    chef.get_by_label("Hvad mangler?").fill("Tilføj, hvem der godkender i sommerferien.")
    chef.get_by_role("button", name="Send retur").click()
    expect(chef.get_by_text("Milepælen er sendt retur med din kommentar.")).to_be_visible()

    souschef.goto(RETURNED)
    souschef.get_by_role("button", name="Meld klar til godkendelse").click()
    chef.goto(RETURNED)
    chef.get_by_role("button", name="Godkend", exact=True).click()
    expect(chef.get_by_text("Milepælen er godkendt.", exact=True)).to_be_visible()
    history = chef.locator("aside .timeline")
    for text in ("meldte klar til godkendelse", "sendte retur", "godkendte", "i sommerferien"):
        expect(history.get_by_text(text).first).to_be_visible()
    history.get_by_text("Det, der blev godkendt").click()
    expect(history.get_by_text("Kontrolsum:")).to_be_visible()


def set_up(recruiter: Page) -> None:
    recruiter.goto("/recruitments")
    recruiter.get_by_role("link", name="Ny rekruttering").click()
    recruiter.get_by_label("Stilling", exact=True).fill("Souschef til Kontor for familieret")
    recruiter.get_by_label("Kontor", exact=True).select_option(label="Kontor for familieret")
    recruiter.get_by_role("button", name="Videre til kravprofilen").click()
    for competency in ("Er nærværende og tilgængelig", "Sikrer kvalitet i opgaveløsningen"):
        recruiter.get_by_label(competency, exact=True).check()
    recruiter.get_by_role("button", name="Gem kravprofilen").click()
    recruiter.get_by_role("link", name="Næste: Vurderingsskema").click()
    recruiter.get_by_role("button", name="Foreslå spørgsmål").click()
    expect(recruiter.locator("[id^=question-]").first).to_be_visible()
    recruiter.get_by_role("link", name="Souschef til Kontor for familieret").click()
    recruiter.get_by_role("link", name="Næste: Udvalg og kandidater").click()
    for name in ("Ulla Brandt", "Niels Toft"):
        recruiter.get_by_label("Person", exact=True).select_option(label=name)
        recruiter.get_by_role("button", name="Tilføj til udvalget").click()
    recruiter.get_by_label("Kandidatens navn").fill("Åse Ørbæk")
    recruiter.get_by_role("button", name="Tilføj kandidaten").click()
    expect(recruiter.get_by_text("Åse Ørbæk er tilføjet.")).to_be_visible()


@SCRIPT
def test_a_recruitment_from_profile_to_comparison(sign_in: Opener, script: bool) -> None:
    recruiter = sign_in("rekruttering", script=script)
    set_up(recruiter)
    for who, level in (("udvalg1", "4"), ("udvalg2", "2")):
        member = sign_in(who, script=script)
        member.goto("/recruitments")
        member.get_by_role("link", name="Souschef til Kontor for familieret").click()
        member.get_by_role("link", name="Begynd").click()
        member.get_by_label("Ja, der er ikke noget").check()
        member.get_by_role("button", name="Afgiv erklæring").click()
        questions = member.locator("[data-question]")
        expect(questions).to_have_count(4)
        for n in range(4):
            questions.nth(n).locator(f"input[value='{level}']").check()
            questions.nth(n).get_by_label("Begrundelse").fill("Fortalte konkret, hvad der skete, og hvad det gav.")
        if script:
            expect(member.locator("#draft")).to_contain_text("Kladde gemt")
        member.get_by_role("button", name="Indsend vurderingen").click()
        expect(member.get_by_text("Det kan ikke fortrydes.")).to_be_visible()
        member.get_by_role("button", name="Indsend vurderingen").click()
        expect(member.get_by_text("Din vurdering af Åse Ørbæk er indsendt.")).to_be_visible()
        recruiter.goto("/recruitments")
        recruiter.get_by_role("link", name="Souschef til Kontor for familieret").click()
        if who == "udvalg1":
            expect(recruiter.get_by_text("1 af 2 vurderinger indsendt").first).to_be_visible()
    recruiter.get_by_role("link", name="Sammenlign kandidaterne").click()
    expect(recruiter.get_by_role("cell", name="3,00", exact=True).first).to_be_visible()
    recruiter.get_by_role("link", name="Åse Ørbæk", exact=True).click()
    expect(recruiter.get_by_text("Spredning 2").first).to_be_visible()


@SCRIPT
def test_a_draft_survives_a_closed_browser(sign_in: Opener, script: bool) -> None:
    text = "Fortalte om en klagesag, der blev vendt på to dage."
    member = sign_in("udvalg2", script=script)
    member.goto("/interviews/5/assessment")
    member.get_by_label("Ja, der er ikke noget").check()
    member.get_by_role("button", name="Afgiv erklæring").click()
    first = member.locator("[data-question]").first
    first.get_by_label("Begrundelse").fill(text)
    if script:
        expect(member.locator("#draft")).to_contain_text("Kladde gemt")
    else:
        member.get_by_role("button", name="Gem kladden").click()
    member.context.close()
    again = sign_in("udvalg2", script=script)
    again.goto("/interviews/5/assessment")
    expect(again.locator("[data-question]").first.get_by_label("Begrundelse")).to_have_value(text)


@SCRIPT
def test_not_being_impartial_is_confirmed_on_a_page_of_its_own(sign_in: Opener, script: bool) -> None:
    member = sign_in("udvalg2", script=script)
    member.goto("/interviews/5/assessment")
    member.get_by_label("Nej, for eksempel").check()
    member.get_by_role("button", name="Afgiv erklæring").click()
    member.get_by_role("link", name="Nej, gå tilbage").click()
    expect(member.get_by_role("heading", name="Før du går i gang")).to_be_visible()
    member.get_by_label("Nej, for eksempel").check()
    member.get_by_role("button", name="Afgiv erklæring").click()
    member.get_by_role("button", name="Bekræft, at jeg er inhabil").click()
    expect(member.get_by_text("Du deltager ikke i behandlingen af denne kandidat")).to_be_visible()


def test_a_password_can_be_shown_while_it_is_typed(sign_in: Opener) -> None:
    page = sign_in("hr")
    page.goto("/account/password")
    field = page.get_by_label("Din nuværende adgangskode")
    field.fill("hemmelig")
    page.get_by_role("button", name="Vis adgangskoden").first.click()
    expect(field).to_have_attribute("type", "text")
    page.get_by_role("button", name="Skjul adgangskoden").first.click()
    expect(field).to_have_attribute("type", "password")


@SCRIPT
def test_a_reference_guide_is_released_by_the_accept_and_downloaded(
    sign_in: Opener, script: bool, tmp_path: Path
) -> None:
    recruiter = sign_in("rekruttering", script=script)
    recruiter.goto("/recruitments/1/references")
    expect(recruiter.get_by_text("Thomas Lyng er nuværende arbejdsgiver")).to_be_visible()
    recruiter.get_by_text("Registrér kandidatens accept").first.click()
    recruiter.get_by_label("Accepten er givet den").fill("2026-01-15")
    recruiter.get_by_label("Hvordan accepten er givet").fill("Mundtligt ved anden samtale")
    recruiter.get_by_role("button", name="Registrér accepten").click()
    with recruiter.expect_download() as download:
        recruiter.get_by_role("link", name="Guide som PDF – Thomas Lyng").click()
    path = tmp_path / "guide.pdf"
    download.value.save_as(path)
    text = pdf_text(path)
    assert "Thomas Lyng" in text
    assert "Hvad er din relation til kandidaten?" in text


def test_the_start_page_can_be_used_by_keyboard_alone(sign_in: Opener) -> None:
    page = sign_in("souschef")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Spring til indholdet")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{RETURNED}")
    expect(page.get_by_label("Besked til chefen")).to_be_visible()


def test_a_tick_is_one_click_and_one_request(sign_in: Opener) -> None:
    page = sign_in("souschef")
    page.goto(PLAN)
    page.wait_for_load_state("networkidle")  # what the page itself is made of has come
    sent: list[str] = []

    def note(request: Request) -> None:
        if "/static/" not in request.url:  # what the browser fetches when it likes
            sent.append(f"{request.method} {request.url.partition('/onboarding')[2]}")

    page.on("request", note)
    button = page.get_by_role("button", name="Markér som udført").first
    button.click()
    expect(page.locator("#announcer")).to_contain_text(f"{DONE + 1} af {len(ITEMS)}")
    assert len(sent) == 1
    assert sent[0].startswith("POST /1/items/")


def test_what_was_typed_survives_a_session_that_ended(sign_in: Opener, served: str) -> None:
    text = "Kontormøde 18. november, punkt 2 i referatet.\nOg en linje til."
    page = sign_in("souschef")
    page.goto(PLAN)
    page.locator(".checklist").get_by_role("link", name="Forklar en ledelsesbeslutning på et kontormøde").click()
    page.get_by_label("Dokumentation (valgfri)").fill(text)
    page.context.clear_cookies()
    page.get_by_role("button", name="Markér som udført").click()
    expect(page.get_by_text(text)).to_be_visible()
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Log på").click()
    other = opened.value
    other.get_by_label("E-mail").fill("souschef@portal.example")
    other.get_by_label("Adgangskode").fill("souschefportal-demo")
    other.get_by_role("button", name="Log på").click()
    other.wait_for_url(f"{served}/")
    page.get_by_role("button", name="Send det igen").click()
    page.wait_for_url("**/onboarding/1#**")
    page.locator(".checklist").get_by_role("link", name="Forklar en ledelsesbeslutning på et kontormøde").click()
    expect(page.locator(".timeline").get_by_text("Kontormøde 18. november")).to_be_visible()
