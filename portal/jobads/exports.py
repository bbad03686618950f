"""The job ad as a document: one plain outline, and its writers for Word, PDF and Markdown."""

import re
from dataclasses import asdict, dataclass
from datetime import datetime

from docx.shared import Cm
from flask_babel import gettext as _

from portal import typesetting, word
from portal.i18n import ZONE, language, moment
from portal.jobads.models import JobAd
from portal.jobads.rules import Content
from portal.jobads.texts import FIELD_LABELS, HEADINGS

MARKDOWN = "text/markdown"
DOCX, PDF = word.DOCX, typesetting.PDF
SPECIAL = re.compile(r"([\\`*_\[\]<>|])")
LEADING = re.compile(r"^(\s*)([#>+-]|\d+(?=[.)]))")


@dataclass(frozen=True)
class Section:
    """A heading with paragraphs, and then a list."""

    title: str
    paragraphs: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class Paper:
    """Everything that stands in the document; `facts` are (label, value), `page_label` holds {page} and {pages}."""

    language: str
    title: str
    running: str
    printed: str
    page_label: str
    facts: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]


FACTS = ("area", "workplace", "deadline", "starts")
BEFORE_LINES, AFTER_LINES = ("about_job",), ("about_us", "pay", "part_time", "everyone", "contact", "apply")


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(block.strip() for block in re.split(r"\n\s*\n", text) if block.strip())


def deadline_text(content: Content) -> str:
    """1. december 2026 kl. 12.00"""
    return moment(datetime.fromisoformat(content.deadline).replace(tzinfo=ZONE)) if content.deadline else ""


def _sections(content: Content, names: tuple[str, ...]) -> list[Section]:
    found = [(name, _paragraphs(getattr(content, name))) for name in names]
    return [Section(str(HEADINGS[name]), paragraphs) for name, paragraphs in found if paragraphs]


def outline(ad: JobAd) -> Paper:
    """The ad as it is read: what is not filled in is left out."""
    content, title = ad.says, ad.says.title
    facts = asdict(content) | {"deadline": deadline_text(content)}
    wanted = [Section(str(HEADINGS["lines"]), lines=tuple(line.text for line in content.lines))]
    return Paper(
        language=language(),
        title=title,
        running=title,
        printed=_("Version %(number)s, %(when)s", number=ad.number, when=moment(ad.at)),
        page_label=_("Page {page} of {pages}"),
        facts=tuple((str(FIELD_LABELS[name]), facts[name]) for name in FACTS if facts[name]),
        sections=(
            *_sections(content, BEFORE_LINES),
            *(wanted if content.lines else ()),
            *_sections(content, AFTER_LINES),
        ),
    )


def as_pdf(paper: Paper) -> bytes:
    """A tagged PDF (PDF/UA-1)."""
    return typesetting.as_pdf("jobads/ad.typ", {**asdict(paper), "portal": word.PORTAL})


def as_docx(paper: Paper) -> bytes:
    """A Word file to edit, with real headings and lists."""
    document = word.begin(paper.title, paper.language, margin=Cm(2.2), coloured=("Title", "Heading 1"))
    document.add_heading(paper.title, level=0)
    table = document.add_table(rows=0, cols=2)
    for label, value in paper.facts:
        cells = table.add_row().cells
        cells[0].paragraphs[0].add_run(label).bold = True
        cells[0].width, cells[1].width = Cm(5), Cm(12)
        cells[1].text = value
    for section in paper.sections:
        document.add_heading(section.title, level=1)
        for paragraph in section.paragraphs:
            document.add_paragraph(paragraph)
        for line in section.lines:
            document.add_paragraph(line, style="List Bullet")
    return word.written(document)


def _inline(text: str) -> str:
    """Text that Markdown shows as it is, whatever people have written, after other text."""
    return SPECIAL.sub(r"\\\1", text)


def _escaped(text: str) -> str:
    """The same at the beginning of lines, where a number or a mark would begin a list or a heading."""
    lines = (LEADING.sub(_unmarked, line) for line in _inline(text).split("\n"))
    return "  \n".join(lines)


def _unmarked(mark: re.Match[str]) -> str:
    return f"{mark[0]}\\" if mark[2].isdigit() else f"{mark[1]}\\{mark[2]}"


def as_markdown(paper: Paper) -> bytes:
    """The ad for pages where it is pasted in."""
    blocks = [f"# {_escaped(paper.title)}"]
    facts = "\n".join(f"- **{_inline(label)}:** {_inline(value)}" for label, value in paper.facts)
    blocks += [facts] if facts else []
    for section in paper.sections:
        blocks += [f"## {_escaped(section.title)}", *map(_escaped, section.paragraphs)]
        blocks += ["\n".join(f"- {_escaped(line)}" for line in section.lines)] if section.lines else []
    return ("\n\n".join(blocks) + "\n").encode()
