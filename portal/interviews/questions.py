"""Writing the scorecard of a round; every change is in the event log."""

from collections.abc import Sequence

from sqlalchemy import func, select

from portal.audit.services import record
from portal.bank import queries as bank
from portal.bank.models import BankVersion
from portal.bank.rules import Use
from portal.db import db
from portal.interviews import queries
from portal.interviews.models import ScorecardQuestion
from portal.interviews.rules import moved, suggest
from portal.recruitment.models import InterviewRound
from portal.recruitment.queries import in_framework_order
from portal.recruitment.services import refuse_when_round_locked

FEW_COMPETENCIES = 5


def _add_questions(found: InterviewRound, questions: Sequence[BankVersion]) -> None:
    refuse_when_round_locked(found)
    recruitment = found.recruitment
    competencies = {row.competency.key: row.competency_id for row in recruitment.profile}
    taken = queries.bank_keys_on(recruitment)
    highest = select(func.max(ScorecardQuestion.position)).where(ScorecardQuestion.round_id == found.id)
    position = db.session.scalar(highest) or 0
    for question in questions:
        if question.key in taken or question.competency_key not in competencies:
            continue
        position += 1
        db.session.add(
            ScorecardQuestion(
                recruitment_id=recruitment.id,
                round_id=found.id,
                competency_id=competencies[question.competency_key],
                position=position,
                bank_version_id=question.id,
                kind=question.kind,
                text=question.text,
                probes=list(question.content.probes),
                anchors=dict(question.content.anchors),
            )
        )
    db.session.flush()
    _number(found)


def _number(found: InterviewRound, order: Sequence[int] = ()) -> None:
    """Number the questions of a round through: as `order` says, or each question with the others of its competency."""
    questions = queries.scorecard(found)
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


def move_question(question: ScorecardQuestion, *, up: bool) -> None:
    """One place up or down; all candidates get the questions in this order."""
    refuse_when_round_locked(question.round)
    _number(question.round, moved([q.id for q in queries.scorecard(question.round)], question.id, up))
    record("interviews.move_question", question.recruitment, question_id=question.id, up=up)


def suggest_questions(round_: InterviewRound) -> None:
    """Fill the scorecard of a round: two questions a competency in a short profile, one in a long one."""
    recruitment = round_.recruitment
    keys = [row.competency.key for row in in_framework_order(recruitment)]
    found = bank.entries(recruitment.version.framework.slug, Use.INTERVIEW, keys)
    _add_questions(round_, suggest(found, keys, 2 if len(keys) <= FEW_COMPETENCIES else 1))
    record("interviews.suggest_questions", recruitment)


def add_question(found: InterviewRound, question: BankVersion) -> None:
    _add_questions(found, [question])
    record("interviews.add_question", found.recruitment, key=question.key)


def remove_question(question: ScorecardQuestion) -> None:
    refuse_when_round_locked(question.round)
    record("interviews.remove_question", question.recruitment, bank_version_id=question.bank_version_id)
    db.session.delete(question)
    db.session.flush()
