"""Reading what is compared, in a few queries however many candidates there are, and only what is open to the reader."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import and_, func, select
from sqlalchemy.orm import aliased, selectinload

from portal.comparison.rules import Criterion, Score
from portal.db import db
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


@dataclass(frozen=True)
class Reading:
    """Everything the comparison of a recruitment is worked out from; scores and agreed ratings of open interviews."""

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
    query = select(Recruitment).where(Recruitment.id == recruitment_id)
    return db.session.scalar(query.options(selectinload(Recruitment.panel)))


def read(recruitment: Recruitment, person_id: int) -> Reading:
    """What this person may compare; a panel member only candidates to whom they are declared impartial."""
    lines, questions = _profile(recruitment.id)
    persons, meetings = _meetings(recruitment, person_id)
    shown = [meeting.id for meeting in meetings if meeting.open]
    counted = {question.id for question in questions}
    return Reading(
        lines, questions, persons, meetings, scores=_scores(shown, counted), agreed=agreed_in_force(shown, counted)
    )


def _profile(recruitment_id: int) -> tuple[tuple[Line, ...], tuple[Asked, ...]]:
    """The profile in the framework's order, and the questions about it that have not been dropped."""
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
        ScorecardQuestion.recruitment_id == recruitment_id,
        ScorecardQuestion.competency_id == ProfileCompetency.competency_id,
    )
    query = query.outerjoin(ScorecardQuestion, mine).outerjoin(ScorecardQuestion.round)
    query = query.outerjoin(QuestionDrop, QuestionDrop.question_id == ScorecardQuestion.id)
    query = query.where(ProfileCompetency.recruitment_id == recruitment_id)
    lines: dict[int, Line] = {}
    questions: list[Asked] = []
    order = (Part.position, Competency.position, InterviewRound.number, ScorecardQuestion.position)
    for key, weight, minimum, text, part, title, question, number, dropped in db.session.execute(
        query.order_by(*order, ScorecardQuestion.id)
    ):
        lines.setdefault(key, Line(len(lines) + 1, Criterion(key, weight, minimum, part), text, title))
        if question is not None and dropped is None:
            questions.append(Asked(question, key, number))
    return tuple(lines.values()), tuple(questions)


def _meetings(recruitment: Recruitment, person_id: int) -> tuple[dict[int, Person], tuple[Meeting, ...]]:
    """The candidates and their interviews, each open to this reader or not."""
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
    query = query.where(Candidate.recruitment_id == recruitment.id).order_by(Candidate.id, InterviewRound.number)
    words, submitted = _words(recruitment.id), _submitted(recruitment.id)
    panel, reader = [member.id for member in recruitment.panel], member_of(recruitment, person_id)
    persons, meetings = {}, []
    for candidate, name, last, interview, number, closed in db.session.execute(query):
        persons[candidate] = Person(candidate, name, state_of([last] if last else []))
        said = words.get(candidate, {})
        assessors = [member for member in panel if said.get(member) is not False]
        opened = scores_are_open(assessors, submitted.get(interview, set()), closed=bool(closed))
        may_see = reader is None or said.get(reader.id) is True
        meetings.append(Meeting(interview, candidate, number, opened and may_see))
    return persons, tuple(meetings)


def _words(recruitment_id: int) -> dict[int, dict[int, bool]]:
    """By candidate id what each member has declared, by their id."""
    said = ImpartialityDeclaration
    query = select(said.candidate_id, said.member_id, said.impartial).join(Candidate, Candidate.id == said.candidate_id)
    found: dict[int, dict[int, bool]] = {}
    for candidate, member, impartial in db.session.execute(query.where(Candidate.recruitment_id == recruitment_id)):
        found.setdefault(candidate, {})[member] = impartial
    return found


def _submitted(recruitment_id: int) -> dict[int, set[int]]:
    """By interview id the members who have submitted."""
    query = select(Assessment.interview_id, Assessment.member_id).join(Assessment.interview).join(Interview.candidate)
    query = query.where(Candidate.recruitment_id == recruitment_id, Assessment.submitted_at.is_not(None))
    found: dict[int, set[int]] = {}
    for interview, member in db.session.execute(query):
        found.setdefault(interview, set()).add(member)
    return found


def _scores(interview_ids: Collection[int], counted: Collection[int]) -> dict[int, list[Score]]:
    """By interview id what holds of every submitted rating: its last amendment, or the rating itself."""
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
    query = query.where(Assessment.interview_id.in_(interview_ids), Assessment.submitted_at.is_not(None))
    found: dict[int, list[Score]] = {}
    for interview, member, question, score, skipped, amended, new, now_skipped in db.session.execute(
        query.order_by(Assessment.id, Rating.id)
    ):
        if question in counted:
            held = (new, now_skipped) if amended is not None else (score, skipped)
            found.setdefault(interview, []).append(Score(member, question, *held))
    return found


def agreed_in_force(interview_ids: Collection[int], counted: Collection[int]) -> dict[int, list[Score]]:
    """By interview id the last agreed rating of each question."""
    last = select(func.max(AgreedRating.id)).where(AgreedRating.interview_id.in_(interview_ids))
    last = last.group_by(AgreedRating.interview_id, AgreedRating.question_id)
    query = select(
        AgreedRating.interview_id, AgreedRating.question_id, AgreedRating.score, AgreedRating.not_covered
    ).where(AgreedRating.id.in_(last))
    found: dict[int, list[Score]] = {}
    for interview, question, score, skipped in db.session.execute(query.order_by(AgreedRating.id)):
        if question in counted:
            found.setdefault(interview, []).append(Score(0, question, score, skipped))
    return found
