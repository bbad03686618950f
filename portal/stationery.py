"""Letters of the agency, in Danish whatever the reader's language: as Word files to send from, and as tagged PDF."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from docx.shared import Pt

from portal import typesetting, word

Part = dict[str, Any]


@dataclass(frozen=True)
class Letter:
    """`parts` are the text of the letter, a list or a heading each."""

    title: str
    sender: str
    day: str
    reference: str
    parts: tuple[Part, ...]


def parts_of(words: str, headings: Iterable[str] = ()) -> tuple[Part, ...]:
    """The paragraphs of a letter: what stands alone and is among `headings` is one, lines with a hyphen are a list."""
    known, parts = set(headings), list[Part]()
    for paragraph in (part.strip() for part in words.replace("\r\n", "\n").split("\n\n")):
        lines = [line.strip() for line in paragraph.split("\n")]
        items = [line[2:] for line in lines if line.startswith("- ")]
        before = [line for line in lines if not line.startswith("- ")]
        if paragraph in known:
            parts.append({"kind": "heading", "text": paragraph})
            continue
        if paragraph and before:
            parts.append({"kind": "text", "text": "\n".join(before)})
        if items:
            parts.append({"kind": "list", "items": items})
    return tuple(parts)


def as_pdf(letter: Letter) -> bytes:
    return typesetting.as_pdf("letter.typ", asdict(letter))


def as_docx(letter: Letter) -> bytes:
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
