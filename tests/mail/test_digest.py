"""The daily digest: who gets one, what stands in it, when, and at what price."""

import re
import sqlite3
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from portal.audit.queries import last_event
from portal.db import db, unit_of_work
from portal.i18n import today
from portal.interviews import queries as interviews
from portal.mail.models import OutgoingMail
from portal.onboarding import decisions, queries, services
from portal.onboarding.models import Plan
from portal.overview import digest
from portal.overview.digest import Digest
from portal.people.services import add_office
from portal.recruitment.services import add_candidate, declare_impartiality
from portal.workdays import is_workday
from tests.conftest import Databases, make_app
from tests.factories import World, make_person, make_recruitment, start_plan
from tests.inspecting import InspectingClient

BASE = "https://portal.example/onboarding-portal"
MAIL = {"MAIL_URL": "smtp://127.0.0.1:1", "MAIL_FROM": "portal@agency.example", "BASE_URL": BASE}
NOTE = "Et notat, der aldrig må stå i en mail."
COMMENT = "Der mangler et referat af mødet."


@pytest.fixture
def app(backend: str, databases: Databases) -> Iterator[Flask]:
    opened = make_app(databases.fresh(backend), **MAIL)
    with opened.app_context():
        yield opened


def working_day(after: int = 0) -> date:
    """The first working day from so many days after today."""
    return next(d for n in range(after, after + 10) if is_workday(d := today() + timedelta(days=n)))


def composed(day: date | None = None) -> dict[str, Digest]:
    """The digests by the first part of the address."""
    return {found.address.split("@")[0]: found for found in digest.compose(day or working_day())}


def complete_phase(world: World, plan: Plan, phase: str) -> None:
    for item in queries.items_of(plan, phase):
        services.complete_item(item, world.people["souschef"], NOTE)


def ask_for_sign_off(world: World, phase: str) -> Plan:
    """The souschef of the world's first plan has done everything in the phase and asked for sign-off."""
    plan = queries.find_plan(world.plan.id)
    assert plan is not None
    complete_phase(world, plan, phase)
    decisions.request_sign_off(plan, phase, world.people["souschef"])
    return plan


def count_selects() -> list[str]:
    """The list to which every query from now on is added."""
    statements: list[str] = []

    def count(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.startswith("SELECT"):
            statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", count)
    return statements


def test_everyone_gets_what_awaits_them_and_nobody_else_gets_a_mail(app: Flask, world: World) -> None:
    found = composed(working_day(after=3))
    assert {"souschef", "chef", "buddy", "member", "member2", "hr"} <= set(found)
    assert {"outsider", "recruiter", "other_recruiter"} & set(found) == set()
    own = found["souschef"]
    assert own.name == "Souschef"
    assert own.subject.startswith("Souschefportalen ")
    assert own.subject.endswith(" ting venter på dig")
    assert own.body.startswith("Hej Souschef\n\nDette venter på dig i Souschefportalen den ")
    assert "Overskredet\n- " in own.body
    assert "(Min onboarding), frist " in own.body
    assert f"\n  {BASE}/onboarding/{world.plan.id}/items/" in own.body
    assert f"slå den fra på din konto: {BASE}/account" in own.body
    assert (
        f"\n- 1 kandidat (Souschef til prøve)\n  {BASE}/recruitments/{world.recruitment.id}\n" in found["member"].body
    )


def test_decisions_come_first_then_what_was_returned_then_by_date(app: Flask, world: World) -> None:
    with unit_of_work():
        plan = ask_for_sign_off(world, "before_start")
    chef = composed()["chef"].body
    line = f"- Godkend: Før start (Souschef)\n  {BASE}/onboarding/{plan.id}/milestones/before_start\n"
    assert f"Afventer din godkendelse\n{line}" in chef
    assert "Sendt retur" not in composed()["souschef"].body
    with unit_of_work():
        decisions.return_milestone(plan, "before_start", world.people["chef"], COMMENT)
    assert "Afventer din godkendelse" not in composed()["chef"].body
    body = composed(working_day(after=3))["souschef"].body
    returned = f"- Før start (Kontor for prøver)\n  {BASE}/onboarding/{plan.id}/milestones/before_start\n"
    assert f"Sendt retur til dig\n{returned}" in body
    headings = ["Sendt retur til dig", "Overskredet", "Frist inden for syv dage"]
    places = [body.index(f"\n\n{heading}\n- ") for heading in headings]
    assert places == sorted(places)


def test_no_note_comment_or_candidate_stands_in_a_mail(app: Flask, world: World) -> None:
    with unit_of_work():
        decisions.return_milestone(
            ask_for_sign_off(world, "before_start"), "before_start", world.people["chef"], COMMENT
        )
        ask_for_sign_off(world, "day_1")
    everything = "\n".join(found.body for found in composed().values())
    for secret in (NOTE, COMMENT, "Kandidat Kirkegaard", "Referent Rask"):
        assert secret not in everything


def test_a_panel_member_is_reminded_until_all_is_submitted_or_they_are_out(app: Flask, world: World) -> None:
    candidate, member = world.recruitment.candidates[0], world.recruitment.panel[0]
    with unit_of_work():
        add_candidate(world.recruitment, "Kandidat Kragh")
    db.session.expire_all()
    assert "- 2 kandidater (Souschef til prøve)" in composed()["member"].body
    with unit_of_work():
        declare_impartiality(candidate, member, False)
    db.session.expire_all()
    assert "- 1 kandidat (Souschef til prøve)" in composed()["member"].body
    assert "- 2 kandidater (Souschef til prøve)" in composed()["member2"].body
    assert interviews.recruitments_lacking_assessments() == [world.recruitment]


def test_who_has_turned_it_off_or_left_gets_none(app: Flask, world: World) -> None:
    with unit_of_work():
        world.people["souschef"].wants_digest = False
        world.people["chef"].active = False
    assert {"souschef", "chef"} & set(composed()) == set()


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 11, 27), True),
        (date(2026, 11, 28), False),  # a Saturday
        (date(2026, 12, 25), False),  # Christmas Day, a Friday
        (date(2027, 3, 25), False),  # Maundy Thursday
        (date(2027, 4, 23), True),  # was Store Bededag until it was abolished
        (date(2027, 5, 6), False),  # Ascension Day
    ],
)
@pytest.mark.parametrize("backend", ["sqlite"])  # the calendar does not depend on the database
def test_digests_are_for_working_days(app: Flask, world: World, day: date, works: bool) -> None:
    assert is_workday(day) is works
    assert bool(digest.compose(day)) is works


