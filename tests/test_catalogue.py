"""Every visible text goes through the catalogue: with marked translations nothing else may be left on a page."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import flask_babel
import pytest
from flask import Flask

from portal import i18n
from portal.bank import texts as bank_texts
from portal.db import db
from portal.decisions import letters
from portal.onboarding import texts as onboarding_texts
from portal.overview import navigation
from tests.access_table import TABLE
from tests.factories import World
from tests.inspecting import InspectingClient
from tests.test_access import url_values

KINDS = ("anonymous", "souschef", "chef", "recruiter", "member", "hr")
CONSTANTS = ("Souschefportalen", "English", "Dansk", "CSV", "Excel", "JSON", "souschefportal-demo")
SPOKEN = ("aria-label", "title", "alt", "placeholder", "data-confirm", "data-announce", "data-offline")


class Marked:
    """Translations that put every text between brackets."""

    def ugettext(self, text: str) -> str:
        return f"⟦{text}⟧"

    def ungettext(self, one: str, many: str, n: int) -> str:
        return f"⟦{one if n == 1 else many}⟧"

    gettext, ngettext = ugettext, ungettext


class Visible(HTMLParser):
    """Collects what people see or hear of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._silent = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in ("script", "code")
        self.texts += [value for name, value in attrs if name in SPOKEN and value]

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in ("script", "code")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.texts.append(data)


def strings_in(value: Any) -> set[str]:
    if isinstance(value, str):
        return {value}
    if isinstance(value, dict):
        return {s for v in value.values() for s in strings_in(v)}
    return {s for v in value for s in strings_in(v)} if isinstance(value, list) else set()


def letter_strings(world: World) -> set[str]:
    """The agency's letters are in Danish whatever the reader's language: their phrases without what is filled in."""
    title = world.recruitment.title
    phrases = {part.strip() for text in strings_in(dict(letters._phrases())) for part in re.split(r"\{\w+\}", text)}
    position = letters.position(title[:1].lower() + title[1:], world.recruitment.office.name)
    return {text for text in phrases if len(text) > 1} | {position}


def database_strings() -> set[str]:
    rows = (row for table in db.metadata.sorted_tables for row in db.session.execute(table.select()))
    return {s.strip() for row in rows for value in row for s in strings_in(value)}


def unmarked(html: str, known: set[str]) -> list[str]:
    left = []
    for text in Visible(html).texts:
        before = None
        while before != text:
            before, text = text, re.sub(r"⟦[^⟦⟧]*⟧", " ", text)
        for constant in sorted((k for k in known if k in text), key=len, reverse=True):
            text = text.replace(constant, " ")
        if re.search(r"[^\W\d_]", text):
            left.append(text.strip())
    return left


def forget_texts() -> None:
    contexts = (bank_texts._context, onboarding_texts._context)
    for kept in (i18n._translated, i18n._unfilled, i18n._counted, navigation._entries, *contexts):
        kept.cache_clear()


@pytest.fixture
def texts_marked(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every text of the catalogue stands in ⟦⟧; what the process has kept of them is forgotten before and after."""
    monkeypatch.setattr(flask_babel.Domain, "get_translations", lambda self: Marked())
    forget_texts()
    yield
    forget_texts()


@pytest.mark.usefixtures("texts_marked")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("backend", ["sqlite"])  # what a page says does not depend on the database
def test_no_visible_text_bypasses_the_catalogue(
    app: Flask, client: InspectingClient, world: World, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if kind != "anonymous":
        client.sign_in(kind)
    values = url_values(world)
    known = (database_strings() | set(CONSTANTS) | letter_strings(world)) - {""}
    names = {p.name.split()[0] for p in world.people.values()}
    for name in ("date", "day", "due", "moment", "clock", "number"):
        monkeypatch.setitem(app.jinja_env.globals, name, lambda *_args, **_kwargs: "⟦⟧")
    rules = {rule.endpoint: rule for rule in app.url_map.iter_rules()}
    looked_at = 0
    for row in TABLE:
        method, endpoint = row.split()
        if method != "GET" or "sign_out" in endpoint:
            continue
        with app.test_request_context():
            url = app.url_for(endpoint, **{name: values[name] for name in rules[endpoint].arguments})
        response = client.get(url)
        if response.mimetype == "text/html" and response.status_code != 303:
            looked_at += 1
            emails = set(re.findall(r"[\w.]+@portal\.example", response.text))
            assert unmarked(response.text, known | names | emails) == [], url
    assert looked_at >= (1 if kind == "anonymous" else 3)
