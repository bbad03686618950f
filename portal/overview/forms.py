"""Filters of the overview's lists; what they ask for stands in the address."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, SearchField, SelectField
from wtforms.validators import Length, Optional

from portal.formfields import stripped


class RecruitmentFilter(FlaskForm):  # type: ignore[misc]
    class Meta:
        csrf = False

    q = SearchField(_l("Search by position, office or case number"), [Length(max=100)], filters=[stripped])
    status = SelectField(_l("Status"))


class EventFilter(FlaskForm):  # type: ignore[misc]
    class Meta:
        csrf = False

    q = SearchField(_l("Search in what happened"), [Length(max=100)], filters=[stripped])
    action = SelectField(_l("Area"))
    person = SelectField(_l("Person"))
    since = DateField(_l("From and with"), [Optional()])
    until = DateField(_l("Until and with"), [Optional()])
