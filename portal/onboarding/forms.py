"""Forms for plans, items, milestones and the review of the trial period."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    HiddenField,
    RadioField,
    SearchField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Length, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from portal.bank.rules import MAX_LINE, MAX_TITLE
from portal.bank.texts import PHASE_LABELS, RESPONSIBLE_LABELS, THEME_LABELS
from portal.formfields import DayField, ManyOptions, PortalForm, Required, options
from portal.onboarding.rules import MIN_COMMENT
from portal.onboarding.schedule import Contract
from portal.onboarding.texts import CONTRACT_LABELS
from portal.once import OnceForm

MAX_TEXT = 4000
TOO_LONG = _l("Shorten the text to at most %(max)d characters.")
TOO_SHORT = _l("Write at least %(min)d characters, so that others understand it.")


def _long(message: Any = None) -> list[Any]:
    """What a long text is held to; with a message it must be there."""
    limits = [Length(max=MAX_TEXT, message=TOO_LONG)]
    return [Required(message), Length(min=MIN_COMMENT, message=TOO_SHORT), *limits] if message else limits


class StartPlanForm(OnceForm):
    """All choices are (id as text, name), the first one empty."""

    souschef = SelectField(_l("New souschef"), [Required(_l("Choose the new souschef."))])
    office = SelectField(_l("Office"), [Required(_l("Choose the office."))])
    start_date = DayField(_l("First working day"), [Required(_l("Enter the first working day as a date."))])
    contract = SelectField(_l("Trial period"), choices=lambda: options(CONTRACT_LABELS.items()), default=Contract.TRIAL)
    buddy = SelectField(_l("Buddy (optional)"))
    template = SelectField(_l("Template"), [Required(_l("Choose a template."))])
    framework = SelectField(_l("Version of the framework"), [Required(_l("Choose a version of the framework."))])


class MoveStartForm(PortalForm):
    start_date = DayField(_l("New first working day"), [Required(_l("Enter the first working day as a date."))])


class ChangeBuddyForm(PortalForm):
    buddy = SelectField(_l("Buddy"))


class EndPlanForm(PortalForm):
    reason = TextAreaField(_l("Why does the onboarding end now?"), _long(_l("Say why the onboarding ends.")))


class CompleteItemForm(PortalForm):
    note = TextAreaField(_l("Documentation (optional)"), _long())


class CommentForm(OnceForm):
    text = TextAreaField(_l("Write to the others on this item"), [Required(_l("Write something first.")), *_long()])


class WaiverForm(PortalForm):
    reason = TextAreaField(_l("Why is it not relevant here?"), _long(_l("Say why the item is not relevant.")))


class DecideWaiverForm(PortalForm):
    granted = RadioField(
        _l("Is the item relevant?"),
        [Required(_l("Choose one of the two answers."))],
        choices=lambda: options([("yes", _l("I agree: it is not relevant")), ("no", _l("It is relevant and stays"))]),
    )
    comment = TextAreaField(_l("Comment (optional)"), _long())


class ItemForm(OnceForm):
    """An own item, or an edited one; `phase` and `competencies` get their choices from the view."""

    revision = HiddenField(default="0")
    title = StringField(_l("What is to be done"), [Required(_l("Say what is to be done.")), Length(max=MAX_TITLE)])
    why = StringField(_l("Why it matters (optional)"), [Length(max=MAX_LINE)])
    documentation = StringField(_l("What documents it (optional)"), [Length(max=MAX_LINE)])
    phase = SelectField(_l("Milestone"))
    due_date = DayField(_l("Due"), [Required(_l("Enter the day as a date."))])
    responsible = SelectField(_l("Responsible"), choices=lambda: options(RESPONSIBLE_LABELS.items()))
    theme = SelectField(_l("What it is about"), choices=lambda: options(THEME_LABELS.items()))
    required = BooleanField(_l("Required"), default=True)
    competencies = SelectMultipleField(
        _l("Competencies that it trains"), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )

    def offer(self, phases: Sequence[str], competencies: Sequence[tuple[str, str]]) -> None:
        self.phase.choices = options((phase, PHASE_LABELS[phase]) for phase in phases)
        self.competencies.choices = options(competencies)


class AdditionsForm(PortalForm):
    """What is added to which plans; `items` and `plans` get their choices from the view."""

    version = HiddenField(default="")
    confirmed = HiddenField(default="")
    items = SelectMultipleField(
        _l("Items"), [Required(_l("Choose at least one item."))],
        widget=ListWidget(prefix_label=False), option_widget=CheckboxInput(),
    )  # fmt: skip
    plans = SelectMultipleField(_l("Plans"), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput())

    def validate_plans(self, field: SelectMultipleField) -> None:
        if self.confirmed.data and not field.data:
            raise ValidationError(_("Choose at least one plan."))


class RequestSignOffForm(PortalForm):
    comment = TextAreaField(_l("A word to the chef (optional)"), _long())


class ApproveForm(PortalForm):
    comment = TextAreaField(_l("Comment (optional)"), _long())


class ReturnForm(PortalForm):
    comment = TextAreaField(
        _l("What is missing?"), _long(_l("Say what is missing, so that the souschef knows what to do."))
    )


class ReopenForm(PortalForm):
    reason = TextAreaField(_l("Why is it taken up again?"), _long(_l("Say why the milestone is taken up again.")))


class ReviewForm(OnceForm):
    """`share` comes with the button that shares it; a draft may be empty, what is shared may not."""

    share = HiddenField(default="")
    strengths = TextAreaField(_l("Strengths: what works, with examples"), _long(), render_kw={"rows": 6})
    concerns = TextAreaField(_l("Concerns: what must become better, with examples"), _long(), render_kw={"rows": 6})
    actions = TextAreaField(_l("Agreed actions: who does what, and by when"), _long(), render_kw={"rows": 6})

    def validate(self, extra_validators: Any = None) -> bool:
        super().validate(extra_validators)
        for field in (self.strengths, self.concerns, self.actions) if self.share.data else ():
            if not field.data:
                field.errors = [_("Write something here before you share it. “None” is an answer too.")]
        return not self.errors


class RemarksForm(OnceForm):
    remarks = TextAreaField(_l("Your remarks"), [Required(_l("Write your remarks first.")), *_long()])


class DeputyForm(PortalForm):
    """`office` and `person` get their choices from the view."""

    office = SelectField(_l("Office"), [Required(_l("Choose the office."))])
    person = SelectField(_l("Who decides for the chef"), [Required(_l("Choose a person."))])
    since = DayField(_l("From"), [Required(_l("Enter the first day as a date."))])
    until = DayField(_l("Until"), [Required(_l("Enter the last day as a date."))])


class OverdueForm(PortalForm):
    """What the page of overdue items shows; all in the address. Both get their choices from the view."""

    class Meta(PortalForm.Meta):
        csrf = False

    person = SelectField(_l("Responsible"))
    office = SelectField(_l("Office"))


class FilterForm(PortalForm):
    """What the list of plans shows; all in the address."""

    class Meta(PortalForm.Meta):
        csrf = False

    q = SearchField(_l("Search by name or office"), [Length(max=100)])
    show = SelectField(
        _l("Show"),
        choices=lambda: options(
            [
                ("running", _l("Running")),
                ("overdue", _l("With something overdue")),
                ("before", _l("Before the start")),
                ("completed", _l("With every item done")),
                ("ended", _l("Ended early")),
                ("all", _l("All")),
            ]
        ),
        default="running",
    )
    office = SelectField(_l("Office"), widget=ManyOptions())
