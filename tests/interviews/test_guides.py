"""The interview guide as documents that other programs open: for whom, about whom, and what stands in it."""

import io
import re
import shutil
import subprocess
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from docx import Document
from docx.oxml.ns import qn
from pypdf import PdfReader

from portal.db import db, unit_of_work
from portal.interviews import queries, questions
from portal.recruitment import services
from portal.recruitment.models import Interview
from tests.factories import World
from tests.inspecting import InspectingClient
from tests.interviews.test_scorecards import REASON, assess, card

SOFFICE = shutil.which("soffice")
BOXES = ("1", "2", "3", "4", "5", "Ikke belyst")


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def words_of_pdf(pdf: bytes) -> str:
    """The text of a PDF as another program reads it, without any blanks: lines may break anywhere."""
    return squeezed("".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages))


def words_of_docx(docx: bytes) -> str:
    document = Document(io.BytesIO(docx))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return squeezed("\n".join([*(p.text for p in document.paragraphs), *cells]))


READERS = {"pdf": words_of_pdf, "docx": words_of_docx}


def interview_of(world: World, n: int = 0) -> Interview:
    return world.recruitment.candidates[n].interviews[0]


def arranged(client: InspectingClient, world: World) -> str:
    """The address of an interview with a time and a place, whose candidate the member is impartial to."""
    interview = interview_of(world)
    with unit_of_work():
        interview.starts_at, interview.place = datetime(2026, 12, 1, 8, 30, tzinfo=UTC), "Mødelokale 3"
        interview.minutes = 75
    client.sign_in("member").send(f"/interviews/{interview.id}/declaration", {"impartial": "yes"})
    return f"/interviews/{interview.id}"


@pytest.mark.parametrize("suffix", ["pdf", "docx"])
def test_the_guide_holds_all_that_the_member_needs_in_the_interview(
    client: InspectingClient, world: World, suffix: str
) -> None:
    url = arranged(client, world)
    response = client.get(f"{url}/guide.{suffix}")
    assert response.status_code == 200
    assert f"filename=samtaleguide-Kandidat-Kirkegaard.{suffix}" in response.headers["Content-Disposition"]
    text = READERS[suffix](response.data)
    for question in queries.scorecard(world.recruitment):
        assert squeezed(question.text) in text
        assert all(squeezed(probe) in text for probe in question.probes)
        assert all(squeezed(anchor) in text for anchor in question.anchors.values())
    for fact in ("Kandidat Kirkegaard", "Member", "1. december 2026 kl. 09.30", "Mødelokale 3", "Souschef til prøve"):
        assert squeezed(fact) in text
    assert squeezed("Vi har sat 75 minutter af") in text
    assert squeezed("Hvad vil du gerne spørge os om?") in text
    assert text.count("Ikkebelyst") == len(queries.scorecard(world.recruitment))
    assert squeezed("Spørgsmålene kan ændres indtil rundens") in text


def test_the_pdf_is_tagged_and_in_danish(client: InspectingClient, world: World, tmp_path: Path) -> None:
    data = client.get(f"{arranged(client, world)}/guide.pdf").data
    catalogue = PdfReader(io.BytesIO(data)).trailer["/Root"].get_object()
    assert catalogue["/Lang"] == "da"
    assert catalogue["/MarkInfo"]["/Marked"]
    assert b"pdfuaid:part" in data
    path = tmp_path / "guide.pdf"
    path.write_bytes(data)
    fonts = subprocess.run(["pdffonts", path], capture_output=True, text=True, check=True).stdout
    assert "IBMPlexSans" in fonts


