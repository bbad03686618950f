"""Documents as files: sections as tagged PDF, and packages."""

import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

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


def as_json(content: Mapping[str, Any]) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()


def as_zip(files: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in files.items():
            package.writestr(name, content)
    return out.getvalue()
