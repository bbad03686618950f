"""Forms for recruitments, profiles, panels and candidates."""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import BooleanField, Field, HiddenField, SelectField, StringField, TimeField
from wtforms.validators import Length, Optional

from portal.formfields import DayField, PortalForm, Required, options, options_or_none
from portal.i18n import in_denmark
from portal.once import OnceForm
from portal.recruitment.rules import MINIMA, WEIGHTS, Choice, needs_reason


class RecruitmentForm(OnceForm):
    title = StringField(_l("Position"), [Required(_l("Say which position is vacant.")), Length(max=120)])
    office = SelectField(_l("Office"), [Required(_l("Choose the office."))])
    authority = SelectField(_l("Hiring authority (optional)"), default="")
    case_number = StringField(_l("Case number (optional)"), [Length(max=40)])
    deadline_day = DayField(_l("Application deadline (optional)"), [Optional()])
    deadline_time = TimeField(_l("Time of day of the deadline"), [Optional()])
    starts_on = DayField(_l("First day at work (optional)"), [Optional()])

    @property
    def deadline(self) -> datetime | None:
        return in_denmark(self.deadline_day.data, self.deadline_time.data)

    def validate(self, extra_validators: Any = None) -> bool:
        return bool(super().validate(extra_validators)) and day_has_time(self.deadline_day, self.deadline_time)


def day_has_time(day: Field, at: Field) -> bool:
    """Whether both are given or neither; what is missing is said at its field."""
    if day.data and not at.data:
        at.errors = [_("Enter the time of day at which the deadline expires, such as 12.00.")]
    elif at.data and not day.data:
        day.errors = [_("Enter the day of the deadline.")]
    return bool(day.data) == bool(at.data)


class MemberForm(PortalForm):
    person = SelectField(_l("Person"), [Required(_l("Choose a person."))])
    chair = BooleanField(_l("Chairs the panel"))


class CandidateForm(OnceForm):
    name = StringField(_l("Name of the candidate"), [Required(_l("Enter the name.")), Length(max=120)])


class ProfileForm(PortalForm):
    """Four fields for each competency, made by `profile_form`; `choices` reads them."""

    competency_ids: tuple[int, ...] = ()

    @property
    def picked(self) -> int:
        """How many competencies are ticked, also in a form that is refused."""
        return sum(1 for n in self.competency_ids if self[f"pick_{n}"].data)

    def choices(self) -> list[Choice]:
        return [
            Choice(
                competency_id=n,
                weight=int(self[f"weight_{n}"].data),
                minimum=int(self[f"minimum_{n}"].data) if self[f"minimum_{n}"].data else None,
                reason=self[f"reason_{n}"].data or "",
            )
            for n in self.competency_ids
            if self[f"pick_{n}"].data
        ]

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        choices = self.choices()
        if not choices:
            self.form_errors.append(_("Choose at least one competency."))
        for choice in choices:
            if needs_reason(choice):
                reason = self[f"reason_{choice.competency_id}"]
                reason.errors = [_("Say why this competency weighs more than the others.")]
        return bool(choices) and not any(needs_reason(choice) for choice in choices)


def profile_form(chosen: dict[int, Choice], competency_ids: list[int]) -> ProfileForm:
    """A form with the given competencies, filled with what is chosen already."""
    weights = options((weight, weight) for weight in WEIGHTS)
    minima = options_or_none([(minimum, minimum) for minimum in MINIMA], _("None"))
    fields: dict[str, Any] = {"competency_ids": tuple(competency_ids)}
    data: dict[str, Any] = {}
    for n in competency_ids:
        fields[f"pick_{n}"] = BooleanField()
        fields[f"weight_{n}"] = SelectField(_l("Weight"), choices=weights, default="1")
        fields[f"minimum_{n}"] = SelectField(_l("Must-have: mean of at least"), choices=minima, default="")
        fields[f"reason_{n}"] = StringField(_l("Reason, if it weighs more"), [Length(max=500)])
        choice = chosen.get(n)
        if choice:
            data |= {
                f"pick_{n}": True,
                f"weight_{n}": str(choice.weight),
                f"minimum_{n}": str(choice.minimum or ""),
                f"reason_{n}": choice.reason,
            }
    made: ProfileForm = type("FilledProfileForm", (ProfileForm,), fields)(data=data)
    return made


class ImportForm(PortalForm):
    file = FileField(_l("File (.xlsx or .csv)"), [Required(_l("Choose the file."))])


class ConfirmImportForm(OnceForm):
    """The rows that the preview showed."""

    payload = HiddenField(validators=[Required(_l("Choose the file."))])
