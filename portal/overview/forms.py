"""Filters of the overview's lists; what they ask for stands in the address."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SearchField, SelectField, TextAreaField
from wtforms.validators import Length, Optional

from portal.formfields import DayField, PortalForm, Required


class RecruitmentFilter(PortalForm):
    class Meta(PortalForm.Meta):
        csrf = False

    q = SearchField(_l("Search by position, office or case number"), [Length(max=100)])
    status = SelectField(_l("Status"))


class EventFilter(PortalForm):
    class Meta(PortalForm.Meta):
        csrf = False

    q = SearchField(_l("Search in what happened"), [Length(max=100)])
    action = SelectField(_l("Area"))
    person = SelectField(_l("Person"))
    since = DayField(_l("From and with"), [Optional()])
    until = DayField(_l("Until and with"), [Optional()])


class ResumingForm(PortalForm):
    reason = TextAreaField(_l("Reason"), [Required(_l("Write a short reason. It is kept.")), Length(max=1000)])


class SettlingForm(ResumingForm):
    """What became of an application; `kind` gets its choices from the view."""

    kind = RadioField(_l("What became of the application?"), [Required(_l("Choose one of the two answers."))])
