"""What the rules of interviews say, in the user's language."""

from flask_babel import lazy_gettext as _l

from portal.interviews.rules import AmendmentGap, ChairBlocker, DropBlocker, LeftOut, SetUpGap
from portal.recruitment.rules import CandidateState
from portal.recruitment.schedule import RoundBlocker

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
DROP_TEXTS = {
    DropBlocker.NOT_BEGUN: _l("Assessing has not begun in this round. Remove the question instead."),
    DropBlocker.DROPPED: _l("The question has been dropped already."),
    DropBlocker.LAST: _l("This is the last question of the round that counts. Without it there is nothing to assess."),
}
LEFT_OUT_TEXTS = {
    LeftOut.COMPETENCY: _l("its competency is not in the requirement profile"),
    LeftOut.PRESENT: _l("the round asks it already"),
    LeftOut.DROPPED: _l("it was dropped in that recruitment"),
    LeftOut.RETIRED: _l("the bank has retired it"),
    LeftOut.WORDING: _l("its wording would be refused today"),
}
CHAIR_TEXTS = {
    ChairBlocker.NOT_ASSESSED: _l(
        "You decide this as the chair, or in the chair’s place, when you have submitted your own assessment."
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
    CandidateState.HIRED: _l("The candidate has been hired. What has been assessed stays as it is."),
}


def out_text(state: CandidateState) -> str:
    """Why a candidate in this state is not assessed any more; empty while they still are."""
    return str(OUT_TEXTS.get(state, ""))


_ROUND_TEXTS = {
    RoundBlocker.ENOUGH: _l("A recruitment has three rounds at most."),
    RoundBlocker.EMPTY: _l("Nobody is in the last round yet. Fill it before you add another."),
    RoundBlocker.FIRST: _l("Every candidate is in the first round."),
    RoundBlocker.BEGUN: _l("The panel has begun on this interview. What has been assessed stays."),
    RoundBlocker.INVITED_ON: _l("The candidate is invited to the next round. Take that invitation back first."),
    RoundBlocker.NOT_LAST: _l("Only the last round can be removed."),
    RoundBlocker.HAS_QUESTIONS: _l("The round has questions. Remove them first."),
    RoundBlocker.HAS_INTERVIEWS: _l("There are candidates in the round. Take their invitations back first."),
}


def round_blocker_text(blocker: RoundBlocker) -> str:
    return str(_ROUND_TEXTS[blocker])
