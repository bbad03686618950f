"""What the rules of references say, in the user's language."""

from flask_babel import lazy_gettext as _l

from portal.references.rules import FinishBlocker, ProbeReason

PROBE_REASONS = {
    ProbeReason.NOT_COVERED: _l("The interviews did not cover this fully."),
    ProbeReason.THRESHOLD: _l("The outcome is close to the threshold of the must-have."),
    ProbeReason.SPREAD: _l("The panel saw this differently."),
    ProbeReason.THIN: _l("There is little in writing about this from the interviews."),
}
FINISH_BLOCKERS = {
    FinishBlocker.DAY: _l("Enter the day of the talk."),
    FinishBlocker.ANSWERS: _l("No answer has been noted yet."),
    FinishBlocker.NOTE: _l("The note is empty."),
}
CHANGED_ELSEWHERE = _l("The answers have been changed in another window. Choose “Save” to see both texts.")
NO_LINK = _l(
    "The link does not work. It may have been copied only in part, been used, or have ended. If you have sent your "
    "answers, you need not do anything more. Otherwise call or write to the person who asked you for the reference, "
    "and ask for a new link."
)
