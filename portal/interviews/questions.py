"""Writing the scorecard of a round; every change is in the event log."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from flask_babel import gettext as _
from sqlalchemy import func, select

from portal.audit.services import record
from portal.bank import queries as bank
from portal.bank.models import BankVersion
from portal.bank.rules import Content, Problem, Reason, Use, cleaned, wordings
from portal.bank.services import Keys, all_problems
from portal.bank.texts import finding_text
from portal.checklists.rules import moved, place_of, stamp
from portal.clock import now
from portal.db import db, lock_row
from portal.errors import Refused
from portal.interviews import queries
from portal.interviews.models import QuestionDrop, ScorecardQuestion
from portal.interviews.rules import MINUTES_PER_QUESTION, LeftOut, drop_blocker, left_out, suggest
from portal.interviews.texts import DROP_TEXTS
from portal.people.models import Person
from portal.recruitment.models import InterviewRound
from portal.recruitment.queries import in_framework_order
from portal.recruitment.services import refuse_when_round_locked
from portal.wording import protected

FEW_COMPETENCIES = 5


def content_of(question: ScorecardQuestion) -> Content:
    """What a question says, as plain values of the bank."""
    return Content(
        use=Use.INTERVIEW,
        text=question.text,
        competencies=(question.competency.key,),
        kind=question.kind,
        probes=tuple(question.probes),
        anchors=dict(question.anchors),
    )


def stamp_of(question: ScorecardQuestion) -> str:
    """Short for what the question says now: a form carries what it began with, so that the second saver is told."""
    return stamp(question.text, question.kind, question.probes, question.anchors, question.minutes)


def problems_of(content: Content) -> list[Problem]:
    """What keeps a question off a scorecard: all that keeps it out of the bank, and protected grounds in an anchor."""
    content = replace(cleaned(content), behaviours=())  # the ties to behaviours stay in the bank
    found = all_problems(content, Keys(frozenset(content.competencies), frozenset()))
    anchors = [(name, text) for name, text in wordings(content) if name.startswith("anchor_")]
    return found + [Problem(n, Reason.PROTECTED, finding_text(f)) for n, text in anchors for f in protected(text)]


def _add(found: InterviewRound, contents: Iterable[tuple[Content, int | None, int]]) -> int:
    """Add (content, bank version, minutes) to an open round, each behind the others of its competency; how many."""
    competencies = {row.competency.key: row.competency_id for row in found.recruitment.profile}
    highest = select(func.max(ScorecardQuestion.position)).where(ScorecardQuestion.round_id == found.id)
    first = position = db.session.scalar(highest) or 0
    for content, version_id, minutes in contents:
        position += 1
        db.session.add(
            ScorecardQuestion(
                recruitment_id=found.recruitment_id,
                round_id=found.id,
                competency_id=competencies[content.competencies[0]],
                position=position,
                minutes=minutes,
                bank_version_id=version_id,
                kind=content.kind,
                text=content.text,
                probes=list(content.probes),
                anchors=dict(content.anchors),
            )
        )
    db.session.flush()
    _number(found)
    return position - first


def _add_from_bank(found: InterviewRound, questions: Sequence[BankVersion]) -> int:
    refuse_when_round_locked(found)
    wanted = {row.competency.key for row in found.recruitment.profile}
    taken = {key for key, rounds in queries.bank_keys_on(found.recruitment).items() if found.number in rounds}
    free = [q for q in questions if q.key not in taken and q.competency_key in wanted]
    return _add(found, [(question.content, question.id, MINUTES_PER_QUESTION) for question in free])


def _number(found: InterviewRound, order: Sequence[int] = ()) -> None:
    """Number the questions of a round through: as `order` says, or each question with the others of its competency."""
    questions = queries.scorecard(found, fresh=True)
    if order:
        questions.sort(key=lambda question: order.index(question.id))
    else:
        first: dict[int, int] = {}
        for question in questions:
            first.setdefault(question.competency_id, question.position)
        questions.sort(key=lambda question: (first[question.competency_id], question.position))
    for position, question in enumerate(questions, 1):
        question.position = position
    db.session.flush()


def move_question(question: ScorecardQuestion, order: str) -> None:
    """ "up", "down" or to a place counted from one; all candidates get the questions in this order."""
    refuse_when_round_locked(question.round)
    ids = [other.id for other in queries.scorecard(question.round, fresh=True)]
    _number(question.round, moved(ids, question.id, place_of(order, ids, question.id)))
    record("interviews.move_question", question.recruitment, question_id=question.id)


def suggest_questions(found: InterviewRound) -> None:
    """Fill the scorecard of a round with questions that no other round asks: two a competency in a short profile."""
    recruitment = found.recruitment
    keys = [row.competency.key for row in in_framework_order(recruitment)]
    elsewhere = {key for key, rounds in queries.bank_keys_on(recruitment).items() if rounds - {found.number}}
    entries = bank.entries(recruitment.version.framework.slug, Use.INTERVIEW, keys)
    free = [entry for entry in entries if entry.key not in elsewhere]
    _add_from_bank(found, suggest(free, keys, 2 if len(keys) <= FEW_COMPETENCIES else 1))
    record("interviews.suggest_questions", recruitment, round=found.number)


def add_questions(found: InterviewRound, questions: Sequence[BankVersion]) -> int:
    """Add questions of the bank; those that are there, or that no competency of the profile asks for, are left out."""
    count = _add_from_bank(found, questions)
    keys = [question.key for question in questions]
    record("interviews.add_question", found.recruitment, keys=keys, round=found.number)
    return count


def add_own_question(found: InterviewRound, content: Content, minutes: int) -> None:
    """A question that is not in the bank; `content` has no problems (`problems_of`)."""
    refuse_when_round_locked(found)
    if content.competencies[0] not in {row.competency.key for row in found.recruitment.profile}:
        raise Refused([_("The competency has been taken out of the requirement profile meanwhile.")])
    _add(found, [(cleaned(content), None, minutes)])
    record("interviews.add_own_question", found.recruitment, round=found.number)


def change_question(question: ScorecardQuestion, content: Content, minutes: int, seen: str) -> bool:
    """Reword a question for this recruitment; the bank keeps its text.

    When the question is no longer what the form began with (`seen`, a `stamp_of`), nothing is saved: False.
    """
    _read_anew(question)
    if stamp_of(question) != seen:
        return False
    content = cleaned(content)
    question.text, question.probes, question.anchors = content.text, list(content.probes), dict(content.anchors)
    question.minutes = minutes
    if question.bank_version_id is None:
        question.kind = content.kind
    db.session.flush()
    record("interviews.change_question", question.recruitment, question_id=question.id)
    return True


def restore_question(question: ScorecardQuestion) -> None:
    """The bank's text once more, in its newest version; a question of one's own has none."""
    _read_anew(question)
    origin = queries.origins([question]).get(question.id)
    if origin is None:
        raise Refused([_("This question is not from the bank.")])
    content = origin.version.content
    question.bank_version_id, question.kind, question.text = origin.version.id, content.kind, content.text
    question.probes, question.anchors = list(content.probes), dict(content.anchors)
    db.session.flush()
    record("interviews.restore_question", question.recruitment, question_id=question.id)


def _read_anew(question: ScorecardQuestion) -> None:
    """The question as others have left it, while it may still be changed."""
    refuse_when_round_locked(question.round)
    db.session.expire(question)


def remove_question(question: ScorecardQuestion) -> None:
    refuse_when_round_locked(question.round)
    record("interviews.remove_question", question.recruitment, bank_version_id=question.bank_version_id)
    db.session.delete(question)
    db.session.flush()


def why_not_dropped(question: ScorecardQuestion, questions: Iterable[ScorecardQuestion]) -> list[str]:
    """Why this question cannot be dropped now, given all of its round; empty when it can."""
    others = sum(1 for other in questions if other.id != question.id and not other.dropped)
    blocker = drop_blocker(begun=question.round.locked, dropped=question.dropped, others=others)
    return [str(DROP_TEXTS[blocker])] if blocker else []


def drop_question(question: ScorecardQuestion, person: Person, reason: str) -> None:
    """From now on the question weighs nothing, for all candidates; what has been written stays. Never taken back."""
    lock_row(question.recruitment)
    db.session.refresh(question.round)
    blockers = why_not_dropped(question, queries.scorecard(question.round, fresh=True))
    if blockers:
        raise Refused(blockers)
    db.session.add(QuestionDrop(question_id=question.id, reason=reason.strip(), by_id=person.id, at=now()))
    db.session.flush()
    db.session.expire(question, ["drop"])
    record("interviews.drop_question", question.recruitment, question_id=question.id)


@dataclass(frozen=True)
class Copy:
    """What copying a round would bring, as (content, bank version, minutes), and what it leaves out and why."""

    chosen: list[tuple[Content, int | None, int]]
    left: list[tuple[ScorecardQuestion, LeftOut]]


def copy_of(source: InterviewRound, found: InterviewRound) -> Copy:
    """The questions of `source` for the round `found`.

    What was taken from the bank as it stood comes in the bank's newest wording; what was reworded, or of one's own,
    comes in the wording used then. Both are held against the rules of today.
    """
    questions = queries.scorecard(source)
    origins, here = queries.origins(questions), queries.scorecard(found)
    wanted = {row.competency.key for row in found.recruitment.profile}
    taken = {key for key, rounds in queries.bank_keys_on(found.recruitment).items() if found.number in rounds}
    texts, copy = {question.text for question in here}, Copy([], [])
    for question in questions:
        origin = origins.get(question.id)
        as_it_stood = origin is not None and not origin.changed
        content = origin.version.content if origin and as_it_stood else content_of(question)
        reason = left_out(
            in_profile=question.competency.key in wanted,
            present=content.text in texts or (origin is not None and origin.version.key in taken),
            dropped=question.dropped,
            retired=as_it_stood and origin is not None and origin.retired,
            worded_well=not problems_of(content),
        )
        if reason:
            copy.left.append((question, reason))
        else:
            version_id = origin.version.id if origin and as_it_stood else question.bank_version_id
            copy.chosen.append((content, version_id, question.minutes))
    return copy


def copy_questions(found: InterviewRound, source: InterviewRound) -> int:
    """Add what `copy_of` brings; how many questions that is."""
    refuse_when_round_locked(found)
    count = _add(found, copy_of(source, found).chosen)
    record("interviews.copy_questions", found.recruitment, round=found.number, source_id=source.id, questions=count)
    return count
