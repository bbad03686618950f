"""Writing the reference guide's questions, until the first accept; every change is in the event log."""

from flask_babel import gettext as _
from sqlalchemy import func, select

from portal.audit.services import record
from portal.bank.models import BankVersion
from portal.db import db, lock_row
from portal.errors import Refused
from portal.recruitment.models import Recruitment
from portal.recruitment.queries import in_framework_order
from portal.references import queries
from portal.references.models import GuideQuestion
from portal.references.rules import moved


def refuse_when_released(recruitment: Recruitment) -> None:
    """Once a referee has been released, the core questions are the same for all; waits for others who write."""
    lock_row(recruitment)
    if any(referee.accepts for referee in queries.referees(recruitment)):
        raise Refused([_("A referee has been released for contact. The guide stays the same for all from then on.")])


def _next_position(recruitment: Recruitment) -> int:
    highest = select(func.max(GuideQuestion.position)).where(GuideQuestion.recruitment_id == recruitment.id)
    return (db.session.scalar(highest) or 0) + 1


def add_from_bank(recruitment: Recruitment, question: BankVersion) -> None:
    """A question of the bank at the end of the guide; one that is there already is not added again."""
    refuse_when_released(recruitment)
    if any(found.bank_version_id == question.id for found in queries.guide(recruitment)):
        return
    competencies = {row.competency.key: row.competency_id for row in in_framework_order(recruitment)}
    _add(recruitment, competencies.get(question.competency_key), question.text, list(question.content.probes), question)


def add_own(recruitment: Recruitment, competency_id: int | None, text: str, probes: list[str]) -> None:
    """A question of one's own, about a competency of the profile or in general."""
    refuse_when_released(recruitment)
    _add(recruitment, competency_id, text, probes, None)


def _add(
    recruitment: Recruitment, competency_id: int | None, text: str, probes: list[str], source: BankVersion | None
) -> None:
    made = GuideQuestion(
        recruitment_id=recruitment.id,
        competency_id=competency_id,
        position=_next_position(recruitment),
        minutes=3,
        bank_version_id=source.id if source else None,
        text=text,
        probes=probes,
    )
    db.session.add(made)
    db.session.flush()
    record("references.add_question", recruitment, question_id=made.id)


def change_question(question: GuideQuestion, *, text: str, probes: list[str], minutes: int) -> None:
    """Reword a question for this recruitment; the bank keeps its own."""
    refuse_when_released(question.recruitment)
    question.text, question.probes, question.minutes = text, probes, minutes
    db.session.flush()
    record("references.change_question", question.recruitment, question_id=question.id)


def remove_question(question: GuideQuestion) -> None:
    refuse_when_released(question.recruitment)
    record("references.remove_question", question.recruitment, question_id=question.id)
    db.session.delete(question)
    db.session.flush()


def move_question(question: GuideQuestion, *, up: bool) -> None:
    """One place up or down; all referees get the questions in this order."""
    refuse_when_released(question.recruitment)
    there = {found.id: found for found in queries.guide(question.recruitment)}
    for position, found_id in enumerate(moved(list(there), question.id, up), 1):
        there[found_id].position = position
    db.session.flush()
    record("references.move_question", question.recruitment, question_id=question.id, up=up)
