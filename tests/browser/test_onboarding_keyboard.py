"""The journeys of onboarding by keyboard alone, with and without JavaScript."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Opener
from tests.browser.keyboard import choose, enter_day, press, reach, write

SCRIPT = pytest.mark.parametrize("script", [True, False], ids=["javascript", "no javascript"])
OWN = "fire ord som kun jeg siger"
RETURNED = "/onboarding/1/milestones/day_30"


@SCRIPT
def test_a_chef_starts_a_plan_and_adjusts_it(sign_in: Opener, script: bool) -> None:
    page = sign_in("chef", script=script)
    press(page, page.get_by_role("link", name="Onboarding", exact=True))
    page.wait_for_url("**/onboarding")
    press(page, page.get_by_role("link", name="Start et onboardingforløb"))
    page.wait_for_url("**/onboarding/start")
    choose(page, page.get_by_label("Ny souschef"), "Ulla Brandt")
    choose(page, page.get_by_label("Kontor", exact=True), "Kontor for familieret")
    enter_day(page, page.get_by_label("Første arbejdsdag"), "2027-02-01")
    choose(page, page.get_by_label("Prøvetid"), "Prøvetid på tre måneder")
    press(page, page.get_by_role("button", name="Start forløbet"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Onboarding af Ulla Brandt")
    press(page, page.get_by_role("link", name="Tilføj et tjekpunkt"))
    page.wait_for_url("**/items/add")
    write(page, page.get_by_label("Det skal gøres"), "Hils på pressechefen")
    choose(page, page.get_by_label("Milepæl"), "Uge 1")
    enter_day(page, page.get_by_label("Frist"), "2027-02-04")
    press(page, page.get_by_role("button", name="Tilføj tjekpunktet"))
    expect(page.get_by_text("Tjekpunktet er tilføjet til forløbet.")).to_be_visible()
    press(page, page.locator("summary", has_text="Ikke relevant her?"))
    write(page, page.get_by_label("Hvorfor er det ikke relevant her?"), "Pressechefen er på orlov til maj.")
    press(page, page.get_by_role("button", name="Tag det ud"))
    expect(page.get_by_text("Tjekpunktet er taget ud som ikke relevant.")).to_be_visible()
    page.go_back()
    page.goto("/onboarding")
    press(page, page.get_by_role("link", name="Ulla Brandt"))
    press(page, page.get_by_role("link", name="Ændr forløbet"))
    enter_day(page, page.get_by_label("Ny første arbejdsdag"), "2027-03-01")
    press(page, page.get_by_role("button", name="Se, hvad der bliver flyttet"))
    expect(page.get_by_role("heading", name="Det bliver flyttet")).to_be_visible()
    press(page, page.get_by_role("button", name="Flyt startdatoen"))
    expect(page.get_by_text("Startdatoen er flyttet")).to_be_visible()


@SCRIPT
def test_a_souschef_who_has_not_begun_sees_what_comes_first_and_does_it(sign_in: Opener, script: bool) -> None:
    page = sign_in("souschef2", script=script)
    expect(page.get_by_text("Før start").first).to_be_visible()
    press(page, page.get_by_role("link", name="Åbn mit forløb"))
    expect(page.get_by_text("Første arbejdsdag er")).to_be_visible()
    first = page.locator("#before_start li.mine").first
    title = first.locator("h4 a").inner_text()
    press(page, first.get_by_role("button", name=f"Markér som udført: {title}"))
    expect(page.get_by_role("button", name=f"Åbn igen: {title}")).to_be_visible()
    if script:
        expect(page.locator("#count-before_start")).to_contain_text("1 af")
    press(page, page.locator("#before_start").get_by_role("link", name=title, exact=True))
    write(page, page.get_by_label("Dokumentation (valgfri)"), "Læst, og mine spørgsmål er sendt til chefen.")
    press(page, page.get_by_role("button", name="Tilføj dokumentationen"))
    page.wait_for_url("**/onboarding/2#**")


@SCRIPT
def test_a_new_souschef_signs_in_the_first_time_and_knows_what_to_do(sign_in: Opener, script: bool) -> None:
    """From HR's new person over the chef's plan to the souschef's first item with what documents it."""
    hr, chef, new = (sign_in(who, script=script) for who in ("hr", "chef", "udvalg3"))
    press(hr, hr.get_by_role("link", name="Personer"))
    press(hr, hr.get_by_role("link", name="Tilføj en person"))
    write(hr, hr.get_by_label("Navn"), "Åse Ørbæk")
    write(hr, hr.get_by_label("E-mail"), "ny@portal.example")
    press(hr, hr.get_by_role("button", name="Tilføj personen"))
    code = hr.locator("#one-time-password").inner_text()
    chef.goto("/onboarding/start")
    choose(chef, chef.get_by_label("Ny souschef"), "Åse Ørbæk")
    choose(chef, chef.get_by_label("Kontor", exact=True), "Kontor for familieret")
    enter_day(chef, chef.get_by_label("Første arbejdsdag"), "2031-02-03")
    press(chef, chef.get_by_role("button", name="Start forløbet"))
    expect(chef.get_by_role("heading", level=1)).to_have_text("Onboarding af Åse Ørbæk")

    press(new, new.get_by_role("button", name="Log af"))
    new.wait_for_url("**/sign-in**")
    write(new, new.get_by_label("E-mail"), "ny@portal.example")
    write(new, new.get_by_label("Adgangskode"), code)
    press(new, new.get_by_role("button", name="Log på"))
    expect(new.get_by_text("Vælg din egen adgangskode").first).to_be_visible()
    for label, words in (("nuværende", code), ("Ny adgangskode", OWN), ("igen", OWN)):
        write(new, new.get_by_label(label).first, words)
    press(new, new.get_by_role("button", name="Skift adgangskoden"))
    expect(new.get_by_text("Din adgangskode er ændret.").first).to_be_visible()
    new.goto("/")
    expect(new.get_by_role("heading", name="Det venter på dig")).to_be_visible()
    expect(new.get_by_text("Før start").first).to_be_visible()
    press(new, new.get_by_role("link", name="Åbn mit forløb"))
    expect(new.get_by_role("heading", name="Nu: Før start")).to_be_visible()
    press(new, new.locator(".box-now li a").first)
    press(new, new.locator("#before_start li.mine h4 a").first)
    write(new, new.get_by_label("Dokumentation (valgfri)"), "Læst. Se https://intranet.example/noter")
    press(new, new.get_by_role("button", name="Markér som udført"))
    expect(new.locator("#before_start li.mine.done")).to_have_count(1)


