"""Forms for referees, the candidate's accept, and its withdrawal."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, Field, SelectField, StringField
from wtforms.validators import InputRequired, Length, ValidationError

from portal.formfields import stripped
from portal.i18n import today
from portal.references.rules import looks_like_phone


class RefereeForm(FlaskForm):  # type: ignore[misc]
    """`candidate` choices are (id as text, name)."""

    candidate = SelectField(_l("Candidate"), [InputRequired(_l("Choose the candidate."))])
    name = StringField(
        _l("Name of the referee"), [InputRequired(_l("Enter the name.")), Length(max=120)], filters=[stripped]
    )
    relation = StringField(
        _l("Relation to the candidate"),
        [InputRequired(_l("Say how the two know each other from work.")), Length(max=120)],
        filters=[stripped],
    )
    phone = StringField(_l("Phone (optional)"), [Length(max=40)], filters=[stripped])
    current_employer = BooleanField(_l("Is the candidate’s present employer"))

    def validate_phone(self, field: Field) -> None:
        if field.data and not looks_like_phone(field.data):
            raise ValidationError(_("Enter a phone number such as 33 00 00 11, or leave the field empty."))


class AcceptForm(FlaskForm):  # type: ignore[misc]
    given_on = DateField(_l("The accept was given on"), [InputRequired(_l("Enter the day as a date."))])
    how = StringField(
        _l("How it was given"),
        [InputRequired(_l("Say how the candidate accepted, for example by mail.")), Length(max=300)],
        filters=[stripped],
    )

    def validate_given_on(self, field: Field) -> None:
        if field.data and field.data > today():
            raise ValidationError(_("The day lies in the future."))


class WithdrawalForm(FlaskForm):  # type: ignore[misc]
    why = StringField(
        _l("How the candidate took it back"),
        [InputRequired(_l("Say how the candidate took the accept back, for example by mail.")), Length(max=300)],
        filters=[stripped],
    )