def test_the_word_file_has_headings_and_a_table_with_the_anchors_beside_the_notes(
    client: InspectingClient, world: World
) -> None:
    document = Document(io.BytesIO(client.get(f"{arranged(client, world)}/guide.docx").data))
    listed = queries.scorecard(world.recruitment)
    styles = [(p.style.name if p.style else "", p.text) for p in document.paragraphs]
    assert [text for style, text in styles if style == "Heading 1"] == ["Sig først", "Spørgsmål", "Sig til sidst"]
    headings = [text for style, text in styles if style == "Heading 2"]
    assert headings == [f"{n}. {question.text}" for n, question in enumerate(listed, 1)]
    assert sum(style == "List Bullet" for style, _text in styles) == sum(len(question.probes) for question in listed)
    tables = document.tables[1:]
    assert len(tables) == len(listed)
    for table, question in zip(tables, listed, strict=True):
        assert table.rows[0]._tr.find(f".//{qn('w:tblHeader')}") is not None
        assert table.rows[1].cells[0].text == "", "room for notes"
        assert question.anchors["5"] in table.rows[1].cells[1].text
    boxes = [text for _style, text in styles if "☐" in text]
    assert len(boxes) == len(listed)
    assert all(f"☐ {box}" in boxes[0] for box in BOXES)
    assert document.core_properties.language == "da-DK"


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed: the Word file is not opened by it")
@pytest.mark.parametrize("backend", ["sqlite"])  # the file does not depend on the database
def test_libreoffice_opens_the_word_file(client: InspectingClient, world: World, tmp_path: Path) -> None:
    path = tmp_path / "guide.docx"
    path.write_bytes(client.get(f"{arranged(client, world)}/guide.docx").data)
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = [str(SOFFICE), profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    text = words_of_pdf((tmp_path / "guide.pdf").read_bytes())
    assert squeezed(queries.scorecard(world.recruitment)[-1].text) in text
    assert "{page}" not in text


def test_the_guide_is_for_the_member_who_is_impartial_to_the_candidate_alone(
    client: InspectingClient, world: World
) -> None:
    url = arranged(client, world)
    for suffix in ("pdf", "docx"):
        assert client.sign_in("member2").get(f"{url}/guide.{suffix}").status_code == 409, "not declared yet"
    assert f"{url}/guide.pdf" not in client.get(card(world)).text
    client.send(f"{url}/declaration", {"impartial": "no", "confirmed": "1"})
    refused = client.get(f"{url}/guide.pdf")
    assert refused.status_code == 409
    assert "ikke" in refused.text
    assert client.get(f"{card(world)}/guides.zip").status_code == 409
    for who, status in (("recruiter", 403), ("hr", 403), ("outsider", 404)):
        assert client.sign_in(who).get(f"{url}/guide.pdf").status_code == status
    assert f"{url}/guide.pdf" in client.sign_in("member").get(card(world)).text
    client.get(f"{url}/guide.pdf")
    log = client.sign_in("hr").get("/event-log?action=interviews.").text
    assert log.count("hentede en samtaleguide til en kandidat") == 1, "what was refused has not left the portal"


def test_the_recruiter_prints_a_blank_guide_without_any_candidate(client: InspectingClient, world: World) -> None:
    client.sign_in("recruiter")
    for suffix, read in READERS.items():
        text = read(client.get(f"{card(world)}/guide.{suffix}").data)
        assert squeezed(queries.scorecard(world.recruitment)[0].text) in text
        assert "Kirkegaard" not in text
        assert "Member" not in text
    for question in queries.scorecard(world.recruitment):
        client.send(f"{card(world)}/questions/{question.id}/remove")
    assert client.get(f"{card(world)}/guide.pdf").status_code == 409


def test_a_member_gets_all_their_guides_in_one_zip(client: InspectingClient, world: World) -> None:
    with unit_of_work():
        for name in ("CON", "Kandidat Kirkegaard", "Åse/Ørsted: «x»", "Ikke habil"):
            services.add_candidate(world.recruitment, name)
    db.session.expire_all()
    client.sign_in("member")
    for n, candidate in enumerate(world.recruitment.candidates):
        word = {"impartial": "yes"} if n < 4 else {"impartial": "no", "confirmed": "1"}
        client.send(f"/interviews/{candidate.interviews[0].id}/declaration", word)
    response = client.get(f"{card(world)}/guides.zip")
    assert response.mimetype == "application/zip"
    archive = zipfile.ZipFile(io.BytesIO(response.data))
    names = archive.namelist()
    assert len(names) == len(set(names)) == 8
    assert all(re.fullmatch(r"samtaleguide-[\w-]+\.(pdf|docx)", name) for name in names)
    assert not any("habil" in name for name in names)
    found = [name for name in names if "Ørsted" in name and name.endswith("pdf")]
    text = words_of_pdf(archive.read(found[0]))
    assert "Åse/Ørsted" in text
    assert "Kirkegaard" not in text, "no trace of another candidate"
    assert "hentede samtaleguiderne til en runde" in client.sign_in("hr").get("/event-log?action=interviews.").text


def test_a_dropped_question_is_not_in_the_guide(client: InspectingClient, world: World) -> None:
    assess(client, world, "member", 4)
    dropped, kept = queries.scorecard(world.recruitment)[:2]
    with unit_of_work():
        questions.drop_question(dropped, world.people["recruiter"], REASON)
    text = words_of_pdf(client.sign_in("member").get(f"/interviews/{interview_of(world).id}/guide.pdf").data)
    assert squeezed(kept.text) in text
    assert squeezed(dropped.text) not in text
    assert squeezed("kan stadig blive ændret") not in text, "the round has begun"
