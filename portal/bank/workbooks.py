"""The bank as an Excel workbook for those who edit there: one sheet for each use, and the way back, errors by row."""

import io
import zipfile
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _
from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from portal.bank.documents import BadBank
from portal.bank.models import BankVersion
from portal.bank.rules import FIELDS, LEVELS, Content, Use
from portal.bank.services import Row
from portal.bank.texts import FIELD_LABELS, KIND_LABELS, PHASE_LABELS, RESPONSIBLE_LABELS, THEME_LABELS, USE_PLURALS
from portal.i18n import LANGUAGES

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDTHS = {"text": 60, "probes": 60, "why": 50, "documentation": 40, "competencies": 26, "behaviours": 26}
CHOICES = {"kind": KIND_LABELS, "phase": PHASE_LABELS, "responsible": RESPONSIBLE_LABELS, "theme": THEME_LABELS}
LISTS = ("competencies", "behaviours", "probes")
MAX_ROWS = 5000


def columns(use: Use) -> list[str]:
    """The columns of a use's sheet: id, ties, text, and a column for each anchor."""
    ties = [] if use is Use.SCRIPT else ["competencies"]
    ties += ["behaviours"] if use in (Use.INTERVIEW, Use.ONBOARDING) else []
    details = [name for name in FIELDS[use] if name != "anchors"]
    anchors = [f"anchor_{level}" for level in LEVELS] if "anchors" in FIELDS[use] else []
    return ["key", *ties, "text", *details, *anchors]


def _value(version: BankVersion, name: str) -> Any:
    content = version.content
    if name == "key":
        return version.key
    if name.startswith("anchor_"):
        return content.anchors[name.removeprefix("anchor_")]
    value = getattr(content, name)
    if name in LISTS:
        return "\n".join(value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(CHOICES[name][value]) if name in CHOICES else value


def _write_sheet(sheet: Worksheet, use: Use, versions: Iterable[BankVersion]) -> None:
    names = columns(use)
    sheet.append([str(FIELD_LABELS[name]) for name in names])
    for version in versions:
        sheet.append([_value(version, name) for name in names])
    for row in sheet.iter_rows():
        for cell in row:
            assert isinstance(cell, Cell)  # nothing is merged
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if isinstance(cell.value, str):
                cell.data_type = "s"  # a text that begins with = is a text, not a formula
    for cell in sheet[1]:
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="E8F1FA")
    for number, name in enumerate(names, 1):
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = WIDTHS.get(name, 50 if name.startswith("anchor") else 20)
        if name in CHOICES:
            allowed = ",".join(str(label) for label in CHOICES[name].values())
            validation = DataValidation("list", formula1=f'"{allowed}"', allow_blank=False)
            validation.add(f"{letter}2:{letter}{MAX_ROWS}")
            sheet.add_data_validation(validation)
    sheet.freeze_panes = "B2"


def as_xlsx(versions: Sequence[BankVersion]) -> bytes:
    """The bank in the reader's language; an empty id adds an entry when the file is taken in again."""
    book = Workbook()
    assert isinstance(book.active, Worksheet)  # a new workbook has one sheet
    book.remove(book.active)
    for use in Use:
        sheet = book.create_sheet(str(USE_PLURALS[use])[:31])
        _write_sheet(sheet, use, [version for version in versions if version.use is use])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _in_all_languages(build: Callable[[], dict[str, str]]) -> dict[str, str]:
    """What `build` gives in each of the portal's languages, in lower case: a file may come back in either."""
    found: dict[str, str] = {}
    for language in LANGUAGES:
        with force_locale(language):
            found |= {label.lower(): value for label, value in build().items()}
    return found


def _yes_and_no() -> dict[str, str]:
    return {_("yes"): "yes", _("no"): ""}


def _reader(name: str) -> Callable[[str], Any]:
    """What turns the text of a cell of this column into the value of an entry; raises ValueError when it cannot."""
    if name in LISTS:
        return lambda text: tuple(line.strip() for line in text.splitlines() if line.strip())
    if name == "offset_days":
        return lambda text: int(float(text)) if text else 0
    if name in ("required", "working_days"):
        answers, default = _in_all_languages(_yes_and_no), "yes" if name == "required" else ""
        return lambda text: bool(answers.get(text.lower(), default))
    if name in CHOICES:
        labels = CHOICES[name]
        known = _in_all_languages(lambda: {str(label): key for key, label in labels.items()})
        return lambda text: known.get(text.lower(), text)
    return lambda text: text


def _text(value: Any) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value or "").strip()


def _read_sheet(sheet: Any, use: Use) -> tuple[list[Row], list[str]]:
    """The rows of a sheet and what is wrong with them; columns are found by their headings, in any order."""
    rows = list(sheet.iter_rows(values_only=True, max_row=MAX_ROWS))
    if not rows:
        return [], []
    labels = _in_all_languages(lambda: {str(FIELD_LABELS[name]): name for name in columns(use)})
    names = [labels.get(_text(heading).lower(), "") for heading in rows[0]]
    lacking = [str(FIELD_LABELS[name]) for name in columns(use) if name not in names]
    if lacking:
        return [], [_("%(sheet)s: the column %(column)s is missing", sheet=sheet.title, column=", ".join(lacking))]
    readers = {name: _reader(name) for name in names if name}
    found, wrong = [], []
    for number, cells in enumerate(rows[1:], 2):
        if not any(_text(cell) for cell in cells):
            continue
        place = _("%(sheet)s, row %(number)s", sheet=sheet.title, number=number)
        try:
            values = {name: readers[name](_text(cell)) for name, cell in zip(names, cells, strict=False) if name}
        except ValueError:
            wrong.append(f"{place}: {FIELD_LABELS['offset_days']}: " + _("write a whole number"))
            continue
        key = values.pop("key")
        anchors = {level: values.pop(f"anchor_{level}") for level in LEVELS if f"anchor_{level}" in values}
        found.append(Row(place, key, Content(use=use, anchors=anchors, **values)))
    return found, wrong


def read_xlsx(data: bytes) -> list[Row]:
    """The rows of a workbook that `as_xlsx` made, in either language; raises BadBank with sheet, row and reason."""
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        raise BadBank([_("This is not an Excel workbook (.xlsx).")]) from error
    titles = _in_all_languages(lambda: {str(USE_PLURALS[use])[:31]: use.value for use in Use})
    rows, wrong = list[Row](), list[str]()
    for sheet in book.worksheets:
        use = titles.get(sheet.title.lower())
        if use:
            found, problems = _read_sheet(sheet, Use(use))
            rows += found
            wrong += problems
    if wrong or not rows:
        raise BadBank(wrong or [_("The workbook holds none of the sheets of the bank, or they are empty.")])
    return rows
