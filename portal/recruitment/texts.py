"""What the rules of recruitment say, in the user's language."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.recruitment.rules import RESUMED, CandidateState, PanelAdvice

STATE_LABELS: dict[CandidateState, Any] = {
    CandidateState.APPLIED: _l("candidate"),
    CandidateState.WITHDRAWN: _l("withdrawn"),
    CandidateState.REFUSED: _l("refused"),
    CandidateState.HIRED: _l("hired"),
}
STATE_PLURALS: dict[CandidateState, Any] = {
    CandidateState.APPLIED: _l("In the process"),
    CandidateState.WITHDRAWN: _l("Withdrawn"),
    CandidateState.REFUSED: _l("Refused"),
    CandidateState.HIRED: _l("Hired"),
}
STATE_TONES = {
    CandidateState.APPLIED: "info",
    CandidateState.WITHDRAWN: "neutral",
    CandidateState.REFUSED: "neutral",
    CandidateState.HIRED: "success",
}
EVENT_LABELS: dict[str, Any] = {
    CandidateState.WITHDRAWN: _l("Withdrawn by the candidate"),
    CandidateState.REFUSED: _l("Refused"),
    CandidateState.HIRED: _l("Hired"),
    RESUMED: _l("Taken up again"),
}

PANEL_TEXTS = {
    PanelAdvice.TOO_SMALL: _l("The panel is too small: it takes at least two members, and three or more are better."),
    PanelAdvice.SMALL: _l("Two members are the fewest. With three or more, one person’s view weighs less."),
    PanelAdvice.EVEN: _l("The panel has an even number of members. An odd number makes it easier to agree."),
    PanelAdvice.NO_CHAIR: _l("Nobody chairs the panel yet. The chair leads the debrief and can close the assessing."),
}


def round_name(number: int) -> str:
    """1. samtale, 2. samtale"""
    return str(_("Interview %(number)s", number=number))


def context() -> dict[str, Any]:
    """What templates use to name states and rounds."""
    return {
        "state_labels": STATE_LABELS,
        "state_plurals": STATE_PLURALS,
        "state_tones": STATE_TONES,
        "candidate_event_labels": EVENT_LABELS,
        "round_name": round_name,
    }
