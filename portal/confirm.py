"""A step between asking and doing: what cannot be undone is shown once more, with or without a script."""

from collections.abc import Iterable
from typing import Any

from flask import Response, request

from portal.web import page

CONFIRMED = "confirmed"
NOT_KEPT = ("csrf_token", CONFIRMED)


def confirmed() -> bool:
    """Whether the form comes from the page that `ask` shows."""
    return CONFIRMED in request.form


def ask(title: str, text: str, label: str, back: str, *, lost: Iterable[Any] = (), final: bool = True) -> Response:
    """The page that asks. It sends the same form to the same address once more, now confirmed.

    `lost` are lines that say what is sent or what goes away; `final` tells that there is no way back.
    """
    kept = [(name, value) for name, value in request.form.items(multi=True) if name not in NOT_KEPT]
    return page(
        "confirm.html",
        title=title,
        text=text,
        label=label,
        back=back,
        lost=list(lost),
        final=final,
        kept=kept,
        name=CONFIRMED,
    )
