"""Forms for referees, the candidate's accept, and its withdrawal."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, SelectField, StringField
from wtforms.validators import Length, ValidationError

from portal.formfields import DayField, PortalForm, Required
from portal.i18n import today
from portal.once import OnceForm
from portal.references.rules import looks_like_phone


class RefereeForm(OnceForm):
    """`candidate` choices are (id as text, name)."""

    candidate = SelectField(_l("Candidate"), [Required(_l("Choose the candidate."))])
    name = StringField(_l("Name of the referee"), [Required(_l("Enter the name.")), Length(max=120)])
    relation = StringField(
        _l("Relation to the candidate"),
        [Required(_l("Say how the two know each other from work.")), Length(max=120)],
    )
    phone = StringField(_l("Phone (optional)"), [Length(max=40)])
    current_employer = BooleanField(_l("Is the candidate’s present employer"))

    def validate_phone(self, field: Field) -> None:
        if field.data and not looks_like_phone(field.data):
            raise ValidationError(_("Enter a phone number such as 33 00 00 11, or leave the field empty."))


class AcceptForm(PortalForm):
    given_on = DayField(_l("The accept was given on"), [Required(_l("Enter the day as a date."))])
    how = StringField(
        _l("How it was given"),
        [Required(_l("Say how the candidate accepted, for example by mail.")), Length(max=300)],
    )

    def validate_given_on(self, field: Field) -> None:
        if field.data and field.data > today():
            raise ValidationError(_("The day lies in the future."))


class WithdrawalForm(PortalForm):
    why = StringField(
        _l("How the candidate took it back"),
        [Required(_l("Say how the candidate took the accept back, for example by mail.")), Length(max=300)],
    )
