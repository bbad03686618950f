"""Kept pieces of pages are never stale, never another's, and never hold a token."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, g
from jinja2 import meta
from markupsafe import Markup

from portal import memo
from portal.bank.texts import context as bank_words
from portal.onboarding.pieces import ItemRow, PlanLine
from portal.onboarding.rules import MilestoneState, Urgency
from portal.onboarding.texts import context as onboarding_words
from portal.paths import TEMPLATES
from tests.factories import World
from tests.inspecting import InspectingClient

# what a macro of a piece may name beside its arguments: nothing that knows of a request, a person or a day
PURE = {"_", "dict", "gettext", "ngettext", "url_for", "url_of", "asset", "date", "moment", "namespace", "TOKEN"}
DAY = date(2026, 11, 24)
ROW = ItemRow(1, 2, "Læs <b>", Urgency.OPEN, DAY, "souschef", True, ((1, "Ledelse"),), False, True, True)
PLAN = PlanLine(1, "Sif", "Kontor", DAY, False, 3, 9, 1, "week_1", MilestoneState.OPEN)


@contextmanager
def asked(app: Flask, **kwargs: Any) -> Iterator[None]:
    """A request of its own, with nothing left of an earlier one."""
    with app.app_context(), app.test_request_context(**kwargs):
        yield


@pytest.mark.parametrize("path", sorted((TEMPLATES / "pieces").glob("*.html")), ids=lambda path: path.stem)
def test_a_piece_depends_on_nothing_but_its_values(app: Flask, path: Path) -> None:
    with asked(app):
        labels = {*bank_words(), *onboarding_words()}
    parsed = app.jinja_env.parse(path.read_text(encoding="utf-8"))
    imported = [(TEMPLATES / str(name)).read_text(encoding="utf-8") for name in meta.find_referenced_templates(parsed)]
    for each in (parsed, *(app.jinja_env.parse(text) for text in imported)):
        assert meta.find_undeclared_variables(each) <= PURE | labels


def changed(row: ItemRow) -> list[ItemRow]:
    """The row with each of its values otherwise, one at a time."""
    other = ItemRow(
        7, 8, "Skriv", Urgency.DONE, date(2027, 1, 1), "chef", False, ((2, "Retning"),), True, False, False, True
    )
    return [row._replace(**{name: getattr(other, name)}) for name in ItemRow._fields]


def test_each_value_and_the_language_make_another_text(app: Flask) -> None:
    with asked(app, headers={"Accept-Language": "da"}):
        first = memo.piece("items", "item", ROW)
        assert memo.piece("items", "item", ROW) == first
        assert len({first, *(memo.piece("items", "item", row) for row in changed(ROW))}) == 1 + len(ItemRow._fields)
        assert "Læs &lt;b&gt;" in first
    with asked(app, headers={"Accept-Language": "en"}):
        assert "24 November 2026" in memo.piece("items", "item", ROW)
    with asked(app, headers={"Accept-Language": "da"}, environ_overrides={"SCRIPT_NAME": "/portal"}):
        assert 'href="/portal/onboarding/1"' in memo.piece("plans", "row", PLAN)


def test_rows_are_the_pieces_one_after_the_other(app: Flask) -> None:
    with asked(app):
        rows = [ROW, ROW._replace(id=3)]
        assert memo.pieces("items", "item", rows) == Markup("").join(memo.piece("items", "item", r) for r in rows)


def test_the_token_is_that_of_the_request(app: Flask) -> None:
    for token in ("first", "second"):
        with asked(app):
            g.csrf_token = token
            text = memo.piece("items", "item", ROW) + memo.pieces("items", "item", [ROW])
            assert re.findall(r'name="csrf_token" value="([^"]*)"', text) == [token, token]
            assert "\0" not in text


def test_a_text_that_is_marked_as_safe_is_refused(app: Flask) -> None:
    with asked(app):
        plain = "Et <b>"
        with pytest.raises(TypeError):
            memo.piece("plans", "row", PLAN._replace(souschef=Markup(plain)))
        assert "Et &lt;b&gt;" in memo.piece("plans", "row", PLAN._replace(souschef=plain))
        assert "Et &lt;b&gt;" in memo.piece("plans", "row", PLAN._replace(souschef=Markup(plain)))


def test_two_who_see_the_same_plan_get_their_own_buttons_and_tokens(client: InspectingClient, world: World) -> None:
    path, seen = f"/onboarding/{world.plan.id}", {}
    for who in ("souschef", "chef", "hr", "souschef"):
        client.sign_in(who)
        text = client.get(path).text
        tokens = set(re.findall(r'name="csrf_token" value="([^"]+)"', text))
        assert len(tokens) == 1
        ticks = set(re.findall(r'hx-post="([^"]+)"', text))
        assert seen.setdefault(who, (tokens, ticks))[1] == ticks
    assert seen["souschef"][1]
    assert seen["chef"][1]
    assert not seen["souschef"][1] & seen["chef"][1]
    assert len({next(iter(tokens)) for tokens, _ticks in seen.values()}) == len(seen)
