"""What saving a draft needs to know, as the database says now: plain columns, because it is asked every few seconds."""

from typing import NamedTuple

from sqlalchemy import bindparam, select

from portal.db import read
from portal.interviews.models import InterviewClosing, QuestionDrop, ScorecardQuestion
from portal.recruitment.models import CandidateEvent, ImpartialityDeclaration, Interview, InterviewRound, PanelMember
from portal.recruitment.rules import CandidateState, state_of


class QuestionLine(NamedTuple):
    """A question as far as saving a draft is concerned."""

    id: int
    competency_id: int
    text: str
    dropped: bool


_LINES = (
    select(ScorecardQuestion.id, ScorecardQuestion.competency_id, ScorecardQuestion.text, QuestionDrop.id.is_not(None))
    .outerjoin(ScorecardQuestion.drop)
    .where(ScorecardQuestion.round_id == bindparam("round"))
    .order_by(ScorecardQuestion.position, ScorecardQuestion.id)
)


def question_lines(found: InterviewRound) -> list[QuestionLine]:
    """The questions of a round in their order, as the database says now."""
    return [QuestionLine(row[0], row[1], row[2], bool(row[3])) for row in read(_LINES, {"round": found.id})]


class Admission(NamedTuple):
    """What lets a member assess: their word on being impartial (None before it), what became of the application, and
    whether the chair has closed the assessing."""

    impartial: bool | None
    state: CandidateState
    closed: bool


def admission(interview: Interview, member: PanelMember) -> Admission:
    """As the database says now."""
    keys = {"candidate": interview.candidate_id, "member": member.id, "interview": interview.id}
    said, kind, closes = read(_ADMISSION, keys)[0]
    return Admission(said, state_of([kind] if kind else []), bool(closes))


_ADMISSION = select(
    select(ImpartialityDeclaration.impartial)
    .where(
        ImpartialityDeclaration.candidate_id == bindparam("candidate"),
        ImpartialityDeclaration.member_id == bindparam("member"),
    )
    .scalar_subquery(),
    select(CandidateEvent.kind)
    .where(CandidateEvent.candidate_id == bindparam("candidate"))
    .order_by(CandidateEvent.id.desc())
    .limit(1)
    .scalar_subquery(),
    select(InterviewClosing.closes)
    .where(InterviewClosing.interview_id == bindparam("interview"))
    .order_by(InterviewClosing.id.desc())
    .limit(1)
    .scalar_subquery(),
)
