"""The filter of the comparison, which stands in the address, and the form for what the panel agrees on."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField, TextAreaField
from wtforms.validators import Length

from portal.formfields import PortalForm, Required, SeenField, options
from portal.interviews.rules import LEVELS

NOT_COVERED = "not_covered"
MAX_REASON = 4000


class ComparisonFilter(PortalForm):
    class Meta(PortalForm.Meta):
        csrf = False

    round = SelectField(_l("Round"))
    order = SelectField(_l("Order"))
    blind = BooleanField(_l("Without names"))


class AgreeForm(PortalForm):
    """`seen` is the agreed rating that the page showed, so that nobody writes over what they have not seen."""

    level = RadioField(
        _l("What you agree on"),
        [Required(_l("Choose a level, or not covered."))],
        choices=options([*((level, level) for level in LEVELS), (NOT_COVERED, _l("Not covered"))]),
    )
    reason = TextAreaField(
        _l("Reason"),
        [
            Required(_l("Write what the panel agrees on and why.")),
            Length(max=MAX_REASON, message=_l("Shorten the reason to at most %(max)d characters.")),
        ],
    )
    seen = SeenField()

    @property
    def score(self) -> int | None:
        return None if self.level.data == NOT_COVERED else int(self.level.data)
