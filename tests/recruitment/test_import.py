"""Candidates from a file: all of them or none, errors by row, and files that are made to do harm."""

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from sqlalchemy import func, select

from portal.db import db, unit_of_work
from portal.errors import Refused
from portal.i18n import ZONE, today
from portal.recruitment import workbooks
from portal.recruitment.candidates import MAX_ROWS, add_many, row_problems
from portal.recruitment.documents import BadFile, as_payload, of_payload, rows_of
from portal.recruitment.models import Candidate, Interview, Recruitment
from portal.recruitment.rules import CandidateRow, doubled
from portal.workdays import workday_from
from tests.factories import World
from tests.inspecting import InspectingClient

HEADING = ["Navn", "Dato", "Klokkeslæt", "Minutter", "Sted"]
DAY = workday_from(today() + timedelta(days=20))


@pytest.fixture(autouse=True)
def in_danish(app: Flask) -> Iterator[None]:
    """What services say is in Danish, also outside of a request."""
    with force_locale("da"):
        yield


def csv_of(*lines: str, encoding: str = "utf-8", separator: str = ";") -> bytes:
    return "\r\n".join([separator.join(HEADING), *lines]).encode(encoding)


def xlsx_of(*rows: list[Any]) -> bytes:
    book, out = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def read(data: bytes) -> list[CandidateRow]:
    return rows_of(workbooks.read_table(data))


def problems(data: bytes) -> str:
    """What is wrong with the file; fails when nothing is."""
    try:
        found = row_problems(read(data))
    except BadFile as error:
        found = error.problems
    assert found
    return "\n".join(found)


def url_of(world: World) -> str:
    return f"/recruitments/{world.recruitment.id}/candidates/import"


def upload(client: InspectingClient, world: World, data: bytes) -> Any:
    return client.send(url_of(world), {"file": (io.BytesIO(data), "kandidater")})


def hidden(html: str) -> dict[str, str]:
    """The hidden fields of the preview, as a browser sends them."""
    names = re.findall(r'name="(instance|payload)" type="hidden" value="([^"]*)"', html)
    return {name: value.replace("&#34;", '"') for name, value in names}


def count() -> int:
    return db.session.scalar(select(func.count(Candidate.id))) or 0


def test_a_file_is_shown_first_and_then_taken_in_once(client: InspectingClient, world: World) -> None:
    client.sign_in("recruiter")
    data = csv_of(f"Åse Ørsted;{DAY:%d-%m-%Y};9.30;45;Lokale 2", "kandidat kirkegaard;;;;", ";;;;", "Bo Bæk;;;;")
    preview = upload(client, world, data)
    assert preview.status_code == 200
    assert "Åse Ørsted" in preview.text
    assert preview.text.count("findes to gange") == 2, "the one who is there already is marked"
    assert count() == 1, "nothing is written by looking"
    sent = hidden(preview.text)
    for _again in range(2):
        assert client.send(f"{url_of(world)}/confirm", sent).status_code == 303
    assert count() == 4
    added = db.session.scalars(select(Candidate).where(Candidate.name == "Åse Ørsted")).one()
    interview = added.interviews[0]
    assert interview.starts_at == datetime.combine(DAY, time(9, 30), ZONE)
    assert (interview.minutes, interview.place, interview.round.number) == (45, "Lokale 2", 1)


def test_every_mistake_is_named_with_its_row_and_nothing_is_taken_in(client: InspectingClient, world: World) -> None:
    client.sign_in("recruiter")
    data = csv_of(
        "Åse Ørsted;;;;", ";24-11-2026;9.30;;", f"Bo;{DAY:%d-%m-%Y};;;", "Ida;i morgen;9.30;;", "010190-1234;;;;"
    )
    answer = upload(client, world, data)
    assert answer.status_code == 422
    assert "Række 4: en dato skal have et klokkeslæt" in answer.text
    assert "Række 5: datoen kan ikke læses" in answer.text
    fine = csv_of("Åse Ørsted;;;;", f";{DAY:%d-%m-%Y};9.30;;", "010190-1234;;;;", "=1+1;;;;", f"{'x' * 121};;;;")
    answer = upload(client, world, fine)
    assert answer.status_code == 422
    for line in ("Række 3: navnet mangler", "Række 4: en tekst ligner et CPR-nummer", "Række 5: en tekst begynder med",
                 "Række 6: navnet er længere end 120 tegn"):  # fmt: skip
        assert line in answer.text
    assert count() == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_danish_letters_survive_each_encoding_and_separator(encoding: str, separator: str) -> None:
    line = separator.join(["Åse Ørsted-Æbelø", "", "", "", ""])
    assert [row.name for row in read(csv_of(line, encoding=encoding, separator=separator))] == ["Åse Ørsted-Æbelø"]


def test_a_workbook_holds_real_days_and_times() -> None:
    rows = read(
        xlsx_of(HEADING, ["Åse", DAY, time(9, 30), 45, "Lokale 2"], ["Bo", datetime.combine(DAY, time()), "kl. 11.00"])
    )
    assert [(row.number, row.name, row.starts_at, row.minutes) for row in rows] == [
        (2, "Åse", datetime.combine(DAY, time(9, 30)), 45),
        (3, "Bo", datetime.combine(DAY, time(11)), 60),
    ]


