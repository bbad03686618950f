"""Reading recommendations, decisions and answers, and what they rest on."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload, selectinload
from sqlalchemy.orm.attributes import set_committed_value

from portal.comparison.rules import Answer, Criterion, Mean, Result, compare
from portal.db import db
from portal.decisions.models import (
    Decision,
    Filing,
    MinorityOpinion,
    Recommendation,
    RecommendationDraft,
    RefusalEvent,
    RefusalText,
    Submission,
)
from portal.decisions.rules import Level, Stage, level_of, stage_of
from portal.interviews.models import AgreedRating, Assessment, InterviewClosing, Rating, ScorecardQuestion
from portal.interviews.queries import open_interviews, open_interviews_for, submitted_assessments
from portal.recruitment.models import Candidate, CandidateEvent, Interview, ProfileCompetency, Recruitment
from portal.recruitment.queries import find_candidate_of, in_framework_order
from portal.recruitment.rules import CandidateState

REVIEWED, SENT = "reviewed", "sent"


@dataclass(frozen=True)
class Case:
    """A recruitment with its recommendation, newest last, and what the authority made of it."""

    recruitment: Recruitment
    versions: Sequence[Recommendation]
    submissions: Sequence[Submission]
    minority: Sequence[MinorityOpinion]

    @property
    def latest(self) -> Recommendation | None:
        return self.versions[-1] if self.versions else None

    @property
    def seen(self) -> int:
        """The number of the newest wording, 0 before the first."""
        return self.versions[-1].number if self.versions else 0

    @property
    def submission(self) -> Submission | None:
        return self.submissions[-1] if self.submissions else None

    @property
    def decision(self) -> Decision | None:
        return self.submission.decision if self.submission else None

    @property
    def stage(self) -> Stage:
        ruling = self.decision.ruling if self.decision else None
        return stage_of(submitted=self.submission is not None, ruling=ruling)

    @property
    def proposed_id(self) -> int | None:
        """The candidate who is recommended while that awaits a decision."""
        pending = self.stage is Stage.SUBMITTED and self.submission
        return pending.recommendation.candidate_id if pending else None

    @property
    def outcome(self) -> str:
        """hired, nobody, or open as long as nothing has been decided."""
        if self.stage is not Stage.DECIDED or self.decision is None:
            return "open"
        return "hired" if self.decision.candidate_id else "nobody"


def case_of(recruitment: Recruitment) -> Case:
    here = recruitment.id
    versions = select(Recommendation).where(Recommendation.recruitment_id == here).order_by(Recommendation.number)
    submissions = select(Submission).where(Submission.recruitment_id == here).order_by(Submission.id)
    submissions = submissions.options(
        joinedload(Submission.by), joinedload(Submission.decision).joinedload(Decision.by)
    ).execution_options(populate_existing=True)
    return Case(
        recruitment,
        list(db.session.scalars(versions.options(joinedload(Recommendation.by)))),
        list(db.session.scalars(submissions)),
        minority_opinions(here),
    )


def minority_opinions(recruitment_id: int) -> list[MinorityOpinion]:
    """The last word of each member who holds something against the recommendation."""
    query = select(MinorityOpinion).where(MinorityOpinion.recruitment_id == recruitment_id)
    found = db.session.scalars(query.options(joinedload(MinorityOpinion.by)).order_by(MinorityOpinion.id))
    return [opinion for opinion in {opinion.by_id: opinion for opinion in found}.values() if opinion.text]


def drafts_of(recruitment_id: int, person_id: int) -> list[RecommendationDraft]:
    """What this person has begun to write, one for each candidate, newest last; as the database says now."""
    query = select(RecommendationDraft).where(RecommendationDraft.recruitment_id == recruitment_id)
    query = query.where(RecommendationDraft.by_id == person_id).order_by(RecommendationDraft.at, RecommendationDraft.id)
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def draft_about(recruitment_id: int, person_id: int, candidate_id: int | None) -> RecommendationDraft | None:
    mine = drafts_of(recruitment_id, person_id)
    return next((draft for draft in mine if draft.candidate_id == candidate_id), None)


def unsaved_draft(recruitment: Recruitment, person_id: int) -> RecommendationDraft | None:
    """The newest of their texts that is in no wording yet; what they wrote about one who has left is left, too."""
    about = {None, *(candidate.id for candidate in in_the_running(recruitment))}
    mine = [draft for draft in drafts_of(recruitment.id, person_id) if draft.pending and draft.candidate_id in about]
    return mine[-1] if mine else None


def in_the_running(recruitment: Recruitment) -> list[Candidate]:
    """Those who have neither withdrawn nor been refused."""
    return [candidate for candidate in recruitment.candidates if candidate.in_the_running]


@dataclass(frozen=True)
class Ground:
    """What the open interviews say of a candidate and one competency of the profile."""

    row: ProfileCompetency
    mean: Mean
    failed: bool
    ratings: Sequence[Rating]
    agreed: Sequence[tuple[ScorecardQuestion, AgreedRating]]

    @property
    def level(self) -> Level:
        """By what the panel agreed on; where it agreed on nothing, by the mean."""
        agreed = [float(found.score) for _q, found in self.agreed if found.score is not None]
        means = [self.mean.value] if self.mean.value is not None else []
        return level_of(agreed or means, self.row.minimum)


def all_agreed_in(interview_ids: Collection[int]) -> list[AgreedRating]:
    """Everything that the panel has agreed on in these interviews, also what it has changed since."""
    query = select(AgreedRating).where(AgreedRating.interview_id.in_(interview_ids)).order_by(AgreedRating.id)
    return list(db.session.scalars(query.options(joinedload(AgreedRating.by))))


def agreed_in(interview_ids: Collection[int]) -> dict[tuple[int, int], AgreedRating]:
    """What the panel last agreed on, by interview and question."""
    return {(found.interview_id, found.question_id): found for found in all_agreed_in(interview_ids)}


def closings_in(interview_ids: Collection[int]) -> list[InterviewClosing]:
    query = select(InterviewClosing).where(InterviewClosing.interview_id.in_(interview_ids))
    return list(db.session.scalars(query.options(joinedload(InterviewClosing.by)).order_by(InterviewClosing.id)))


def questions_of(recruitment: Recruitment) -> dict[int, ScorecardQuestion]:
    query = select(ScorecardQuestion).where(ScorecardQuestion.recruitment_id == recruitment.id)
    return {question.id: question for question in db.session.scalars(query)}


def criteria_of(recruitment: Recruitment) -> list[Criterion]:
    """What is weighed, in the framework's order."""
    return [Criterion(row.competency_id, row.weight, row.minimum) for row in in_framework_order(recruitment)]


