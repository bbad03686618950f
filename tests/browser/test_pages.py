"""Every page that a role can reach: found by following links, then looked at by axe, wide and narrow."""

import re
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Opener

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
OPTIONS = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"], "resultTypes": ["violations"]}
ROLES = ("souschef", "souschef2", "makker", "chef", "rekruttering", "udvalg1", "hr")
SAMPLES_OF_A_KIND = 2
MAX_PAGES = 90
DOCUMENTS = (".pdf", ".docx", ".xlsx", ".csv", ".json", ".ics", ".zip", ".md")


def kind_of(path: str) -> str:
    """The address without what differs between pages of one kind."""
    return re.sub(
        r"(milestones|souschef/1)/[a-z].*", r"\1/…", re.sub(r"\d+", "N", path).replace("souschef/N", "souschef/1")
    )


def addresses(page: Page) -> set[str]:
    """Where the links on the page lead, within the portal and without documents."""
    found = page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)")
    here = urlsplit(page.url).netloc
    parts = [urlsplit(link) for link in found]
    return {part.path for part in parts if part.netloc == here and not part.path.endswith(DOCUMENTS)}


def violations(page: Page) -> list[str]:
    page.evaluate(AXE.read_text(encoding="utf-8"))
    page.evaluate("() => document.querySelectorAll('details').forEach(d => { d.open = true; })")
    found = page.evaluate("options => axe.run(options).then(r => r.violations)", OPTIONS)
    return [f"{v['id']}: {node['html'][:160]}" for v in found for node in v["nodes"]]


@pytest.mark.parametrize("role", ROLES)
def test_every_page_is_accessible_and_fits_a_narrow_screen(sign_in: Opener, role: str) -> None:
    page = sign_in(role, bypass_csp=True)
    queue, seen, looked_at = ["/"], set(), 0
    wrong: list[str] = []
    counts: Counter[str] = Counter()
    while queue:
        path = queue.pop(0)
        kind = kind_of(path)
        if path in seen or counts[kind] >= SAMPLES_OF_A_KIND:
            continue
        seen.add(path)
        counts[kind] += 1
        response = page.goto(path)
        assert response is not None
        assert response.status == 200, f"{role}: {path} gives {response.status}"
        queue += sorted(addresses(page) - seen)
        looked_at += 1
        wrong += [f"{path}: {problem}" for problem in violations(page)]
        page.set_viewport_size({"width": 320, "height": 800})
        if page.evaluate("document.documentElement.scrollWidth") > 320:
            wrong.append(f"{path}: scrolls sideways at 320 px")
        page.set_viewport_size({"width": 1280, "height": 900})
        assert looked_at <= MAX_PAGES, "more pages than expected: sample the new kind"
    assert wrong == []
    assert looked_at >= 5


LONG = "Christiansen-von-Mecklenburg-Strelitz" * 3 + "Abildgård"  # 120 letters without a space


def test_a_name_of_120_letters_breaks_no_page(sign_in: Opener) -> None:
    page = sign_in("rekruttering")
    name = LONG[:120]
    assert len(name) == 120
    page.goto("/recruitments/2/people")
    page.get_by_label("Kandidatens navn").fill(name)
    page.get_by_role("button", name="Tilføj kandidaten").click()
    page.goto("/recruitments/2/edit")
    page.get_by_label("Stilling", exact=True).fill(name)
    page.get_by_role("button", name="Gem").click()
    wrong = []
    paths = ("", "/people", "/references", "/scorecard", "/profile", "/edit")
    for path in ("/", "/recruitments", *(f"/recruitments/2{end}" for end in paths)):
        page.goto(path)
        page.evaluate("() => document.querySelectorAll('main details').forEach(d => { d.open = true; })")
        for width in (320, 375, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            if page.evaluate("document.documentElement.scrollWidth") > width:
                wrong.append(f"{path} at {width} px")
    assert wrong == []


def test_error_pages_and_forms_with_errors_are_accessible(sign_in: Opener) -> None:
    page = sign_in("hr", bypass_csp=True)
    page.goto("/people/add")
    page.get_by_role("button", name="Tilføj personen").evaluate("button => { button.form.noValidate = true; }")
    page.get_by_role("button", name="Tilføj personen").click()
    assert page.locator(":focus").get_attribute("role") == "alert"
    assert violations(page) == []
