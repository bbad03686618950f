"""Tables as files that spreadsheets open: CSV as a Danish Excel expects it, workbooks with real days and numbers."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter

CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMULA = ("=", "+", "-", "@", "\t", "\r")
MAX_SHEET_TITLE = 31
NARROWEST, WIDEST = 11, 44


def _csv_cell(value: object) -> str:
    """Text that a spreadsheet would take for a formula gets an apostrophe in front; a number is a number."""
    if not isinstance(value, str):
        return "" if value is None else str(value)
    return f"'{value}" if value.startswith(FORMULA) else value


def as_csv(heading: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Semicolons and a byte order mark; days as 2026-11-23, which Excel reads as days in every language."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerow([_csv_cell(name) for name in heading])
    writer.writerows([_csv_cell(value) for value in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _cell(sheet: Any, value: Any) -> Any:
    cell = WriteOnlyCell(sheet, value)
    if isinstance(value, str):
        cell.data_type = "s"  # a text that begins with = is a text, not a formula
    elif isinstance(value, date):
        cell.number_format = "dd-mm-yyyy"
    return cell


def as_xlsx(title: str, heading: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """One sheet with a fixed heading and filters; days are days and numbers are numbers."""
    table = [list(row) for row in rows]
    book = Workbook(write_only=True)
    sheet = book.create_sheet("".join(c for c in title if c not in r"[]:*?/\\")[:MAX_SHEET_TITLE])
    for number, name in enumerate(heading, 1):
        longest = max([len(name) + 3, *(len(str(row[number - 1] or "")) + 2 for row in table)])
        sheet.column_dimensions[get_column_letter(number)].width = min(max(longest, NARROWEST), WIDEST)
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(heading))}{len(table) + 1}"
    head = [_cell(sheet, name) for name in heading]
    for cell in head:
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="E8F1FA")
    sheet.append(head)
    for row in table:
        sheet.append([_cell(sheet, value) for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
