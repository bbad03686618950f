"""The plan and the sign-off record as documents that other programs open."""

import hashlib
import io
import re
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from docx import Document
from docx.oxml.ns import qn
from pypdf import PdfReader

from portal.db import db, unit_of_work
from portal.i18n import today
from portal.onboarding import decisions, queries, services
from portal.onboarding.decisions import ReviewText
from portal.onboarding.models import Plan
from portal.onboarding.schedule import TRIAL_REVIEW
from portal.people.services import name_deputy
from tests.factories import World, make_person, start_plan
from tests.inspecting import InspectingClient

NOTE = "Læst og drøftet; referatet ligger på sagen."
COMMENT = "Flot arbejde med overdragelsen."
MILESTONES = {
    "before_start": "Før start", "day_1": "Dag 1", "week_1": "Uge 1", "day_30": "Dag 30",
    "trial_review": "Prøvetidsvurdering", "day_90": "Dag 90", "month_6": "6 måneder",
}  # fmt: skip
SOFFICE = shutil.which("soffice")


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def text_of(pdf: bytes, folder: Path) -> str:
    """The text of a PDF as another program reads it, without any blanks: lines may break anywhere."""
    path = folder / "document.pdf"
    path.write_bytes(pdf)
    read = subprocess.run(["pdftotext", "-raw", path, "-"], capture_output=True, text=True, check=True)
    return squeezed(read.stdout)


def finish(plan: Plan, phase: str) -> None:
    for item in queries.items_of(plan, phase):
        services.complete_item(item, plan.souschef, NOTE)
    services.recount(plan.id)


def approve(world: World, phase: str) -> str:
    """Everything of the milestone done, asked for and approved; returns the digest."""
    chef, souschef = world.people["chef"], world.people["souschef"]
    with unit_of_work():
        finish(world.plan, phase)
        decisions.request_sign_off(world.plan, phase, souschef, "Klar.")
        decisions.return_milestone(world.plan, phase, chef, "Der mangler et referat.")
        decisions.request_sign_off(world.plan, phase, souschef)
        decisions.approve_milestone(world.plan, phase, chef, COMMENT)
    return world.plan.milestone_events[-1].digest


def test_the_plan_is_a_tagged_pdf_with_every_milestone_and_item(
    client: InspectingClient, world: World, tmp_path: Path
) -> None:
    with unit_of_work():
        finish(world.plan, "before_start")
    response = client.sign_in("souschef").get(f"/onboarding/{world.plan.id}/plan.pdf")
    assert response.mimetype == "application/pdf"
    assert response.headers["Cache-Control"] == "no-store"
    assert "filename=onboarding-Souschef.pdf" in response.headers["Content-Disposition"]
    text = text_of(response.data, tmp_path)
    for item in world.plan.items:
        assert squeezed(item.title) in text
        assert squeezed(item.documentation) in text
    assert all(squeezed(MILESTONES[m.phase]) in text for m in world.plan.milestones)
    assert squeezed(NOTE) in text
    info = subprocess.run(["pdfinfo", tmp_path / "document.pdf"], capture_output=True, text=True, check=True).stdout
    assert re.search(r"Tagged:\s+yes", info)
    pages = re.search(r"Pages:\s+(\d+)", info)
    assert pages
    assert f"Side1af{pages[1]}" in text
    assert b"pdfuaid:part" in response.data
    assert b"/Lang" in response.data
    fonts = subprocess.run(["pdffonts", tmp_path / "document.pdf"], capture_output=True, text=True, check=True).stdout
    assert "IBMPlexSans" in fonts
    assert "Serif" not in fonts


