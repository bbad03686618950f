"""Files of candidates, CSV and Excel, as tables of cells; a file that is made to do harm is refused unread."""

import csv
import io
import zipfile
from typing import Any

from flask_babel import gettext as _
from openpyxl import load_workbook

from portal import tables
from portal.recruitment.candidates import MAX_ROWS
from portal.recruitment.documents import COLUMNS, BadFile

READ_ROWS = MAX_ROWS + 2  # the heading, and one too many
READ_COLUMNS = 12
MAX_UNPACKED, MAX_PARTS = 8 * 1024 * 1024, 100
ZIP = b"PK"


def _too_long() -> BadFile:
    return BadFile([_("The file holds more than %(max)s candidates. Divide it.", max=MAX_ROWS)])


def _refuse_bombs(data: bytes) -> None:
    """What a workbook says that it unpacks to is what it can unpack to: reading stops there."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = archive.infolist()
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise BadFile([_("The workbook is far too large for a list of candidates. Copy the list into an empty one.")])


def _of_xlsx(data: bytes) -> list[list[Any]]:
    """The first sheet. Formulas come as the text that they are, which is then refused."""
    try:
        _refuse_bombs(data)
        book = load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what the file says of its size is not believed
        rows = sheet.iter_rows(values_only=True, max_row=READ_ROWS, max_col=READ_COLUMNS)
        return [list(row) for row in rows]
    except BadFile:
        raise
    except Exception as error:  # a broken workbook fails in as many ways as there are parts in it
        raise BadFile([_("This is not an Excel workbook (.xlsx) that can be read.")]) from error


def _decoded(data: bytes) -> str:
    """UTF-8 as most programs write it, or Windows-1252 as an older Excel does."""
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadFile([_("The characters of the file cannot be read. Save it as CSV in UTF-8.")])


def _of_csv(data: bytes) -> list[list[Any]]:
    """Semicolons, commas or tabs: whichever there are most of in the heading."""
    text = _decoded(data)
    heading = text.partition("\n")[0]
    separator = max(";,\t", key=heading.count)
    found: list[list[Any]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            found.append(list(row))
            if len(found) > READ_ROWS:
                raise _too_long()
    except csv.Error as error:
        raise BadFile([_("The file cannot be read as CSV.")]) from error
    return found


def read_table(data: bytes) -> list[list[Any]]:
    """The rows of an uploaded file, the heading first, whichever of the two kinds it is; raises BadFile."""
    table = _of_xlsx(data) if data[:2] == ZIP else _of_csv(data)
    while table and not any(cell not in (None, "") for cell in table[-1]):
        table.pop()
    if len(table) > MAX_ROWS + 1:
        raise _too_long()
    return table


def empty_csv() -> bytes:
    return tables.as_csv([str(label) for label in COLUMNS.values()], [])


def empty_xlsx() -> bytes:
    return tables.as_xlsx(_("Candidates"), [str(label) for label in COLUMNS.values()], [])
