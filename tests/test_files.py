"""What documents, tables and charts are made with, without a page around it."""

import csv
import io
import itertools
import re
import subprocess
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from portal.charts import Series, axis, line_chart, sample_days
from portal.filenames import file_name
from portal.tables import as_csv, as_xlsx
from portal.typesetting import BOX, as_pdf

DAY = date(2026, 11, 23)
NASTY = ("=1+1", "+45 33", "-2", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://example.org";"x")')
PLAN = {
    "portal": "Souschefportalen", "language": "da", "title": "Titel", "running": "", "printed": "", "facts": [],
    "page_label": "Side {page} af {pages}", "columns": ["a", "b", "c", "d"], "stages": [], "notes_title": "",
}  # fmt: skip


def pdf_of(text: str, folder: Path) -> str:
    path = folder / "text.pdf"
    path.write_bytes(as_pdf("onboarding/plan.typ", {**PLAN, "remark": text}))
    return subprocess.run(["pdftotext", "-raw", path, "-"], capture_output=True, text=True, check=True).stdout


def test_a_csv_has_a_byte_order_mark_semicolons_and_no_formulas() -> None:
    content = as_csv(["Navn", "Dag", "Antal"], [[text, DAY, -3] for text in NASTY] + [["Åse; Ø", None, 0]])
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert rows[0] == ["Navn", "Dag", "Antal"]
    assert [row[0] for row in rows[1:-1]] == [f"'{text}" for text in NASTY]
    assert rows[1][1:] == ["2026-11-23", "-3"]
    assert rows[-1] == ["Åse; Ø", "", "0"]


def test_a_workbook_has_real_days_and_numbers_and_no_formulas() -> None:
    book = load_workbook(io.BytesIO(as_xlsx("Onboarding: [æ]", ["Navn", "Dag", "Antal"], [[t, DAY, 7] for t in NASTY])))
    sheet = book.worksheets[0]
    assert sheet.title == "Onboarding æ"
    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref == f"A1:C{len(NASTY) + 1}"
    for row in sheet.iter_rows(min_row=2):
        assert [cell.data_type for cell in row] == ["s", "d", "n"]
        assert row[1].value.date() == DAY
    assert load_workbook(io.BytesIO(as_xlsx("Tom", ["Navn"], []))).worksheets[0].max_row == 1


@given(st.lists(st.text(), max_size=3))
def test_file_names_can_be_stored_anywhere(words: list[str]) -> None:
    name = file_name(words, "plan")
    assert 0 < len(name) <= 85
    assert re.fullmatch(r"[^\W_]+(-[^\W_]+)*", name) or all(c.isalnum() or c == "-" for c in name)
    assert name.lower() not in ("con", "nul", "com1", "lpt9")


def test_every_latin_letter_and_what_no_font_has_can_be_set(tmp_path: Path) -> None:
    letters = "".join(chr(code) for code in range(0x20, 0x250) if not 0x7F <= code < 0xA0)
    assert "æøåÆØÅ" in pdf_of(f"{letters} æøåÆØÅ", tmp_path)
    for text in (
        "漢字",
        "🎉👩‍🚒",
        "\u202eabc",
        "مرحبا",
        "e\u0301\u0327",
        "\ufeff\u200b",
        "\U0001f1e9\U0001f1f0",
        "\ue000",
    ):
        set_text = pdf_of(f"før {text} efter", tmp_path)
        assert "før" in set_text
        assert "efter" in set_text
    assert BOX in pdf_of("漢", tmp_path)


def test_text_is_never_read_as_markup(tmp_path: Path) -> None:
    assert '#eval("1+1") $x$ *stjerne* @ref \\' in pdf_of('#eval("1+1") $x$ *stjerne* @ref \\', tmp_path)


@pytest.mark.parametrize(
    ("highest", "levels"), [(0, [0, 1]), (1, [0, 1]), (6, [0, 1, 2, 3, 4, 5, 6]), (7, [0, 2, 4, 6, 8])]
)
def test_an_axis_has_few_round_numbers(highest: float, levels: list[int]) -> None:
    assert axis(highest) == levels


@given(st.integers(0, 100_000))
def test_an_axis_reaches_the_highest_value_with_few_steps(highest: int) -> None:
    levels = axis(highest)
    assert levels[-1] >= highest
    assert 2 <= len(levels) <= 8
    assert {b - a for a, b in itertools.pairwise(levels)} == {levels[1]}


@given(st.integers(0, 1500), st.integers(0, 1500))
def test_a_chart_keeps_everything_inside_its_frame(length: int, other: int) -> None:
    last = DAY + timedelta(days=length)
    days = sample_days(DAY, last, [DAY + timedelta(days=other)])
    assert days == sorted(set(days))
    assert days[0] == DAY
    assert days[-1] == last
    assert len(days) <= 33
    chart = line_chart(days, [Series("a", list(range(len(days)))), Series("b", [0] + [None] * (len(days) - 1))], last)
    for line in chart.lines:
        for point in line.points.split():
            x, y = (float(n) for n in point.split(","))
            assert chart.left <= x <= chart.right
            assert chart.top <= y <= chart.bottom
    ticks = [tick.at for tick in chart.across]
    assert ticks == sorted(ticks)
    assert chart.across[0].day == DAY
    assert chart.mark is not None


def test_a_chart_without_days_is_empty() -> None:
    chart = line_chart([], [Series("a", [])], DAY)
    assert chart.lines[0].points == ""
    assert chart.across == ()
