"""The words for phases, states and refusals, in the reader's language."""

from typing import Any

from flask_babel import lazy_gettext as _l

from portal.bank.texts import PHASE_LABELS
from portal.onboarding.rules import Blocker, ItemState, MilestoneState

MILESTONE_LABELS = {
    MilestoneState.OPEN: _l("not signed off yet"),
    MilestoneState.REQUESTED: _l("awaits the chef"),
    MilestoneState.RETURNED: _l("sent back"),
    MilestoneState.APPROVED: _l("signed off"),
}
MILESTONE_TONES = {
    MilestoneState.OPEN: "neutral",
    MilestoneState.REQUESTED: "info",
    MilestoneState.RETURNED: "warning",
    MilestoneState.APPROVED: "success",
}
ITEM_LABELS = {
    ItemState.DONE: _l("done"),
    ItemState.OVERDUE: _l("overdue"),
    ItemState.SOON: _l("due soon"),
    ItemState.OPEN: _l("open"),
}
ITEM_TONES = {
    ItemState.DONE: "success",
    ItemState.OVERDUE: "error",
    ItemState.SOON: "warning",
    ItemState.OPEN: "neutral",
}
EVENT_LABELS = {
    "requested": _l("asked for sign-off"),
    "returned": _l("sent it back"),
    "approved": _l("signed it off"),
    "completed": _l("completed it"),
    "undone": _l("opened it again"),
}
BLOCKER_TEXTS = {
    Blocker.ITEMS_OPEN: _l("Required items of the milestone are still open."),
    Blocker.EMPTY: _l("The milestone has no items to sign off."),
    Blocker.ALREADY_REQUESTED: _l("Sign-off has been asked for and awaits the chef."),
    Blocker.ALREADY_APPROVED: _l("The milestone has been signed off."),
    Blocker.NOT_REQUESTED: _l("The souschef has not asked for sign-off, or it has been decided already."),
    Blocker.LOCKED_APPROVED: _l("The milestone has been signed off, so its items stay as they are."),
    Blocker.OWN_CHEF: _l(
        "The new souschef is the chef of this office and cannot sign off their own plan. Choose another office, or "
        "give the office another chef first."
    ),
    Blocker.OWN_BUDDY: _l("The new souschef cannot be their own buddy. Choose another buddy, or none."),
    Blocker.LOCKED_REQUESTED: _l(
        "The milestone awaits sign-off, so its items stay as they are until the chef decides."
    ),
}


def phase_label(phase: str) -> str:
    return str(PHASE_LABELS[phase])


def context() -> dict[str, Any]:
    """All labels by the names under which templates use them; phases and roles are the bank’s."""
    return {
        "milestone_labels": MILESTONE_LABELS,
        "milestone_tones": MILESTONE_TONES,
        "item_labels": ITEM_LABELS,
        "item_tones": ITEM_TONES,
        "event_labels": EVENT_LABELS,
        "blocker_texts": BLOCKER_TEXTS,
    }
