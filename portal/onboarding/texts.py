"""The words for phases, states and refusals, in the reader's language."""

from datetime import date
from functools import lru_cache
from typing import Any

from flask_babel import lazy_gettext as _l

from portal.bank.texts import PHASE_LABELS, RESPONSIBLE_LABELS
from portal.i18n import CATALOGUES, catalogue, in_words, long_date
from portal.onboarding.rules import FROM_TO, Blocker, ItemEventKind, MilestoneState, Urgency
from portal.onboarding.schedule import Contract

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
    Urgency.DONE: _l("done"),
    Urgency.WAIVED: _l("not relevant"),
    Urgency.OVERDUE: _l("overdue"),
    Urgency.SOON: _l("due soon"),
    Urgency.OPEN: _l("open"),
}
ITEM_TONES = {
    Urgency.DONE: "success",
    Urgency.WAIVED: "neutral",
    Urgency.OVERDUE: "error",
    Urgency.SOON: "warning",
    Urgency.OPEN: "neutral",
}
CONTRACT_LABELS = {
    Contract.TRIAL: _l("Trial period of three months"),
    Contract.CIVIL_SERVANT: _l("Civil servant on trial for two years"),
    Contract.NONE: _l("No trial period"),
}
EVENT_LABELS = {
    "requested": _l("asked for sign-off"),
    "withdrawn": _l("took the request back"),
    "returned": _l("sent it back"),
    "approved": _l("signed it off"),
    "reopened": _l("took it up again"),
    "added": _l("added it"),
    "completed": _l("completed it"),
    "undone": _l("opened it again"),
    "commented": _l("wrote"),
    "edited": _l("changed it"),
    "handed_over": _l("gave it to someone else"),
    "waiver_asked": _l("said that it is not relevant"),
    "waiver_granted": _l("agreed that it is not relevant"),
    "waiver_refused": _l("found it relevant"),
    "waiver_withdrawn": _l("made it relevant again"),
    "rescheduled": _l("moved the day"),
}
BLOCKER_TEXTS = {
    Blocker.ITEMS_OPEN: _l("Required items of the milestone are still open."),
    Blocker.EMPTY: _l("The milestone has no items to sign off."),
    Blocker.ALREADY_REQUESTED: _l("Sign-off has been asked for and awaits the chef."),
    Blocker.ALREADY_APPROVED: _l("The milestone has been signed off."),
    Blocker.NOT_REQUESTED: _l("The souschef has not asked for sign-off, or it has been decided already."),
    Blocker.NOT_APPROVED: _l("The milestone has not been signed off, so there is nothing to take up again."),
    Blocker.LOCKED_APPROVED: _l("The milestone has been signed off, so its items stay as they are."),
    Blocker.LOCKED_REQUESTED: _l(
        "The milestone awaits sign-off, so its items stay as they are until the chef decides."
    ),
    Blocker.NO_REVIEW: _l("The review of the trial period has not been written and shared with the souschef yet."),
    Blocker.ENDED: _l("The onboarding has been ended, so it stays as it is."),
    Blocker.OWN_CHEF: _l(
        "The new souschef is the chef of this office and cannot sign off their own plan. Choose another office, or "
        "give the office another chef first."
    ),
    Blocker.OWN_BUDDY: _l("The new souschef cannot be their own buddy. Choose another buddy, or none."),
    Blocker.NOT_OPEN: _l("The item is not open."),
    Blocker.HAS_ITEM: _l("The plan has the item already."),
    Blocker.NO_WAIVER: _l("Nobody has said that the item is not relevant, or it has been decided already."),
    Blocker.CHEFS_WORD: _l(
        "The item is required, and only the chef can change that. Ask the chef to leave it out as not relevant instead."
    ),
    Blocker.NO_RECORD: _l("The milestone has not been signed off, so there is no record of it yet."),
}


def note_of(event: Any) -> str:
    """The words of an event: what a person wrote, or what was changed from and to."""
    before, between, after = event.note.partition(FROM_TO)
    if between and event.kind == ItemEventKind.HANDED_OVER:
        return f"{RESPONSIBLE_LABELS[before]}{FROM_TO}{RESPONSIBLE_LABELS[after]}"
    if between and event.kind == ItemEventKind.RESCHEDULED:
        return f"{long_date(date.fromisoformat(before))}{FROM_TO}{long_date(date.fromisoformat(after))}"
    return str(event.note)


def phase_label(phase: str) -> str:
    return str(PHASE_LABELS[phase])


def context() -> dict[str, Any]:
    """All labels by the names under which templates use them; phases and roles are the bank’s."""
    return _context(catalogue())


@lru_cache(CATALOGUES)
def _context(texts: Any) -> dict[str, Any]:
    return {
        "milestone_labels": in_words(MILESTONE_LABELS),
        "milestone_tones": MILESTONE_TONES,
        "item_labels": in_words(ITEM_LABELS),
        "item_tones": ITEM_TONES,
        "contract_labels": in_words(CONTRACT_LABELS),
        "event_labels": in_words(EVENT_LABELS),
        "blocker_texts": in_words(BLOCKER_TEXTS),
        "note_of": note_of,
    }