@pytest.mark.parametrize("suffix", ["pdf", "docx"])
def test_hr_gets_the_plan_without_what_documents_it(
    client: InspectingClient, world: World, tmp_path: Path, suffix: str
) -> None:
    with unit_of_work():
        finish(world.plan, "before_start")
    url, found = f"/onboarding/{world.plan.id}/plan.{suffix}", {}
    for who in ("souschef", "chef", "buddy", "hr"):
        data = client.sign_in(who).get(url).data
        found[who] = text_of(data, tmp_path) if suffix == "pdf" else squeezed(words_of(data))
    assert [who for who, text in found.items() if squeezed(NOTE) in text] == ["souschef", "chef", "buddy"]
    assert squeezed(world.plan.items[0].title) in found["hr"]
    log = client.get("/event-log?action=onboarding.").text
    assert log.count("hentede et onboardingforløb som fil") == 4


def words_of(docx: bytes) -> str:
    document = Document(io.BytesIO(docx))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(p.text for p in document.paragraphs), *cells])


def test_the_word_file_has_headings_tables_with_headings_and_lists(client: InspectingClient, world: World) -> None:
    with unit_of_work():
        finish(world.plan, "before_start")
    data = client.sign_in("souschef").get(f"/onboarding/{world.plan.id}/plan.docx").data
    document = Document(io.BytesIO(data))
    styles = [(p.style.name if p.style else "", p.text) for p in document.paragraphs]
    assert [text for style, text in styles if style == "Heading 1"] == [
        MILESTONES[m.phase] for m in world.plan.milestones
    ]
    assert sum(style == "List Bullet" and text.endswith(NOTE) for style, text in styles) == len(
        queries.items_of(world.plan, "before_start")
    )
    tables = document.tables[1:]
    assert len(tables) == len(world.plan.milestones)
    assert sum(len(table.rows) - 1 for table in tables) == len(world.plan.items)
    assert all(table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None for table in tables)
    assert document.core_properties.language == "da-DK"


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not on this machine")
@pytest.mark.parametrize("backend", ["sqlite"])  # what the file looks like does not depend on the database
def test_the_word_file_opens_in_libreoffice(client: InspectingClient, world: World, tmp_path: Path) -> None:
    path = tmp_path / "plan.docx"
    path.write_bytes(client.sign_in("chef").get(f"/onboarding/{world.plan.id}/plan.docx").data)
    command = [SOFFICE, f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "pdf"]
    subprocess.run([*map(str, command), "--outdir", tmp_path, path], check=True, capture_output=True, timeout=120)
    text = text_of((tmp_path / "plan.pdf").read_bytes(), tmp_path)
    assert all(squeezed(item.title) in text for item in world.plan.items[:5])


@pytest.mark.parametrize("suffix", ["pdf", "docx"])
def test_no_name_stops_a_document(client: InspectingClient, world: World, suffix: str) -> None:
    with unit_of_work():
        world.people["souschef"].name = "漢字 🎉 \u202eA & <b> #x $y$ مرحبا"
        finish(world.plan, "before_start")
    response = client.sign_in("souschef").get(f"/onboarding/{world.plan.id}/plan.{suffix}")
    assert response.status_code == 200


def test_a_plan_that_was_ended_says_so_and_why_to_those_who_may_know(
    client: InspectingClient, world: World, tmp_path: Path
) -> None:
    with unit_of_work():
        services.end_plan(world.plan, "Souschefen er rejst videre.")
    for who, told in (("souschef", True), ("hr", True)):
        text = text_of(client.sign_in(who).get(f"/onboarding/{world.plan.id}/plan.pdf").data, tmp_path)
        assert "Afsluttet" in text
        assert ("rejstvidere" in text) is told


def test_without_a_sign_off_there_is_no_record(client: InspectingClient, world: World) -> None:
    url = f"/onboarding/{world.plan.id}/milestones/before_start"
    refused = client.sign_in("souschef").get(f"{url}/record.pdf")
    assert refused.status_code == 409
    assert "intet godkendelsesblad" in refused.text
    assert "record.pdf" not in client.get(url).text