def test_a_day_is_composed_once_and_later_news_wait_for_the_next(app: Flask, world: World) -> None:
    day = working_day()
    digests = digest.compose(day)
    with unit_of_work():
        assert digest.enqueue(digests, day) == len(digests)
    with unit_of_work():
        assert digest.enqueue(digests, day) == 0  # someone else had composed the same
    keys = set(db.session.scalars(db.select(OutgoingMail.key)))
    assert keys == {f"digest:{day.isoformat()}:{found.person_id}" for found in digests}
    logged = last_event("mail.compose_digests")
    assert logged is not None
    assert logged.details == {"day": day.isoformat(), "count": len(digests)}
    assert digest.compose(day) == []
    assert digest.compose(working_day(after=(day - today()).days + 1)) != []


def test_a_long_section_says_how_many_more_there_are(app: Flask, world: World) -> None:
    body = composed(working_day(after=200))["souschef"].body
    section = body.split("Overskredet\n")[1].split("\n\n")[0]
    assert section.count("\n  https://") == digest.LINES
    mine = [i for i in world.plan.items if i.responsible == "souschef"]
    assert section.endswith(f"\nog {len(mine) - digest.LINES} mere")


@pytest.mark.parametrize("backend", ["sqlite"])  # where links lead does not depend on the database
def test_every_link_leads_to_a_page_that_the_person_may_see(app: Flask, client: InspectingClient, world: World) -> None:
    with unit_of_work():
        ask_for_sign_off(world, "before_start")
    for name, found in composed().items():
        client.sign_in(name)
        links = re.findall(rf"{BASE}(\S+)", found.body)
        assert len(links) >= 3
        for link in links:
            assert client.get(link).status_code == 200, (name, link)


def test_the_number_of_queries_does_not_grow_with_plans_persons_or_recruitments(app: Flask, world: World) -> None:
    """Up to 500 rows of a kind; from there on there is one more query for each further 500."""
    statements = count_selects()
    before = len(composed())
    first = len(statements)
    with unit_of_work():
        for n in range(4):
            newcomer, chef = make_person(f"newcomer{n}"), make_person(f"chef{n}")
            office = add_office(f"Kontor {n}", chef)
            start_plan(office, newcomer, today() - timedelta(days=3), world.people["buddy"])
            recruitment = make_recruitment(f"Stilling {n}", office, world.people["recruiter"], newcomer)
            add_candidate(recruitment, f"Kandidat {n}")
    db.session.expunge_all()
    statements.clear()
    assert len(composed()) >= before + 8
    assert len(statements) == first <= 20


@pytest.mark.parametrize("backend", ["sqlite"])  # PostgreSQL's readers never wait for writers
def test_composing_waits_for_no_writer(app: Flask, world: World) -> None:
    path = app.config["SETTINGS"].sqlite_file
    db.session.rollback()
    writer = sqlite3.connect(path, isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    try:
        assert "souschef" in composed()
    finally:
        writer.rollback()
        writer.close()


def test_the_daily_mail_is_turned_off_and_on_again_on_the_account_page(
    app: Flask, client: InspectingClient, world: World
) -> None:
    client.sign_in("souschef")
    assert re.search(r'<input checked[^>]*name="wants_digest"', client.get("/account").text)
    assert client.send("/account/digest").location == "/account"
    page = client.get("/account").text
    assert "Du får ikke længere den daglige mail." in page
    assert not re.search(r'<input checked[^>]*name="wants_digest"', page)
    assert "souschef" not in composed()
    logged = last_event("people.choose_digest")
    assert logged is not None
    assert (logged.actor_id, logged.subject_id) == (world.people["souschef"].id,) * 2
    assert logged.details == {"wanted": False}
    client.send("/account/digest", {"wants_digest": "y"})
    assert "souschef" in composed()
