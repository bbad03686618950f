"""Forms for retention, and for reviewing what is deleted."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import Field, IntegerField, SearchField, SelectField, TextAreaField
from wtforms.validators import Length, NumberRange, Optional, ValidationError

from portal.formfields import PortalForm, Required
from portal.once import OnceForm
from portal.records.rules import FEWEST_MONTHS, MIN_REASON, MOST_MONTHS, Blocker, retention_blockers
from portal.records.texts import BLOCKER_TEXTS

MAX_REASON = 1000


class DeletionFilter(PortalForm):
    class Meta(PortalForm.Meta):
        csrf = False

    q = SearchField(_l("Search by name, position, office or case number"), [Length(max=100)])
    standing = SelectField(_l("Show"))


class RetentionForm(OnceForm):
    months = IntegerField(
        _l("Months after the process ended"),
        [
            Required(BLOCKER_TEXTS[Blocker.MONTHS]),
            NumberRange(FEWEST_MONTHS, MOST_MONTHS, BLOCKER_TEXTS[Blocker.MONTHS]),
        ],
    )
    retention_reason = TextAreaField(_l("Reason for the period"), [Length(max=MAX_REASON)], render_kw={"rows": 4})

    def validate_retention_reason(self, field: Field) -> None:
        if Blocker.NO_RETENTION_REASON in retention_blockers(self.months.data or 0, field.data or ""):
            raise ValidationError(BLOCKER_TEXTS[Blocker.NO_RETENTION_REASON])


def _logged(label: Any, *checks: Any) -> TextAreaField:
    return TextAreaField(
        label, [*checks, Length(min=MIN_REASON, max=MAX_REASON, message=BLOCKER_TEXTS[Blocker.NO_REASON])]
    )


class ReviewForm(PortalForm):
    """`unfiled` is asked for when a case has not been filed."""

    deletion_reason = _logged(_l("Reason for the deletion"), Required(BLOCKER_TEXTS[Blocker.NO_REASON]))
    unfiled = _logged(_l("Why what has not been filed need not be"), Optional())
