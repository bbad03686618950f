"""The job ad from draft to file: what it begins with, who may do what, and what two who write at once are shown."""

import io
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from docx import Document
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from portal.audit.models import AuditEvent
from portal.db import db, unit_of_work
from portal.jobads import services
from portal.jobads.models import JobAd
from portal.jobads.rules import Content
from tests.factories import World, version
from tests.inspecting import InspectingClient

FACTS = {
    "title": "Souschef til Kontor for prøver",
    "area": "Styrelsen",
    "workplace": "Prøvegade 1, 9000 Aalborg",
    "deadline_day": "2026-12-01",
    "deadline_time": "12:00",
    "pay": "Overenskomst for akademikere i staten.",
    "part_time": "37 timer. Deltid er muligt.",
    "everyone": "Alle kvalificerede opfordres til at søge uanset baggrund.",
    "apply": "Send din ansøgning via linket.",
}


def url_of(world: World, rest: str = "") -> str:
    return f"/recruitments/{world.recruitment.id}/ad{rest}"


def drafted(client: InspectingClient, world: World) -> JobAd:
    client.sign_in("recruiter")
    assert client.send(url_of(world, "/draft")).status_code == 303
    return newest(world)


def newest(world: World) -> JobAd:
    query = select(JobAd).where(JobAd.recruitment_id == world.recruitment.id).order_by(JobAd.number.desc())
    found = db.session.scalars(query).first()
    assert found is not None
    return found


def fields_of(world: World) -> list[str]:
    """The form's field of each competency of the profile."""
    keys = [c.key for part in version().parts for c in part.competencies]
    return [f"lines_{keys.index(row.competency.key) + 1}" for row in world.recruitment.profile]


def lines_of(world: World) -> dict[str, str]:
    return {field: f"- Du kan det, som {field} handler om." for field in fields_of(world)}


def test_a_draft_holds_a_line_of_the_bank_for_each_competency_and_what_is_known(
    client: InspectingClient, world: World
) -> None:
    client.sign_in("recruiter")
    assert "Der er ingen jobannonce endnu" in client.get(url_of(world)).text
    says = drafted(client, world).says
    assert says.advertised == {row.competency.key for row in world.recruitment.profile}
    assert (says.title, says.workplace) == (world.recruitment.title, world.office.name)
    assert "uanset personlig baggrund" in says.everyone
    client.send(url_of(world, "/draft"))
    assert db.session.scalar(select(func.count()).select_from(JobAd)) == 1, "a second draft changes nothing"


def test_a_complete_ad_has_nothing_pointed_out_and_each_gap_is_said_with_its_field(
    client: InspectingClient, world: World
) -> None:
    drafted(client, world)
    page = client.get(url_of(world)).text
    assert "”Ansøgningsfrist” mangler." in page
    assert f'href="{url_of(world, "/edit")}#deadline_day"' in page
    saved = client.send(url_of(world, "/edit"), {"number": 1, **FACTS, **lines_of(world)}, follow_redirects=True).text
    assert "intet at bemærke" in saved
    assert "1. december 2026 kl. 12.00" in saved
    unsaid = fields_of(world)[0]
    without = {"number": 2, **FACTS, **lines_of(world), unsaid: "", "about_job": "Vi søger en ung mand."}
    page = client.send(url_of(world, "/edit"), without, follow_redirects=True).text
    assert "Vurderes, men står ikke i annoncen" in page
    assert "alder (forskelsbehandlingsloven" in page
    assert "køn (ligebehandlingsloven" in page


def test_what_is_advertised_and_never_asked_about_is_pointed_out(client: InspectingClient, world: World) -> None:
    drafted(client, world)
    db.session.execute(text("DELETE FROM scorecard_question"))
    db.session.execute(text("DELETE FROM reference_guide_question"))
    db.session.commit()
    assert client.get(url_of(world)).text.count("<li>Står i annoncen, men vurderes ikke") == len(
        world.recruitment.profile
    )


def test_the_second_of_two_sees_both_versions_and_decides(client: InspectingClient, world: World) -> None:
    drafted(client, world)
    client.send(url_of(world, "/edit"), {"number": 1, **FACTS, "about_us": "Den førstes tekst."})
    late = client.send(url_of(world, "/edit"), {"number": 1, **FACTS, "about_us": "Den andens tekst."})
    assert late.status_code == 409
    assert "Den førstes tekst." in late.text
    assert "Den andens tekst." in late.text
    assert 'name="number" type="hidden" value="2"' in late.text
    client.send(url_of(world, "/edit"), {"number": 2, **FACTS, "about_us": "Den andens tekst."})
    assert newest(world).number == 3
    assert "Nyere" not in client.get(url_of(world, "/versions/3")).text
    assert "Den førstes tekst." in client.get(url_of(world, "/versions/2")).text
    history = client.get(url_of(world, "/history")).text
    assert re.findall(r"<strong>(Version \d)", history) == ["Version 3", "Version 2", "Version 1"]
    assert history.count("Recruiter, ") == 3


