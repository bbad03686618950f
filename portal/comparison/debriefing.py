"""Reading the debrief of an interview: each rating with its versions, what was agreed, and whether anything is new."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from portal.comparison.rules import Mean, mean_of
from portal.db import db
from portal.interviews.models import (
    AgreedRating,
    Assessment,
    QuestionDrop,
    Rating,
    RatingAmendment,
    ScorecardQuestion,
)
from portal.interviews.queries import Opening, open_interviews_for, opening_of, scorecard, submitted_assessments
from portal.recruitment.models import Interview, Recruitment
from portal.recruitment.queries import find_interview


@dataclass(frozen=True)
class Topic:
    """A question in the debrief of an interview."""

    interview: Interview
    question: ScorecardQuestion

    @property
    def recruitment(self) -> Recruitment:
        return self.interview.recruitment


@dataclass(frozen=True)
class Row:
    """A question with every assessor's rating, the mean of what holds, and the agreed ratings, the last one first."""

    question: ScorecardQuestion
    ratings: Sequence[Rating]
    mean: Mean
    agreed: Sequence[AgreedRating]

    @property
    def last(self) -> AgreedRating | None:
        return self.agreed[0] if self.agreed else None

    @property
    def last_id(self) -> int:
        return self.agreed[0].id if self.agreed else 0


@dataclass(frozen=True)
class Debrief:
    """Everything about an open interview, in the order asked; `opening` is how its scores came to be open.

    `marker` says how much of it there is: another marker means that something is new.
    """

    interview: Interview
    rows: Sequence[Row]
    opening: Opening
    marker: str

    @property
    def counted(self) -> list[Row]:
        return [row for row in self.rows if not row.question.dropped]

    @property
    def lacking(self) -> int:
        """How many questions the panel has not agreed on."""
        return sum(1 for row in self.counted if not row.agreed)

    @property
    def by_spread(self) -> list[Row]:
        """Largest disagreement first, what has been dropped last."""
        return sorted(self.rows, key=lambda row: (row.question.dropped, -row.mean.spread))

    @property
    def late_names(self) -> list[str]:
        """Whose assessments came when the others' scores could already be seen."""
        given = {rating.assessment.id: rating.assessment for row in self.rows for rating in row.ratings}
        return [given[n].member.person.name for n in sorted(given) if self.late(given[n].submitted_at)]

    def late(self, moment: datetime | None) -> bool:
        """Whether it was written when the others' scores could already be seen."""
        return self.opening.late(moment)


def find_topic(interview_id: int, question_id: int) -> Topic | None:
    """A question of the round of that interview."""
    interview = find_interview(interview_id)
    question = db.session.get(ScorecardQuestion, question_id) if interview else None
    if interview is None or question is None or question.round_id != interview.round_id:
        return None
    return Topic(interview, question)


def is_open_to(interview: Interview, person_id: int, *, fresh: bool = False) -> bool:
    """Whether this person may see the scores; `fresh` asks anew what others may have declared meanwhile."""
    if fresh:
        db.session.expire(interview.candidate, ["declarations"])
    return interview.id in {found.id for found in open_interviews_for(interview.recruitment, person_id)}


def agreed_by_question(interview_id: int) -> dict[int, list[AgreedRating]]:
    """The agreed ratings by question id, the last one first."""
    query = select(AgreedRating).where(AgreedRating.interview_id == interview_id).options(joinedload(AgreedRating.by))
    found: dict[int, list[AgreedRating]] = {}
    for agreed in db.session.scalars(query.order_by(AgreedRating.id.desc())):
        found.setdefault(agreed.question_id, []).append(agreed)
    return found


def last_agreed(interview_id: int, question_id: int) -> AgreedRating | None:
    query = select(AgreedRating).where(AgreedRating.interview_id == interview_id)
    query = query.where(AgreedRating.question_id == question_id).order_by(AgreedRating.id.desc()).limit(1)
    return db.session.scalar(query)


def read(interview: Interview) -> Debrief:
    """Call it only for an interview whose scores are open to the reader."""
    marker = marker_of(interview)  # first: what comes in between is then new at the next look
    assessments, agreed = submitted_assessments([interview.id]), agreed_by_question(interview.id)
    given: dict[int, list[Rating]] = {}
    for assessment in assessments:
        for rating in assessment.ratings:
            given.setdefault(rating.question_id, []).append(rating)
    rows = [
        Row(q, (mine := given.get(q.id, [])), mean_of(rating.in_force for rating in mine), agreed.get(q.id, []))
        for q in scorecard(interview.round)
    ]
    return Debrief(interview, rows, opening_of(interview), marker)


def marker_of(interview: Interview) -> str:
    """The last agreed rating, the last amendment, and how many assessments and dropped questions there are."""
    mine = Assessment.interview_id == interview.id
    amendments = select(func.max(RatingAmendment.id)).join(Rating, Rating.id == RatingAmendment.rating_id)
    drops = select(func.count(QuestionDrop.id)).join(ScorecardQuestion)
    query = select(
        select(func.max(AgreedRating.id)).where(AgreedRating.interview_id == interview.id).scalar_subquery(),
        amendments.join(Rating.assessment).where(mine).scalar_subquery(),
        select(func.count(Assessment.id)).where(mine, Assessment.submitted_at.is_not(None)).scalar_subquery(),
        drops.where(ScorecardQuestion.round_id == interview.round_id).scalar_subquery(),
    )
    return "-".join(str(n or 0) for n in db.session.execute(query).one())
