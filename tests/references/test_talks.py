"""The talk with a referee: nothing without an accept, nothing typed is lost, and a finished note stays as it is."""

import io
import zipfile
from pathlib import Path

import pytest
from docx import Document
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from portal.db import db, unit_of_work
from portal.i18n import today
from portal.references import checks, queries
from portal.references.models import GuideProbe, ReferenceCheck
from portal.references.rules import FinishBlocker, ProbeReason, digest_of, finish_blockers, probe_reason
from tests.factories import World, finished_talk
from tests.inspecting import InspectingClient
from tests.interviews.test_journey import assess, field
from tests.references.test_journey import text_of

ACCEPT = {"given_on": today().isoformat(), "how": "Pr. mail"}
HTMX = {"HX-Request": "true"}


def begin(client: InspectingClient, world: World) -> str:
    """Accept recorded, talk begun; the address of the referee."""
    url = f"/referees/{world.referee.id}"
    client.sign_in("recruiter")
    client.send(f"{url}/accept", ACCEPT)
    assert client.send(f"{url}/talk/start").status_code == 303
    return url


def first_name(world: World) -> str:
    return f"q_{queries.guide(world.recruitment)[0].id}"


def shown(client: InspectingClient, url: str) -> dict[str, str]:
    html = client.get(f"{url}/talk").text
    return {name: field(html, name) for name in ("version", "page")}


def test_no_talk_begins_before_the_accept_and_none_goes_on_when_it_is_taken_back(
    client: InspectingClient, world: World
) -> None:
    url = f"/referees/{world.referee.id}"
    client.sign_in("recruiter")
    assert client.send(f"{url}/talk/start").status_code == 409
    url = begin(client, world)
    client.send(f"{url}/talk", {first_name(world): "Sagt før.", **shown(client, url)})
    client.send(f"{url}/withdraw", {"why": "Ringede"})
    assert client.send(f"{url}/talk", {first_name(world): "Sagt efter."}).status_code == 409
    assert client.get(f"{url}/talk").status_code == 409
    kept = db.session.scalars(db.select(ReferenceCheck)).one()
    assert checks.answers_of(kept) == {first_name(world): "Sagt før."}, "the record of it stays"


def test_answers_are_saved_as_they_are_typed_and_are_there_when_one_comes_back(
    client: InspectingClient, world: World
) -> None:
    url = begin(client, world)
    sent = {first_name(world): "Jeg var hendes chef i fire år.", **shown(client, url)}
    answer = client.send(f"{url}/talk", sent, headers=HTMX)
    assert "Kladde gemt" in answer.text
    assert len(answer.data) < 1024
    assert "Jeg var hendes chef i fire år." in client.get(f"{url}/talk").text


def test_the_second_of_two_windows_sees_both_texts(client: InspectingClient, world: World) -> None:
    url = begin(client, world)
    one, two = shown(client, url), shown(client, url)
    client.send(f"{url}/talk", {first_name(world): "Fra det første vindue.", **one})
    assert client.send(f"{url}/talk", {first_name(world): "Fra det andet.", **two}, headers=HTMX).status_code == 409
    both = client.send(f"{url}/talk", {first_name(world): "Fra det andet.", **two})
    assert both.status_code == 409
    assert "Fra det første vindue." in both.text
    assert "Fra det andet." in both.text
    again = {name: field(both.text, name) for name in ("version", "page")}
    assert client.send(f"{url}/talk", {first_name(world): "Begge dele.", **again}).status_code == 303


def test_a_note_is_made_of_the_answers_finished_by_a_person_and_frozen(client: InspectingClient, world: World) -> None:
    url = begin(client, world)
    client.send(f"{url}/talk", {first_name(world): "Hun ledede et team på otte.", **shown(client, url)})
    draft = client.get(f"{url}/note").text
    assert "Reference fra Referent Rask (Kontorchef) om Kandidat Kirkegaard." in draft
    assert "Hun ledede et team på otte." in draft
    facts = {"held_on": today().isoformat(), "minutes": "25", "note": "Ledede et team på otte.", "finish": "1"}
    assert "Vil du gøre notatet" in client.send(f"{url}/note", facts).text
    assert client.send(f"{url}/note", {**facts, "confirmed": "1"}).status_code == 303
    page = client.get(f"{url}/talk").text
    assert "Ledede et team på otte." in page
    assert client.send(f"{url}/talk", {first_name(world): "Andet"}).status_code == 409
    assert client.send(f"{url}/note", {**facts, "confirmed": "1"}).status_code == 409
    assert client.send(f"{url}/addenda", {"text": "Ringede tilbage om datoen."}).status_code == 303
    assert "Ringede tilbage om datoen." in client.get(f"{url}/talk").text
    assert "gjorde notatet om en reference færdigt" in client.sign_in("hr").get("/event-log?action=references.").text


@pytest.mark.parametrize("missing", ["held_on", "note"])
def test_a_note_without_day_or_text_is_not_finished(client: InspectingClient, world: World, missing: str) -> None:
    url = begin(client, world)
    client.send(f"{url}/talk", {first_name(world): "Et svar.", **shown(client, url)})
    facts = {"held_on": today().isoformat(), "note": "Et notat.", "finish": "1", "confirmed": "1", missing: ""}
    assert client.send(f"{url}/note", facts).status_code == 409


