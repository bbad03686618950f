"""Forms of the bank: one for each use, made of the fields that the use has."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    Field,
    HiddenField,
    IntegerField,
    SearchField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Length
from wtforms.widgets import CheckboxInput, ListWidget

from portal.bank.rules import FIELDS, LEVELS, Content, Problem, Use
from portal.bank.texts import (
    FIELD_LABELS,
    KIND_LABELS,
    PHASE_LABELS,
    RESPONSIBLE_LABELS,
    THEME_LABELS,
    problem_text,
)
from portal.formfields import PortalForm, Required, options, options_or_none

TEXT_LABELS = {
    Use.INTERVIEW: _l("Question"),
    Use.REFERENCE: _l("Question to the referee"),
    Use.ONBOARDING: _l("What is to be done"),
    Use.AD: _l("Line in the job ad"),
    Use.TALK: _l("Question in the talk"),
    Use.SCRIPT: _l("Text"),
}
SELECTS = {
    "kind": KIND_LABELS,
    "phase": PHASE_LABELS,
    "responsible": RESPONSIBLE_LABELS,
    "theme": THEME_LABELS,
}
Choice = tuple[str, str]


class EntryForm(PortalForm):
    """The fields of one entry, made by `entry_form`; what is required is decided by the rules, not here.

    `number` is the version that was edited, so that the second of two savers is told.
    """

    use: Use
    number = HiddenField(default="0")

    def content(self) -> Content:
        """What was typed, as plain values."""
        typed: dict[str, Any] = {name: field.data for name, field in self._fields.items()}
        competencies = typed.get("competencies") or ()
        texts = ("kind", "why", "documentation", "phase", "responsible", "theme")
        return Content(
            use=self.use,
            text=typed["text"] or "",
            competencies=(competencies,) if isinstance(competencies, str) else tuple(competencies),
            behaviours=tuple(typed.get("behaviours") or ()),
            probes=tuple((typed.get("probes") or "").splitlines()),
            anchors={level: typed[f"anchor_{level}"] or "" for level in LEVELS if f"anchor_{level}" in typed},
            offset_days=typed.get("offset_days") or 0,
            working_days=typed.get("working_days", False),
            required=typed.get("required", True),
            **{name: typed.get(name) or "" for name in texts},
        )

    def show(self, problems: Sequence[Problem]) -> None:
        """Put each problem at its field; the first one of a field is the one that is shown."""
        for problem in problems:
            field = self._fields.get(problem.field)
            if field is not None:
                field.errors = [*field.errors, problem_text(problem)]
            else:
                self.form_errors.append(problem_text(problem))


def _boxes(label: Any, choices: Sequence[Choice]) -> SelectMultipleField:
    return SelectMultipleField(
        label, choices=options(choices), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )


def _detail_field(name: str) -> Field:
    label = FIELD_LABELS[name]
    if name in SELECTS:
        return SelectField(label, choices=options_or_none(SELECTS[name].items()), validate_choice=False)
    if name == "offset_days":
        return IntegerField(label, default=0)
    if name in ("required", "working_days"):
        return BooleanField(label, default=name == "required")
    return TextAreaField(label) if name == "probes" else StringField(label)


def entry_form(
    use: Use, competencies: Sequence[Choice], behaviours: Sequence[Choice], data: Mapping[str, Any] | None = None
) -> EntryForm:
    """A form for an entry of this use; choices are (key, text), `data` what the fields begin with."""
    fields: dict[str, Any] = {"use": use}
    if use is Use.ONBOARDING:
        fields["competencies"] = _boxes(_l("Competencies that it trains"), competencies)
    elif use is not Use.SCRIPT:
        none = _l("General, no competency") if use is Use.REFERENCE else None
        fields["competencies"] = SelectField(FIELD_LABELS["competencies"], choices=options_or_none(competencies, none))
    text = StringField if use is Use.ONBOARDING else TextAreaField
    fields["text"] = text(TEXT_LABELS[use])
    for name in FIELDS[use]:
        if name == "anchors":
            fields |= {f"anchor_{level}": TextAreaField(FIELD_LABELS[f"anchor_{level}"]) for level in LEVELS}
        else:
            fields[name] = _detail_field(name)
    if use in (Use.INTERVIEW, Use.ONBOARDING):
        fields["behaviours"] = _boxes(FIELD_LABELS["behaviours"], behaviours)
    made: EntryForm = type("FilledEntryForm", (EntryForm,), fields)(data=dict(data or {}))
    return made


def values_of(content: Content, number: int) -> dict[str, Any]:
    """What the fields of a form begin with for this content."""
    single = content.use is not Use.ONBOARDING
    competencies: Any = list(content.competencies)
    if single:
        competencies = content.competencies[0] if content.competencies else ""
    return {
        "number": str(number),
        "text": content.text,
        "competencies": competencies,
        "behaviours": list(content.behaviours),
        **{f"anchor_{level}": text for level, text in content.anchors.items()},
        **content.details(),
        "probes": "\n".join(content.probes),
    }


class FilterForm(PortalForm):
    """What the list shows; all in the address. `part` and `competency` get their choices from the view."""

    class Meta:
        csrf = False

    q = SearchField(_l("Search"), [Length(max=100)])
    use = SelectField(_l("Use"))
    part = SelectField(_l("Part"))
    competency = SelectField(_l("Competency"))
    kind = SelectField(_l("Kind"))
    retired = BooleanField(_l("Show retired ones"))


class ImportForm(PortalForm):
    file = FileField(_l("File (.xlsx or .json)"), [Required(_l("Choose the file."))])


class ConfirmImportForm(PortalForm):
    """The rows that the preview showed, sent back as the JSON that they were read into."""

    payload = HiddenField(validators=[Required(_l("Choose the file."))])
