"""The guide as files: sixty long Danish questions open in other programs, and names that Windows can store."""

import csv
import io
import json
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from docx import Document
from docx.oxml.ns import qn
from openpyxl import load_workbook

from portal.audit.models import AuditEvent
from portal.db import db, unit_of_work
from portal.filenames import RESERVED, file_name
from portal.i18n import today
from portal.references import queries, questions, services
from tests.factories import World, finished_talk
from tests.inspecting import InspectingClient
from tests.references.test_journey import text_of

SOFFICE = shutil.which("soffice")
LONG = "Fortæl om en gang, hvor kandidaten måtte sige nej til en ærgerlig løsning på en øde ø, nr. {} – ÆØÅ æøå. "
ONE_FILE = pytest.mark.parametrize("backend", ["sqlite"])  # the files do not depend on the database


def sixty(client: InspectingClient, world: World) -> tuple[str, list[str]]:
    """A referee who may be called, and a guide of sixty questions, the longest with a thousand characters."""
    with unit_of_work():
        for n in range(60 - len(queries.guide(world.recruitment))):
            text = (LONG.format(n) * 10)[:1000].strip() if n % 10 == 0 else LONG.format(n).strip()
            questions.add_own(world.recruitment, None, text, ["Hvad skete der så på øen?"] * (n % 3))
        services.record_accept(world.referee, world.people["recruiter"], given_on=today(), how="Pr. mail")
    client.sign_in("recruiter")
    wanted = [question.text for question in queries.guide(world.recruitment)]
    assert len(wanted) == 60
    return f"/referees/{world.referee.id}/guide", wanted


def squeezed(text: str) -> str:
    """Without any blanks: lines may break anywhere."""
    return re.sub(r"\s+", "", text)


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed: the Word file is not opened by it")
@ONE_FILE
def test_libreoffice_lays_out_every_question_with_its_number_and_room_to_write(
    client: InspectingClient, world: World, tmp_path: Path
) -> None:
    url, wanted = sixty(client, world)
    path = tmp_path / "guide.docx"
    path.write_bytes(client.get(f"{url}.docx").data)
    command = [str(SOFFICE), f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "pdf"]
    subprocess.run([*command, "--outdir", tmp_path, path], check=True, capture_output=True, timeout=120)
    read = subprocess.run(
        ["pdftotext", "-raw", tmp_path / "guide.pdf", "-"], capture_output=True, text=True, check=True
    )
    running = (
        rf"Souschefportalen · Referenceguide · {world.referee.candidate.name}\n|Referenceguide · Side \d+ af \d+\n\f?"
    )
    assert len(re.findall(running, read.stdout)) > 20, "header and counted pages"
    found = squeezed(re.sub(running, "", read.stdout))
    for number, text in enumerate(wanted, 1):
        assert squeezed(f"{number}. {text}") in found
    assert (
        found.count(squeezed("Noter: hvad har referencepersonen set eller hørt?")) >= 60 or found.count("Noter") >= 60
    )


@ONE_FILE
def test_the_word_file_has_real_headings_lists_and_a_table_for_each_answer(
    client: InspectingClient, world: World
) -> None:
    url, wanted = sixty(client, world)
    document = Document(io.BytesIO(client.get(f"{url}.docx").data))
    styles = [(p.style.name, p.text) for p in document.paragraphs if p.style]
    headings = [text for style, text in styles if style == "Heading 3"]
    assert headings == [f"{number}. {text}" for number, text in enumerate(wanted, 1)]
    assert styles[0] == ("Title", "Referenceguide")
    assert ("List Bullet", "Hvad skete der så på øen?") in styles
    assert len(document.tables) == 61
    for table in document.tables[1:]:
        assert table.rows[0]._tr.find(f".//{qn('w:tblHeader')}") is not None
        assert table.rows[0].cells[0].text
        assert table.rows[1].cells[0].text == "", "room to write"
        assert table.rows[1].height is not None
    assert document.core_properties.language == "da-DK"


@ONE_FILE
def test_the_pdf_holds_sixty_long_questions_and_is_tagged(
    client: InspectingClient, world: World, tmp_path: Path
) -> None:
    url, wanted = sixty(client, world)
    pdf = client.get(f"{url}.pdf").data
    assert b"pdfuaid:part" in pdf
    assert b"/StructTreeRoot" in pdf
    running = r"Souschefportalen · Referenceguide · [\w ]+? Side \d+ af \d+"
    found = squeezed(re.sub(running, "", text_of(pdf, tmp_path)))
    assert [number for number, text in enumerate(wanted, 1) if squeezed(f"{number}. {text}") not in found] == []


