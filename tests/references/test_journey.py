"""The reference thread: a guide from the profile, the applicant's accept, and documents that open."""

import io
import re
import subprocess
import zipfile
from datetime import timedelta
from pathlib import Path

from docx import Document

from portal.filenames import file_name
from portal.i18n import today
from portal.references import queries
from portal.references.exports import Guide, Question, as_docx, as_pdf
from portal.references.rules import ReleaseBlocker, release_blockers
from tests.factories import World
from tests.inspecting import InspectingClient


def text_of(pdf: bytes, folder: Path) -> str:
    """The text of a PDF as another program reads it, on one line."""
    path = folder / "guide.pdf"
    path.write_bytes(pdf)
    read = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True)
    return re.sub(r"\s+", " ", read.stdout)


def test_the_guide_asks_about_relation_first_and_two_questions_for_each_competency(world: World) -> None:
    questions = queries.guide(world.recruitment)
    assert [question.bank_version.key for question in questions[:2]] == ["general-r1", "general-r2"]
    asked = [question.competency_id for question in questions if question.competency_id]
    assert all(asked.count(row.competency_id) == 2 for row in world.recruitment.profile)


def test_nothing_is_released_before_the_applicants_accept(client: InspectingClient, world: World) -> None:
    client.sign_in("recruiter")
    for suffix in ("pdf", "docx"):
        refused = client.get(f"/referees/{world.referee.id}/guide.{suffix}")
        assert refused.status_code == 409
        assert "nuværende arbejdsgiver" in refused.text
    url = f"/referees/{world.referee.id}/accept"
    tomorrow = (today() + timedelta(days=1)).isoformat()
    assert client.send(url, {"given_on": tomorrow, "how": "Pr. mail"}).status_code == 422
    assert client.send(url, {"given_on": today().isoformat(), "how": "Pr. mail"}).status_code == 303
    assert client.get(f"/referees/{world.referee.id}/guide.pdf").status_code == 200


def test_the_documents_hold_every_question_and_open_in_other_programs(
    client: InspectingClient, world: World, tmp_path: Path
) -> None:
    client.sign_in("recruiter")
    client.send(f"/referees/{world.referee.id}/accept", {"given_on": today().isoformat(), "how": "Pr. mail"})
    questions = queries.guide(world.recruitment)
    pdf = client.get(f"/referees/{world.referee.id}/guide.pdf")
    assert pdf.mimetype == "application/pdf"
    text = text_of(pdf.data, tmp_path)
    docx = client.get(f"/referees/{world.referee.id}/guide.docx")
    document = Document(io.BytesIO(docx.data))
    headings = [p.text for p in document.paragraphs if p.style is not None and p.style.name.startswith("Heading")]
    for number, question in enumerate(questions, 1):
        assert f"{number}. {question.text}" in headings
        assert f"{number}. {question.text}" in text
    assert len(document.tables) == len(questions) + 1
    said = f"cirka {3 * len(questions)} minutter"
    assert said in text
    page = client.get(f"/recruitments/{world.recruitment.id}/references").text
    assert said in page, "the page and the document agree on how long the call takes"
    assert "Souschefportalen · Referenceguide · Kandidat Kirkegaard Side 1 af" in text
    assert "filename=referenceguide-Kandidat-Kirkegaard-Referent-Rask.docx" in docx.headers["Content-Disposition"]
    assert "hentede en referenceguide" in client.sign_in("hr").get("/event-log?action=references.").text


def example(text: str) -> Guide:
    question = Question("Kompetence", text, (text,))
    return Guide(
        "da",
        text,
        text,
        "Side {page} af {pages}",
        (("Kandidat", text),),
        (("Først", text),),
        "Spørgsmål",
        (question,) * 60,
        "Noter",
        (("Sidst", text),),
    )


def test_the_pdf_is_tagged_and_declares_ua_1(tmp_path: Path) -> None:
    path = tmp_path / "guide.pdf"
    path.write_bytes(as_pdf(example("Hvordan gik det?")))
    info = subprocess.run(["pdfinfo", path], capture_output=True, text=True, check=True).stdout
    assert re.search(r"Tagged:\s+yes", info)
    raw = path.read_bytes()
    assert b"pdfuaid:part" in raw
    assert b"/Lang" in raw


def test_text_is_never_read_as_markup(tmp_path: Path) -> None:
    nasty = 'Blåbær & <b>fed</b> #eval("1+1") $x^2$ *stjerne* _streg_ @ref \\ "citat" æøå ÆØÅ'
    guide = example(nasty)
    text = text_of(as_pdf(guide), tmp_path)
    assert text.count('#eval("1+1")') >= 60
    with zipfile.ZipFile(io.BytesIO(as_docx(guide))) as archive:
        assert archive.testzip() is None
    assert nasty in [p.text for p in Document(io.BytesIO(as_docx(guide))).paragraphs]


def test_the_rule_for_the_present_employer_is_named() -> None:
    assert release_blockers(questions=0, accepted=True, current_employer=False) == [ReleaseBlocker.NO_QUESTIONS]
    assert release_blockers(questions=9, accepted=False, current_employer=True) == [ReleaseBlocker.CURRENT_EMPLOYER]
    assert release_blockers(questions=9, accepted=False, current_employer=False) == [ReleaseBlocker.NO_ACCEPT]
    assert release_blockers(questions=9, accepted=True, current_employer=True) == []


def test_file_names_are_safe_on_windows() -> None:
    assert file_name(["guide", 'Åse <Ø> "Æ"/con?', ""]) == "guide-Åse-Ø-Æ-con"
    assert len(file_name(["x" * 300])) == 80
    assert file_name(["???"]) == "guide"
    assert file_name(["", "Nul"], "plan") == "plan-Nul"