@SCRIPT
def test_a_milestone_is_asked_for_returned_and_approved(sign_in: Opener, script: bool) -> None:
    souschef, chef = sign_in("souschef", script=script), sign_in("chef", script=script)
    souschef.goto(RETURNED)
    write(souschef, souschef.get_by_label("Besked til chefen"), "Afsnittet er skrevet ind.")
    press(souschef, souschef.get_by_role("button", name="Meld klar til godkendelse"))
    expect(souschef.get_by_text("Milepælen er meldt klar til godkendelse hos din chef.")).to_be_visible()
    press(chef, chef.get_by_role("link", name="Godkendelser"))
    press(chef, chef.get_by_role("link", name="Se og afgør"))
    expect(chef.get_by_text("Afsnittet er skrevet ind.").first).to_be_visible()
    press(chef, chef.locator("summary", has_text="Send den retur i stedet"))
    write(chef, chef.get_by_label("Hvad mangler?"), "Tilføj, hvem der godkender i sommerferien.")
    press(chef, chef.get_by_role("button", name="Send retur"))
    expect(chef.get_by_text("Milepælen er sendt retur med din kommentar.")).to_be_visible()
    souschef.goto(RETURNED)
    press(souschef, souschef.get_by_role("button", name="Meld klar til godkendelse"))
    expect(souschef.get_by_text("Milepælen er meldt klar til godkendelse hos din chef.")).to_be_visible()
    chef.goto(RETURNED)
    reach(chef, chef.get_by_role("button", name="Godkend", exact=True))
    chef.keyboard.press("Enter")
    expect(chef.get_by_text("Milepælen er godkendt.", exact=True)).to_be_visible()
    press(chef, chef.locator("aside summary", has_text="Det, der blev godkendt"))
    expect(chef.get_by_text("Kontrolsum:")).to_be_visible()
