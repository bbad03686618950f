"""Reading what is compared, in a few queries however many candidates there are, and only what is open to the reader.

The statements are put together once, and what is worked out is kept under all the values that it was worked out from.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from typing import Any

from sqlalchemy import Executable, Select, and_, bindparam, func, select
from sqlalchemy.orm import aliased, lazyload, selectinload

from portal.comparison.rules import Criterion, Score
from portal.db import db
from portal.db import read as rows_of
from portal.framework.models import Competency, Part
from portal.interviews.models import (
    AgreedRating,
    Assessment,
    InterviewClosing,
    QuestionDrop,
    Rating,
    RatingAmendment,
    ScorecardQuestion,
)
from portal.interviews.rules import scores_are_open
from portal.recruitment.models import (
    Candidate,
    CandidateEvent,
    ImpartialityDeclaration,
    Interview,
    InterviewRound,
    ProfileCompetency,
    Recruitment,
)
from portal.recruitment.queries import member_of
from portal.recruitment.rules import OUT, CandidateState, state_of

KEPT = 32  # comparisons that are looked at in the same hours
RECRUITMENT: Any = bindparam("recruitment")
INTERVIEWS: Any = bindparam("interviews", expanding=True)


@dataclass(frozen=True)
class Asked:
    """A question that counts, of a competency and a round."""

    id: int
    competency: int
    round: int


@dataclass(frozen=True)
class Line:
    """A competency of the requirement profile; `number` counts them in the framework's order."""

    number: int
    criterion: Criterion
    text: str
    part: str


@dataclass(frozen=True)
class Meeting:
    """An interview as far as the comparison goes; `open` to this reader or not."""

    id: int
    candidate: int
    round: int
    open: bool


@dataclass(frozen=True)
class Person:
    """A candidate by name, and what became of the application."""

    id: int
    name: str
    state: CandidateState

    @property
    def out(self) -> bool:
        return self.state in OUT


@dataclass(frozen=True, eq=False)
class Reading:
    """Everything the comparison of a recruitment is worked out from; scores and agreed ratings of open interviews.

    The same facts are the same object, so that what is worked out from them can be kept.
    """

    lines: tuple[Line, ...]
    questions: tuple[Asked, ...]
    persons: Mapping[int, Person]
    meetings: tuple[Meeting, ...]
    scores: Mapping[int, Sequence[Score]]
    agreed: Mapping[int, Sequence[Score]]

    def asked_lines(self, round_number: int = 0) -> list[Line]:
        """What the round (0: any) asks about; a competency whose questions are all dropped weighs nothing for all."""
        asked = {question.competency for question in self.questions if round_number in (0, question.round)}
        return [line for line in self.lines if line.criterion.key in asked]

    @cached_property
    def rounds(self) -> list[int]:
        """The rounds in which something is open."""
        return sorted({meeting.round for meeting in self.meetings if meeting.open})

    @cached_property
    def competency_of(self) -> dict[int, int]:
        return {question.id: question.competency for question in self.questions}

    def shown(self, round_number: int = 0) -> list[Meeting]:
        """The open interviews of a round, or of all."""
        return [m for m in self.meetings if m.open and round_number in (0, m.round)]

    def all_open(self, round_number: int) -> bool:
        """Whether every interview of the round is open, but for those of candidates who are no longer in."""
        waiting = [m for m in self.meetings if m.round == round_number and not m.open]
        return all(self.persons[meeting.candidate].out for meeting in waiting)


def find_compared(recruitment_id: int) -> Recruitment | None:
    """A recruitment with its panel, which is what decides who may compare; the rest is read without entities."""
    return db.session.scalar(_with_panel(), {"recruitment": recruitment_id})


@cache
def _with_panel() -> Select[Recruitment]:
    options = (lazyload(Recruitment.office), lazyload(Recruitment.recruiter), selectinload(Recruitment.panel))
    return select(Recruitment).where(Recruitment.id == RECRUITMENT).options(*options)


def read(recruitment: Recruitment, person_id: int) -> Reading:
    """What this person may compare; a panel member only candidates to whom they are declared impartial."""
    profile = _tuples(_profile(), recruitment=recruitment.id)
    persons, meetings = _meetings(recruitment, person_id)
    shown = [meeting.id for meeting in meetings if meeting.open]
    scores, agreed = _tuples(_scores(), interviews=shown), _tuples(_agreed(), interviews=shown)
    return _reading(profile, persons, meetings, scores, agreed)


def _tuples(statement: Executable, **values: Any) -> tuple[tuple[Any, ...], ...]:
    return tuple(map(tuple, rows_of(statement, values)))


Rows = tuple[tuple[Any, ...], ...]


@lru_cache(KEPT)
def _reading(
    profile: Rows, persons: tuple[Person, ...], meetings: tuple[Meeting, ...], scores: Rows, agreed: Rows
) -> Reading:
    lines: dict[int, Line] = {}
    questions: list[Asked] = []
    for key, weight, minimum, text, part, title, question, number, dropped in profile:
        lines.setdefault(key, Line(len(lines) + 1, Criterion(key, weight, minimum, part), text, title))
        if question is not None and dropped is None:
            questions.append(Asked(question, key, number))
    counted = {question.id for question in questions}
    by_id = {person.id: person for person in persons}
    found = _scores_by_interview(scores, counted), _agreed_by_interview(agreed, counted)
    return Reading(tuple(lines.values()), tuple(questions), by_id, meetings, *found)


