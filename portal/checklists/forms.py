"""Forms for templates: making one, its title and milestones, its items in order, and what is taken from the bank."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, IntegerField, RadioField, SearchField, SelectField, StringField
from wtforms.validators import Length

from portal.bank.rules import MAX_TITLE, PHASES
from portal.bank.texts import PHASE_LABELS
from portal.checklists.rules import STANDARD_DAYS, day_limits, in_order
from portal.formfields import PortalForm, Required, options
from portal.once import OnceForm

TITLE_RULES = [
    Required(_l("Give the template a title.")),
    Length(max=MAX_TITLE, message=_l("Shorten the text to at most %(max)d characters.")),
]


class AddTemplateForm(OnceForm):
    title = StringField(_l("Title"), TITLE_RULES)
    content = RadioField(
        _l("What does it begin with?"),
        choices=lambda: options([("bank", _l("All the items of the bank")), ("empty", _l("Nothing: I choose myself"))]),
        default="bank",
    )


class CopyTemplateForm(OnceForm):
    title = StringField(_l("Title of the copy"), TITLE_RULES)


class PublishForm(PortalForm):
    revision = HiddenField(default="")


class OrderForm(PortalForm):
    """`step` is up or down, from a button; `place` is a number, from dragging."""

    step = HiddenField(default="")
    place = HiddenField(default="")

    @property
    def order(self) -> str:
        return self.place.data or self.step.data or ""


class DraftForm(PortalForm):
    """Title and milestones of a draft, made by `draft_form`; `revision` is what the form began with."""

    revision = HiddenField(default="")
    title = StringField(_l("Title"), TITLE_RULES)

    @property
    def milestones(self) -> list[tuple[str, Any, Any]]:
        """Each milestone with the field that takes it in and the field of its day."""
        return [(phase, self._fields[f"has_{phase}"], self._fields[f"day_{phase}"]) for phase in PHASES]

    @property
    def phase_days(self) -> dict[str, int]:
        return {phase: day.data for phase, chosen, day in self.milestones if chosen.data and day.data is not None}

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        super().validate(extra_validators)
        for phase, chosen, day in self.milestones:
            first, last = day_limits(phase)
            wrong = chosen.data and (day.data is None or not first <= day.data <= last)
            day.errors = (
                [_("Write a whole number from %(first)s to %(last)s.", first=first, last=last)] if wrong else []
            )
        if not self.errors and not in_order(self.phase_days):
            self.form_errors.append(_("The milestones must follow each other in time. Look at the days once more."))
        return not self.errors


def draft_form(title: str, phase_days: Mapping[str, int], revision: str) -> DraftForm:
    """The form as the draft is now, or as it was sent."""
    fields: dict[str, Any] = {}
    data: dict[str, Any] = {"title": title, "revision": revision}
    for phase in PHASES:
        fields[f"has_{phase}"] = BooleanField(PHASE_LABELS[phase])
        fields[f"day_{phase}"] = IntegerField(_l("Day"))
        data |= {f"has_{phase}": phase in phase_days, f"day_{phase}": phase_days.get(phase, STANDARD_DAYS[phase])}
    made: DraftForm = type("FilledDraftForm", (DraftForm,), fields)(data=data)
    return made


class FilterForm(PortalForm):
    """What the bank shows beside a draft; all in the address. `competency` gets its choices from the view."""

    class Meta(PortalForm.Meta):
        csrf = False

    q = SearchField(_l("Search"), [Length(max=100)])
    competency = SelectField(_l("Competency"))
    all = BooleanField(_l("Show those in the draft too"))
