"""What the referees said, as the recommendation and the case's documents use it: in words, never as a number."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from portal.hearings.models import Hearing
from portal.hearings.queries import hearings_of
from portal.recruitment.models import Candidate, Recruitment
from portal.references.models import GuideProbe, GuideQuestion, Referee, ReferenceCheck
from portal.references.queries import finished_notes, guide, probes_of

Clean = Callable[[str], str]
Write = Callable[[date | datetime | None], str]


@dataclass(frozen=True)
class Told:
    """A referee's answer to a question about a competency."""

    referee: Referee
    question: str
    answer: str


def told_about(candidate: Candidate) -> dict[int, list[Told]]:
    """The answers in finished notes by competency id, for the reasons of the recommendation; 0 is for general ones."""
    asked = [(f"question-{q.id}", q.competency_id or 0, q.text) for q in guide(candidate.recruitment)]
    asked += [(f"probe-{p.id}", p.competency_id, p.text) for p in probes_of([candidate.id])[candidate.id]]
    found: dict[int, list[Told]] = {}
    for referee in finished_notes([candidate.id]):
        answers = _answers(referee.check)
        for name, competency_id, text in asked:
            if answers.get(name, "").strip():
                found.setdefault(competency_id, []).append(Told(referee, text, answers[name]))
    return found


def _answers(check: ReferenceCheck | None) -> dict[str, str]:
    given = check.answers if check else ()
    return {f"question-{a.question_id}" if a.question_id else f"probe-{a.probe_id}": a.text for a in given}


@dataclass(frozen=True)
class Held:
    """What the portal holds about the references of some candidates, beside the referees themselves."""

    guide: Sequence[GuideQuestion]
    probes: Mapping[int, Sequence[GuideProbe]]
    hearings: Mapping[int, Sequence[Hearing]]


def held_on(recruitment: Recruitment, candidate_ids: Collection[int]) -> Held:
    return Held(guide(recruitment), probes_of(candidate_ids), hearings_of(candidate_ids))


def check_of(referee: Referee, held: Held, clean: Clean, at: Write) -> dict[str, Any]:
    """The talk with a referee: its facts, each answer, the note with its addenda, and the hearings that came of it.

    Empty when it has not begun.
    """
    check = referee.check
    if check is None:
        return {}
    answers = _answers(check)
    asked = [(f"question-{q.id}", q.text) for q in held.guide]
    asked += [(f"probe-{p.id}", p.text) for p in held.probes.get(referee.candidate_id, ())]
    return {
        "held_on": at(check.held_on),
        "minutes": check.minutes,
        "held_by": check.caller.name,
        "finished_at": at(check.finished_at),
        "note": clean(check.note),
        "digest": check.digest,
        "answers": [
            {"question": clean(text), "answer": clean(answers[name])} for name, text in asked if answers.get(name)
        ],
        "addenda": [{"text": clean(a.text), "by": a.by.name, "at": at(a.at)} for a in check.addenda],
        "hearings": [
            _hearing(h, clean, at) for h in held.hearings.get(referee.candidate_id, ()) if h.check_id == check.id
        ],
    }


def _hearing(hearing: Hearing, clean: Clean, at: Write) -> dict[str, Any]:
    return {
        "fact": clean(hearing.fact),
        "new": hearing.is_new,
        "unfavourable": hearing.unfavourable,
        "essential": hearing.essential,
        "reason": clean(hearing.reason),
        "by": hearing.by.name,
        "at": at(hearing.at),
        "steps": [
            {"kind": s.kind, "text": clean(s.text), "deadline": at(s.deadline), "by": s.by.name, "at": at(s.at)}
            for s in hearing.steps
        ],
    }