@ONE_FILE
def test_the_data_hold_sixty_long_questions(client: InspectingClient, world: World) -> None:
    url, wanted = sixty(client, world)
    rows = list(csv.reader(io.StringIO(client.get(f"{url}.csv").data.decode("utf-8-sig")), delimiter=";"))
    sheet = load_workbook(io.BytesIO(client.get(f"{url}.xlsx").data)).active
    assert sheet is not None
    assert [row[2] for row in rows[1:]] == [row[2] for row in list(sheet.values)[1:]] == wanted
    assert [q["text"] for q in json.loads(client.get(f"{url}.json").data)["questions"]] == wanted


def another(world: World, name: str) -> int:
    """One more referee of the candidate, who may be called; the id."""
    facts = services.RefereeFacts(name, "Kollega", current_employer=False)
    with unit_of_work():
        referee = services.add_referee(world.referee.candidate, facts)
        services.record_accept(referee, world.people["recruiter"], given_on=today(), how="Pr. mail")
    return referee.id


def names_in(archive: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        assert opened.testzip() is None
        return opened.namelist()


@ONE_FILE
def test_the_archive_is_of_all_of_several_or_of_one(client: InspectingClient, world: World) -> None:
    finished_talk(world.referee, world.people["recruiter"])
    first, second, third = world.referee.id, another(world, "Bo Berg"), another(world, "Åse Ærø")
    client.sign_in("recruiter")
    url = f"/recruitments/{world.recruitment.id}/references.zip"
    assert len(names_in(client.get(url).data)) == 2 * 3 + 1
    assert len(names_in(client.get(f"{url}?referee={second}&referee={third}").data)) == 2 * 2
    assert [name[:2] for name in names_in(client.get(f"{url}?referee={first}").data)] == ["01", "01", "01"]
    assert client.get(f"{url}?referee=4711").status_code == 409
    assert f"references.zip?referee={first}" in client.get(f"/recruitments/{world.recruitment.id}/references").text
    logged = db.select(AuditEvent.action).where(
        AuditEvent.action.in_(["references.export_guide", "references.export_note"])
    )
    assert sorted(db.session.scalars(logged)).count("references.export_note") == 2, (
        "once for each archive with the note"
    )


WINDOWS = re.compile(r'[<>:"/\\|?*\x00-\x1f]')


@ONE_FILE
def test_names_in_the_archive_can_be_stored_on_windows(client: InspectingClient, world: World) -> None:
    with unit_of_work():
        world.referee.candidate.name = 'A<b>:"c"/d\\e|f?g*. '
        world.referee.name = "Åse Ærø-Østergård " * 6
    for name in ("CON", "aux.txt", "nul.", "...", "漢字 🎉", "A\u030ase"):
        another(world, name)
    services.record_accept(world.referee, world.people["recruiter"], given_on=today(), how="Pr. mail")
    db.session.commit()
    client.sign_in("recruiter")
    answer = client.get(f"/recruitments/{world.recruitment.id}/references.zip")
    names = names_in(answer.data)
    assert len({name.casefold() for name in names}) == len(names) == 14, "Windows does not tell A from a"
    for name in names:
        stem, _dot, suffix = name.rpartition(".")
        assert suffix in ("docx", "pdf")
        assert not WINDOWS.search(name)
        assert not stem.endswith((".", " "))
        assert stem.split(".")[0].casefold() not in RESERVED
        assert len(name) <= 100, name
        assert len(name.encode()) <= 255
    assert any("Åse" in name for name in names)
    assert answer.headers["Content-Disposition"].endswith(".zip")


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (["CON"], "guide-CON"), (["lpt1"], "guide-lpt1"), (["com¹"], "guide-com¹"), (["aux."], "guide-aux"),
        (["nul.txt"], "nul-txt"), (["navn..."], "navn"), (["A\u030ase"], "Åse"), (["x" * 79, "y"], "x" * 79),
    ],
)  # fmt: skip
def test_no_name_is_one_of_a_device_or_ends_in_a_dot(words: list[str], wanted: str) -> None:
    assert file_name(words) == wanted