def test_saving_the_same_adds_no_version_and_half_a_deadline_is_refused(client: InspectingClient, world: World) -> None:
    drafted(client, world)
    for number in (1, 1, 2):
        assert client.send(url_of(world, "/edit"), {"number": number, **FACTS}).status_code == 303
    assert newest(world).number == 2
    assert client.send(url_of(world, "/edit"), {"number": "9" * 5000, **FACTS, "pay": "x"}).status_code == 409
    half = client.send(url_of(world, "/edit"), {"number": 2, **FACTS, "deadline_time": ""})
    assert half.status_code == 422
    assert "Skriv det klokkeslæt" in half.text
    cpr = client.send(url_of(world, "/edit"), {"number": 2, **FACTS, "contact": "010190-1234"})
    assert cpr.status_code == 422


def test_lines_about_a_competency_that_left_the_profile_can_still_be_edited(
    client: InspectingClient, world: World
) -> None:
    drafted(client, world)
    kept, gone = world.recruitment.profile[0].competency_id, fields_of(world)[1]
    client.send(f"/recruitments/{world.recruitment.id}/profile", {
        f"pick_{kept}": "y", f"weight_{kept}": "1",
    })  # fmt: skip
    assert f'name="{gone}"' in client.get(url_of(world, "/edit")).text


def test_a_panel_member_reads_and_takes_along_but_does_not_write(client: InspectingClient, world: World) -> None:
    drafted(client, world)
    client.sign_in("member")
    page = client.get(url_of(world)).text
    assert "Redigér annoncen" not in page
    assert "Ret det" not in page
    assert client.get(url_of(world, "/edit")).status_code == 403
    assert client.get(url_of(world, "/ad.docx")).status_code == 200
    logged = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "jobads.export")).one()
    assert logged.details == {"number": 1, "format": "docx"}
    client.sign_in("outsider")
    assert client.get(url_of(world)).status_code == 404


def test_the_word_file_has_real_headings_and_lists(client: InspectingClient, world: World, tmp_path: Path) -> None:
    ad = drafted(client, world)
    document = Document(io.BytesIO(client.get(url_of(world, "/ad.docx")).data))
    styles = {p.text: p.style.name for p in document.paragraphs if p.style}
    assert styles[ad.says.title] == "Title"
    assert styles["Vi ser efter"] == "Heading 1"
    assert all(styles[line.text] == "List Bullet" for line in ad.says.lines)
    office = shutil.which("soffice")
    if office and db.engine.dialect.name == "sqlite":
        path = tmp_path / "ad.docx"
        path.write_bytes(client.get(url_of(world, "/ad.docx")).data)
        command = [office, f"-env:UserInstallation=file://{tmp_path}/office", "--headless", "--convert-to", "txt:Text"]
        subprocess.run([*command, "--outdir", tmp_path, path], check=True, capture_output=True)
        assert ad.says.lines[0].text in (tmp_path / "ad.txt").read_text(encoding="utf-8-sig")


def test_the_pdf_is_tagged_and_markdown_shows_what_was_written(client: InspectingClient, world: World) -> None:
    drafted(client, world)
    odd = {"about_us": "# ikke en overskrift\n1. *ikke* <b>fed</b>", "other_lines": "- [x](y)"}
    client.send(url_of(world, "/edit"), {"number": 1, **FACTS, **odd})
    pdf = client.get(url_of(world, "/ad.pdf")).data
    assert pdf.startswith(b"%PDF")
    assert b"/StructTreeRoot" in pdf
    assert b"pdfuaid" in pdf
    answer = client.get(url_of(world, "/ad.md"))
    assert answer.headers["Content-Disposition"].endswith(".md")
    assert "# Souschef til Kontor for prøver\n" in answer.text
    assert r"\# ikke en overskrift" in answer.text
    assert r"1\. \*ikke\* \<b\>fed\</b\>" in answer.text
    assert r"- \[x\](y)" in answer.text


def test_no_version_of_an_ad_is_changed_or_removed(client: InspectingClient, world: World) -> None:
    drafted(client, world)
    for statement in ("UPDATE job_ad SET number = 7", "DELETE FROM job_ad"):
        with pytest.raises(IntegrityError):
            db.session.execute(text(statement))
        db.session.rollback()


def test_a_service_refuses_what_has_been_overtaken(world: World) -> None:
    recruiter = world.people["recruiter"]
    with unit_of_work():
        services.draft(world.recruitment, recruiter)
        assert services.save(world.recruitment, Content(title="A"), recruiter, 1)
        with pytest.raises(services.Overtaken):
            services.save(world.recruitment, Content(title="B"), recruiter, 1)