@cache
def _profile() -> Executable:
    """The profile in the framework's order, beside the questions about it."""
    query = select(
        ProfileCompetency.competency_id,
        ProfileCompetency.weight,
        ProfileCompetency.minimum,
        Competency.text,
        Part.position,
        Part.title,
        ScorecardQuestion.id,
        InterviewRound.number,
        QuestionDrop.id.label("dropped"),
    )
    query = query.join(ProfileCompetency.competency).join(Competency.part)
    mine = and_(
        ScorecardQuestion.recruitment_id == RECRUITMENT,
        ScorecardQuestion.competency_id == ProfileCompetency.competency_id,
    )
    query = query.outerjoin(ScorecardQuestion, mine).outerjoin(ScorecardQuestion.round)
    query = query.outerjoin(QuestionDrop, QuestionDrop.question_id == ScorecardQuestion.id)
    query = query.where(ProfileCompetency.recruitment_id == RECRUITMENT)
    order = (Part.position, Competency.position, InterviewRound.number, ScorecardQuestion.position)
    return query.order_by(*order, ScorecardQuestion.id)


def _meetings(recruitment: Recruitment, person_id: int) -> tuple[tuple[Person, ...], tuple[Meeting, ...]]:
    """The candidates and their interviews, each open to this reader or not."""
    words, submitted = _words(recruitment.id), _submitted(recruitment.id)
    panel, reader = [member.id for member in recruitment.panel], member_of(recruitment, person_id)
    persons: dict[int, Person] = {}
    meetings = []
    for candidate, name, last, interview, number, closed in rows_of(_interviews(), {"recruitment": recruitment.id}):
        persons[candidate] = Person(candidate, name, state_of([last] if last else []))
        said = words.get(candidate, {})
        assessors = [member for member in panel if said.get(member) is not False]
        opened = scores_are_open(assessors, submitted.get(interview, set()), closed=bool(closed))
        may_see = reader is None or said.get(reader.id) is True
        meetings.append(Meeting(interview, candidate, number, opened and may_see))
    return tuple(persons.values()), tuple(meetings)


@cache
def _interviews() -> Executable:
    event, closing = aliased(CandidateEvent), aliased(InterviewClosing)
    kind = select(event.kind).where(event.candidate_id == Candidate.id).order_by(event.id.desc()).limit(1)
    closes = select(closing.closes).where(closing.interview_id == Interview.id).order_by(closing.id.desc()).limit(1)
    query = select(
        Candidate.id,
        Candidate.name,
        kind.correlate(Candidate).scalar_subquery(),
        Interview.id,
        InterviewRound.number,
        closes.correlate(Interview).scalar_subquery(),
    )
    query = query.join(Candidate.interviews).join(Interview.round)
    return query.where(Candidate.recruitment_id == RECRUITMENT).order_by(Candidate.id, InterviewRound.number)


_SAID = (
    select(ImpartialityDeclaration.candidate_id, ImpartialityDeclaration.member_id, ImpartialityDeclaration.impartial)
    .join(Candidate, Candidate.id == ImpartialityDeclaration.candidate_id)
    .where(Candidate.recruitment_id == RECRUITMENT)
)


def _words(recruitment_id: int) -> dict[int, dict[int, bool]]:
    """By candidate id what each member has declared, by their id."""
    found: dict[int, dict[int, bool]] = {}
    for candidate, member, impartial in rows_of(_SAID, {"recruitment": recruitment_id}):
        found.setdefault(candidate, {})[member] = impartial
    return found


@cache
def _given() -> Executable:
    query = select(Assessment.interview_id, Assessment.member_id).join(Assessment.interview).join(Interview.candidate)
    return query.where(Candidate.recruitment_id == RECRUITMENT, Assessment.submitted_at.is_not(None))


def _submitted(recruitment_id: int) -> dict[int, set[int]]:
    """By interview id the members who have submitted."""
    found: dict[int, set[int]] = {}
    for interview, member in rows_of(_given(), {"recruitment": recruitment_id}):
        found.setdefault(interview, set()).add(member)
    return found


@cache
def _scores() -> Executable:
    """Every submitted rating of these interviews beside its last amendment."""
    last = select(func.max(RatingAmendment.id)).where(RatingAmendment.rating_id == Rating.id).correlate(Rating)
    query = select(
        Assessment.interview_id,
        Assessment.member_id,
        Rating.question_id,
        Rating.score,
        Rating.not_covered,
        RatingAmendment.id,
        RatingAmendment.score,
        RatingAmendment.not_covered,
    )
    query = query.join(Rating.assessment).outerjoin(RatingAmendment, RatingAmendment.id == last.scalar_subquery())
    query = query.where(Assessment.interview_id.in_(INTERVIEWS), Assessment.submitted_at.is_not(None))
    return query.order_by(Assessment.id, Rating.id)


def _scores_by_interview(rows: Rows, counted: Collection[int]) -> dict[int, list[Score]]:
    """What holds of every submitted rating: its last amendment, or the rating itself."""
    found: dict[int, list[Score]] = {}
    for interview, member, question, score, skipped, amended, new, now_skipped in rows:
        if question in counted:
            held = (new, now_skipped) if amended is not None else (score, skipped)
            found.setdefault(interview, []).append(Score(member, question, *held))
    return found


@cache
def _agreed() -> Executable:
    """The last agreed rating of each question in these interviews."""
    last = select(func.max(AgreedRating.id)).where(AgreedRating.interview_id.in_(INTERVIEWS))
    last = last.group_by(AgreedRating.interview_id, AgreedRating.question_id)
    query = select(AgreedRating.interview_id, AgreedRating.question_id, AgreedRating.score, AgreedRating.not_covered)
    return query.where(AgreedRating.id.in_(last)).order_by(AgreedRating.id)


def _agreed_by_interview(rows: Rows, counted: Collection[int]) -> dict[int, list[Score]]:
    found: dict[int, list[Score]] = {}
    for interview, question, score, skipped in rows:
        if question in counted:
            found.setdefault(interview, []).append(Score(0, question, score, skipped))
    return found
