"""Forms for judging facts and for the steps of a hearing."""

from collections.abc import Callable
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, IntegerField, TextAreaField
from wtforms.validators import Length, Optional, ValidationError
from wtforms.widgets import HiddenInput

from portal.formfields import DayField, PortalForm, Required
from portal.hearings.rules import MIN_REASON, needs_reason
from portal.i18n import today
from portal.once import OnceForm

MAX_TEXT = 8000
TOO_LONG = _l("Shorten the text to at most %(max)d characters.")


class FactForm(OnceForm):
    fact = TextAreaField(
        _l("The fact, as it stands in the note"),
        [Required(_l("Write the fact.")), Length(max=MAX_TEXT, message=TOO_LONG)],
    )
    is_new = BooleanField(_l("It is new to the candidate: they do not know that we have it"))
    unfavourable = BooleanField(_l("It is to the candidate’s disadvantage"))
    essential = BooleanField(_l("It is essential for the decision"))
    reason = TextAreaField(
        _l("If it is new and unfavourable, but not essential: why not?"), [Length(max=MAX_TEXT, message=TOO_LONG)]
    )

    def validate_reason(self, field: Field) -> None:
        marks = {"is_new": self.is_new.data, "unfavourable": self.unfavourable.data, "essential": self.essential.data}
        if needs_reason(**marks) and len((field.data or "").strip()) < MIN_REASON:
            raise ValidationError(_("Write why the fact is not essential for the decision."))


class SeenForm(PortalForm):
    """`seen` is the last step that the page showed: who saves after somebody else is shown both texts."""

    seen = IntegerField(widget=HiddenInput(), validators=[Optional()])

    def show_seen(self, step_id: int) -> None:
        """From now on the page shows this step, whatever the browser sent."""
        self.seen.data, self.seen.raw_data = step_id, None


class LetterForm(SeenForm):
    """`gaps` tells what a letter that has been read through lacks, in words; a draft may lack it."""

    deadline = DayField(_l("Deadline for the reply"), [Required(_l("Set a deadline for the candidate’s reply."))])
    text = TextAreaField(_l("The letter"), [Required(_l("Write the letter.")), Length(max=MAX_TEXT, message=TOO_LONG)])
    reviewed = BooleanField(_l("I have read the letter through, and it is ready to be sent"))
    gaps: Callable[[str, date], list[str]] = staticmethod(lambda text, deadline: [])

    def validate_deadline(self, field: Field) -> None:
        if field.data and field.data <= today():
            raise ValidationError(_("The deadline must lie after today."))

    def validate_text(self, field: Field) -> None:
        found = self.gaps(field.data, self.deadline.data) if self.reviewed.data and self.deadline.data else []
        if found:
            raise ValidationError(" ".join(found))


class SentForm(SeenForm):
    """Nothing to fill in: which letter it is about has been seen."""


class StepForm(SeenForm):
    """What the candidate replied, what is known of why no reply came, or why the fact is not essential after all."""

    text = TextAreaField(_l("Text"), [Optional(), Length(max=MAX_TEXT, message=TOO_LONG)])
    needs_text = False

    def validate_text(self, field: Field) -> None:
        if self.needs_text and len((field.data or "").strip()) < MIN_REASON:
            raise ValidationError(_("Write at least %(min)d characters, so that others understand it.", min=MIN_REASON))


class ReplyForm(StepForm):
    needs_text = True
    text = TextAreaField(
        _l("The candidate’s reply"),
        [Required(_l("Write the reply, or what it says.")), Length(max=MAX_TEXT, message=TOO_LONG)],
    )


class ReasonForm(StepForm):
    needs_text = True
    text = TextAreaField(
        _l("Why the fact is not essential after all"),
        [Required(_l("Write why the fact is not essential for the decision.")), Length(max=MAX_TEXT, message=TOO_LONG)],
    )


class AddForm(StepForm):
    text = TextAreaField(
        _l("What is to be added"),
        [Required(_l("Write what is to be added.")), Length(max=MAX_TEXT, message=TOO_LONG)],
    )
