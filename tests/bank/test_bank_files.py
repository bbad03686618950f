"""The bank as a file: JSON as the interface says, Excel for those who edit there, errors by row."""

import io
import json
from pathlib import Path

import pytest
from flask import Flask
from flask.ctx import RequestContext
from openpyxl import Workbook, load_workbook
from werkzeug.test import TestResponse

from portal.bank import queries, services
from portal.bank.documents import BadBank, as_json, read_json
from portal.bank.rules import Use
from portal.bank.services import Keys
from portal.bank.workbooks import as_xlsx, read_xlsx
from portal.db import db, unit_of_work
from portal.overview.seeding import FRAMEWORK, load_bank
from tests.factories import World, version
from tests.inspecting import InspectingClient


@pytest.fixture
def request_context(app: Flask) -> RequestContext:
    return app.test_request_context(headers={"Accept-Language": "da"})


def test_the_json_export_holds_what_the_interface_promises(app: Flask, world: World) -> None:
    result = app.test_cli_runner().invoke(args=["portal", "bank", "export", "--format", "json"])
    assert result.exit_code == 0, result.output
    bank = json.loads(result.stdout)
    framework = [c.key for part in version().parts for c in part.competencies]
    behaviours = {b.key for part in version().parts for b in part.behaviours}
    for key in framework:
        kinds = [q["kind"] for q in bank["interview_questions"] if q["competency"] == key]
        assert kinds.count("behavioural") >= 2, key
        assert kinds.count("situational") >= 1, key
        assert sum(q["competency"] == key for q in bank["reference_questions"]) >= 2, key
        assert sum(key in item["competencies"] for item in bank["checklist_items"]) >= 2, key
        assert any(line["competency"] == key for line in bank["ad_lines"]), key
        assert any(prompt["competency"] == key for prompt in bank["talk_prompts"]), key
    assert 60 <= len(bank["checklist_items"]) <= 80
    assert behaviours <= {b for q in bank["interview_questions"] for b in q["behaviours"]}
    assert behaviours <= {b for item in bank["checklist_items"] for b in item["behaviours"]}
    question, item = bank["interview_questions"][0], bank["checklist_items"][0]
    assert {"id", "competency", "kind", "text", "probes", "anchors"} <= set(question)
    assert list(question["anchors"]) == ["1", "3", "5"]
    wanted = {"id", "title", "competencies", "behaviours", "phase", "responsible", "offset_days", "documentation"}
    assert wanted <= set(item)
    assert {script["id"] for script in bank["scripts"]} >= {"interview_opening", "interview_closing"}


def test_a_round_trip_through_json_and_excel_changes_nothing(world: World, request_context: RequestContext) -> None:
    entries = queries.all_entries()
    assert isinstance(entries, list)
    for rows in (read_json(as_json(entries)), _through_excel(entries, request_context)):
        assert services.row_problems(rows, Keys.of(version())) == []
        changes = services.compare(rows)
        assert (changes.new, changes.changed) == ([], [])
        assert changes.unchanged == len(entries)


def _through_excel(entries: list[queries.BankVersion], request_context: RequestContext) -> list[services.Row]:
    with request_context:
        return read_xlsx(as_xlsx(entries))


def upload(client: InspectingClient, name: str, data: bytes) -> TestResponse:
    return client.send("/bank/import", {"file": (io.BytesIO(data), name)}, content_type="multipart/form-data")


def test_an_edited_workbook_is_shown_first_and_then_taken_in(client: InspectingClient, world: World) -> None:
    client.sign_in("hr")
    data = client.get("/bank/bank.xlsx").data
    book = load_workbook(io.BytesIO(data))
    sheet = book["Annoncelinjer"]
    sheet["C2"].value, sheet["C2"].data_type = "=Du er ikke en formel", "s"
    sheet.append([None, "driftsledelse-k1", "Du holder overblikket, når opgaverne står i kø."])
    out = io.BytesIO()
    book.save(out)
    response = upload(client, "bank.xlsx", out.getvalue())
    assert "1 nye, 1 ændrede" in response.text
    before = len(queries.entries(FRAMEWORK, Use.AD))
    payload = _payload(response.text)
    assert client.send("/bank/import/confirm", {"payload": payload}).status_code == 303
    db.session.expire_all()
    lines = queries.entries(FRAMEWORK, Use.AD)
    assert len(lines) == before + 1
    assert "=Du er ikke en formel" in {line.text for line in lines}


