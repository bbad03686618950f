"""The words for uses, kinds, phases and problems, in the reader's language."""

from functools import lru_cache
from typing import Any

from flask_babel import lazy_gettext as _l

from portal.bank.rules import Problem, Reason, Use
from portal.i18n import CATALOGUES, catalogue, in_words
from portal.wording import Advice, Finding

USE_LABELS = {
    Use.INTERVIEW: _l("Interview question"),
    Use.REFERENCE: _l("Reference question"),
    Use.ONBOARDING: _l("Checklist item"),
    Use.AD: _l("Job ad line"),
    Use.TALK: _l("MUS prompt"),
    Use.SCRIPT: _l("Fixed text"),
}
USE_PLURALS = {
    Use.INTERVIEW: _l("Interview questions"),
    Use.REFERENCE: _l("Reference questions"),
    Use.ONBOARDING: _l("Checklist items"),
    Use.AD: _l("Job ad lines"),
    Use.TALK: _l("MUS prompts"),
    Use.SCRIPT: _l("Fixed texts"),
}
KIND_LABELS = {"behavioural": _l("Behavioural"), "situational": _l("Situational")}
PHASE_LABELS = {
    "before_start": _l("Before the start"),
    "day_1": _l("Day 1"),
    "week_1": _l("Week 1"),
    "day_30": _l("Day 30"),
    "trial_review": _l("Trial period review"),
    "day_90": _l("Day 90"),
    "month_6": _l("Six months"),
}
RESPONSIBLE_LABELS = {
    "souschef": _l("Souschef"),
    "chef": _l("Chef"),
    "makker": _l("Buddy"),
    "hr": _l("HR"),
}
THEME_LABELS = {
    "compliance": _l("Rules and duties"),
    "clarification": _l("Role and expectations"),
    "culture": _l("Culture"),
    "connection": _l("Relations"),
}
FIELD_LABELS = {
    "key": _l("Id"),
    "text": _l("Text"),
    "competencies": _l("Competency"),
    "behaviours": _l("Behaviour examples"),
    "kind": _l("Kind"),
    "probes": _l("Follow-up questions"),
    "anchor_1": _l("Level 1"),
    "anchor_3": _l("Level 3"),
    "anchor_5": _l("Level 5"),
    "why": _l("Why it matters"),
    "documentation": _l("What documents it"),
    "phase": _l("Milestone"),
    "responsible": _l("Responsible"),
    "offset_days": _l("Days from the start"),
    "working_days": _l("Counted in working days"),
    "theme": _l("What it is about"),
    "required": _l("Required"),
}
REASON_TEXTS = {
    Reason.MISSING: _l("Fill this in."),
    Reason.TOO_LONG: _l("Shorten the text to at most %(detail)s characters."),
    Reason.UNKNOWN: _l("“%(detail)s” is not one of the possible values."),
    Reason.ONE_COMPETENCY: _l("Choose one competency."),
    Reason.NO_COMPETENCY: _l("A fixed text belongs to no competency."),
    Reason.PROBES: _l("Write between two and four follow-up questions, each on a line of its own."),
    Reason.OFFSET: _l("Write a whole number of days (%(detail)s)."),
    Reason.SAME_ANCHORS: _l("The levels must differ from each other."),
    Reason.TAKEN: _l("“%(detail)s” is the id of another kind of entry, or stands twice in the file."),
    Reason.CPR: _l(
        "“%(detail)s” looks like a CPR number. Those may not be kept here: take it out, or write an order number "
        "together with the word order number."
    ),
}
GROUND_LABELS = {
    "health": _l("health and illness"),
    "disability": _l("disability"),
    "pregnancy": _l("pregnancy and parental leave"),
    "family": _l("family and private life"),
    "age": _l("age"),
    "religion": _l("religion and belief"),
    "politics": _l("political conviction"),
    "origin": _l("ethnic, national or social origin"),
    "orientation": _l("sexual orientation and gender identity"),
    "union": _l("membership of a union or unemployment fund"),
    "salary": _l("present or earlier salary"),
    "criminal": _l("criminal record"),
}
ADVICE_TEXTS = {
    Advice.LEADING: _l("The question seems to lead towards an answer. An open question tells you more."),
    Advice.DOUBLE: _l("It seems to be two questions in one. Ask one, and make the other a follow-up question."),
}
PROTECTED_TEXT = _l(
    "The wording “%(words)s” touches %(ground)s, which is not asked about when hiring (%(law)s). Put it differently."
)


def finding_text(finding: Finding) -> str:
    """Why a question is refused, with the rule named."""
    ground = str(GROUND_LABELS[finding.ground])
    return str(PROTECTED_TEXT) % {"words": finding.words, "ground": ground, "law": finding.law}


def problem_text(problem: Problem) -> str:
    """What is wrong, in words; a protected ground explains itself in its detail."""
    if problem.reason is Reason.PROTECTED:
        return problem.detail
    return str(REASON_TEXTS[problem.reason]) % {"detail": problem.detail}


def context() -> dict[str, Any]:
    """All labels by the names under which templates use them."""
    return _context(catalogue())


@lru_cache(CATALOGUES)
def _context(texts: Any) -> dict[str, Any]:
    return {
        "use_labels": in_words(USE_LABELS),
        "use_plurals": in_words(USE_PLURALS),
        "kind_labels": in_words(KIND_LABELS),
        "phase_labels": in_words(PHASE_LABELS),
        "responsible_labels": in_words(RESPONSIBLE_LABELS),
        "theme_labels": in_words(THEME_LABELS),
        "advice_texts": in_words(ADVICE_TEXTS),
    }