def test_what_a_note_lacks() -> None:
    assert finish_blockers(held=True, answers=1, note="Ja") == []
    assert finish_blockers(held=False, answers=0, note=" ") == list(FinishBlocker)


def test_the_database_keeps_a_finished_note(world: World) -> None:
    check = finished_talk(world.referee, world.people["recruiter"])
    for statement in (
        f"UPDATE reference_check SET note = 'x' WHERE id = {check.id}",
        "UPDATE reference_answer SET text = 'x'",
        "DELETE FROM reference_answer",
        f"DELETE FROM reference_check WHERE id = {check.id}",
    ):
        with pytest.raises(IntegrityError):
            db.session.execute(text(statement))
        db.session.rollback()


def test_the_digest_is_of_what_was_finished(world: World) -> None:
    check = finished_talk(world.referee, world.people["recruiter"])
    asked = checks.asked_then(world.referee, check)
    assert check.digest == digest_of(checks.content_of(check, asked))
    assert check.digest != digest_of({**checks.content_of(check, asked), "note": "Andet"})


def test_the_finished_note_as_pdf_and_word_holds_every_question_and_answer(
    client: InspectingClient, world: World, tmp_path: Path
) -> None:
    finished_talk(world.referee, world.people["recruiter"], "Ledede et stort projekt.")
    client.sign_in("recruiter")
    url = f"/referees/{world.referee.id}"
    pdf = text_of(client.get(f"{url}/note.pdf").data, tmp_path)
    document = Document(io.BytesIO(client.get(f"{url}/note.docx").data))
    word = [p.text for p in document.paragraphs] + [c.text for t in document.tables for r in t.rows for c in r.cells]
    for question in queries.guide(world.recruitment):
        assert question.text in pdf
        assert any(question.text in line for line in word)
    for said in ("Jeg var kandidatens chef.", "Ledede et stort projekt."):
        assert said in pdf
        assert any(said in line for line in word)


@pytest.mark.parametrize(
    ("scores", "not_covered", "evidence", "minimum", "why"),
    [
        ([4, 4], 0, [80, 90], None, None),
        ([], 0, [], None, ProbeReason.NOT_COVERED),
        ([4], 1, [90], None, ProbeReason.NOT_COVERED),
        ([3, 4], 0, [90, 90], 3, ProbeReason.THRESHOLD),
        ([2, 5], 0, [90, 90], None, ProbeReason.SPREAD),
        ([4, 4], 0, [20, 30], None, ProbeReason.THIN),
    ],
)
def test_why_more_is_asked(
    scores: list[int], not_covered: int, evidence: list[int], minimum: int | None, why: ProbeReason | None
) -> None:
    assert probe_reason(scores=scores, not_covered=not_covered, evidence=evidence, minimum=minimum) is why


def test_follow_ups_come_from_open_interviews_and_never_tell_what_an_assessor_said(
    client: InspectingClient, world: World
) -> None:
    candidate, page = world.recruitment.candidates[0], f"/candidates/{world.recruitment.candidates[0].id}/follow-ups"
    assess(client, world, "member", 2)
    client.sign_in("recruiter")
    client.send(f"{page}/propose")
    assert queries.probes_of([candidate.id])[candidate.id] == [], "not before all have submitted"
    assess(client, world, "member2", 5)
    client.sign_in("recruiter")
    client.send(f"{page}/propose")
    found = queries.probes_of([candidate.id])[candidate.id]
    assert found
    html = client.get(page).text
    for said in ("Niveau 2", "Niveau 5", "Member", "3,5"):
        assert said not in html
    accept = {"text": found[0].text, "decision": "accept"}
    assert client.send(f"/follow-ups/{found[0].id}/decide", accept).status_code == 303
    url = begin(client, world)
    assert found[0].text.partition(":")[0] in client.get(f"{url}/talk").text
    assert client.send(f"/follow-ups/{found[0].id}/decide", accept).status_code == 409, "the talks have begun"


def test_a_follow_up_that_asks_what_may_not_be_asked_is_refused(client: InspectingClient, world: World) -> None:
    with unit_of_work():
        probe = GuideProbe(
            candidate_id=world.recruitment.candidates[0].id,
            competency_id=world.recruitment.profile[0].competency_id,
            text="Hvordan gik det?",
            why="thin",
        )
        db.session.add(probe)
    client.sign_in("recruiter")
    wrong = {"text": "Hvor mange sygedage havde kandidaten?", "decision": "accept"}
    refused = client.send(f"/follow-ups/{probe.id}/decide", wrong)
    assert refused.status_code == 422
    assert "helbredsoplysningsloven" in refused.text.lower()


def test_the_archive_holds_a_guide_for_each_released_referee_and_the_finished_notes(
    client: InspectingClient, world: World
) -> None:
    url = f"/recruitments/{world.recruitment.id}/references.zip"
    client.sign_in("recruiter")
    assert client.get(url).status_code == 409
    finished_talk(world.referee, world.people["recruiter"])
    client.sign_in("recruiter")
    with zipfile.ZipFile(io.BytesIO(client.get(url).data)) as archive:
        names = archive.namelist()
    assert names == [
        "01-referenceguide-Kandidat-Kirkegaard-Referent-Rask.docx",
        "01-referenceguide-Kandidat-Kirkegaard-Referent-Rask.pdf",
        "01-referencenotat-Kandidat-Kirkegaard-Referent-Rask.pdf",
    ]
