"""Guides and notes as plain outlines in the reader's language; `exports` writes them."""

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from portal.bank.queries import find_script
from portal.i18n import language, long_date, moment, today
from portal.references import exports
from portal.references.checks import Asked, answers_of
from portal.references.models import GuideProbe, GuideQuestion, Referee, ReferenceCheck


@dataclass(frozen=True)
class Script:
    """What the caller says before and after the questions, as it stands in the bank."""

    first: str
    last: str


def script() -> Script:
    return Script(find_script("reference_introduction"), find_script("reference_closing"))


def introduction(said: Script, referee: Referee, minutes: int, caller: str = "") -> str:
    """What the caller says first, with the candidate's name and the time that this takes."""
    text = said.first.replace("[kandidatens navn]", referee.candidate.name).replace("[antal]", str(minutes))
    return text.replace("[dit navn]", caller) if caller else text


def closing(said: Script, contact: str) -> str:
    return said.last.replace("[kontaktoplysninger]", contact)


def _accept(referee: Referee) -> str:
    accept = referee.accept or referee.accepts[-1]
    return f"{long_date(accept.given_on)}, {accept.how}"


def _question(question: GuideQuestion, answer: str = "") -> exports.Question:
    heading = question.competency.text if question.competency else _("General")
    return exports.Question(heading, question.text, tuple(question.probes), answer)


def _probe(probe: GuideProbe, answer: str = "") -> exports.Question:
    return exports.Question(_("Follow-up about this candidate"), probe.text, (), answer)


def guide_of(referee: Referee, asked: Asked, said: Script) -> exports.Guide:
    """The guide to write in: every question with room for the answer."""
    return exports.Guide(
        language=language(),
        title=_("Reference guide"),
        candidate=referee.candidate.name,
        page_label=_("Page {page} of {pages}"),
        facts=(
            (_("Position"), referee.recruitment.title),
            (_("Candidate"), referee.candidate.name),
            (_("Referee"), _who(referee)),
            (_("Phone"), referee.phone or "–"),
            (_("The candidate’s accept"), _accept(referee)),
            (_("Printed"), long_date(today())),
            (_("Call made by, date and time"), ""),
        ),
        before=((_("Say first"), introduction(said, referee, asked.minutes)),),
        questions_title=_("Questions"),
        questions=(*map(_question, asked.questions), *map(_probe, asked.probes)),
        answer_label=_("Notes: what did the referee see or hear?"),
        after=((_("Say last"), said.last),),
    )


def _who(referee: Referee) -> str:
    facts = ", ".join(part for part in (referee.relation, referee.period) if part)
    return f"{referee.name} ({facts})"


def draft_note(referee: Referee, check: ReferenceCheck, asked: Asked) -> str:
    """A first text for the note, made of the facts and the answers; a person finishes it."""
    answers = answers_of(check)
    texts = [*((f"q_{q.id}", q.text) for q in asked.questions), *((f"p_{p.id}", p.text) for p in asked.probes)]
    said = [f"{text}\n{answers[name].strip()}" for name, text in texts if answers.get(name, "").strip()]
    first = _("Reference from %(who)s about %(candidate)s.", who=_who(referee), candidate=referee.candidate.name)
    return "\n\n".join([first, *said])


def how_given(check: ReferenceCheck) -> tuple[tuple[str, str | date], ...]:
    """Who wrote the note of what: a talk has a day and a length, written answers have a time at which they came."""
    if check.written_at:
        written = _("in writing, sent %(when)s", when=moment(check.written_at))
        return (_("How the answers were given"), written), (_("The note was written by"), check.caller.name)
    return (
        (_("How the answers were given"), _("in a talk")),
        (_("The talk was held by"), check.caller.name),
        (_("Day of the talk"), check.held_on or "–"),
        (_("Minutes"), str(check.minutes or "–")),
    )


def note_of(referee: Referee, check: ReferenceCheck, asked: Asked) -> exports.Guide:
    """The finished note with every answer, the addenda and the digest."""
    answers = answers_of(check)
    assert check.finished_at is not None
    facts = (
        (_("Position"), referee.recruitment.title),
        (_("Candidate"), referee.candidate.name),
        (_("Referee"), _who(referee)),
        (_("Phone"), referee.phone or "–"),
        (_("The candidate’s accept"), _accept(referee)),
        *((term, value if isinstance(value, str) else long_date(value)) for term, value in how_given(check)),
        (_("Finished"), moment(check.finished_at)),
        (_("Digest of the content (SHA-256)"), check.digest),
    )
    addenda = tuple((_("Addendum %(when)s", when=moment(a.at)), f"{a.text}\n\n{a.by.name}") for a in check.addenda)
    return exports.Guide(
        language=language(),
        title=_("Note of a reference"),
        candidate=referee.candidate.name,
        page_label=_("Page {page} of {pages}"),
        facts=facts,
        before=((_("The note"), check.note), *addenda),
        questions_title=_("Answers"),
        questions=(
            *(_question(q, answers.get(f"q_{q.id}", "") or "–") for q in asked.questions),
            *(_probe(p, answers.get(f"p_{p.id}", "") or "–") for p in asked.probes),
        ),
        answer_label=_("Answer"),
        after=(),
    )
