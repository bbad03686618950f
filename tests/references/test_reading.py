"""Who reads what a referee said stands in the log, and what a referee is told and asked holds nothing else."""

import io
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from docx import Document

from portal.audit.models import AuditEvent
from portal.db import db, unit_of_work
from portal.i18n import today
from portal.recruitment import services as recruitments
from portal.references import checks, queries, services
from portal.references.checks import Note, Seen
from portal.references.models import GuideProbe, Referee
from portal.references.texts import PROBE_REASONS
from tests.factories import World, finished_talk, open_hearing
from tests.inspecting import InspectingClient
from tests.interviews.test_journey import assess
from tests.references.test_journey import text_of
from tests.references.test_online import link
from tests.references.test_talks import begin, first_name, shown


def events(action: str) -> int:
    db.session.rollback()
    return len(db.session.scalars(db.select(AuditEvent.id).where(AuditEvent.action == action)).all())


def finished(world: World) -> None:
    finished_talk(world.referee, world.people["recruiter"])


def under_way(world: World) -> None:
    with unit_of_work():
        services.record_accept(world.referee, world.people["recruiter"], given_on=today(), how="Pr. mail")
        check = checks.start_check(world.referee, world.people["recruiter"])
        checks.save_answers(check, {first_name(world): "Sagt."}, Seen())
        checks.save_note(check, Note(today(), 20, "Et notat."))


def heard(world: World) -> None:
    open_hearing(world.referee, world.people["recruiter"])


@pytest.mark.parametrize(
    ("before", "url", "action"),
    [
        (under_way, "/referees/{referee}/talk", "references.read_talk"),
        (under_way, "/referees/{referee}/note", "references.read_talk"),
        (finished, "/referees/{referee}/talk", "references.read_talk"),
        (finished, "/referees/{referee}/note.pdf", "references.export_note"),
        (finished, "/referees/{referee}/note.docx", "references.export_note"),
        (finished, "/recruitments/{recruitment}/references.zip", "references.export_note"),
        (finished, "/referees/{referee}/facts", "references.read_talk"),
        (heard, "/hearings/1", "references.read_talk"),
        (finished, "/recruitments/{recruitment}/candidates/{candidate}/export.json", "decisions.export_candidate"),
        (finished, "/recruitments/{recruitment}/candidates/{candidate}/export.pdf", "decisions.export_candidate"),
    ],
)
def test_whoever_reads_what_a_referee_said_stands_in_the_log(
    client: InspectingClient, world: World, before: Callable[[World], None], url: str, action: str
) -> None:
    before(world)
    names = {"referee": world.referee.id, "candidate": world.referee.candidate_id, "recruitment": world.recruitment.id}
    client.sign_in("recruiter")
    for time in (1, 2):
        assert client.get(url.format(**names)).status_code == 200
        assert events(action) == time
    event = db.session.scalars(db.select(AuditEvent).where(AuditEvent.action == action)).first()
    assert event is not None
    assert event.actor_id == world.people["recruiter"].id


def documents(client: InspectingClient, world: World, folder: Path) -> list[str]:
    """Everything that a caller or a referee has before them, as text."""
    url = f"/referees/{world.referee.id}"
    word = Document(io.BytesIO(client.get(f"{url}/guide.docx").data))
    rows = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    found = [
        "\n".join([*(p.text for p in word.paragraphs), *rows]),
        text_of(client.get(f"{url}/guide.pdf").data, folder),
    ]
    found += [client.get(f"{url}/guide.{suffix}").data.decode() for suffix in ("csv", "json")]
    client.send(f"{url}/talk/start")
    return [*found, client.get(f"{url}/talk").text, client.get(link(client, world)).text]


def test_a_follow_up_tells_nothing_of_the_interviews_wherever_it_is_read(
    client: InspectingClient, world: World, tmp_path: Path
) -> None:
    candidate = world.referee.candidate_id
    for member, level in (("member", 2), ("member2", 5)):
        assess(client, world, member, level)
    client.sign_in("recruiter")
    client.send(f"/candidates/{candidate}/follow-ups/propose")
    probes = queries.probes_of([candidate])[candidate]
    asked, struck = probes[0], probes[1]
    assert asked.text != struck.text
    client.send(f"/follow-ups/{asked.id}/decide", {"text": asked.text, "decision": "accept"})
    client.send(f"/follow-ups/{struck.id}/decide", {"text": struck.text, "decision": "strike"})
    client.send(f"/referees/{world.referee.id}/accept", {"given_on": today().isoformat(), "how": "Pr. mail"})
    with client.application.test_request_context(headers={"Accept-Language": "da"}):
        reasons = [str(reason) for reason in PROBE_REASONS.values()]
    said = ["Niveau 2", "Niveau 5", "3,5", "Member", "spredning", "grænsen for skal-kravet", "belyste ikke", *reasons]
    for text in documents(client, world, tmp_path):
        assert "Tænk på en situation" in text
        assert struck.competency.text.rstrip(".") + "”" not in text, "what was struck out is not asked"
        assert [word for word in said if word in text] == []


