"""The event log in plain words: a text for every action, filters in the address, and a file for spreadsheets."""

import re
from collections.abc import Collection
from enum import StrEnum
from pathlib import Path

from portal.activities import rules as activities
from portal.annualtalks import rules as annualtalks
from portal.audit.models import AuditEvent
from portal.balance.rules import AnswerKind
from portal.db import db
from portal.goals import rules as goals
from portal.i18n import today
from portal.onboarding.rules import ItemEventKind, MilestoneEventKind
from portal.overview.event_texts import ACTIONS, KINDS
from portal.paths import TEMPLATES
from portal.tables import as_csv
from tests.factories import World
from tests.inspecting import InspectingClient

SOURCE = TEMPLATES.parent / "portal"
WAIVERS = [kind for kind in ItemEventKind if kind in ("waiver_asked", "waiver_granted", "waiver_refused")]


# what an action that is put together from an event's kind may end on
KINDS_OF: dict[str, Collection[StrEnum]] = {
    "onboarding.milestone_": MilestoneEventKind,
    "onboarding.": WAIVERS,
    "balance.": AnswerKind,
    "goals.": [*AnswerKind, *goals.EventKind],
    "annualtalks.": [*annualtalks.EventKind, *annualtalks.SharingKind],
    "annualtalks.talk_": annualtalks.ReleaseKind,
    "annualtalks.needs_": annualtalks.ReleaseKind,
    "activities.": [*activities.EventKind, activities.Part.SIGNED_UP, activities.Part.WAITING],
}


def recorded(source: Path) -> set[str]:
    """Every action that the source passes to `record`, also those that it puts together from an event's kind."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in source.rglob("*.py"))
    constants = dict(re.findall(r'^([A-Z_]+) = "([a-z_]+\.[a-z_]+)"', text, re.MULTILINE))
    found = {constants[name] for name in re.findall(r"\brecord\(([A-Z_]+)", text)}
    found |= set(re.findall(r'\b_changed\([^"]*"([a-z_]+\.[a-z_]+)"', text))  # a draft's edits have one writer
    for argument in re.findall(r"\brecord\(\s*([^,)]+)", text):
        for made, action in re.findall(r'(f?)"([a-z_]+\.[a-z_]*)', argument):
            found |= {f"{action}{kind.value}" for kind in KINDS_OF[action]} if made else {action}
    return found


def test_every_action_that_is_recorded_has_a_text() -> None:
    assert recorded(SOURCE) == set(ACTIONS)


def test_every_kind_of_thing_has_a_name(world: World) -> None:
    kinds = set(db.session.scalars(db.select(AuditEvent.subject_kind).distinct())) - {""}
    assert kinds <= set(KINDS)


def rows(client: InspectingClient, query: str = "") -> list[str]:
    page = client.get(f"/event-log?{query}").text
    return [re.sub(r"<[^>]+>|\s+", " ", row) for row in re.findall(r"<tr>\s*<td.*?</tr>", page, re.DOTALL)]


def test_the_log_says_what_happened_and_links_to_it(client: InspectingClient, world: World) -> None:
    client.sign_in("souschef")
    item = world.item_of("souschef", "week_1")
    client.send(f"/onboarding/{world.plan.id}/items/{item}/complete", {"note": "Gjort."})
    client.sign_in("hr")
    page = client.get("/event-log").text
    assert "Souschef markerede et tjekpunkt som udført" in page
    assert f'href="/onboarding/{world.plan.id}/items/{item}"' in page
    assert "onboarding_plan_item" not in page
    assert "Kommandolinjen oprettede en rekruttering" in " ".join(rows(client, "action=recruitment."))


def test_the_log_is_searched_by_words_person_and_day(client: InspectingClient, world: World) -> None:
    client.sign_in("chef")
    client.sign_in("hr")
    chef, day = world.people["chef"].id, today().isoformat()
    assert rows(client, f"person={chef}")
    assert all("Chef" in row for row in rows(client, f"person={chef}"))
    assert all("loggede på" in row for row in rows(client, "q=loggede p%C3%A5"))
    assert rows(client, f"since={day}&until={day}")
    assert rows(client, "until=2020-01-01") == []
    assert rows(client, "since=nonsense&person=nobody"), "what is asked wrongly is left out"
    assert "Ingen hændelser svarer" in client.get("/event-log?q=zzzz").text


def test_a_page_beyond_the_end_says_so(client: InspectingClient, world: World) -> None:
    client.sign_in("hr")
    assert "Loggen slutter før denne side" in client.get("/event-log?page=9999").text


def test_the_log_as_a_file_holds_what_the_filter_finds(client: InspectingClient, world: World) -> None:
    client.sign_in("hr")
    response = client.get("/event-log.csv?action=recruitment.")
    assert response.mimetype == "text/csv"
    text = response.data.decode("utf-8-sig")
    assert text.splitlines()[0].startswith("Hvornår;Hvad skete der")
    assert "Kommandolinjen tilføjede en kandidat;Kandidat;Kandidat Kirkegaard" in text
    assert "loggede på" not in text
    assert "hentede hændelsesloggen" in client.get("/event-log").text


def test_a_cell_is_never_a_formula() -> None:
    assert b"'=1+1" in as_csv(["a"], [["=1+1"]])
    assert b"'@x" in as_csv(["a"], [["@x"]])
