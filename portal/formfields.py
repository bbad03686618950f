"""The one base of all forms, and the fields and checks that they share."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import get_domain
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from markupsafe import Markup, escape
from wtforms import DateField, Field, HiddenField, PasswordField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.fields.core import UnboundField
from wtforms.validators import StopValidation, ValidationError
from wtforms.widgets import Select

from portal.i18n import long_date
from portal.wording import find_cpr

# what looks empty: spaces of all kinds, and characters without width (soft hyphen, joiners, marks of direction)
_EMPTY = r"\s\u00ad\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\u2800\u3164\ufeff"
_AROUND = re.compile(f"^[{_EMPTY}]+|[{_EMPTY}]+$")
# control characters but for tabs and line breaks, halves of pairs, and the noncharacters at the end of each plane
_ENDS = "".join(f"\\U{plane:04x}fffe\\U{plane:04x}ffff" for plane in range(17))
_NO_TEXT = re.compile(rf"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef{_ENDS}]")
EARLIEST, LATEST = date(1950, 1, 1), date(2100, 12, 31)
TIMES = ["%H:%M", "%H.%M"]  # how a time of day may be typed
MAX_DIGITS = 6
NUMBERED = re.compile(r"_\d+$")


class ManyOptions(Select):  # type: ignore[misc]
    """A select with nothing but values and labels, for a list that may hold hundreds: cheap for each of them."""

    @classmethod
    def render_option(cls, choice: SelectChoice, **kwargs: Any) -> Markup:
        selected = " selected" if choice.selected else ""
        return Markup(f'<option{selected} value="{escape(choice.value)}">{escape(choice.label)}</option>')


def tidy(value: Any) -> Any:
    """A filter: one kind of line break, as browsers count them, and nothing invisible around the text."""
    if not isinstance(value, str):
        return value
    return _AROUND.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))


def on_one_line(value: Any) -> Any:
    """A filter for fields of one line: browsers send no line break from them, but others can."""
    return " ".join(value.splitlines()) if isinstance(value, str) else value


def is_unreadable(text: str) -> bool:
    """Whether there is anything in it that nobody types: control characters, halves of pairs, and noncharacters."""
    return _NO_TEXT.search(text) is not None


def readable(text: str) -> str:
    """The text with a mark in place of what cannot stand on a page."""
    return _NO_TEXT.sub("\ufffd", text)


class Required:
    """Something must be there that can be seen: blanks and characters without width are nothing."""

    field_flags: Mapping[str, Any] = {"required": True}

    def __init__(self, message: Any) -> None:
        self.message = message

    def __call__(self, form: Any, field: Field) -> None:
        value = field.data if isinstance(field.data, str) else "".join(str(v) for v in field.raw_data or ())
        if not tidy(value):
            field.errors = []
            raise StopValidation(self.message)


def refuse_cpr(form: Any, field: Field) -> None:
    """No CPR number gets into the portal, wherever someone writes it."""
    found = find_cpr(field.data or "")
    if found:
        raise ValidationError(
            _(
                "%(number)s looks like a CPR number. CPR numbers must not be kept here. Delete it. If it is another "
                "number, write what it is, such as order number.",
                number=found,
            )
        )


def _is_text(field_class: type) -> bool:
    return issubclass(field_class, StringField) and not issubclass(field_class, PasswordField | HiddenField)


class DayField(DateField):  # type: ignore[misc]
    """A day within reason; a mistyped year is refused in words instead of giving nonsense later."""

    data: Any

    def __init__(
        self, label: Any = None, validators: Any = None, *, earliest: date = EARLIEST, latest: date = LATEST, **kw: Any
    ) -> None:
        super().__init__(label, validators, **kw)
        self.earliest, self.latest = earliest, latest

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        super().process_formdata(valuelist)
        if self.data and not self.earliest <= self.data <= self.latest:
            self.data = None
            first, last = long_date(self.earliest), long_date(self.latest)
            raise ValueError(_("Enter a day between %(first)s and %(last)s.", first=first, last=last))


class SeenField(HiddenField):  # type: ignore[misc]
    """The number of the version that a page has read: 0 for none yet, and for what is no number."""

    def __init__(self, label: Any = None, validators: Any = None, *, default: str = "0", **kw: Any) -> None:
        super().__init__(label, validators, default=default, **kw)

    @property
    def read(self) -> int:
        raw = self.data or ""
        return int(raw) if raw.isascii() and raw.isdigit() and len(raw) <= MAX_DIGITS else 0

    def show(self, number: int) -> None:
        """What was typed in the form stays; the page has now read this version."""
        self.raw_data = None
        self.process_data(str(number))


class _Translations:
    """WTForms' own messages from the portal's catalogue (`wtftexts`), in the reader's language."""

    def gettext(self, text: str) -> str:
        return str(get_domain().get_translations().ugettext(text))

    def ngettext(self, one: str, many: str, n: int) -> str:
        return str(get_domain().get_translations().ungettext(one, many, n))


_labels: dict[str, Any] = {}


class PortalForm(FlaskForm):  # type: ignore[misc]
    """Every form of the portal: texts are tidied and may hold no CPR number, and all messages are in our catalogue."""

    class Meta:
        def get_translations(self, form: Any) -> _Translations:
            return _Translations()

        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Field:
            if _is_text(unbound_field.field_class):
                lines = () if issubclass(unbound_field.field_class, TextAreaField) else (on_one_line,)
                filters = (tidy, *lines, *unbound_field.kwargs.get("filters", ()))
                unbound_field = UnboundField(
                    unbound_field.field_class, *unbound_field.args, **{**unbound_field.kwargs, "filters": filters}
                )
            return unbound_field.bind(form=form, **options)

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        for name, field in vars(cls).items():
            shown = isinstance(field, UnboundField) and (
                _is_text(field.field_class) or issubclass(field.field_class, DateField)
            )
            if shown and (field.args or "label" in field.kwargs):
                _labels[NUMBERED.sub("", name)] = field.kwargs.get("label", field.args[0] if field.args else name)

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        extra = {name: list(checks) for name, checks in (extra_validators or {}).items()}
        for name, field in self._fields.items():
            if _is_text(type(field)):
                extra.setdefault(name, []).append(refuse_cpr)
        return bool(super().validate(extra))


def label_of(name: str) -> Any:
    """The label under which a form asks for the text that is sent under `name`; None for what nobody types."""
    plain = name.rpartition("-")[2]  # forms with a prefix send prefix-name
    return _labels.get(NUMBERED.sub("", plain))


def options(pairs: Iterable[tuple[Any, Any]]) -> list[SelectChoice]:
    """Choices from (value, label) pairs; values are compared as text."""
    return [SelectChoice(value=str(value), label=label) for value, label in pairs]


def options_or_none(pairs: Iterable[tuple[Any, Any]], none: Any = None) -> list[SelectChoice]:
    """The same, after an empty first choice that says `none` (or asks to choose)."""
    return options([("", none or _("Choose")), *pairs])
