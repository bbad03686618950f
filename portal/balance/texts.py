"""The words for states, answers and refusals, in the reader's language."""

from typing import Any

from flask_babel import lazy_gettext as _l

from portal.balance.rules import MAX_FOCUS, MAX_WORDS, MIN_SHARE, STEP, AnswerKind, Blocker, Problem, State

STATE_LABELS = {
    State.PROPOSED: _l("awaits an answer"),
    State.AGREED: _l("agreed"),
    State.DECLINED: _l("declined"),
    State.WITHDRAWN: _l("withdrawn"),
    State.SUPERSEDED: _l("replaced by a newer one"),
}
STATE_TONES = {
    State.PROPOSED: "info",
    State.AGREED: "success",
    State.DECLINED: "warning",
    State.WITHDRAWN: "neutral",
    State.SUPERSEDED: "neutral",
}
ANSWER_LABELS = {
    AnswerKind.CONFIRMED: _l("said yes"),
    AnswerKind.DECLINED: _l("said no"),
    AnswerKind.WITHDRAWN: _l("took the proposal back"),
}
BLOCKER_TEXTS = {
    Blocker.NO_OTHER: _l("There is nobody to agree with: the office needs a chef who is not the souschef. Ask HR."),
    Blocker.ENDED: _l("The souschef no longer serves in this office, so what was agreed stays as it is."),
    Blocker.OVERTAKEN: _l(
        "Something has been proposed or answered since you opened the form. See what it is before you propose."
    ),
    Blocker.NEW_FRAMEWORK: _l("A new version of the framework has been published meanwhile. Open the form anew."),
    Blocker.SAME: _l(
        "It says the same as what is agreed or already proposed. Change something, or answer the proposal."
    ),
    Blocker.AGREED: _l("You have already agreed on this proposal. If it must change, make a new one."),
    Blocker.DECLINED: _l("The proposal has been declined. Make a new one."),
    Blocker.WITHDRAWN: _l("The proposal has been taken back by the one who made it."),
    Blocker.SUPERSEDED: _l("There is a newer proposal or agreement. Open the page anew and answer that."),
    Blocker.OWN: _l("You said yes by proposing. Now the other must answer."),
    Blocker.NOT_OWN: _l("Only the one who made the proposal can take it back. You can decline it."),
    Blocker.PROPOSER_GONE: _l(
        "The one who proposed this no longer leads the office, so it cannot be agreed. Make a new proposal."
    ),
}
PROBLEM_TEXTS = {
    Problem.PARTS: _l("Give each part of the framework a share."),
    Problem.SHARE: _l(
        "Enter a number from %(min)s to 100 in steps of %(step)s. Each part has a share, as a souschef must be able to "
        "act in all four.",
        min=MIN_SHARE,
        step=STEP,
    ),
    Problem.SUM: _l("The four shares must add up to 100."),
    Problem.FEW: _l("Choose at least one focus area."),
    Problem.MANY: _l("Choose at most %(max)s focus areas: with more, none is in focus.", max=MAX_FOCUS),
    Problem.UNKNOWN: _l("Choose each focus area from the framework, and only once."),
    Problem.NO_REASON: _l("Say in at least ten characters why it changes, so that the other can follow you."),
    Problem.TOO_LONG: _l("Shorten the text to at most %(max)s characters.", max=MAX_WORDS),
}


def context() -> dict[str, Any]:
    """All labels by the names under which templates use them."""
    return {
        "balance_labels": STATE_LABELS,
        "balance_tones": STATE_TONES,
        "balance_answers": ANSWER_LABELS,
        "balance_blockers": BLOCKER_TEXTS,
    }