def results(
    recruitment: Recruitment, candidates: Sequence[Candidate], assessments: Sequence[Assessment]
) -> dict[int, Result]:
    """By candidate id what the assessors' own ratings come to; a dropped question does not count."""
    answers: dict[int, dict[int, list[Answer]]] = {candidate.id: {} for candidate in candidates}
    for assessment in assessments:
        for rating in assessment.ratings:
            if not rating.question.dropped:
                mine = answers[assessment.interview.candidate_id]
                mine.setdefault(rating.question.competency_id, []).append(rating.in_force)
    criteria = criteria_of(recruitment)
    return {candidate.id: compare(criteria, answers[candidate.id]) for candidate in candidates}


def _falls_short(minimum: int | None, agreed: Sequence[AgreedRating]) -> bool:
    """Whether what the panel agreed on stays below the must-have, as in the comparison."""
    scores = [found.score for found in agreed if found.score is not None]
    return minimum is not None and bool(scores) and sum(scores) / len(scores) < minimum


def grounds_of(recruitment: Recruitment, interviews: Sequence[Interview]) -> list[Ground]:
    """By competency in the framework's order; `interviews` are open ones of one candidate."""
    ids = [interview.id for interview in interviews]
    ratings: dict[int, list[Rating]] = {}
    for assessment in submitted_assessments(ids):
        for rating in assessment.ratings:
            set_committed_value(rating, "assessment", assessment)  # kept, so that nobody reads it anew for its author
            if not rating.question.dropped:
                ratings.setdefault(rating.question.competency_id, []).append(rating)
    questions, agreed = questions_of(recruitment), agreed_in(ids)
    answers: dict[int, list[Answer]] = {key: [rating.in_force for rating in found] for key, found in ratings.items()}
    result = compare(criteria_of(recruitment), answers)
    agreed_on: dict[int, list[tuple[ScorecardQuestion, AgreedRating]]] = {}
    for (_interview, n), found in agreed.items():
        if not questions[n].dropped:
            agreed_on.setdefault(questions[n].competency_id, []).append((questions[n], found))
    return [
        Ground(
            row,
            result.means[row.competency_id],
            row.competency_id in result.failed or _falls_short(row.minimum, [a for _q, a in agreed_on.get(key, [])]),
            sorted(ratings.get(key, []), key=lambda rating: (rating.question.position, rating.id)),
            agreed_on.get(key, []),
        )
        for row in in_framework_order(recruitment)
        for key in [row.competency_id]
    ]


def grounds_for(candidate: Candidate, person_id: int) -> list[Ground]:
    """As this person may see them."""
    recruitment = candidate.recruitment
    mine = [i for i in open_interviews_for(recruitment, person_id) if i.candidate_id == candidate.id]
    return grounds_of(recruitment, mine)


@dataclass(frozen=True)
class Findings:
    """What decides whether a candidate can be recommended: the open interviews, and the must-haves not met in them."""

    opened: frozenset[int] = frozenset()
    failed: tuple[int, ...] = ()


def findings(candidate: Candidate) -> Findings:
    opened = [i for i in open_interviews(candidate.recruitment) if i.candidate_id == candidate.id]
    grounds = grounds_of(candidate.recruitment, opened)
    failed = tuple(ground.row.competency_id for ground in grounds if ground.failed)
    return Findings(frozenset(interview.id for interview in opened), failed)


