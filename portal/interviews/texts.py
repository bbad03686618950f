"""What the rules of interviews say, in the user's language."""

from collections.abc import Mapping

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.interviews.rules import LEVELS, SetUpGap

SET_UP_TEXTS = {
    SetUpGap.PROFILE: _l("No competencies have been chosen for the requirement profile."),
    SetUpGap.QUESTIONS: _l("The scorecard lacks a question for each competency of the profile."),
    SetUpGap.PANEL: _l("The panel needs at least two members."),
}
SET_UP_NAMES = {
    SetUpGap.PROFILE: _l("requirement profile"),
    SetUpGap.QUESTIONS: _l("questions for the scorecard"),
    SetUpGap.PANEL: _l("panel"),
}


def scale_of(anchors: Mapping[str, str]) -> dict[str, str]:
    """What each level means: the question's own anchor, or the two levels that it lies between."""
    return {
        str(level): anchors.get(str(level)) or _("Between %(low)s and %(high)s", low=level - 1, high=level + 1)
        for level in LEVELS
    }
