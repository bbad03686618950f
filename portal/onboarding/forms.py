"""Forms for starting a plan, completing items and signing off milestones."""

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, TextAreaField
from wtforms.validators import Length

from portal.formfields import DayField, PortalForm, Required
from portal.onboarding.rules import MIN_RETURN_COMMENT

MAX_TEXT = 4000
TOO_LONG = _l("Shorten the text to at most %(max)d characters.")


class StartPlanForm(PortalForm):
    """All choices are (id as text, name), the first one empty."""

    souschef = SelectField(_l("New souschef"), [Required(_l("Choose the new souschef."))])
    office = SelectField(_l("Office"), [Required(_l("Choose the office."))])
    start_date = DayField(_l("First working day"), [Required(_l("Enter the first working day as a date."))])
    buddy = SelectField(_l("Buddy (may be empty)"))
    template = SelectField(_l("Template"), [Required(_l("Choose a template."))])


class CompleteItemForm(PortalForm):
    note = TextAreaField(_l("Documentation (may be empty)"), [Length(max=MAX_TEXT, message=TOO_LONG)])


class RequestSignOffForm(PortalForm):
    comment = TextAreaField(_l("A word to the chef (may be empty)"), [Length(max=MAX_TEXT, message=TOO_LONG)])


class ApproveForm(PortalForm):
    comment = TextAreaField(_l("Comment (may be empty)"), [Length(max=MAX_TEXT, message=TOO_LONG)])


class ReturnForm(PortalForm):
    comment = TextAreaField(
        _l("What is missing?"),
        [
            Required(_l("Say what is missing, so that the souschef knows what to do.")),
            Length(min=MIN_RETURN_COMMENT, message=_l("Write at least %(min)d characters about what is missing.")),
            Length(max=MAX_TEXT, message=TOO_LONG),
        ],
    )
