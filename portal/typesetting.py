"""Tagged PDF (PDF/UA-1) from a template of the typesetter and plain data, whatever characters people have written."""

import json
from collections.abc import Callable
from functools import cache
from typing import Any

import typst

from portal.paths import STATIC, TEMPLATES

PDF = "application/pdf"
BOX = "□"
FIRST_UNSURE = 0x250  # the fonts that come along have all of Latin before it
SURE = "‐‑–—‘’“”„…•€·"
TURNS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])  # what turns the direction of a line round


def as_pdf(template: str, data: Any) -> bytes:
    """The template (a path below templates/) with `data`; texts go in as data and are never read as markup.

    PDF/UA allows no character without a picture: what no font has is replaced by a box that can be seen.
    """
    plain = _mapped(data, lambda text: text.translate(TURNS))
    for without in (lambda text: text, _printable, _latin):
        try:
            return _typeset(template, _mapped(plain, without))
        except typst.TypstError as error:
            problem = error
    raise problem


def _typeset(template: str, data: Any) -> bytes:
    made: bytes = typst.compile(TEMPLATES / template, root=TEMPLATES, sys_inputs={"data": json.dumps(data)}, **FORMAT)
    return made


FORMAT: dict[str, Any] = {
    "format": "pdf",
    "pdf_standards": "ua-1",
    "font_paths": [STATIC / "vendor" / "paper"],
    "ignore_system_fonts": True,
}


def _mapped(data: Any, change: Callable[[str], str]) -> Any:
    """The same data with every text changed."""
    if isinstance(data, str):
        return change(data)
    if isinstance(data, dict):
        return {key: _mapped(value, change) for key, value in data.items()}
    return [_mapped(value, change) for value in data] if isinstance(data, list | tuple) else data


def _latin(text: str) -> str:
    return "".join(c if ord(c) < FIRST_UNSURE or c in SURE else BOX for c in text)


def _printable(text: str) -> str:
    return "".join(c if ord(c) < FIRST_UNSURE or c in SURE or _has_picture(c) else BOX for c in text)


@cache
def _has_picture(character: str) -> bool:
    """Whether any font has it; the typesetter is the one who knows."""
    source = f"#set document(title: [x])\n#text({json.dumps(character, ensure_ascii=False)})"
    try:
        typst.compile(source.encode(), **FORMAT)
    except typst.TypstError:
        return False
    return True
