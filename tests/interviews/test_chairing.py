"""The chair closes an interview's assessing before all have submitted, and reopens it, always with a reason."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.db import db, unit_of_work
from portal.interviews.models import InterviewClosing
from portal.interviews.rules import ChairBlocker, came_after, closing_blockers, opened_at, reopening_blockers
from portal.recruitment import services as recruitments
from portal.recruitment.models import CandidateEvent
from tests.factories import World
from tests.inspecting import InspectingClient
from tests.interviews.test_drafts import HTMX, begin, shown
from tests.interviews.test_journey import EVIDENCE, answers, assess

REASON = "Et medlem er blevet syg, og ansættelsen kan ikke vente."
START = datetime(2026, 11, 2, 9, tzinfo=UTC)


def with_chair(world: World) -> str:
    """Seat the outsider as chair; the address of the interview."""
    with unit_of_work():
        recruitments.add_member(world.recruitment, world.people["outsider"], chair=True)
    return f"/interviews/{world.recruitment.candidates[0].interviews[0].id}"


def close(client: InspectingClient, url: str, verb: str = "close") -> int:
    return client.sign_in("outsider").send(f"{url}/{verb}", {"reason": REASON}).status_code


@pytest.mark.parametrize(
    ("assessors", "submitted", "closed", "blockers"),
    [
        ([1, 2, 3], [], False, [ChairBlocker.NOT_ASSESSED]),
        ([1, 2, 3], [2, 3], False, [ChairBlocker.NOT_ASSESSED]),
        ([2, 3], [2], False, [ChairBlocker.NOT_ASSESSED]),
        ([1, 2, 3], [1], False, []),
        ([1, 2, 3], [1, 2], False, []),
        ([1, 2, 3], [1, 2, 3], False, [ChairBlocker.OPEN]),
        ([1, 2, 3], [1], True, [ChairBlocker.CLOSED]),
    ],
)
def test_the_chair_closes_after_their_own_assessment_and_while_someone_is_missing(
    assessors: list[int], submitted: list[int], closed: bool, blockers: list[ChairBlocker]
) -> None:
    assert closing_blockers(1, assessors, submitted, closed=closed) == blockers


def test_the_answer_to_the_chair_tells_nothing_of_the_others() -> None:
    for chair_submitted in ([], [1]):
        answers_given = {
            tuple(closing_blockers(1, [1, 2, 3], [*chair_submitted, *others], closed=False))
            for others in ([], [2], [3])
        }
        assert len(answers_given) == 1


def test_only_what_is_closed_is_reopened_and_not_by_a_chair_who_is_out() -> None:
    assert reopening_blockers(1, [1, 2], closed=False) == [ChairBlocker.NOT_CLOSED]
    assert reopening_blockers(1, [1, 2], closed=True) == []
    assert reopening_blockers(1, [2], closed=True) == [ChairBlocker.NOT_ASSESSED]


def test_scores_were_first_open_when_the_last_was_in_or_the_chair_closed() -> None:
    hours = [START + timedelta(hours=n) for n in range(4)]
    assert opened_at([1, 2], {1: hours[0]}, {}) is None
    assert opened_at([1, 2], {1: hours[0], 2: hours[1]}, {}) == hours[1]
    assert opened_at([1, 2], {1: hours[0]}, {2: hours[2]}) == hours[2], "the other was found not to be impartial"
    assert opened_at([1], {}, {1: hours[0]}) is None, "nobody is left to have scored"
    assert opened_at([1, 2], {1: hours[0], 2: hours[3]}, {}, [hours[1], hours[2]]) == hours[1]
    assert came_after(hours[2], hours[1])
    assert not came_after(hours[1], hours[1]), "the last one in opens the scores and is not late"
    assert not came_after(hours[1], None)


def test_the_chair_closes_and_the_scores_are_open_with_the_missing_named(
    client: InspectingClient, world: World
) -> None:
    url = with_chair(world)
    assess(client, world, "member", 5)
    assert close(client, url) == 409, "the chair has not assessed yet"
    assess(client, world, "outsider", 3)
    assert client.sign_in("member").get(f"{url}/debrief").status_code == 404
    assert client.get(f"{url}/close").status_code == 403, "only the chair"
    client.sign_in("outsider")
    assert f'href="{url}/close"' in client.get(f"{url}/assessment").text
    assert client.send(f"{url}/close", {"reason": " "}).status_code == 422
    assert close(client, url) == 303
    assert close(client, url) == 409, "closed once"
    page = client.get(f"{url}/debrief").text
    assert "Niveau 5" in page
    assert REASON in page
    assert "Har ikke indsendt: Member2" in page
    assert "lukkede vurderingen af en samtale" in client.sign_in("hr").get("/event-log").text


def test_a_draft_is_frozen_while_the_assessing_is_closed_and_goes_on_when_it_is_reopened(
    client: InspectingClient, world: World
) -> None:
    url = with_chair(world)
    draft = begin(client, world, "member2")
    opened = shown(client, draft)
    client.send(draft, answers(world, 2, **opened))
    assess(client, world, "outsider", 3)
    assert close(client, url) == 303
    frozen = client.sign_in("member2").send(draft, answers(world, 4, **opened), headers=HTMX)
    assert frozen.status_code == 409
    assert "Formanden har lukket vurderingen" in frozen.text
    assert client.send(draft, answers(world, 4, submit="1", confirmed="1")).status_code == 409
    page = client.get(draft).text
    assert f"{EVIDENCE} Niveau 2." in page, "the draft is shown to its author"
    assert REASON in page
    assert f"{EVIDENCE} Niveau 2." not in client.sign_in("outsider").get(f"{url}/debrief").text
    assert close(client, url, "reopen") == 303
    assert client.get(f"{url}/debrief").status_code == 404, "the scores are hidden again"
    client.sign_in("member2")
    assert client.send(draft, answers(world, 4, submit="1", confirmed="1", **shown(client, draft))).status_code == 303
    assess(client, world, "member", 4)
    page = client.sign_in("outsider").get(f"{url}/debrief").text
    assert "Indsendt, efter at vurderingerne havde været åbne: Member2, Member" in page
    assert "Mærket: Indsendt, efter" in client.sign_in("member2").get(draft).text
    assert "Mærket: Indsendt, efter" not in client.sign_in("outsider").get(f"{url}/assessment").text


def test_sending_the_chairs_form_twice_closes_once(client: InspectingClient, world: World) -> None:
    url = with_chair(world)
    assess(client, world, "outsider", 3)
    sent = {"reason": REASON, "instance": "a" * 32}
    assert [client.send(f"{url}/close", sent).status_code for _ in range(2)] == [303, 303]
    assert db.session.scalars(db.select(InterviewClosing.closes)).all() == [True]


def test_a_member_owes_nothing_where_the_chair_has_closed(client: InspectingClient, world: World) -> None:
    url = with_chair(world)
    start = client.sign_in("member").get("/").text
    assert f'href="{url}/assessment"' in start
    assess(client, world, "outsider", 3)
    close(client, url)
    client.sign_in("member")
    assert f'href="{url}/assessment"' not in client.get("/").text
    assert "lukket af formanden" in client.get(f"/recruitments/{world.recruitment.id}").text


@pytest.mark.parametrize(("kind", "words"), [("withdrawn", "har trukket sig"), ("refused", "har fået afslag")])
def test_a_candidate_who_is_out_is_not_assessed_any_more(
    client: InspectingClient, world: World, kind: str, words: str
) -> None:
    url = begin(client, world)
    candidate, by = world.recruitment.candidates[0], world.people["recruiter"]
    with unit_of_work():
        row = CandidateEvent(candidate_id=candidate.id, kind=kind, reason="Skrev det selv.", by_id=by.id, at=START)
        db.session.add(row)
    refused = client.send(url, answers(world, 3))
    assert refused.status_code == 409
    assert words in refused.text
    assert words in client.get(url).text
    assert f'href="{url}"' not in client.get("/").text