def test_the_record_is_what_was_approved_and_can_be_checked(
    client: InspectingClient, world: World, tmp_path: Path
) -> None:
    digest = approve(world, "before_start")
    url = f"/onboarding/{world.plan.id}/milestones/before_start"
    client.sign_in("chef")
    assert f"{url}/record.pdf" in client.get(url).text
    response = client.get(f"{url}/record.pdf")
    text = text_of(response.data, tmp_path)
    for part in (digest, NOTE, COMMENT, "Der mangler et referat.", "Klar.", "den er den samme", "Chef godkendte"):
        assert squeezed(part).lower() in text.lower()
    assert b"pdfuaid:part" in response.data
    (content,) = next(iter(PdfReader(io.BytesIO(response.data)).attachments.values()))
    assert hashlib.sha256(content).hexdigest() == digest
    assert "hentede et godkendelsesblad" in client.sign_in("hr").get("/event-log?action=onboarding.").text


def test_hr_gets_the_record_without_the_words_of_others(client: InspectingClient, world: World, tmp_path: Path) -> None:
    digest = approve(world, "before_start")
    data = client.sign_in("hr").get(f"/onboarding/{world.plan.id}/milestones/before_start/record.pdf").data
    text = text_of(data, tmp_path)
    assert digest in text
    assert all(squeezed(item.title) in text for item in queries.items_of(world.plan, "before_start"))
    for hidden in (NOTE, COMMENT, "Der mangler et referat."):
        assert squeezed(hidden) not in text
    assert not PdfReader(io.BytesIO(data)).attachments


def test_a_record_shows_what_was_approved_and_says_when_it_no_longer_holds(
    client: InspectingClient, world: World, tmp_path: Path
) -> None:
    digest = approve(world, "before_start")
    item = queries.items_of(world.plan, "before_start")[0]
    with unit_of_work():
        decisions.reopen_milestone(world.plan, "before_start", world.people["chef"], "Et referat var forkert.")
        services.undo_item(item, world.people["souschef"])
        item.title = "Et andet tjekpunkt"
    data = client.sign_in("chef").get(f"/onboarding/{world.plan.id}/milestones/before_start/record.pdf").data
    text = text_of(data, tmp_path)
    assert "gælderikkelængere" in text
    assert "Etreferatvarforkert." in text
    assert digest in text
    assert "Etandettjekpunkt" not in text


def test_the_review_of_the_trial_period_is_not_in_its_record(
    client: InspectingClient, world: World, tmp_path: Path
) -> None:
    words = ReviewText("Hemmelige styrker", "Hemmelige bekymringer", "Hemmelige aftaler")
    with unit_of_work():
        decisions.write_review(world.plan, world.people["chef"], words, share=True)
        name_deputy(world.office, world.people["outsider"], today(), today() + timedelta(days=1), world.people["chef"])
    digest = approve(world, TRIAL_REVIEW)
    for who in ("souschef", "chef", "buddy", "outsider", "hr"):
        response = client.sign_in(who).get(f"/onboarding/{world.plan.id}/milestones/{TRIAL_REVIEW}/record.pdf")
        text = text_of(response.data, tmp_path)
        assert "prøvetidsvurderingen,somChefskrev" in text
        assert digest in text
        assert "Hemmelige" not in text
        for contents in PdfReader(io.BytesIO(response.data)).attachments.values():
            assert all(b"Hemmelige" not in content for content in contents)


def test_documents_cost_as_many_queries_for_a_plan_with_more_items(client: InspectingClient, world: World) -> None:
    client.sign_in("chef")
    client.budget = 14
    with unit_of_work():
        plan = start_plan(world.office, make_person("travl"), today())
        for n in range(60):
            words = services.ItemWords(
                title=f"Eget punkt {n}", why="", documentation="", phase="day_30", responsible="souschef",
                due_date=today(), required=True, theme="culture", competency_keys=(),
            )  # fmt: skip
            services.add_item(plan, world.people["chef"], words)
    for url in ("plan.pdf", "plan.docx", "progress"):
        assert client.get(f"/onboarding/{plan.id}/{url}").status_code == 200
    db.session.rollback()
