"""Journey 6: a panel member declares, assesses by keyboard, comes back to the draft, submits and amends."""

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.conftest import Opener
from tests.browser.keyboard import press, reach, write

SCRIPT = pytest.mark.parametrize("script", [True, False], ids=["javascript", "no javascript"])
PAGE = "/interviews/5/assessment"
TEXT = "Fortalte om en klagesag, hvad der blev aftalt, og hvad det gav."


def declare(member: Page) -> None:
    member.goto(PAGE)
    press(member, member.get_by_label("Ja, der er ikke noget"), "Space")
    press(member, member.get_by_role("button", name="Afgiv erklæring"))
    expect(member.get_by_text("Sådan virker det")).to_be_visible()


def rate(member: Page, question: Locator, level: int, *, script: bool) -> None:
    """By digit where there is a script, otherwise by the arrows of the radio buttons; then the evidence."""
    radios = question.locator("input[type=radio]")
    reach(member, radios.first)
    if script:
        member.keyboard.press(str(level))
    else:
        member.keyboard.press("Space")
        for _ in range(level - 1):
            member.keyboard.press("ArrowDown")
    expect(question.locator(f"input[value='{level}']")).to_be_checked()
    write(member, question.locator("textarea"), TEXT)


@SCRIPT
def test_a_member_assesses_by_keyboard_comes_back_submits_and_amends(sign_in: Opener, script: bool) -> None:
    member = sign_in("udvalg2", script=script)
    declare(member)
    questions = member.locator("[data-question]")
    total = questions.count()
    expect(member.locator("#draft")).to_contain_text(f"Mangler {total} af {total}")
    rate(member, questions.first, 4, script=script)
    if script:
        expect(member.locator("#draft")).to_contain_text("Kladde gemt")
    else:
        press(member, member.get_by_role("button", name="Gem kladden"))
        expect(member.get_by_text("Kladde gemt")).to_be_visible()
    expect(member.locator("#draft")).to_contain_text(f"Mangler {total - 1} af {total}")
    member.context.close()

    member = sign_in("udvalg2", script=script)
    member.goto(PAGE)
    questions = member.locator("[data-question]")
    expect(questions.first.locator("textarea")).to_have_value(TEXT)
    for n in range(1, total):
        rate(member, questions.nth(n), 3, script=script)
    press(member, member.get_by_role("button", name="Indsend vurderingen"))
    press(member, member.get_by_role("button", name="Indsend vurderingen"))
    expect(member.get_by_text("er indsendt.")).to_be_visible()

    member.goto(PAGE)
    press(member, member.get_by_role("link", name="Ret vurderingen").first)
    write(
        member, member.get_by_label("Hvorfor ændrer du din vurdering?"), "Jeg havde misforstået, hvem der besluttede."
    )
    reach(member, member.locator("input[value='4']"))
    member.keyboard.press("ArrowUp")
    press(member, member.get_by_role("button", name="Gem rettelsen"))
    expect(member.get_by_text("Før: Niveau 4")).to_be_visible()
    expect(member.locator(".verdict-level").first).to_contain_text("3")


def test_digits_and_letters_rate_and_move_and_write_as_usual_in_a_text_field(sign_in: Opener) -> None:
    member = sign_in("udvalg2")
    declare(member)
    first, second = member.locator("[data-question]").nth(0), member.locator("[data-question]").nth(1)
    first.focus()
    for key, value in (("0", "not_covered"), ("2", "2"), ("i", "not_covered"), ("5", "5")):
        member.keyboard.press(key)
        expect(first.locator(f"input[value='{value}']")).to_be_checked()
    member.keyboard.press("j")
    expect(second).to_be_focused()
    member.keyboard.press("k")
    expect(first).to_be_focused()
    field = first.locator("textarea")
    field.focus()
    member.keyboard.type("1j 2k i 0")
    expect(field).to_have_value("1j 2k i 0")
    expect(first.locator("input[value='5']")).to_be_checked()


def test_the_link_to_what_is_missing_leads_to_the_next_question(sign_in: Opener) -> None:
    member = sign_in("udvalg2", width=375)
    declare(member)
    member.locator("[data-next]").click()
    first = member.locator("[data-question]").first
    expect(first).to_be_in_viewport()
    first.locator(".level").nth(3).click()
    first.locator("textarea").fill(TEXT)
    expect(member.locator("#draft")).to_contain_text("Kladde gemt")
    expect(member.locator("[data-next]")).to_have_attribute(
        "href", f"#{member.locator('[data-question]').nth(1).get_attribute('id')}"
    )


def test_a_lost_connection_is_told_and_the_text_is_sent_when_it_is_back(sign_in: Opener) -> None:
    member = sign_in("udvalg2")
    declare(member)
    lost = True
    member.evaluate("console.error = () => {}")  # the lost connection is the point

    def wire(route: Route) -> None:
        route.abort() if lost else route.continue_()

    member.route("**/assessment", wire)
    field = member.locator("[data-question]").first.locator("textarea")
    field.fill(TEXT)
    expect(member.locator("[data-unsaved]")).to_contain_text("Ingen forbindelse")
    lost = False
    expect(member.locator("#draft")).to_contain_text("Kladde gemt")
    expect(member.locator("[data-unsaved]")).to_be_empty()
    stored = member.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert TEXT not in stored, "nothing that was written stays behind in the browser"
    member.reload()
    expect(field).to_have_value(TEXT)


def test_a_session_that_ended_costs_no_text(sign_in: Opener, served: str) -> None:
    member = sign_in("udvalg2")
    declare(member)
    member.context.clear_cookies()
    field = member.locator("[data-question]").first.locator("textarea")
    field.fill(TEXT)
    with member.context.expect_page() as opened:
        member.locator("#notices").get_by_role("link", name="Log på").click()
    other = opened.value
    other.get_by_label("E-mail").fill("udvalg2@portal.example")
    other.get_by_label("Adgangskode").fill("souschefportal-demo")
    other.get_by_role("button", name="Log på").click()
    other.wait_for_url(f"{served}/")
    expect(member.locator("#draft")).to_contain_text("Kladde gemt")
    expect(field).to_have_value(TEXT)