@pytest.mark.parametrize("heading", [["Name", "Place"], ["sted", "NAVN"], ["Navn"]])
def test_columns_are_found_by_heading_in_either_language_and_any_order(heading: list[str]) -> None:
    cells = ["Åse" if name.lower() in ("name", "navn") else "Lokale 2" for name in heading]
    assert read(xlsx_of(heading, cells))[0].name == "Åse"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "tom"),
        (csv_of(), "ingen kandidater"),
        ("Fornavn;CPR\nÅse;1".encode(), "”CPR” må ikke være med"),
        (b"Navn;Navn\nA;B", "to gange"),
        (b"Navn\nA;hemmeligt", "ingen overskrift"),
        (csv_of(*["A;;;;"] * (MAX_ROWS + 1)), "mere end 300"),
        (csv_of("A\x00B;;;;"), "ikke kan læses"),
        (b"PK\x03\x04 og saa ikke mere", "ikke læses som en Excel-fil"),
        (xlsx_of(HEADING, ['=HYPERLINK("http://a")']), "formel"),
        (xlsx_of(HEADING, ["A", date(1999, 1, 1), time(9)]), "næste to år"),
        (xlsx_of(HEADING, ["A", DAY, time(21, 30)]), "mellem kl. 6.00 og 22.00"),
        (xlsx_of(HEADING, ["A", DAY, time(9), "mange"]), "ikke et helt tal"),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_in_is_refused_in_words(
    world: World, client: InspectingClient, data: bytes, said: str
) -> None:
    client.sign_in("recruiter")
    answer = upload(client, world, data)
    assert answer.status_code == 422
    assert said in answer.text
    assert count() == 1


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    out = io.BytesIO(xlsx_of(HEADING, ["A"]))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet2.xml", b"0" * (workbooks.MAX_UNPACKED + 1))
    assert len(out.getvalue()) < 100_000
    with pytest.raises(BadFile):
        workbooks.read_table(out.getvalue())


def test_a_sheet_that_says_it_is_huge_is_read_as_far_as_it_matters() -> None:
    book, out = Workbook(), io.BytesIO()
    book.active.append(HEADING)
    book.active.append(["Åse"])
    book.active.cell(1_048_576, 16_384, "x")
    book.save(out)
    table = workbooks.read_table(out.getvalue())
    assert len(table) <= MAX_ROWS + 1
    assert all(len(row) <= workbooks.READ_COLUMNS for row in table)


def test_the_empty_file_can_be_filled_in_and_comes_back(client: InspectingClient, world: World) -> None:
    client.sign_in("recruiter")
    base = f"/recruitments/{world.recruitment.id}/candidates/template"
    as_csv, as_xlsx = client.get(f"{base}.csv"), client.get(f"{base}.xlsx")
    assert as_csv.data.decode("utf-8-sig").strip() == ";".join(HEADING)
    assert rows_of([*workbooks.read_table(as_csv.data), ["Åse"]])[0].name == "Åse"
    book = load_workbook(io.BytesIO(as_xlsx.data))
    book.active.append(["Åse", DAY, time(10), 60, ""])
    out = io.BytesIO()
    book.save(out)
    assert read(out.getvalue())[0].starts_at == datetime.combine(DAY, time(10))


def test_what_comes_back_from_the_preview_is_checked_again(client: InspectingClient, world: World) -> None:
    client.sign_in("recruiter")
    url = f"{url_of(world)}/confirm"
    forged = as_payload([CandidateRow(2, "Åse"), CandidateRow(3, "010190-1234")])
    for payload in ("", "[]", "{", "[[1]]", '[[1,"A","x",60,""]]', '[[1,"A","",99999,""]]', "[" * 9000, forged):
        assert client.send(url, {"payload": payload}).status_code == 422, payload[:20]
    assert count() == 1


def test_many_candidates_cost_no_more_queries_than_one(client: InspectingClient, world: World) -> None:
    client.sign_in("recruiter")
    spent = []
    for rows in (["A;;;;"], [f"Person {n};;;;" for n in range(200)]):
        preview = upload(client, world, csv_of(*rows))
        looking = client.selects
        assert client.send(f"{url_of(world)}/confirm", hidden(preview.text)).status_code == 303
        spent.append((looking, client.selects))
    assert count() == 202
    assert spent[0] == spent[1]


NAMES = st.one_of(
    st.sampled_from(["Åse", "Bo Bæk", "", " ", "=1+1", "010190-1234", "x" * 121, "A\x07B"]), st.text(max_size=30)
)
ROWS = st.lists(
    st.builds(
        CandidateRow,
        number=st.integers(2, 400),
        name=NAMES,
        starts_at=st.one_of(st.none(), st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1))),
        minutes=st.integers(-5, 500),
        place=st.sampled_from(["", "Lokale 2", "@lokale", "y" * 201]),
    ),
    max_size=6,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS)
def test_any_rows_are_taken_in_all_or_none(world: World, rows: list[CandidateRow]) -> None:
    recruitment = db.session.get_one(Recruitment, world.recruitment.id)
    before, interviews = count(), db.session.scalar(select(func.count(Interview.id)))
    assert of_payload(as_payload(rows)) == rows
    wrong = row_problems(rows)
    if wrong:
        with pytest.raises(Refused) as refused, unit_of_work():
            add_many(recruitment, rows)
        assert refused.value.blockers == wrong
        assert count() == before
    else:
        with unit_of_work():
            add_many(recruitment, rows)
        assert count() == before + len(rows)
    assert db.session.scalar(select(func.count(Interview.id))) == (interviews or 0) + count() - before


@given(st.lists(st.sampled_from(["Åse", "åse ", "Bo", "BO", "Ida"])), st.lists(st.sampled_from(["Åse", "Bo"])))
def test_of_each_name_all_but_the_first_are_doubled(names: list[str], known: list[str]) -> None:
    rows = [CandidateRow(n, name) for n, name in enumerate(names, 2)]
    different = {name.strip().casefold() for name in names} - {name.casefold() for name in known}
    assert len(rows) - len(doubled(rows, known)) == len(different)
