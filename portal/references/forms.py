"""Forms for referees and the applicant's accept."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, SelectField, StringField
from wtforms.validators import Length, ValidationError

from portal.formfields import DayField, PortalForm, Required
from portal.i18n import today
from portal.once import OnceForm


class RefereeForm(OnceForm):
    """`candidate` choices are (id as text, name)."""

    candidate = SelectField(_l("Candidate"), [Required(_l("Choose the candidate."))])
    name = StringField(_l("Name of the referee"), [Required(_l("Enter the name.")), Length(max=120)])
    relation = StringField(
        _l("Relation to the candidate"),
        [Required(_l("Say how the two know each other from work.")), Length(max=120)],
    )
    phone = StringField(_l("Phone (may be empty)"), [Length(max=40)])
    current_employer = BooleanField(_l("Is the candidate’s present employer"))


class AcceptForm(PortalForm):
    given_on = DayField(_l("The accept was given on"), [Required(_l("Enter the day as a date."))])
    how = StringField(
        _l("How it was given"),
        [Required(_l("Say how the applicant accepted, for example by mail.")), Length(max=300)],
    )

    def validate_given_on(self, field: Field) -> None:
        if field.data and field.data > today():
            raise ValidationError(_("The day lies in the future."))
