"""Forms of the annual talk."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    IntegerField,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from portal.annualtalks.rules import (
    LEVELS,
    MAX_COMPETENCIES,
    MAX_MINUTES,
    MAX_PLACE,
    MAX_SUMMARY,
    MAX_WORDS,
    MIN_MINUTES,
    MINUTES,
    Words,
)
from portal.formfields import TIMES, DayField, PortalForm, Required, SeenField, options
from portal.i18n import in_denmark
from portal.once import OnceForm

TOO_LONG = _l("Shorten the text to at most %(max)d characters.")


def _few_enough(form: Any, field: Any) -> None:
    if not field.data:
        field.errors = [*field.errors, _("Choose at least one competency to talk about.")]
    elif len(field.data) > MAX_COMPETENCIES:
        message = _("Choose at most %(max)s competencies: with more there is no time to talk.", max=MAX_COMPETENCIES)
        field.errors = [*field.errors, message]


class ChooseForm(PortalForm):
    """What the talk is to be about, of the framework that `offer` gives. `revision` is what the chooser has read."""

    framework: Any
    revision = SeenField()
    competencies = SelectMultipleField(
        _l("What do you want to talk about?"), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        _few_enough(self, self.competencies)
        return valid and not self.competencies.errors

    def offer(self, framework: Any) -> None:
        """Let the competencies of this outline be chosen."""
        self.framework = framework
        self.competencies.choices = options((key, framework.text_of(key)) for key in framework.competency_keys)


class PlaceForm(OnceForm):
    """When, how long and where; times of day are Danish time."""

    revision = SeenField()
    day = DayField(_l("Day"), [InputRequired(_l("Enter the day."))])
    time = TimeField(_l("Time"), [InputRequired(_l("Enter the time."))], format=TIMES)
    minutes = IntegerField(
        _l("Length in minutes"),
        [NumberRange(MIN_MINUTES, MAX_MINUTES, _l("Enter a length between %(min)s and %(max)s minutes."))],
        default=MINUTES,
    )
    place = StringField(_l("Place (optional)"), [Length(max=MAX_PLACE)])

    @property
    def starts_at(self) -> datetime:
        """Call it only when the form is valid."""
        found = in_denmark(self.day.data, self.time.data)
        assert found is not None
        return found


class CallForm(PlaceForm, ChooseForm):
    """A talk is called with its time and what it is to be about."""


class CancelForm(PortalForm):
    words = TextAreaField(
        _l("Why is the talk called off?"),
        [Required(_l("Say why, so that the other knows.")), Length(max=MAX_WORDS, message=TOO_LONG)],
    )


class PreparationForm(PortalForm):
    """Words, level and wish for each competency, made by `preparation_form`; `written` reads them.

    `revision_<n>` is what this page has read of that competency, 0 for nothing.
    """

    keys: tuple[str, ...]

    def written(self) -> dict[str, tuple[int, Words]]:
        found = {}
        for n, key in enumerate(self.keys):
            level, wants = self[f"level_{n}"].data, self[f"wants_{n}"].data if f"wants_{n}" in self else False
            found[key] = (
                self[f"revision_{n}"].read,
                Words(self[f"words_{n}"].data or "", int(level) if level else None, wants),
            )
        return found

    def read_again(self, revisions: Mapping[str, int]) -> None:
        """What was typed stays; the page has now read these revisions."""
        for n, key in enumerate(self.keys):
            self[f"revision_{n}"].show(revisions.get(key, 0))


def preparation_form(keys: Sequence[str], standing: Mapping[str, Any], *, is_souschef: bool) -> PreparationForm:
    """A form over these competencies, filled with this side's views so far (by competency)."""
    levels = options([("", _("No level")), *((level, str(level)) for level in LEVELS)])
    fields: dict[str, Any] = {"keys": tuple(keys)}
    data: dict[str, Any] = {}
    for n, key in enumerate(keys):
        view = standing.get(key)
        words = _("How do you see yourself?") if is_souschef else _("How do you see the souschef?")
        fields[f"words_{n}"] = TextAreaField(words, [Length(max=MAX_WORDS, message=TOO_LONG)])
        fields[f"level_{n}"] = RadioField(_l("Level (optional)"), [Optional()], choices=levels, default="")
        fields[f"revision_{n}"] = SeenField()
        if is_souschef:
            fields[f"wants_{n}"] = BooleanField(_l("I want to develop this"))
        if view:
            data |= {f"words_{n}": view.words, f"level_{n}": str(view.level or ""), f"wants_{n}": view.wants}
            data[f"revision_{n}"] = str(view.revision)
    made: PreparationForm = type("FilledPreparationForm", (PreparationForm,), fields)(data=data)
    return made


class SummaryForm(PortalForm):
    """`number` is the wording that the writer has read, 0 for none."""

    number = SeenField()
    text = TextAreaField(
        _l("Summary"),
        [
            Required(_l("Write what you have talked about and agreed on.")),
            Length(max=MAX_SUMMARY, message=TOO_LONG),
        ],
    )


class ConfirmForm(PortalForm):
    number = SeenField()


class AddendumForm(OnceForm):
    text = TextAreaField(
        _l("Addendum"), [Required(_l("Write what you want to add.")), Length(max=MAX_SUMMARY, message=TOO_LONG)]
    )
