"""Templates: no inline code, only known htmx attributes, and no macro that nobody calls."""

import re
from pathlib import Path

import pytest

from portal.paths import TEMPLATES

FILES = sorted(TEMPLATES.rglob("*.html"))
HTMX = {
    "hx-get", "hx-post", "hx-target", "hx-swap", "hx-trigger", "hx-push-url", "hx-headers", "hx-disabled-elt",
    "hx-sync", "hx-swap-oob", "hx-request",
}  # fmt: skip


@pytest.mark.parametrize("path", FILES, ids=[str(path.relative_to(TEMPLATES)) for path in FILES])
def test_a_template_holds_no_inline_code_and_only_known_htmx(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=|javascript:", text)
    assert set(re.findall(r"\bhx-[a-z-]+(?==)", text)) <= HTMX
    assert "|safe" not in text.replace(" ", "")


def test_every_macro_and_fragment_is_used() -> None:
    everything = "\n".join(path.read_text(encoding="utf-8") for path in FILES)
    python = "\n".join(p.read_text(encoding="utf-8") for p in (TEMPLATES.parent / "portal").rglob("*.py"))
    for macro in re.findall(r"{% macro (\w+)\(", everything):
        uses = re.findall(rf"\b{macro}\(|\bpieces?\('\w+', '{macro}'", everything)
        assert len(uses) > 1, macro
    for path in FILES:
        name = str(path.relative_to(TEMPLATES))
        name = f"'{path.stem}', '" if path.parent.name == "pieces" else name
        assert name in everything + python, name