def test_all_referees_of_all_candidates_get_the_same_core_questions(client: InspectingClient, world: World) -> None:
    recruiter = world.people["recruiter"]
    with unit_of_work():
        other = recruitments.add_candidate(world.recruitment, "Zenobia Zinck")
        facts = services.RefereeFacts("Bo Berg", "Kollega", current_employer=False)
        referees = [world.referee, services.add_referee(other, facts)]
        for referee in referees:
            services.record_accept(referee, recruiter, given_on=today(), how="Pr. mail")
        row = world.recruitment.profile[0]
        db.session.add(
            GuideProbe(candidate=other, competency=row.competency, text="Kun om Z?", why="thin", accepted=True)
        )
    client.sign_in("recruiter")
    asked = [json.loads(client.get(f"/referees/{referee.id}/guide.json").data)["questions"] for referee in referees]
    core = [question.text for question in queries.guide(world.recruitment)]
    assert [question["text"] for question in asked[0]] == core
    assert [question["text"] for question in asked[1]] == [*core, "Kun om Z?"]
    assert client.send(f"/recruitments/{world.recruitment.id}/references/build").status_code == 409


def test_the_referee_is_told_purpose_duty_to_note_and_the_candidates_right_to_see_it(
    client: InspectingClient, world: World, tmp_path: Path
) -> None:
    url = begin(client, world)
    talk = client.get(f"{url}/talk").text
    assert "du taler med Recruiter fra" in talk
    assert "recruiter@portal.example" in talk, "where to write afterwards"
    for told in (talk, text_of(client.get(f"{url}/guide.pdf").data, tmp_path)):
        for words in (
            "Kandidat Kirkegaard",
            "har søgt en stilling",
            "frivilligt",
            "pligt til",
            "ret til at se notatet",
        ):
            assert words in told
    form = link(client, world)
    danish, english = client.get(form).text, client.get(link(client, world, "en")).text
    for words in ("har søgt stillingen", "frivilligt", "pligt til", "ret til at se notatet"):
        assert words in danish
    for words in ("has applied for the position", "voluntary", "a duty to note", "right to see the note", "in Danish"):
        assert words in english


def test_the_note_says_who_called_when_how_long_and_how(client: InspectingClient, world: World, tmp_path: Path) -> None:
    finished(world)
    client.sign_in("recruiter")
    url = f"/referees/{world.referee.id}"
    told = re.sub(r"<[^>]+>", " ", client.get(f"{url}/talk").text)
    for text in (told, text_of(client.get(f"{url}/note.pdf").data, tmp_path)):
        for words in ("Recruiter", "Referent Rask", "Kontorchef", "30", "i en samtale"):
            assert words in text


def test_written_answers_are_shown_as_such_and_become_a_note(
    client: InspectingClient, world: World, tmp_path: Path
) -> None:
    form, url = link(client, world), f"/referees/{world.referee.id}"
    client.send(form, {first_name(world): "Skrevet af referenten.", "send": "1", "confirmed": "1"})
    client.sign_in("recruiter")
    assert "svar modtaget" in client.get(f"/recruitments/{world.recruitment.id}/references").text
    talk = client.get(f"{url}/talk").text
    assert "Referent Rask har svaret skriftligt" in talk
    assert "Skrevet af referenten." in talk
    client.send(f"{url}/talk", {first_name(world): "Skrevet af referenten.", **shown(client, url)})
    facts = {"held_on": today().isoformat(), "note": "Et notat.", "finish": "1", "confirmed": "1"}
    client.send(f"{url}/note", facts)
    written = text_of(client.get(f"{url}/note.pdf").data, tmp_path)
    assert "skriftligt, sendt" in written
    assert "Notatet er skrevet af" in written
    assert "Samtalen er ført af" not in written, "nobody has talked"


def test_a_guide_that_is_awaited_says_so_in_the_list(client: InspectingClient, world: World) -> None:
    link(client, world)
    client.sign_in("recruiter")
    assert "afventer skriftlige svar" in client.get(f"/recruitments/{world.recruitment.id}/references").text
    assert db.session.get(Referee, world.referee.id) is not None
