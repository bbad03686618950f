"""The interview guide as a document to take along and write on: one outline, one writer for Word and one for PDF."""

from dataclasses import asdict, dataclass
from typing import Any

from docx.oxml import OxmlElement
from docx.shared import Cm, Pt

from portal import typesetting, word

DOCX, PDF = word.DOCX, typesetting.PDF
NOTES_WIDTH, ANCHORS_WIDTH = Cm(10.2), Cm(6.8)
ROOM_FOR_NOTES = Cm(5)


@dataclass(frozen=True)
class Question:
    """A question as it is asked: `about` says what it is about, what kind it is and how long it may take."""

    heading: str
    about: str
    probes: tuple[str, ...]
    anchors: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Guide:
    """Everything that stands in the document, in the reader's language.

    `facts` are (label, value), with an empty value for what is filled in by hand; `page_label` holds {page} and
    {pages}; `remark` is what must be known before it is used; `boxes` are the ratings to tick.
    """

    language: str
    title: str
    running: str
    printed: str
    page_label: str
    facts: tuple[tuple[str, str], ...]
    remark: str
    opening_title: str
    opening: str
    questions_title: str
    questions: tuple[Question, ...]
    probes_title: str
    anchors_title: str
    notes_title: str
    rating_title: str
    boxes: tuple[str, ...]
    closing_title: str
    closing: str


def as_pdf(guide: Guide) -> bytes:
    """A tagged PDF (PDF/UA-1) with lines to write on by hand."""
    return typesetting.as_pdf("interviews/guide.typ", {**asdict(guide), "portal": word.PORTAL})


def as_docx(guide: Guide) -> bytes:
    """A Word file to write in: real headings, and for each question a cell for notes with the anchors beside it."""
    document = word.begin(guide.title, guide.language, size=10.5, margin=Cm(2), coloured=word.HEADINGS)
    word.add_running_lines(document, guide.running, guide.printed, guide.page_label)
    document.add_heading(guide.title, level=0)
    _add_facts(document, guide)
    if guide.remark:
        document.add_paragraph(guide.remark, style="Quote")
    _add_script(document, guide.opening_title, guide.opening)
    document.add_heading(guide.questions_title, level=1)
    for number, question in enumerate(guide.questions, 1):
        _add_question(document, guide, number, question)
    _add_script(document, guide.closing_title, guide.closing)
    return word.written(document)


def _add_facts(document: Any, guide: Guide) -> None:
    table = document.add_table(rows=0, cols=2)
    table.autofit = False
    table.columns[0].width, table.columns[1].width = Cm(4.6), Cm(12.4)
    for label, value in guide.facts:
        cells = table.add_row().cells
        cells[0].paragraphs[0].add_run(label).bold = True
        cells[1].text = value or "_" * 40
        for cell in cells:
            cell.paragraphs[0].paragraph_format.space_after = Pt(2)


def _add_script(document: Any, title: str, text: str) -> None:
    if not text:
        return
    document.add_heading(title, level=1)
    for block in text.split("\n\n"):
        document.add_paragraph(block.strip())


def _add_question(document: Any, guide: Guide, number: int, question: Question) -> None:
    document.add_heading(f"{number}. {question.heading}", level=2)
    _keep_with_next(document.add_paragraph(question.about))
    _keep_with_next(document.add_paragraph(guide.probes_title)).runs[0].bold = True
    for probe in question.probes:
        _keep_with_next(document.add_paragraph(probe, style="List Bullet"))
    table = document.add_table(rows=2, cols=2, style="Table Grid")
    table.autofit = False
    table.columns[0].width, table.columns[1].width = NOTES_WIDTH, ANCHORS_WIDTH
    for row in table.rows:
        row.cells[0].width, row.cells[1].width = NOTES_WIDTH, ANCHORS_WIDTH
    heading, body = table.rows
    for cell, title in zip(heading.cells, (guide.notes_title, guide.anchors_title), strict=True):
        cell.paragraphs[0].add_run(title).bold = True
        _keep_with_next(cell.paragraphs[0])
    word.repeat_on_each_page(heading)
    body.height = ROOM_FOR_NOTES
    for row in table.rows:
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    _add_anchors(body.cells[1], question)
    _keep_with_next(body.cells[0].paragraphs[0])
    rating = document.add_paragraph()
    rating.paragraph_format.space_before = Pt(6)
    rating.add_run(f"{guide.rating_title}  ").bold = True
    rating.add_run("    ".join(f"☐ {box}" for box in guide.boxes))


def _add_anchors(cell: Any, question: Question) -> None:
    for n, (level, text) in enumerate(question.anchors):
        paragraph = _keep_with_next(cell.add_paragraph() if n else cell.paragraphs[0])  # with the boxes below
        paragraph.paragraph_format.space_after = Pt(4)
        for run, bold in ((paragraph.add_run(f"{level}: "), True), (paragraph.add_run(text), False)):
            run.bold, run.font.size = bold, Pt(9)


def _keep_with_next(paragraph: Any) -> Any:
    paragraph.paragraph_format.keep_with_next = True
    return paragraph
