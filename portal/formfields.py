"""What the forms of all features share."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice


def stripped(value: str | None) -> str | None:
    """A filter: no spaces around what was typed."""
    return value.strip() if value else value


def options(pairs: Iterable[tuple[Any, Any]]) -> list[SelectChoice]:
    """Choices from (value, label) pairs; values are compared as text."""
    return [SelectChoice(value=str(value), label=label) for value, label in pairs]


def options_or_none(pairs: Iterable[tuple[Any, Any]], none: Any = None) -> list[SelectChoice]:
    """The same, after an empty first choice that says `none` (or asks to choose)."""
    return options([("", none or _("Choose")), *pairs])
