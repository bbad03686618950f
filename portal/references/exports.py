"""The reference guide as a document: one plain outline, one writer for Word and one for PDF."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from docx.shared import Cm
from flask_babel import gettext as _

from portal import tables, typesetting, word

DOCX, PDF = word.DOCX, typesetting.PDF


@dataclass(frozen=True)
class Question:
    """`heading` is the competency that the question is about, or the name of the general questions.

    With an `answer` the document shows it, without one it leaves room to write.
    """

    heading: str
    text: str
    probes: tuple[str, ...]
    answer: str = ""


@dataclass(frozen=True)
class Guide:
    """Everything that stands in the document, in the reader's language.

    `facts` are (label, value); `before` and `after` the questions stand texts as (heading, text).
    """

    language: str
    title: str
    candidate: str
    page_label: str  # with {page} and {pages}
    facts: tuple[tuple[str, str], ...]
    before: tuple[tuple[str, str], ...]
    questions_title: str
    questions: tuple[Question, ...]
    answer_label: str
    after: tuple[tuple[str, str], ...]


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
    document = word.begin(guide.title, guide.language)
    document.add_heading(guide.title, level=0)
    facts = document.add_table(rows=0, cols=2)
    for label, value in guide.facts:
        row = facts.add_row().cells
        row[0].paragraphs[0].add_run(label).bold = True
        row[1].text = value
    _add_texts(document, guide.before)
    document.add_heading(guide.questions_title, level=1)
    for heading, questions in _grouped(guide.questions):
        document.add_heading(heading, level=2)
        for number, question in questions:
            document.add_heading(f"{number}. {question.text}", level=3)
            for probe in question.probes:
                document.add_paragraph(probe, style="List Bullet").paragraph_format.keep_with_next = True
            _add_answer(document, guide.answer_label, question.answer)
    _add_texts(document, guide.after)
    word.add_running_lines(document, f"{guide.title} · {guide.candidate}", guide.title, guide.page_label)
    return word.written(document)


def _add_answer(document: Any, label: str, answer: str) -> None:
    """A table with the label as its heading, and below it the answer or room to write one."""
    table = document.add_table(rows=2, cols=1, style="Table Grid")
    heading = table.rows[0].cells[0].paragraphs[0]
    heading.add_run(label).bold = True
    heading.paragraph_format.keep_with_next = True
    word.repeat_on_each_page(table.rows[0])
    table.rows[1].cells[0].text = answer
    if not answer:
        table.rows[1].height = Cm(3)


def _add_texts(document: Any, texts: Sequence[tuple[str, str]]) -> None:
    for heading, text in texts:
        document.add_heading(heading, level=1)
        for paragraph in _paragraphs(text):
            document.add_paragraph(paragraph)


def as_pdf(guide: Guide) -> bytes:
    """A tagged PDF (PDF/UA-1) to print and write on by hand."""
    return typesetting.as_pdf("references/guide.typ", _outline(guide))


def _outline(guide: Guide) -> dict[str, Any]:
    return {
        "lang": guide.language,
        "title": guide.title,
        "portal": word.PORTAL,
        "candidate": guide.candidate,
        "page_label": guide.page_label,
        "facts": [list(fact) for fact in guide.facts],
        "before": [[heading, _paragraphs(text)] for heading, text in guide.before],
        "questions_title": guide.questions_title,
        "groups": [
            {
                "heading": heading,
                "questions": [
                    {
                        "number": number,
                        "text": question.text,
                        "probes": list(question.probes),
                        "answer": _paragraphs(question.answer),
                    }
                    for number, question in questions
                ],
            }
            for heading, questions in _grouped(guide.questions)
        ],
        "answer_label": guide.answer_label,
        "after": [[heading, _paragraphs(text)] for heading, text in guide.after],
    }


def as_data(guide: Guide, suffix: str) -> bytes:
    """The questions as rows: csv or xlsx with (number, heading, question, follow-ups), or json with the facts too."""
    rows = [(n, q.heading, q.text, "\n".join(q.probes)) for n, q in enumerate(guide.questions, 1)]
    if suffix == "json":
        names = ("number", "heading", "text")
        found = [{**dict(zip(names, row, strict=False)), "probes": list(q.probes)} for row, q in _with(rows, guide)]
        content = {"candidate": guide.candidate, "facts": dict(guide.facts), "questions": found}
        return json.dumps(content, ensure_ascii=False, indent=1).encode()
    heading = (_("No."), _("Competency"), _("Question"), _("Follow-up questions"))
    return tables.as_csv(heading, rows) if suffix == "csv" else tables.as_xlsx(guide.title, heading, rows)


def _with(rows: Sequence[tuple[object, ...]], guide: Guide) -> Iterator[tuple[tuple[object, ...], Question]]:
    return zip(rows, guide.questions, strict=True)