def _payload(html: str) -> str:
    from html import unescape

    return unescape(html.split('name="payload"')[1].split('value="')[1].split('"')[0])


def test_mistakes_are_named_by_row_and_nothing_is_taken_in(client: InspectingClient, world: World) -> None:
    client.sign_in("hr")
    book = load_workbook(io.BytesIO(client.get("/bank/bank.xlsx").data))
    sheet = book["Samtalespørgsmål"]
    sheet["D2"].value = "Hvor mange sygedage har du haft?"
    sheet["B3"].value = "findes-ikke"
    sheet["F4"].value = "Kun ét opfølgende spørgsmål?"
    out = io.BytesIO()
    book.save(out)
    response = upload(client, "bank.xlsx", out.getvalue())
    assert response.status_code == 422
    text = response.text
    assert "Samtalespørgsmål, række 2" in text
    assert "helbredsoplysningsloven § 2" in text
    assert "Samtalespørgsmål, række 3" in text
    assert "findes-ikke" in text
    assert "Samtalespørgsmål, række 4" in text


@pytest.mark.parametrize(
    "data",
    [b"", b"PK\x03\x04 no workbook", b"\xff\xfe\x00", b"[1, 2]", b'{"ad_lines": 3}', b'{"ad_lines": [{"text": 4}]}',
     b'{"ad_lines": [{"competency": "x", "text": "y"}]}', b"{", b'{"other": []}'],
)  # fmt: skip
def test_a_file_that_is_no_bank_is_refused_in_words(client: InspectingClient, world: World, data: bytes) -> None:
    client.sign_in("hr")
    response = upload(client, "bank.json", data)
    assert response.status_code == 422
    tampered = client.send("/bank/import/confirm", {"payload": data.decode("latin-1").replace("\x00", "")})
    assert tampered.status_code in (303, 400, 422)


def test_an_empty_workbook_is_refused(world: World, request_context: RequestContext) -> None:
    out = io.BytesIO()
    Workbook().save(out)
    with request_context, pytest.raises(BadBank):
        read_xlsx(out.getvalue())


def test_the_command_takes_a_file_in_and_names_what_is_wrong(app: Flask, world: World, tmp_path: Path) -> None:
    path = tmp_path / "bank.json"
    row = {"competency": "driftsledelse-k1", "text": "Hvad har du lært i år?"}
    path.write_text(json.dumps({"talk_prompts": [row]}), encoding="utf-8")
    run = app.test_cli_runner().invoke
    assert run(args=["portal", "bank", "import", str(path)]).stdout == "1 new, 0 changed, 0 unchanged\n"
    assert run(args=["portal", "bank", "import", str(path)]).stdout == "0 new, 0 changed, 1 unchanged\n"
    bad = {
        "reference_questions": [{"id": "", "competency": "driftsledelse-k1", "text": "Er hun gravid?", "probes": []}]
    }
    path.write_text(json.dumps(bad), encoding="utf-8")
    refused = run(args=["portal", "bank", "import", str(path)])
    assert refused.exit_code == 1
    assert "reference_questions 1: probes:" in refused.stderr
    assert "pregnancy" in refused.stderr


def test_the_seed_leaves_alone_what_someone_here_has_changed(world: World) -> None:
    changed, untouched = (e.entry for e in queries.entries(FRAMEWORK, Use.AD)[:2])
    with unit_of_work():
        content = changed.current.content
        services.change_entry(
            changed, type(content)(Use.AD, "Vores egen linje.", content.competencies), world.people["hr"]
        )
        services.retire_entry(untouched)
        load_bank()
    db.session.expire_all()
    assert changed.current.text == "Vores egen linje."
    assert untouched.retired_at is not None
    assert len(untouched.versions) == 1