def read_events_anew(recruitment: Recruitment) -> None:
    """What has become of the candidates, as the database says now; one query for all of them."""
    ids = [candidate.id for candidate in recruitment.candidates]
    found: dict[int, list[CandidateEvent]] = {n: [] for n in ids}
    query = select(CandidateEvent).where(CandidateEvent.candidate_id.in_(ids)).order_by(CandidateEvent.id)
    for event in db.session.scalars(query):
        found[event.candidate_id].append(event)
    for candidate in recruitment.candidates:
        set_committed_value(candidate, "events", found[candidate.id])


@dataclass(frozen=True)
class Answering:
    """Where the answer to a candidate stands."""

    candidate: Candidate
    text: RefusalText | None
    sent: RefusalEvent | None

    @property
    def reviewed(self) -> RefusalEvent | None:
        """The review of the newest wording; a later wording has to be reviewed anew."""
        events = self.text.events if self.text else []
        return next((event for event in reversed(events) if event.kind == REVIEWED), None)

    @property
    def seen(self) -> int:
        return self.text.number if self.text else 0

    @property
    def awaits(self) -> bool:
        """Whether the candidate still lacks an answer: who is hired or has withdrawn needs none."""
        return self.sent is None and self.candidate.state not in (CandidateState.HIRED, CandidateState.WITHDRAWN)


def texts_of(candidate_ids: Collection[int]) -> dict[int, list[RefusalText]]:
    """All wordings of the refusals to these candidates."""
    query = select(RefusalText).where(RefusalText.candidate_id.in_(candidate_ids)).order_by(RefusalText.number)
    events = selectinload(RefusalText.events).joinedload(RefusalEvent.by)
    found: dict[int, list[RefusalText]] = {}
    for text in db.session.scalars(query.options(joinedload(RefusalText.by), events)):
        found.setdefault(text.candidate_id, []).append(text)
    return found


def answering(candidates: Sequence[Candidate]) -> list[Answering]:
    texts = texts_of([candidate.id for candidate in candidates])
    return [_answering(candidate, texts.get(candidate.id, [])) for candidate in candidates]


def _answering(candidate: Candidate, texts: Sequence[RefusalText]) -> Answering:
    sent = next((event for text in texts for event in text.events if event.kind == SENT), None)
    return Answering(candidate, texts[-1] if texts else None, sent)


def find_answer(recruitment_id: int, candidate_id: int) -> Answering | None:
    found = find_candidate_of(recruitment_id, candidate_id)
    return answering([found])[0] if found else None


def other_persons(candidate: Candidate) -> list[str]:
    """Whom the refusal must not name: the other candidates, and who assessed; the recruiter may sign it."""
    recruitment = candidate.recruitment
    others = [other.name for other in recruitment.candidates if other.id != candidate.id]
    signs = {recruitment.recruiter_id, recruitment.authority_id}
    return others + [m.person.name for m in recruitment.panel if m.person_id not in signs]


def filings_of(recruitment_id: int) -> list[Filing]:
    query = select(Filing).where(Filing.recruitment_id == recruitment_id).order_by(Filing.id)
    return list(db.session.scalars(query.options(joinedload(Filing.by))))


def undecided(authority_id: int | None = None) -> list[Submission]:
    """The recommendations that await a decision, of this authority or of all, with their recruitments."""
    query = select(Submission).join(Submission.recruitment).outerjoin(Submission.decision)
    query = query.where(Decision.id.is_(None), Recruitment.authority_id != Recruitment.recruiter_id)
    if authority_id is not None:
        query = query.where(Recruitment.authority_id == authority_id)
    query = query.order_by(Submission.id)
    return list(db.session.scalars(query.options(contains_eager(Submission.recruitment))))


@dataclass(frozen=True)
class Progress:
    """How far the end of a recruitment is, for the list of steps."""

    stage: Stage = Stage.DRAFTING
    begun: bool = False
    answered: frozenset[int] = frozenset()


def progress_of(recruitment_ids: Collection[int]) -> dict[int, Progress]:
    """Three queries for all of them; those without a wording are left out."""
    begun = select(Recommendation.recruitment_id).where(Recommendation.recruitment_id.in_(recruitment_ids)).distinct()
    rulings = select(Submission.recruitment_id, Decision.ruling).outerjoin(Submission.decision)
    rulings = rulings.where(Submission.recruitment_id.in_(recruitment_ids)).order_by(Submission.id)
    last: dict[int, str | None] = {row[0]: row[1] for row in db.session.execute(rulings)}
    sent = select(Candidate.recruitment_id, Candidate.id).join(RefusalText, RefusalText.candidate_id == Candidate.id)
    sent = sent.join(RefusalText.events).where(RefusalEvent.kind == SENT, Candidate.recruitment_id.in_(recruitment_ids))
    answered: dict[int, set[int]] = {}
    for recruitment_id, candidate_id in db.session.execute(sent):
        answered.setdefault(recruitment_id, set()).add(candidate_id)
    ids = {*db.session.scalars(begun), *answered}
    return {
        n: Progress(stage_of(submitted=n in last, ruling=last.get(n)), True, frozenset(answered.get(n, ())))
        for n in ids
    }
