"""Words for the annual talk."""

from typing import Any

from flask_babel import lazy_gettext as _l

from portal.annualtalks.rules import Blocker, Stage

STAGE_LABELS: dict[Stage, Any] = {
    Stage.PREPARING: _l("Being prepared"),
    Stage.OPEN: _l("Ready to be held"),
    Stage.CONFIRMED: _l("Confirmed by both"),
    Stage.CANCELLED: _l("Called off"),
    Stage.BROKEN_OFF: _l("Not held before the chef changed"),
}
STAGE_TONES = {
    Stage.PREPARING: "info",
    Stage.OPEN: "warning",
    Stage.CONFIRMED: "success",
    Stage.CANCELLED: "neutral",
    Stage.BROKEN_OFF: "neutral",
}
BLOCKER_TEXTS: dict[Blocker, Any] = {
    Blocker.CANCELLED: _l("The talk has been called off."),
    Blocker.CONFIRMED: _l("Both have confirmed the talk, so it no longer changes. You can write an addendum."),
    Blocker.BROKEN_OFF: _l("The souschef has got another chef, so this talk cannot be held. A new one can be called."),
    Blocker.RELEASED: _l("You have released your preparation. Take the release back first, if you want to change it."),
    Blocker.BOTH_RELEASED: _l("Both have released their preparation, so it stays as it is."),
    Blocker.NOT_RELEASED: _l("Both must have released their preparation first."),
    Blocker.NO_SUMMARY: _l("There is no summary to confirm yet."),
    Blocker.OTHER_SUMMARY: _l(
        "The summary has been changed since you opened the page. Read the new wording before you confirm it."
    ),
    Blocker.NOT_CONFIRMED: _l("An addendum can be written when both have confirmed the talk."),
    Blocker.ALREADY_CALLED: _l("A talk has already been called. Hold it or call it off before you call another."),
}


def context() -> dict[str, Any]:
    """All labels by the names under which templates use them."""
    return {"talk_stages": STAGE_LABELS, "talk_tones": STAGE_TONES, "talk_blockers": BLOCKER_TEXTS}
