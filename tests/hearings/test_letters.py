"""The letter of a hearing: written, read through by a person, taken out as Word and PDF, and kept with the case."""

import io
import json
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote

import pytest
from docx import Document

from portal.hearings import texts
from portal.hearings.rules import LetterGap, letter_gaps
from portal.i18n import today
from tests.factories import World, open_hearing
from tests.hearings.test_hearings import LATER, LETTER, written
from tests.inspecting import InspectingClient
from tests.references.test_journey import text_of

SOFFICE = shutil.which("soffice")


def begun(client: InspectingClient, world: World) -> str:
    hearing = open_hearing(world.referee, world.people["recruiter"])
    client.sign_in("recruiter")
    return f"/hearings/{hearing.id}"


def words_of(docx: bytes) -> str:
    return "\n".join(p.text for p in Document(io.BytesIO(docx)).paragraphs)


def test_the_portal_begins_the_letter_with_fact_right_and_law_in_danish(client: InspectingClient, world: World) -> None:
    url = begun(client, world)
    client.set_cookie("language", "en")
    page = client.get(url).text
    for said in (
        "Projektet blev forsinket.",
        "Referent Rask har givet",
        "Kære Kandidat Kirkegaard",
        "[frist]",
        "mulighed for at udtale",
        "§ 19",
    ):
        assert said in page
    assert "recruiter@portal.example" in page, "where the reply goes"


def test_no_letter_leaves_the_portal_or_counts_as_sent_before_a_person_has_read_it_through(
    client: InspectingClient, world: World
) -> None:
    url = begun(client, world)
    for _round in range(2):
        for suffix in ("docx", "pdf"):
            assert client.get(f"{url}/letter.{suffix}").status_code == 409
        assert client.send(f"{url}/send").status_code == 409
        draft = written()
        del draft["reviewed"]
        assert client.send(f"{url}/letter", draft).status_code == 303
    assert client.send(f"{url}/letter", written()).status_code == 303
    assert client.get(f"{url}/letter.pdf").status_code == 200
    assert client.send(f"{url}/letter", draft).status_code == 303
    assert client.get(f"{url}/letter.pdf").status_code == 409, "changed again, and not read through"


def test_the_letter_as_word_and_tagged_pdf_holds_deadline_fact_right_and_law(
    client: InspectingClient, world: World, tmp_path: Path
) -> None:
    url = begun(client, world)
    text = texts.letter("Åse Ærø", "souschef", "Projektet blev <b>forsinket</b> & #dyrt.", "Ib Ib", "Bo Berg")
    client.send(f"{url}/letter", written(9, text=text))
    deadline, day = texts.danish(today() + timedelta(days=9)), texts.danish(today())
    pdf = client.get(f"{url}/letter.pdf")
    assert b"pdfuaid" in pdf.data
    assert b"/StructTreeRoot" in pdf.data
    word = client.get(f"{url}/letter.docx")
    assert unquote(word.headers["Content-Disposition"]).endswith("partshøring-Kandidat-Kirkegaard.docx")
    for found in (text_of(pdf.data, tmp_path), words_of(word.data).replace("\n", " ")):
        assert f"Frist for svar: {deadline}" in found
        assert f"senest {deadline}." in found
        for said in ("Partshøring", "Kære Åse Ærø", "Projektet blev <b>forsinket</b> & #dyrt.", "udtale dig", "§ 19"):
            assert said in found
        assert "[frist]" not in found
        assert day in found
    assert "hentede brevet i en partshøring" in client.sign_in("hr").get("/event-log?action=hearings.").text


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed: the letter is not opened by it")
@pytest.mark.parametrize("backend", ["sqlite"])  # the file does not depend on the database
def test_the_letter_opens_in_libreoffice(client: InspectingClient, world: World, tmp_path: Path) -> None:
    url = begun(client, world)
    client.send(f"{url}/letter", written(text=f"{LETTER}\n\n" + "Æblegrød på øen. " * 300))
    path = tmp_path / "letter.docx"
    path.write_bytes(client.get(f"{url}/letter.docx").data)
    command = [str(SOFFICE), f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "pdf"]
    subprocess.run([*command, "--outdir", tmp_path, path], check=True, capture_output=True, timeout=120)
    found = text_of((tmp_path / "letter.pdf").read_bytes(), tmp_path)
    assert "forvaltningslovens § 19" in found
    assert found.count("Æblegrød") == 300


@pytest.mark.parametrize(
    ("text", "gaps"),
    [
        ("Svar senest den 26. november 2026, jf. forvaltningslovens § 19.", []),
        ("Svar senest den 26. november 2026, jf. § 19, stk. 1.", []),
        ("Svar senest i morgen, jf. § 19.", [LetterGap.DEADLINE]),
        ("Svar senest den 26. november 2026, jf. § 190.", [LetterGap.LAW]),
        ("Kære [navn]. Svar senest den 26. november 2026, jf. § 19.", [LetterGap.UNFINISHED]),
    ],
)
def test_what_a_letter_lacks(text: str, gaps: list[LetterGap]) -> None:
    assert LATER.isoformat() == "2026-11-26"
    assert letter_gaps(text, "26. november 2026") == gaps


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Du kan udtale dig efter § 19.", "nævner ikke fristen"),
        ("Svar senest [frist].", "forvaltningslovens § 19"),
        ("Kære [navn], svar senest [frist], § 19.", "firkantede parenteser"),
    ],
)
def test_a_letter_that_lacks_something_is_kept_as_a_draft_alone(
    client: InspectingClient, world: World, text: str, said: str
) -> None:
    url = begun(client, world)
    refused = client.send(f"{url}/letter", written(text=text))
    assert refused.status_code == 422
    assert said in refused.text
    assert text in refused.text
    draft = written(text=text)
    del draft["reviewed"]
    assert client.send(f"{url}/letter", draft).status_code == 303


def test_what_was_sent_can_be_taken_out_again_and_stands_in_the_export_of_the_candidate(
    client: InspectingClient, world: World
) -> None:
    url = begun(client, world)
    client.send(f"{url}/letter", written(text=f"{LETTER} Skrevet til sagen."))
    client.send(f"{url}/send")
    assert client.send(f"{url}/letter", written(text=f"{LETTER} Skrevet om.")).status_code == 409
    client.send(f"{url}/reply", {"reply-text": "Leverandøren gik konkurs undervejs."})
    assert "Skrevet til sagen." in words_of(client.get(f"{url}/letter.docx").data)
    export = f"/recruitments/{world.recruitment.id}/candidates/{world.referee.candidate_id}/export"
    held = json.loads(client.get(f"{export}.json").data)
    steps = held["candidate"]["referees"][0]["talk"]["hearings"][0]["steps"]
    assert [step["kind"] for step in steps] == ["reviewed", "sent", "replied"]
    assert "Skrevet til sagen." in steps[1]["text"]
    assert client.get(f"{export}.pdf").status_code == 200
