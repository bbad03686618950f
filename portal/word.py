"""What all Word files of the portal begin and end with: language, fonts, paper, and a footer that counts pages."""

import io
from typing import Any

from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Length, Pt, RGBColor

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PORTAL = "Souschefportalen"
ACCENT = RGBColor(0x00, 0x4D, 0x99)
FONT = "Calibri"
HEADINGS = ("Title", "Heading 1", "Heading 2")
LOCALES = {"da": "da-DK", "en": "en-GB"}


def begin(
    title: str,
    language: str,
    *,
    author: str = PORTAL,
    size: float = 11,
    margin: Length | None = None,
    coloured: tuple[str, ...] = (),
) -> Any:
    """An empty A4 document in this language (`da` or `en`); the `coloured` heading styles get the portal's look."""
    document = Document()
    properties = document.core_properties
    properties.title, properties.author, properties.language = title, author, LOCALES[language]
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(size)
    spoken = OxmlElement("w:lang")
    spoken.set(qn("w:val"), LOCALES[language])
    style.element.get_or_add_rPr().append(spoken)
    for name in coloured:
        document.styles[name].element.rPr.rFonts.attrib.clear()  # the theme's font would win
        document.styles[name].font.name, document.styles[name].font.color.rgb = FONT, ACCENT
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    if margin is not None:
        section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = margin
    return document


def add_running_lines(document: Any, running: str, printed: str, page_label: str) -> None:
    """The portal and `running` on top of every page; below when it was printed, and pages that Word counts itself.

    `page_label` holds {page} and {pages}.
    """
    section = document.sections[0]
    section.header.paragraphs[0].text = f"{PORTAL} · {running}"
    footer = section.footer.paragraphs[0]
    footer.add_run(f"{printed} · ")
    before, _page, rest = page_label.partition("{page}")
    between, _pages, after = rest.partition("{pages}")
    for text, field in ((before, "PAGE"), (between, "NUMPAGES"), (after, "")):
        footer.add_run(text)
        if field:
            element = OxmlElement("w:fldSimple")
            element.set(qn("w:instr"), field)
            footer._p.append(element)


def repeat_on_each_page(row: Any) -> None:
    """The row is its table's heading, for readers of the screen as well."""
    header = OxmlElement("w:tblHeader")
    header.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(header)


def written(document: Any) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()
