"""The comparison as a table for spreadsheets: a row for each candidate and competency, and one for the sum."""

from collections.abc import Iterator, Sequence
from typing import Any

from flask_babel import gettext as _

from portal.comparison.arranging import Compared
from portal.comparison.matrix import Words
from portal.comparison.queries import Line
from portal.comparison.rules import Arranged, Entry
from portal.i18n import number

DIGITS = 4
DANISH = 2


def heading() -> list[str]:
    return [
        _("Candidate"), _("Part"), _("Competency"), _("Weight"), _("Must-have"), _("Mean"), _("Lowest assessor"),
        _("Highest assessor"), _("SD"), _("Ratings"), _("Not covered"), _("Agreed"), _("Remark"),
    ]  # fmt: skip


def rows(lines: Sequence[Line], compared: Compared, arranged: Arranged) -> Iterator[list[Any]]:
    """In the order of the page; a value that there is none of is an empty cell, never 0."""
    words = Words()
    for entry in arranged.all:
        for line in lines:
            yield _competency(entry, line, compared, words)
        total, agreed = _rounded(entry.own.total), _rounded(entry.agreed.total)
        remark = _("Does not meet the must-haves") if entry.failed else ""
        remark = remark or (_("Cannot be worked out: a competency is not covered") if total is None else "")
        yield [entry.label, "", _("Weighted mean"), None, None, total, *[None] * 5, agreed, remark]


def _competency(entry: Entry, line: Line, compared: Compared, words: Words) -> list[Any]:
    criterion, detail = line.criterion, compared.details[entry.candidate]
    own, agreed = entry.own.means[criterion.key], entry.agreed.means[criterion.key]
    spread = detail.spreads[criterion.key]
    fails = words.fails if criterion.key in entry.own.failed else ""
    fails = fails or (words.fails_agreed if criterion.key in entry.agreed.failed else "")
    ends = (_rounded(spread.low), _rounded(spread.high), _rounded(spread.sd)) if spread else (None, None, None)
    counts = (len(own.scores), own.not_covered)
    remark = "; ".join(text for text in (fails, "" if own.scores else words.missing(own)) if text)
    first = [entry.label, line.part, line.text, criterion.weight, criterion.minimum]
    return [*first, _rounded(own.value), *ends, *counts, _rounded(agreed.value), remark]


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, DIGITS)


def danish(row: Sequence[Any]) -> list[Any]:
    """For a text file: decimals with the comma that the reader's spreadsheet expects."""
    return [number(value, DANISH) if isinstance(value, float) else value for value in row]
