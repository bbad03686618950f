"""What the rules of interviews say, in the user's language."""

from collections.abc import Mapping

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.interviews.rules import LEVELS, AmendmentGap, ChairBlocker, SetUpGap
from portal.recruitment.rules import CandidateState

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
CHAIR_TEXTS = {
    ChairBlocker.NOT_ASSESSED: _l(
        "The chair decides this after having submitted their own assessment of the candidate."
    ),
    ChairBlocker.CLOSED: _l("The assessing of this interview is already closed."),
    ChairBlocker.OPEN: _l("All have submitted. The scores are open, and there is nothing to close."),
    ChairBlocker.NOT_CLOSED: _l("The assessing of this interview is not closed."),
}
AMENDMENT_TEXTS = {
    AmendmentGap.RATING: _l("Choose a rating."),
    AmendmentGap.EVIDENCE: _l("Write what the candidate said that gives this rating."),
    AmendmentGap.REASON: _l("Write why you change the rating, in a whole sentence."),
    AmendmentGap.NOTHING_NEW: _l("Nothing has been changed: choose another rating or write another reason for it."),
}
OUT_TEXTS = {
    CandidateState.WITHDRAWN: _l("The candidate has withdrawn. What has been assessed stays as it is."),
    CandidateState.REFUSED: _l("The candidate has been refused. What has been assessed stays as it is."),
}


def out_text(state: CandidateState) -> str:
    """Why a candidate in this state is not assessed any more; empty while they still are."""
    return str(OUT_TEXTS.get(state, ""))


def scale_of(anchors: Mapping[str, str]) -> dict[str, str]:
    """What each level means: the question's own anchor, or the two levels that it lies between."""
    return {
        str(level): anchors.get(str(level)) or _("Between %(low)s and %(high)s", low=level - 1, high=level + 1)
        for level in LEVELS
    }
