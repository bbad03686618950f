"""The reference guide as a document: one plain outline, one writer for Word and one for PDF."""

import io
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import typst
from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from portal.paths import STATIC, TEMPLATES

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"
PORTAL = "Souschefportalen"
BOX = "□"
FIRST_UNSURE = 0x250  # the fonts that come with the typesetter have all of Latin
SURE = "‐‑–—‘’“”„…•€"


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
    """A tagged PDF (PDF/UA-1) to print and write on by hand. Texts go in as data and are never read as markup.

    PDF/UA allows no character without a picture: what no font has is replaced by a box that can be seen.
    """
    data = _outline(guide)
    for without in (lambda text: text, _printable, _latin):
        try:
            return _typeset(_mapped(data, without))
        except typst.TypstError as error:
            problem = error
    raise problem


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


def _typeset(data: Any) -> bytes:
    return typst.compile(
        TEMPLATES / "references" / "guide.typ",
        root=TEMPLATES / "references",
        format="pdf",
        pdf_standards="ua-1",
        font_paths=[STATIC / "vendor" / "paper"],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data)},
    )


def _mapped(data: Any, change: Callable[[str], str]) -> Any:
    """The same data with every text changed."""
    if isinstance(data, str):
        return change(data)
    if isinstance(data, dict):
        return {key: _mapped(value, change) for key, value in data.items()}
    return [_mapped(value, change) for value in data] if isinstance(data, list) else data


def _latin(text: str) -> str:
    return "".join(c if ord(c) < FIRST_UNSURE or c in SURE else BOX for c in text)


def _printable(text: str) -> str:
    return "".join(c if ord(c) < FIRST_UNSURE or c in SURE or _has_picture(c) else BOX for c in text)


@cache
def _has_picture(character: str) -> bool:
    """Whether any font has it; the typesetter is the one who knows."""
    source = f"#set document(title: [x])\n#text({json.dumps(character, ensure_ascii=False)})"
    try:
        typst.compile(source.encode(), format="pdf", pdf_standards="ua-1")
    except typst.TypstError:
        return False
    return True
