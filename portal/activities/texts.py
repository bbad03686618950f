"""Words for activities."""

from typing import Any

from flask_babel import lazy_gettext as _l

from portal.activities.rules import Blocker, Kind, Part, State

KIND_LABELS: dict[Kind, Any] = {
    Kind.WORKSHOP: _l("Workshop"),
    Kind.COURSE: _l("Course"),
    Kind.NETWORK: _l("Network"),
}
STATE_LABELS: dict[State, Any] = {
    State.DRAFT: _l("Draft"),
    State.OPEN: _l("Open for sign-up"),
    State.CANCELLED: _l("Called off"),
}
STATE_TONES = {State.DRAFT: "neutral", State.OPEN: "success", State.CANCELLED: "warning"}
PART_LABELS: dict[Part, Any] = {
    Part.INVITED: _l("You are invited"),
    Part.DECLINED: _l("Declined"),
    Part.SIGNED_UP: _l("Signed up"),
    Part.WAITING: _l("On the waiting list"),
    Part.LEFT: _l("Signed off"),
    Part.ATTENDED: _l("Attended"),
    Part.ABSENT: _l("Absent"),
}
BLOCKER_TEXTS: dict[Blocker, Any] = {
    Blocker.NOT_OPEN: _l("The activity is not open for sign-up yet."),
    Blocker.CANCELLED: _l("The activity has been called off."),
    Blocker.TOO_LATE: _l("The last day for signing up has passed. Ask HR whether there is a seat."),
    Blocker.BEGUN: _l("The activity has begun, so you can no longer sign off."),
    Blocker.NOT_BEGUN: _l("Attendance is noted when the activity has begun."),
    Blocker.ALREADY: _l("You are signed up or on the waiting list already."),
    Blocker.NOT_IN: _l("This person is not signed up for the activity."),
    Blocker.NOT_INVITED: _l("You have no invitation to decline."),
    Blocker.NOT_ATTENDED: _l("Only those who were there can evaluate the activity."),
    Blocker.ANSWERED: _l("You have evaluated the activity already."),
    Blocker.FEWER_SEATS: _l("More people are signed up than that. Nobody loses a seat: enter a higher number."),
}


def context() -> dict[str, Any]:
    """All labels by the names under which templates use them."""
    return {
        "activity_kinds": KIND_LABELS,
        "activity_states": STATE_LABELS,
        "activity_tones": STATE_TONES,
        "activity_parts": PART_LABELS,
    }
