"""What the rules of hearings say in the user's language, and the letter that a person edits and sends in Danish."""

from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.hearings.rules import Step, StepBlocker
from portal.i18n import long_date, speaking

BLOCKERS = {
    StepBlocker.CLOSED: _l("The hearing is closed."),
    StepBlocker.SENT_ALREADY: _l("The letter has been sent already."),
    StepBlocker.NOT_SENT: _l("The letter has not been sent yet."),
    StepBlocker.PAST: _l("The deadline must lie after today."),
    StepBlocker.TOO_EARLY: _l("The deadline has not passed yet."),
    StepBlocker.NO_DEADLINE: _l("Set a deadline for the candidate’s reply."),
}
STEPS = {
    Step.SENT: _l("Put to the candidate"),
    Step.REPLIED: _l("The candidate has replied"),
    Step.UNANSWERED: _l("The candidate has not replied in time"),
    Step.REASSESSED: _l("Judged not essential"),
}


@speaking("da")
def letter(candidate: str, position: str, fact: str, deadline: date) -> str:
    """A first text for the letter, in Danish whatever the reader's language: the letter is the agency's.

    A person reads it through, changes it and sends it.
    """
    return "\n\n".join(
        [
            _("Dear %(name)s", name=candidate),
            _(
                "You have applied for the position %(position)s. You have accepted that we obtain references, and in "
                "that connection we have received the following:",
                position=position,
            ),
            fact,
            _(
                "The information may be to your disadvantage and may be essential for our decision. Before we decide, "
                "you have the opportunity to comment on it. This follows from section 19 of the Public Administration "
                "Act."
            ),
            _(
                "If you wish to comment, we must have your reply by %(day)s at the latest. It is voluntary. If we do "
                "not hear from you, we decide on the basis that we have.",
                day=long_date(deadline),
            ),
            _("Kind regards"),
        ]
    )
