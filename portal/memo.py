"""Pieces of pages, kept once they are rendered: lists show the same rows again and again.

A piece is a macro in templates/pieces that is given all it depends on as plain values, `piece('plans', 'row', line)`.
The values, the language and the application are the key, so that a piece can neither be out of date nor show what its
reader may not see: what somebody may do is one of the values. These macros know no request, no person and no day.

A change of their files shows after a restart.

Only the CSRF token is never a part of a piece. A mark holds its place and gives way to it each time.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping
from functools import lru_cache
from typing import Any

from flask import Flask, current_app, g, request
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from portal.i18n import CATALOGUES, catalogue

KEPT = 8192  # a row of a plan is about a kilobyte
FILES = 16
TOKEN = Markup("\0token\0")  # no text holds a NUL: what is sent to the portal is refused with one
Words = Callable[[], Mapping[str, Any]]


class _Pieces:
    """What one application keeps. `words` are labels by name, in the language of the request."""

    def __init__(self, app: Flask, words: Iterable[Words]) -> None:
        self._environment, self._words = app.jinja_env, tuple(words)
        self._module = lru_cache(FILES * CATALOGUES)(self._read)
        self.piece = lru_cache(KEPT)(self._render)

    def _render(self, texts: Any, root: str, file: str, macro: str, *values: Hashable) -> str:
        _refuse_markup(values)
        return str(getattr(self._module(texts, file), macro)(*values))

    def _read(self, texts: Any, file: str) -> Any:
        labels: dict[str, Any] = {}
        for words in self._words:
            labels.update(words())
        return self._environment.get_template(f"pieces/{file}.html").make_module(labels)


def _refuse_markup(values: Iterable[Any]) -> None:
    """A text and the same text marked as safe are equal, and only one of them is escaped."""
    for value in values:
        if isinstance(value, Markup):
            raise TypeError(f"a kept piece takes plain texts: {value}")
        if isinstance(value, tuple):
            _refuse_markup(value)


def form_token() -> str:
    """The CSRF token of this request, for every form on the page the same; found anew it costs each form a little."""
    return g.get("csrf_token") or str(generate_csrf())


def _with_token(text: str) -> Markup:
    return Markup(text.replace(TOKEN, form_token()) if TOKEN in text else text)


def piece(file: str, macro: str, *values: Hashable) -> Markup:
    """The macro with these values, kept from when it was last rendered with them."""
    known: _Pieces = current_app.extensions["memo"]
    return _with_token(known.piece(catalogue(), request.script_root, file, macro, *values))


def pieces(file: str, macro: str, rows: Iterable[Hashable]) -> Markup:
    """The macro with each of the rows in turn."""
    known, texts, root = current_app.extensions["memo"].piece, catalogue(), request.script_root
    return _with_token("".join([known(texts, root, file, macro, row) for row in rows]))


def init_memo(app: Flask, *words: Words) -> None:
    app.extensions["memo"] = _Pieces(app, words)
    app.jinja_env.globals.update(csrf_token=form_token, piece=piece, pieces=pieces, TOKEN=TOKEN)
