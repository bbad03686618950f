"""The reference guide as a document: one plain outline, one writer for Word and one for PDF."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from portal import typesetting

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = typesetting.PDF
PORTAL = "Souschefportalen"


@dataclass(frozen=True)
class Question:
    """`heading` is the competency that the question is about, or the name of the general questions."""

    heading: str
    text: str
    probes: tuple[str, ...]


@dataclass(frozen=True)
class Guide:
    """Everything that stands in the document, in the reader's language; `facts` are (label, value)."""

    language: str
    title: str
    candidate: str
    page_label: str  # with {page} and {pages}
    facts: tuple[tuple[str, str], ...]
    introduction_title: str
    introduction: str
    questions_title: str
    questions: tuple[Question, ...]
    answer_label: str
    closing_title: str
    closing: str


def _paragraphs(text: str) -> list[str]:
    return [block.strip() for block in text.split("\n\n") if block.strip()]


def _grouped(questions: Sequence[Question]) -> list[tuple[str, list[tuple[int, Question]]]]:
    """Questions under their headings, numbered through; neighbours with the same heading share it."""
    groups: list[tuple[str, list[tuple[int, Question]]]] = []
    for number, question in enumerate(questions, 1):
        if not groups or groups[-1][0] != question.heading:
            groups.append((question.heading, []))
        groups[-1][1].append((number, question))
    return groups


def as_docx(guide: Guide) -> bytes:
    """A Word file to write in: real headings, a list of probes and a table cell for each answer."""
    document = Document()
    document.core_properties.title = guide.title
    document.core_properties.author = PORTAL
    document.core_properties.language = "da-DK" if guide.language == "da" else "en-GB"
    style = document.styles["Normal"]
    style.font.name, style.font.size = "Calibri", Pt(11)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), document.core_properties.language)
    style.element.get_or_add_rPr().append(language)
    document.add_heading(guide.title, level=0)
    facts = document.add_table(rows=0, cols=2)
    for label, value in guide.facts:
        row = facts.add_row().cells
        row[0].paragraphs[0].add_run(label).bold = True
        row[1].text = value
    document.add_heading(guide.introduction_title, level=1)
    for paragraph in _paragraphs(guide.introduction):
        document.add_paragraph(paragraph)
    document.add_heading(guide.questions_title, level=1)
    for heading, questions in _grouped(guide.questions):
        document.add_heading(heading, level=2)
        for number, question in questions:
            document.add_heading(f"{number}. {question.text}", level=3)
            for probe in question.probes:
                document.add_paragraph(probe, style="List Bullet")
            table = document.add_table(rows=1, cols=1, style="Table Grid")
            table.rows[0].height = Cm(3)
            table.rows[0].cells[0].text = guide.answer_label
    document.add_heading(guide.closing_title, level=1)
    for paragraph in _paragraphs(guide.closing):
        document.add_paragraph(paragraph)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def as_pdf(guide: Guide) -> bytes:
    """A tagged PDF (PDF/UA-1) to print and write on by hand."""
    return typesetting.as_pdf("references/guide.typ", _outline(guide))


def _outline(guide: Guide) -> dict[str, Any]:
    return {
        "lang": guide.language,
        "title": guide.title,
        "portal": PORTAL,
        "candidate": guide.candidate,
        "page_label": guide.page_label,
        "facts": [list(fact) for fact in guide.facts],
        "introduction_title": guide.introduction_title,
        "introduction": _paragraphs(guide.introduction),
        "questions_title": guide.questions_title,
        "groups": [
            {
                "heading": heading,
                "questions": [
                    {"number": number, "text": question.text, "probes": list(question.probes)}
                    for number, question in questions
                ],
            }
            for heading, questions in _grouped(guide.questions)
        ],
        "answer_label": guide.answer_label,
        "closing_title": guide.closing_title,
        "closing": _paragraphs(guide.closing),
    }
