"""Every route × method × kind of person, called for real. A route that is missing here fails the test."""

from datetime import date

import pytest
from flask import Flask

from portal.balance import queries as balances
from portal.balance.rules import Focus, Wanted
from portal.balance.services import propose
from portal.checklists.models import TemplateItem
from portal.checklists.queries import find_template
from portal.checklists.services import start_draft
from portal.db import db, unit_of_work
from portal.i18n import today
from portal.interviews import queries as interviews
from portal.jobads import services as jobads
from portal.onboarding import queries as onboarding
from portal.people.services import name_deputy, renew_calendar_link
from portal.references import checks
from portal.references.models import GuideProbe
from portal.references.queries import guide
from portal.references.services import RefereeFacts, add_referee, record_accept
from portal.strategy import services as strategy
from tests.access_table import KINDS, PASSED, TABLE
from tests.annualtalks.talking import call
from tests.factories import World, open_hearing, version
from tests.inspecting import InspectingClient


def test_every_route_is_in_the_table(app: Flask) -> None:
    routes = {
        f"{m} {rule.endpoint}" for rule in app.url_map.iter_rules() for m in set(rule.methods or ()) & {"GET", "POST"}
    }
    assert routes == set(TABLE)
    assert all(len(row) == len(KINDS) for row in TABLE.values())


def deputy_of(world: World) -> int:
    """The id of someone who decides for the chef of the world's office next year."""
    day = date(2031, 1, 6)
    with unit_of_work():
        deputy = name_deputy(world.office, world.people["outsider"], day, day, world.people["hr"])
    return deputy.id


def proposed_for(world: World) -> int:
    """The id of the souschef to whom the chef has proposed a balance, as version 1."""
    pair = balances.find_pair(world.office.id, world.people["souschef"].id)
    assert pair is not None
    weights = {part.slug: 25 for part in version().parts}
    with unit_of_work():
        wanted = Wanted(weights, (Focus("personaleledelse-k1", "Døren står åben."),))
        propose(pair, version(), world.people["chef"], wanted, "0", today())
    return pair.souschef_id


def draft_item(world: World) -> TemplateItem:
    """An item of a draft of the standard template."""
    template = find_template(1)
    assert template is not None
    with unit_of_work():
        return start_draft(template, world.people["hr"]).items[0]


def calendar_secret(world: World) -> str:
    """The secret of a calendar, of someone whose own link no other row takes back."""
    with unit_of_work():
        return renew_calendar_link(world.people["other_chef"])


def draft_ad(world: World) -> None:
    """Version 1 of the recruitment's ad."""
    with unit_of_work():
        jobads.draft(world.recruitment, world.people["recruiter"])


def url_values(world: World) -> dict[str, object]:
    draft_ad(world)
    drafted = draft_item(world)
    item = next(i for i in onboarding.items_of(world.plan, "week_1") if i.responsible == "souschef")
    return {
        "slug": "souschef",
        "number": 1,
        "key": "personaleledelse-k1",
        "use": "interview",
        "entry_id": 1,
        "person_id": world.people["outsider"].id,
        "office_id": world.office.id,
        "placement_id": world.office.placements[0].id,
        "plan_id": world.plan.id,
        "item_id": item.id,
        "souschef_id": proposed_for(world),
        "phase": "week_1",
        "deputy_id": deputy_of(world),
        "template_id": 1,
        "draft_item_id": drafted.id,
        "recruitment_id": world.recruitment.id,
        "member_id": world.recruitment.panel[0].id,
        "candidate_id": world.recruitment.candidates[0].id,
        "interview_id": world.recruitment.candidates[0].interviews[0].id,
        "question_id": interviews.scorecard(world.recruitment)[0].id,
        "referee_id": world.referee.id,
        "secret": calendar_secret(world),
        "hearing_id": hearing_of(world),
        "talk_id": call(world).talk.id,
        "strategic_id": strategic_goal(world),
    }


def strategic_goal(world: World) -> int:
    with unit_of_work():
        return strategy.add_goal(strategy.Wording("Svar til tiden", "", today(), today()), world.people["hr"]).id


def referred_values(world: World) -> dict[str, object]:
    """What the pages of references call by the same names as others."""
    candidate = world.recruitment.candidates[0]
    with unit_of_work():
        other = add_referee(candidate, RefereeFacts("Anden Referent", "Kollega", current_employer=False))
        record_accept(other, world.people["recruiter"], given_on=today(), how="Pr. mail")
        secret = checks.make_link(checks.start_check(other, world.people["recruiter"]), "da")
        competency_id = world.recruitment.profile[0].competency_id
        probe = GuideProbe(candidate_id=candidate.id, competency_id=competency_id, text="Hvordan?", why="thin")
        db.session.add(probe)
    return {"secret": secret, "probe_id": probe.id, "question_id": guide(world.recruitment)[0].id}


def hearing_of(world: World) -> int:
    """The id of a hearing about what the world's referee said."""
    return open_hearing(world.referee, world.people["recruiter"]).id


def verdict(status: int) -> str:
    return {303: "+", 401: "i", 403: "f", 404: "n"}.get(status, PASSED)


@pytest.mark.parametrize(
    ("backend", "kind"), [*(("sqlite", kind) for kind in KINDS), ("postgresql", "recruiter"), ("postgresql", "hr")]
)
def test_every_route_answers_each_kind_of_person_as_the_table_says(
    app: Flask, client: InspectingClient, world: World, kind: str
) -> None:
    values, referred = url_values(world), referred_values(world)
    column = KINDS.index(kind)
    wrong = []
    rows = sorted(TABLE, key=lambda name: (name.startswith("POST"), "sign_" in name, "discard_" in name, name))
    first = rows[0]
    for row in rows:
        method, endpoint = row.split()
        rule = next(r for r in app.url_map.iter_rules() if r.endpoint == endpoint)
        with app.test_request_context():
            known = values | ({"item_id": values["draft_item_id"]} if "checklists." in endpoint else {})
            known |= referred if endpoint.startswith("references.") else {}
            url = app.url_for(endpoint, **{name: known[name] for name in rule.arguments})
        if kind != "anonymous" and (row == first or "sign_out" in endpoint):
            client.sign_in(kind)
        response = client.get(url) if method == "GET" else client.send(url)
        asked = response.status_code == 303 and "/sign-in" in response.location and endpoint != "people.sign_out"
        found = "i" if asked and kind == "anonymous" else verdict(response.status_code)
        if found != TABLE[row][column]:
            wrong.append(f"{row}: {found} ({response.status_code}), the table says {TABLE[row][column]}")
    assert wrong == []
