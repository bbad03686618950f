"""Words for recommendation, decision and answers."""

from typing import Any

from flask_babel import lazy_gettext as _l

from portal.decisions.rules import Blocker, Ruling, Stage

STAGE_LABELS: dict[Stage, Any] = {
    Stage.DRAFTING: _l("Being drafted"),
    Stage.SUBMITTED: _l("Awaits a decision"),
    Stage.DECIDED: _l("Decided"),
}
STAGE_TONES = {Stage.DRAFTING: "neutral", Stage.SUBMITTED: "warning", Stage.DECIDED: "success"}

RULING_CHOICES: dict[Ruling, Any] = {
    Ruling.FOLLOW: _l("Follow the recommendation"),
    Ruling.OTHER: _l("Hire another candidate"),
    Ruling.NOBODY: _l("Hire nobody"),
    Ruling.RETURN: _l("Send the recommendation back to the panel"),
}
RULING_LABELS: dict[Ruling, Any] = {
    Ruling.FOLLOW: _l("followed the recommendation"),
    Ruling.OTHER: _l("decided to hire another candidate"),
    Ruling.NOBODY: _l("decided to hire nobody"),
    Ruling.RETURN: _l("sent the recommendation back to the panel"),
}

STATE_LABELS: dict[str, Any] = {
    "applied": _l("Under consideration"),
    "withdrawn": _l("Withdrawn"),
    "refused": _l("Refused"),
    "hired": _l("Hired"),
    "resumed": _l("Taken up again"),
}

NAMED_TEXT = _l("The refusal must not name other persons of the case: %(what)s.")
GROUND_TEXT = _l("The wording “%(words)s” touches %(ground)s, which must play no part in a refusal (%(law)s).")

BLOCKER_TEXTS: dict[Blocker, Any] = {
    Blocker.NOTHING_SAVED: _l("Nothing has been written yet. Write the recommendation first."),
    Blocker.UNCHANGED: _l("The recommendation was sent back. Change it before you submit it again."),
    Blocker.NO_REASON: _l("The overall reason is missing."),
    Blocker.NO_COMPETENCY_REASON: _l("A competency of the requirement profile lacks its reason."),
    Blocker.NO_INTERVIEW: _l("The candidate has not been interviewed."),
    Blocker.NOT_OPEN: _l("Not all assessments of the candidate have been submitted, or closed by the chair."),
    Blocker.OUT: _l("The candidate has withdrawn or been refused."),
    Blocker.MUST_HAVE: _l("The candidate does not meet a must-have. Write why you recommend them nevertheless."),
    Blocker.NO_AUTHORITY: _l("Nobody has been named as hiring authority."),
    Blocker.SUBMITTED: _l("The recommendation has been submitted and awaits a decision. It cannot be changed."),
    Blocker.DECIDED: _l("The decision has been made. It cannot be changed."),
    Blocker.NOT_SUBMITTED: _l("The panel has not submitted a recommendation yet."),
    Blocker.NO_DECISION_REASON: _l("Write the reason for not following the recommendation."),
    Blocker.NO_CANDIDATE: _l("Choose who is to be hired."),
    Blocker.SAME_CANDIDATE: _l("This is the candidate whom the panel recommends. Choose to follow the recommendation."),
    Blocker.NOT_REVIEWED: _l("The refusal has not been reviewed yet."),
    Blocker.UNFINISHED: _l("The refusal still has places to fill in, in square brackets."),
    Blocker.ANSWERED: _l("The refusal has been sent. It cannot be changed."),
    Blocker.HIRED: _l("The candidate has been hired."),
    Blocker.PROPOSED: _l("The candidate is recommended, and the decision has not been made yet."),
    Blocker.NO_CASE_NUMBER: _l("Enter the case number under which the record has been filed."),
    Blocker.NOT_DECIDED: _l("There is no decision yet. Choose a provisional record if it is to be filed now."),
}
