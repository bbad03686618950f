"""Assessments for the tests of debrief and comparison, made by the features' own services."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from portal.clock import now
from portal.db import db, unit_of_work
from portal.interviews import queries, services
from portal.interviews.models import Assessment, InterviewClosing, QuestionDrop, Rating, RatingAmendment
from portal.interviews.services import Draft
from portal.recruitment import services as recruitments
from portal.recruitment.models import Candidate, Interview, PanelMember, Recruitment
from portal.recruitment.queries import find_recruitment

EVIDENCE = "Fortalte om et møde, hvad der blev aftalt, og hvad det førte til."
Scores = Sequence[int | None]


def whole(recruitment_id: int) -> Recruitment:
    db.session.expire_all()
    found = find_recruitment(recruitment_id)
    assert found is not None
    return found


def add_candidates(recruitment_id: int, *names: str) -> list[Candidate]:
    with unit_of_work():
        recruitment = whole(recruitment_id)
        return [recruitments.add_candidate(recruitment, name) for name in names]


def assess(interview: Interview, member: PanelMember, scores: Scores) -> None:
    """Declare and submit: one score for each question in their order, None for not covered; the last one repeats."""
    questions = queries.scorecard(interview.round)
    given = [scores[min(n, len(scores) - 1)] for n in range(len(questions))]
    drafts = {q.id: Draft(s, s is None, f"{EVIDENCE} Niveau {s}.") for q, s in zip(questions, given, strict=True)}
    recruitments.declare_impartiality(interview.candidate, member, True)
    services.submit_assessment(services.save_draft(interview, member, drafts))


def fill(recruitment_id: int, scores: Mapping[str, Sequence[Scores]]) -> dict[str, int]:
    """By the candidate's name the scores of each member in the order of the panel; gives the interviews' ids."""
    recruitment = whole(recruitment_id)
    known = {candidate.name for candidate in recruitment.candidates}
    add_candidates(recruitment_id, *(name for name in scores if name not in known))
    found = {}
    with unit_of_work():
        recruitment = whole(recruitment_id)
        for candidate in recruitment.candidates:
            for member, given in zip(recruitment.panel, scores.get(candidate.name, ()), strict=False):
                assess(candidate.interviews[0], member, given)
            found[candidate.name] = candidate.interviews[0].id
    return found


def rating_of(interview_id: int, name: str, position: int = 0) -> Rating:
    """The rating that a person has given in an interview."""
    query = db.select(Assessment).where(Assessment.interview_id == interview_id)
    for assessment in db.session.scalars(query):
        if assessment.member.person.name == name:
            return sorted(assessment.ratings, key=lambda rating: rating.question.position)[position]
    raise LookupError(name)


def amend(rating: Rating, score: int | None, reason: str) -> None:
    with unit_of_work():
        db.session.add(
            RatingAmendment(
                rating_id=rating.id,
                score=score,
                not_covered=score is None,
                evidence="Tilføjede bagefter, hvad der kom ud af det.",
                reason=reason,
                at=now() + timedelta(seconds=5),
            )
        )


def drop(question_id: int, by_id: int, reason: str) -> None:
    with unit_of_work():
        db.session.add(QuestionDrop(question_id=question_id, reason=reason, by_id=by_id, at=now()))


def close(interview_id: int, by_id: int, *, closes: bool = True) -> None:
    with unit_of_work():
        db.session.add(InterviewClosing(interview_id=interview_id, closes=closes, reason="Syg.", by_id=by_id, at=now()))


def make_chair(recruitment_id: int, name: str) -> None:
    with unit_of_work():
        for member in whole(recruitment_id).panel:
            member.chair = member.person.name == name
