"""The form for a strategic goal."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from portal.formfields import DayField, Required, SeenField
from portal.once import OnceForm
from portal.strategy.rules import MAX_DESCRIPTION, MAX_TITLE

TOO_LONG = _l("Shorten the text to at most %(max)d characters.")


class StrategicGoalForm(OnceForm):
    """`number` is the version that the editor has read, 0 for a new goal."""

    number = SeenField()
    title = StringField(
        _l("Goal"), [Required(_l("Write the goal in one sentence.")), Length(max=MAX_TITLE, message=TOO_LONG)]
    )
    description = TextAreaField(
        _l("What it means for those who lead (optional)"), [Length(max=MAX_DESCRIPTION, message=TOO_LONG)]
    )
    starts_on = DayField(_l("From"), [InputRequired(_l("Enter the first day."))])
    ends_on = DayField(_l("Until"), [InputRequired(_l("Enter the last day."))])

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        if self.ends_on.data < self.starts_on.data:
            self.ends_on.errors = [_("The period must end on or after the day on which it begins.")]
        return not self.ends_on.errors
