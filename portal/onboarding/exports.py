"""The plan, the sign-off record and lists as files: plain outlines in the reader's language, and their writers."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from docx.oxml import OxmlElement
from docx.shared import Cm, Pt
from flask_babel import gettext as _

from portal import typesetting, word
from portal.bank.texts import RESPONSIBLE_LABELS
from portal.i18n import ZONE
from portal.onboarding.lists import PlanRow
from portal.onboarding.overdue import Late
from portal.onboarding.schedule import Contract
from portal.onboarding.texts import CONTRACT_LABELS, MILESTONE_LABELS, phase_label

DOCX = word.DOCX
TICKS = {"done": "☒", "waived": "–"}
WIDTHS = (Cm(8.6), Cm(3.2), Cm(2.6), Cm(2.6))
FACT_WIDTHS = (Cm(5), Cm(12))
Facts = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Entry:
    """An item as a document shows it: what it is, three cells about it, and what documents it.

    `mark` says what stands in its box: done, waived or nothing. `note` is empty for who may not see it.
    """

    mark: str
    title: str
    lines: tuple[str, ...]
    cells: tuple[str, str, str]
    note: str
    urgent: bool = False


@dataclass(frozen=True)
class Stage:
    """A milestone with its items; `lead` says when it falls due and where it stands."""

    title: str
    lead: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Paper:
    """What every document has: `running` stands on top of each page, `page_label` holds {page} and {pages}."""

    language: str
    title: str
    running: str
    printed: str
    page_label: str
    facts: Facts
    columns: tuple[str, str, str, str]


@dataclass(frozen=True)
class PlanPaper(Paper):
    """The whole plan; `remark` is what must be known about it (that it has been ended, and why)."""

    stages: tuple[Stage, ...]
    notes_title: str
    remark: str = ""


@dataclass(frozen=True)
class Happened:
    """One line of a history."""

    who: str
    what: str
    at: str
    note: str


@dataclass(frozen=True)
class Record(Paper):
    """The sign-off of one milestone; `content` is what `digest` was worked out from, and goes along as `file`."""

    warning: str
    comment: str
    items_title: str
    remark: str
    entries: tuple[Entry, ...]
    history_title: str
    history: tuple[Happened, ...]
    check_title: str
    digest_label: str
    digest: str
    check: tuple[str, ...]
    file: str
    content: str


def plan_heading() -> list[str]:
    return [
        _("Souschef"), _("Office"), _("Chef"), _("Start"), _("Trial period"), _("Done"), _("Items"), _("Percent"),
        _("Overdue"), _("Next milestone"), _("Milestone’s state"), _("Milestone’s day"), _("Ended"),
    ]  # fmt: skip


def plan_row(row: PlanRow) -> list[Any]:
    """A plan in the order of `plan_heading`, with real days and numbers."""
    plan, phase = row.plan, row.next_phase
    return [
        plan.souschef.name,
        plan.office.name,
        plan.office.chef.name if plan.office.chef else "",
        plan.start_date,
        str(CONTRACT_LABELS[Contract(plan.contract)]),
        row.progress.done,
        row.progress.total,
        row.progress.percent,
        row.overdue,
        phase_label(phase) if phase else "",
        str(MILESTONE_LABELS[row.states[phase]]) if phase else "",
        row.next_day,
        plan.ended_at.astimezone(ZONE).date() if plan.ended_at else None,
    ]


def overdue_heading() -> list[str]:
    return [
        _("Item"), _("Due"), _("Days overdue"), _("Responsible"), _("Who"), _("Souschef"), _("Office"), _("Milestone"),
    ]  # fmt: skip


def overdue_row(late: Late, name: str, today: date) -> list[Any]:
    """An overdue item in the order of `overdue_heading`."""
    days, role = (today - late.due_date).days, str(RESPONSIBLE_LABELS[late.responsible])
    return [late.title, late.due_date, days, role, name, late.souschef, late.office, phase_label(late.phase)]


def plan_pdf(paper: PlanPaper) -> bytes:
    return typesetting.as_pdf("onboarding/plan.typ", {**asdict(paper), "portal": word.PORTAL})


def record_pdf(paper: Record) -> bytes:
    return typesetting.as_pdf("onboarding/record.typ", {**asdict(paper), "portal": word.PORTAL})


def plan_docx(paper: PlanPaper) -> bytes:
    """A Word file to edit: a heading and a table for each milestone, and a list of what documents its items."""
    document = word.begin(paper.title, paper.language, size=10.5, margin=Cm(2), coloured=word.HEADINGS)
    word.add_running_lines(document, paper.running, paper.printed, paper.page_label)
    document.add_heading(paper.title, level=0)
    _add_facts(document, paper.facts)
    if paper.remark:
        document.add_paragraph(paper.remark, style="Quote")
    for stage in paper.stages:
        document.add_heading(stage.title, level=1)
        lead = document.add_paragraph(stage.lead)
        lead.paragraph_format.keep_with_next = True
        if stage.entries:
            _add_entries(document, paper.columns, stage.entries)
        noted = [entry for entry in stage.entries if entry.note]
        if noted:
            document.add_heading(paper.notes_title, level=2)
        for entry in noted:
            paragraph = document.add_paragraph(style="List Bullet")
            paragraph.add_run(f"{entry.title}: ").bold = True
            paragraph.add_run(entry.note)
    return word.written(document)


def _add_facts(document: Any, facts: Facts) -> None:
    table = _table(document, FACT_WIDTHS)
    for label, value in facts:
        row = table.add_row()
        _fill(row, [(label, True), (value, False)])
        _tighten(row)


def _add_entries(document: Any, columns: tuple[str, ...], entries: tuple[Entry, ...]) -> None:
    table = _table(document, WIDTHS, style="Table Grid")
    heading = table.add_row()
    _fill(heading, [(name, True) for name in columns])
    word.repeat_on_each_page(heading)
    for entry in entries:
        row = table.add_row()
        due, about, state = entry.cells
        _fill(row, [("", False), (due, False), (about, False), (state, entry.urgent)])
        first = row.cells[0].paragraphs[0]
        first.add_run(f"{TICKS.get(entry.mark, '☐')} ")
        first.add_run(entry.title).bold = True
        for line in entry.lines:
            row.cells[0].add_paragraph().add_run(line).font.size = Pt(9)
        _tighten(row)


def _table(document: Any, widths: tuple[Any, ...], style: str | None = None) -> Any:
    """A table without rows whose columns keep their widths in Word and in LibreOffice."""
    table = document.add_table(rows=0, cols=len(widths), style=style)
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    return table


def _tighten(row: Any) -> None:
    for cell in row.cells:
        for paragraph in cell.paragraphs:
            paragraph.paragraph_format.space_after = Pt(2)


def _fill(row: Any, texts: list[tuple[str, bool]]) -> None:
    """The first paragraph of each cell; a row is not broken across pages."""
    for cell, (text, bold) in zip(row.cells, texts, strict=True):
        cell.paragraphs[0].add_run(text).bold = bold
    unbroken = OxmlElement("w:cantSplit")
    row._tr.get_or_add_trPr().append(unbroken)
