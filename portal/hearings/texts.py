"""What the rules of hearings say in the user's language, and the letter that a person edits and sends in Danish."""

from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.hearings.rules import DAY_HERE, LetterGap, Step, StepBlocker, letter_gaps
from portal.i18n import long_date, speaking, today
from portal.recruitment.models import Recruitment
from portal.stationery import Letter, parts_of

TITLE = "Partshøring om oplysninger i en reference"  # the letter is in Danish, whatever the reader's language

BLOCKERS = {
    StepBlocker.CLOSED: _l("The hearing is closed."),
    StepBlocker.STILL_OPEN: _l("The hearing is still open: record the reply there."),
    StepBlocker.NOT_REVIEWED: _l("Read the letter through first, and save it as ready."),
    StepBlocker.SENT_ALREADY: _l("The letter has been sent already."),
    StepBlocker.NOT_SENT: _l("The letter has not been sent yet."),
    StepBlocker.PAST: _l("The deadline must lie after today."),
    StepBlocker.TOO_EARLY: _l("The deadline has not passed yet."),
    StepBlocker.NO_DEADLINE: _l("Set a deadline for the candidate’s reply."),
}
GAPS = {
    LetterGap.DEADLINE: _l("The letter does not state the deadline, %(day)s. Write it or [frist] in the text."),
    LetterGap.LAW: _l("The letter does not state where the right to reply comes from: forvaltningslovens § 19."),
    LetterGap.UNFINISHED: _l("Write or delete what stands in square brackets."),
}
STEPS = {
    Step.DRAFTED: _l("Draft of the letter"),
    Step.REVIEWED: _l("The letter has been read through"),
    Step.SENT: _l("Put to the candidate"),
    Step.REPLIED: _l("The candidate has replied"),
    Step.UNANSWERED: _l("The candidate has not replied in time"),
    Step.REASSESSED: _l("Judged not essential"),
    Step.ADDED: _l("Added afterwards"),
}


def letter(candidate: str, position: str, fact: str, referee: str, sender: str) -> str:
    """A first text for the letter, in Danish; a person reads it through, changes it and sends it.

    `sender` is who signs it and gets the reply. The deadline goes where `DAY_HERE` stands.
    """
    with speaking("da"):
        return "\n\n".join(
            [
                _("Dear %(name)s", name=candidate),
                _(
                    "You have applied for the position %(position)s. You have accepted that we obtain references, and "
                    "in that connection we have received the following:",
                    position=position,
                ),
                fact,
                _("It comes from the reference that %(name)s has given.", name=referee),
                _(
                    "The information may be to your disadvantage and may be essential for our decision. Before we "
                    "decide, you have the opportunity to comment on it. This follows from section 19 of the Public "
                    "Administration Act."
                ),
                _(
                    "If you wish to comment, we must have your reply by %(day)s at the latest. It is voluntary. If we "
                    "do not hear from you, we decide on the basis that we have.",
                    day=DAY_HERE,
                ),
                _("Kind regards") + f"\n{sender}",
            ]
        )


def danish(day: date) -> str:
    """The day as the letter writes it."""
    with speaking("da"):
        return long_date(day)


def dated(text: str, deadline: date) -> str:
    """The letter with the deadline where it belongs."""
    return text.replace(DAY_HERE, danish(deadline))


def gaps_of(text: str, deadline: date) -> list[str]:
    """What the letter lacks before it can count as read through, in words."""
    day = danish(deadline)
    return [
        str(GAPS[gap]) % {"day": day} if gap is LetterGap.DEADLINE else str(GAPS[gap]) for gap in letter_gaps(text, day)
    ]


def document(recruitment: Recruitment, text: str, deadline: date | None) -> Letter:
    """The letter as it leaves the portal, with the deadline once more on top."""
    reference = f"Sagsnr. {recruitment.case_number}" if recruitment.case_number else ""
    first = [{"kind": "text", "text": f"Frist for svar: {danish(deadline)}"}] if deadline else []
    return Letter(TITLE, recruitment.office.name, danish(today()), reference, (*first, *parts_of(text)))
