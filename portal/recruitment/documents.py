"""Tables of candidates as plain values: reading the rows of a file, and keeping them between preview and yes."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.formfields import readable, tidy
from portal.i18n import LANGUAGES
from portal.recruitment.rules import CandidateRow
from portal.recruitment.schedule import DEFAULT_MINUTES

COLUMNS: dict[str, Any] = {
    "name": _l("Name"),
    "day": _l("Date"),
    "time": _l("Time"),
    "minutes": _l("Minutes"),
    "place": _l("Place"),
}
DAYS = ("%d-%m-%Y", "%d.%m.%Y", "%d/%m/%Y", "%Y-%m-%d")
TIMES = ("%H.%M", "%H:%M", "%H.%M.%S", "%H:%M:%S")
SHOWN = 40


class BadFile(ValueError):
    """What is wrong with a file of candidates, in lines for people; `rows` is what could be read of it."""

    def __init__(self, problems: Sequence[str], rows: Sequence[CandidateRow] = ()) -> None:
        super().__init__("; ".join(problems))
        self.problems, self.rows = list(problems), list(rows)


def _names() -> dict[str, str]:
    """Columns by heading, in each of the portal's languages and in lower case."""
    found: dict[str, str] = {}
    for language in LANGUAGES:
        with force_locale(language):
            found |= {str(label).lower(): name for name, label in COLUMNS.items()}
    return found


def _text(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(tidy("" if value is None else str(value)))


def _parsed(text: str, patterns: Sequence[str]) -> datetime | None:
    for pattern in patterns:
        try:
            return datetime.strptime(text, pattern)
        except ValueError:
            continue
    return None


def _day(value: Any) -> date | None:
    """None for an empty cell; raises ValueError for what is no day."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date) or not _text(value):
        return value or None
    found = _parsed(_text(value), DAYS)
    if found is None:
        raise ValueError
    return found.date()


def _time(value: Any) -> time | None:
    """As `_day`, for a time of day."""
    if isinstance(value, datetime):
        return value.time()
    if isinstance(value, time) or not _text(value):
        return value if isinstance(value, time) else None
    found = _parsed(_text(value).lower().removeprefix("kl.").strip(), TIMES)
    if found is None:
        raise ValueError
    return found.time()


def _minutes(value: Any) -> int:
    return int(_text(value)) if _text(value) else DEFAULT_MINUTES


def _columns(heading: Sequence[Any]) -> tuple[list[str], list[str]]:
    """The column of each cell of the heading, and what is wrong with it: nothing that is not asked for gets in."""
    known, names, wrong = _names(), list[str](), list[str]()
    for cell in heading:
        text = _text(cell)
        name = known.get(text.lower(), "")
        if text and not name:
            wrong.append(_("The column “%(column)s” is not kept here. Delete it.", column=readable(text[:SHOWN])))
        elif name in names and name:
            wrong.append(_("The column “%(column)s” stands twice.", column=text))
        names.append(name)
    if "name" not in names:
        wrong.insert(0, _("The first row must hold the headings, and “%(column)s” is missing.", column=COLUMNS["name"]))
    return names, wrong


def _row(number: int, cells: Mapping[str, Any]) -> tuple[CandidateRow, list[str]]:
    """The row, without a time where that cannot be read, and what is wrong with it."""
    values: dict[str, Any] = {}
    wrong = []
    readers = {
        "day": (_day, _("the date cannot be read; write it as 24-11-2026")),
        "time": (_time, _("the time cannot be read; write it as 9.30")),
        "minutes": (_minutes, _("the minutes are no whole number")),
    }
    for name, (read, problem) in readers.items():
        try:
            values[name] = read(cells.get(name))
        except (ValueError, OverflowError):
            wrong.append(problem)
    if not wrong and (values["day"] is None) != (values["time"] is None):
        wrong.append(_("a date needs a time, and a time a date"))
    timed = not wrong and values["day"]
    starts_at = datetime.combine(values["day"], values["time"].replace(tzinfo=None)) if timed else None
    minutes = values.get("minutes", DEFAULT_MINUTES)
    row = CandidateRow(number, _text(cells["name"]), starts_at, minutes, _text(cells.get("place")))
    return row, [_("Row %(number)s: %(problem)s", number=number, problem=problem) for problem in wrong]


def rows_of(table: Sequence[Sequence[Any]]) -> list[CandidateRow]:
    """The rows of a table with headings, without the empty ones; raises BadFile with row and reason."""
    if not table:
        raise BadFile([_("The file is empty.")])
    names, wrong = _columns(table[0])
    if wrong:
        raise BadFile(wrong)
    found = []
    for number, cells in enumerate(table[1:], 2):
        if not any(_text(cell) for cell in cells):
            continue
        if any(_text(cell) for cell, name in zip(cells, names, strict=False) if not name) or any(cells[len(names) :]):
            wrong.append(_("Row %(number)s: %(problem)s", number=number, problem=_("a cell has no heading above it")))
            continue
        row, problems = _row(number, {name: cell for cell, name in zip(cells, names, strict=False) if name})
        wrong += problems
        found.append(row)
    if wrong:
        raise BadFile(wrong, found)
    return found


def as_payload(rows: Sequence[CandidateRow]) -> str:
    """The rows as a text that a form carries."""
    plain = [[r.number, r.name, r.starts_at.isoformat() if r.starts_at else "", r.minutes, r.place] for r in rows]
    return json.dumps(plain, ensure_ascii=False)


def of_payload(payload: str) -> list[CandidateRow]:
    """The rows of such a text, which may have been tampered with; raises BadFile."""
    try:
        plain = json.loads(payload)
        return [
            CandidateRow(
                int(n), str(name), datetime.fromisoformat(at).replace(tzinfo=None) if at else None, int(m), str(p)
            )
            for n, name, at, m, p in plain
        ]
    except (ValueError, TypeError, OverflowError, RecursionError) as error:
        raise BadFile([_("The preview cannot be read any more. Choose the file again.")]) from error
