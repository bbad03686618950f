"""Forms for recommendation, decision, answers and filing."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, HiddenField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Length, ValidationError
from wtforms.widgets import HiddenInput

from portal.decisions.rules import Ruling
from portal.decisions.texts import RULING_CHOICES
from portal.formfields import DayField, ManyOptions, PortalForm, Required, options
from portal.i18n import today

MAX_TEXT, MAX_LETTER = 4000, 12000
NOBODY = "0"
_TOO_LONG = _l("Shorten the text to at most %(max)d characters.")


def _text(label: Any, *checks: Any, most: int = MAX_TEXT, rows: int = 4) -> TextAreaField:
    return TextAreaField(label, [*checks, Length(max=most, message=_TOO_LONG)], render_kw={"rows": rows})


class AuthorityForm(PortalForm):
    person = SelectField(_l("Hiring authority"), [Required(_l("Choose a person."))], widget=ManyOptions())


class RecommendationForm(PortalForm):
    """One field for each competency, made by `recommendation_form`. `seen` is the wording that the page showed."""

    competency_ids: tuple[int, ...] = ()
    candidate = HiddenField()
    seen = IntegerField(widget=HiddenInput(), default=0)
    reason = _text(_l("Overall reason"), rows=6)
    must_have_reason = _text(_l("Why the candidate is recommended although a must-have is not met"))

    def show_version(self, number: int) -> None:
        """From now on the page shows this wording, whatever the browser sent."""
        self.seen.data, self.seen.raw_data = number, None

    def reasons(self) -> dict[int, str]:
        return {n: self[f"for_{n}"].data or "" for n in self.competency_ids}


def recommendation_form(competency_ids: Sequence[int], **data: Any) -> RecommendationForm:
    """Filled with `data`, by the names of the fields."""
    fields: dict[str, Any] = {"competency_ids": tuple(competency_ids)}
    for n in competency_ids:
        fields[f"for_{n}"] = _text(_l("Reason for this competency"))
    made: RecommendationForm = type("FilledRecommendationForm", (RecommendationForm,), fields)(data=data)
    return made


class OpinionForm(PortalForm):
    opinion = _text(_l("Your minority opinion"))


class DecisionForm(PortalForm):
    """`candidate` choices are those who may be hired instead."""

    ruling = RadioField(
        _l("Your decision"),
        [Required(_l("Choose a decision."))],
        choices=options((ruling.value, label) for ruling, label in RULING_CHOICES.items()),
    )
    candidate = SelectField(_l("Other candidate (only when you choose to hire another)"), validate_choice=True)
    why = _text(_l("Reason"))

    @property
    def chosen(self) -> tuple[Ruling, int | None, str]:
        picked = self.candidate.data or ""
        return Ruling(self.ruling.data), int(picked) if picked.isdigit() else None, self.why.data or ""


class RefusalForm(PortalForm):
    """`problems` tells what is wrong with a letter, in words."""

    letter = _text(_l("The refusal"), Required(_l("Write the refusal.")), most=MAX_LETTER, rows=28)
    seen = IntegerField(widget=HiddenInput(), default=0)
    problems: Callable[[str], list[str]] = staticmethod(lambda text: [])

    def validate_letter(self, field: Field) -> None:
        found = self.problems(field.data or "")
        if found:
            raise ValidationError(" ".join(found))

    def show_version(self, number: int) -> None:
        """From now on the page shows this wording, whatever the browser sent."""
        self.seen.data, self.seen.raw_data = number, None


class ReviewForm(PortalForm):
    seen = IntegerField(widget=HiddenInput(), default=0)


class SentForm(PortalForm):
    sent_on = DayField(_l("Sent on"), [Required(_l("Enter the day as a date."))])

    def validate_sent_on(self, field: Field) -> None:
        if field.data and field.data > today():
            raise ValidationError(_("The day lies in the future."))


class FilingForm(PortalForm):
    filed_under = StringField(
        _l("Case number in the filing system"), [Required(_l("Enter the case number.")), Length(max=40)]
    )
    provisional = BooleanField(_l("Provisional: there is no decision yet"))


def shown(texts: Mapping[int, str]) -> dict[str, str]:
    """Reasons by competency as the data of `recommendation_form`."""
    return {f"for_{n}": text for n, text in texts.items()}
