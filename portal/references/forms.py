"""Forms for referees, accepts, what referees say, and the note of it."""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    EmailField,
    Field,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Email, Length, NumberRange, Optional, ValidationError
from wtforms.widgets import HiddenInput

from portal.bank.rules import Problem, Reason
from portal.bank.texts import finding_text, problem_text
from portal.formfields import DayField, PortalForm, Required, options
from portal.i18n import today
from portal.once import OnceForm
from portal.references.rules import looks_like_phone
from portal.wording import protected

MAX_ANSWER, MAX_NOTE = 4000, 20_000


class ChangeRefereeForm(PortalForm):
    """Who a referee is; the same facts are put right later."""

    name = StringField(_l("Name of the referee"), [Required(_l("Enter the name.")), Length(max=120)])
    relation = StringField(
        _l("Relation to the candidate"),
        [Required(_l("Say how the two know each other from work.")), Length(max=120)],
    )
    period = StringField(_l("Period (optional)"), [Length(max=80)])
    phone = StringField(_l("Phone (optional)"), [Length(max=40)])
    email = EmailField(
        _l("E-mail (optional)"),
        [Optional(), Length(max=254), Email(_l("Enter an e-mail address such as name@agency.dk."))],
    )
    current_employer = BooleanField(_l("Is the candidate’s present employer"))

    def validate_phone(self, field: Field) -> None:
        if field.data and not looks_like_phone(field.data):
            raise ValidationError(_("Enter a phone number such as 33 00 00 11, or leave the field empty."))


class RefereeForm(ChangeRefereeForm, OnceForm):
    """`candidate` choices are (id as text, name)."""

    candidate = SelectField(_l("Candidate"), [Required(_l("Choose the candidate."))])


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


def refuse_protected(field: Field) -> None:
    """The bank's own check: what may not be asked is refused with the law that says so."""
    found = protected(field.data or "")
    if found:
        raise ValidationError(problem_text(Problem(field.name, Reason.PROTECTED, finding_text(found[0]))))


class TalkForm(PortalForm):
    """What the referee answers, made by `talk_form`: one text for each name of `checks.Asked`.

    `version` and `page` say which draft the page showed and which opened page it is.
    """

    names: tuple[str, ...] = ()
    version = IntegerField(widget=HiddenInput(), default=0)
    page = HiddenField(validators=[Length(max=32)], default=lambda: secrets.token_hex(16))

    def show_version(self, version: int) -> None:
        """From now on the page shows this version of the draft, whatever the browser sent."""
        self.version.data, self.version.raw_data = version, None

    def answers(self) -> dict[str, str]:
        """The texts by name; what the browser did not send is left out."""
        return {name: self[name].data or "" for name in self.names if self[name].raw_data}


def talk_form(names: Sequence[str], given: Mapping[str, str], version: int = 0) -> TalkForm:
    """A form over everything that is asked, filled with the answers so far."""
    too_long = _l("Shorten the answer to at most %(max)d characters.")
    fields: dict[str, Any] = {
        name: TextAreaField(_l("Answer"), [Length(max=MAX_ANSWER, message=too_long)]) for name in names
    }
    data = {"version": version, **given}
    made: TalkForm = type("FilledTalkForm", (TalkForm,), {"names": tuple(names), **fields})(data=data)
    return made


class NoteForm(PortalForm):
    """The facts of the talk and the text of the note; what is needed to finish it is decided by the rules.

    `seen` is the mark of the note that the page began with.
    """

    seen = HiddenField(validators=[Length(max=64)])
    held_on = DayField(_l("Day of the talk"), [Optional()])
    minutes = IntegerField(
        _l("Minutes (optional)"),
        [Optional(), NumberRange(1, 600, _l("Enter a whole number of minutes from 1 to 600."))],
    )
    note = TextAreaField(
        _l("The note"), [Length(max=MAX_NOTE, message=_l("Shorten the note to at most %(max)d characters."))]
    )

    def show_seen(self, mark: str) -> None:
        """From now on the page has begun with this note, whatever the browser sent."""
        self.seen.data, self.seen.raw_data = mark, None

    def validate_held_on(self, field: Field) -> None:
        if field.data and field.data > today():
            raise ValidationError(_("The day lies in the future."))


class AddendumForm(OnceForm):
    text = TextAreaField(
        _l("Addendum"),
        [
            Required(_l("Write what is to be added.")),
            Length(max=MAX_ANSWER, message=_l("Shorten the addendum to at most %(max)d characters.")),
        ],
    )


class ProbeForm(PortalForm):
    text = TextAreaField(
        _l("Follow-up question"),
        [
            Required(_l("Write the question.")),
            Length(max=1000, message=_l("Shorten the question to at most %(max)d characters.")),
        ],
    )

    def validate_text(self, field: Field) -> None:
        refuse_protected(field)


class LinkForm(PortalForm):
    language = RadioField(
        _l("Language of the form"), choices=options([("da", _l("Danish")), ("en", _l("English"))]), default="da"
    )


class _QuestionFields(PortalForm):
    text = TextAreaField(
        _l("Question to the referee"),
        [
            Required(_l("Write the question.")),
            Length(max=1000, message=_l("Shorten the question to at most %(max)d characters.")),
        ],
    )
    probes = TextAreaField(
        _l("Follow-up questions, one on each line (optional)"),
        [Optional(), Length(max=2000, message=_l("Shorten the text to at most %(max)d characters."))],
    )

    def validate_text(self, field: Field) -> None:
        refuse_protected(field)

    def validate_probes(self, field: Field) -> None:
        refuse_protected(field)

    def lines(self) -> list[str]:
        return [line.strip() for line in (self.probes.data or "").splitlines() if line.strip()]


class QuestionForm(_QuestionFields):
    minutes = IntegerField(
        _l("Minutes"),
        [NumberRange(1, 30, _l("Enter a whole number of minutes from 1 to 30."))],
    )


class OwnQuestionForm(_QuestionFields, OnceForm):
    """`competency` choices are (id as text, text) of the profile; the empty one is a general question."""

    competency = SelectField(_l("Competency"))


class BankQuestionForm(PortalForm):
    """Choices are (id, text) of the bank's reference questions that are not in the guide yet."""

    question = SelectField(_l("Question from the bank"), [Required(_l("Choose a question."))])
