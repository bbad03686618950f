"""What is submitted stays; the assessor may amend it with a reason, and both versions are shown."""

import re

import pytest
from sqlalchemy.exc import IntegrityError

from portal.db import db
from portal.interviews import queries
from portal.interviews.forms import Given
from portal.interviews.models import Rating, RatingAmendment
from portal.interviews.rules import AmendmentGap, amendment_gaps
from tests.factories import World
from tests.inspecting import InspectingClient
from tests.interviews.test_journey import EVIDENCE, assess

BEFORE = Given(4, False, EVIDENCE)
WHY = "Jeg havde misforstået, hvem der traf beslutningen."
NEW = "Det var chefen, der besluttede det, ikke kandidaten."
MARK = "ændret, efter at vurderingerne var åbne"


def first_of(world: World) -> tuple[str, str, int]:
    """The addresses of the interview and of amending its first question, and that question's id."""
    url = f"/interviews/{world.recruitment.candidates[0].interviews[0].id}"
    question_id = queries.scorecard(world.recruitment)[0].id
    return url, f"{url}/ratings/{question_id}/amend", question_id


@pytest.mark.parametrize(
    ("after", "reason", "gaps"),
    [
        (Given(2, False, NEW), WHY, []),
        (Given(4, False, NEW), WHY, []),
        (Given(None, True, ""), WHY, []),
        (Given(None, False, NEW), WHY, [AmendmentGap.RATING]),
        (Given(2, False, " kort "), WHY, [AmendmentGap.EVIDENCE]),
        (Given(2, False, NEW), "  ", [AmendmentGap.REASON]),
        (BEFORE, WHY, [AmendmentGap.NOTHING_NEW]),
    ],
)
def test_an_amendment_is_a_whole_rating_that_differs_and_says_why(
    after: Given, reason: str, gaps: list[AmendmentGap]
) -> None:
    assert amendment_gaps(BEFORE, after, reason) == gaps


def test_both_versions_are_shown_on_the_own_page_and_in_the_debrief(client: InspectingClient, world: World) -> None:
    assess(client, world, "member", 5)
    url, amend, question_id = first_of(world)
    assert f'href="{amend}"' in client.get(f"{url}/assessment").text
    assert re.search(r'<input checked [^>]*value="5"', client.get(amend).text), "filled with what counts now"
    sent = {"level": "2", "evidence": NEW, "reason": WHY, "instance": "b" * 32}
    answer = client.send(amend, sent)
    assert answer.status_code == 303
    assert answer.location == f"{url}/assessment#question-{question_id}"
    assert client.send(amend, sent).status_code == 303, "a double click"
    assert len(db.session.scalars(db.select(RatingAmendment)).all()) == 1
    page = client.get(f"{url}/assessment").text
    for text in (NEW, WHY, f"{EVIDENCE} Niveau 5.", "Før: Niveau 5"):
        assert text in page
    assert MARK not in page
    assess(client, world, "member2", 2)
    page = client.get(f"{url}/debrief").text
    for text in (NEW, WHY, f"{EVIDENCE} Niveau 5.", "Før: Niveau 5"):
        assert text in page
    assert MARK not in page, "it was written before anyone could see the others’"


def test_an_amendment_after_the_opening_says_so(client: InspectingClient, world: World) -> None:
    assess(client, world, "member", 5)
    assess(client, world, "member2", 2)
    url, amend, _question = first_of(world)
    client.sign_in("member")
    assert client.send(amend, {"level": "3", "evidence": NEW, "reason": WHY}).status_code == 303
    assert client.send(amend, {"level": "not_covered", "evidence": "", "reason": WHY}).status_code == 303
    for page in ("assessment", "debrief"):
        assert client.get(f"{url}/{page}").text.count(MARK) == 2
    assert db.session.scalars(db.select(Rating.score).where(Rating.score == 5)).all(), "the submitted rating stays"
    assert "ændrede en indsendt vurdering" in client.sign_in("hr").get("/event-log").text


def test_what_an_amendment_lacks_is_said_at_its_fields_and_nothing_typed_is_lost(
    client: InspectingClient, world: World
) -> None:
    assess(client, world, "member", 5)
    _url, amend, _question = first_of(world)
    refused = client.send(amend, {"level": "2", "evidence": NEW, "reason": ""})
    assert refused.status_code == 422
    assert "Skriv i en hel sætning, hvorfor du ændrer vurderingen." in refused.text
    assert NEW in refused.text
    same = client.send(amend, {"level": "5", "evidence": f"{EVIDENCE} Niveau 5.", "reason": WHY})
    assert "Der er ikke ændret noget" in same.text
    assert db.session.scalars(db.select(RatingAmendment)).all() == []


def test_only_the_assessor_amends_and_only_what_is_submitted(client: InspectingClient, world: World) -> None:
    assess(client, world, "member", 5)
    url, amend, _question = first_of(world)
    for who, status in (("member2", 409), ("recruiter", 403), ("hr", 403), ("outsider", 404)):
        client.sign_in(who)
        assert client.get(amend).status_code == status
        assert client.send(amend, {"level": "2", "evidence": NEW, "reason": WHY}).status_code == status
    assert client.sign_in("member").get(f"{url}/ratings/99999/amend").status_code == 404


def test_an_amendment_is_never_changed_in_the_database(client: InspectingClient, world: World) -> None:
    assess(client, world, "member", 5)
    _url, amend, _question = first_of(world)
    client.send(amend, {"level": "2", "evidence": NEW, "reason": WHY})
    for statement in (db.update(RatingAmendment).values(score=1), db.delete(RatingAmendment)):
        with pytest.raises(IntegrityError):
            db.session.execute(statement)
        db.session.rollback()
