"""Documents as files: letters for Word and PDF, sections as tagged PDF, and packages."""

import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from docx.shared import Pt

from portal import typesetting, word

DOCX = word.DOCX
JSON, ZIP, PDF = "application/json", "application/zip", typesetting.PDF
Block = dict[str, Any]


@dataclass(frozen=True)
class Section:
    """A heading of level 2 or 3 and what stands below it."""

    title: str
    blocks: tuple[Block, ...]
    level: int = 2


@dataclass(frozen=True)
class Paper:
    """A document in the reader's language; `running` stands on every page, `page_label` holds {page} and {pages}."""

    language: str
    title: str
    running: str
    printed: str
    page_label: str
    sections: tuple[Section, ...]
    warning: str = ""


@dataclass(frozen=True)
class Letter:
    """A letter of the agency, in Danish; `parts` are its text, a list or a heading each."""

    title: str
    sender: str
    day: str
    reference: str
    parts: tuple[Block, ...]


def text(words: str) -> Block:
    return {"kind": "text", "text": words}


def facts(pairs: Iterable[tuple[str, str]]) -> Block:
    return {"kind": "facts", "rows": [[label, value or "–"] for label, value in pairs]}


def bullets(items: Iterable[str]) -> Block:
    return {"kind": "list", "items": list(items)}


def quote(who: str, words: str) -> Block:
    return {"kind": "quote", "who": who, "text": words}


def table(heading: Iterable[str], rows: Iterable[Iterable[str]], widths: Iterable[int]) -> Block:
    return {"kind": "table", "heading": list(heading), "rows": [list(row) for row in rows], "widths": list(widths)}


def paper_pdf(paper: Paper) -> bytes:
    return typesetting.as_pdf("decisions/document.typ", {**asdict(paper), "portal": word.PORTAL})


def letter_parts(words: str, headings: Iterable[str]) -> tuple[Block, ...]:
    """The paragraphs of a letter: what stands alone and is among `headings` is one, lines with a hyphen are a list."""
    known, parts = set(headings), list[Block]()
    for paragraph in (part.strip() for part in words.split("\n\n")):
        lines = [line.strip() for line in paragraph.split("\n")]
        items = [line[2:] for line in lines if line.startswith("- ")]
        before = [line for line in lines if not line.startswith("- ")]
        if paragraph in known:
            parts.append({"kind": "heading", "text": paragraph})
            continue
        if paragraph and before:
            parts.append(text("\n".join(before)))
        if items:
            parts.append(bullets(items))
    return tuple(parts)


def letter_pdf(letter: Letter) -> bytes:
    return typesetting.as_pdf("decisions/letter.typ", asdict(letter))


def letter_docx(letter: Letter) -> bytes:
    """A Word file to send from, or to go on writing in."""
    document = word.begin(letter.title, "da", author=letter.sender)
    for line in (letter.sender, letter.day, letter.reference):
        if line:
            document.add_paragraph(line).paragraph_format.space_after = Pt(0)
    document.add_heading(letter.title, level=1)
    for part in letter.parts:
        if part["kind"] == "heading":
            document.add_heading(part["text"], level=2)
        elif part["kind"] == "list":
            for item in part["items"]:
                document.add_paragraph(item, style="List Bullet")
        else:
            document.add_paragraph(part["text"])
    return word.written(document)


def as_json(content: Mapping[str, Any]) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()


def as_zip(files: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in files.items():
            package.writestr(name, content)
    return out.getvalue()
