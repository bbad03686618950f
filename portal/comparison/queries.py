"""Reading what is compared; call it only for interviews whose scores are open."""

from collections.abc import Sequence

from portal.comparison.rules import Answer, Criterion, Result, compare
from portal.interviews.models import Assessment, Rating
from portal.interviews.queries import submitted_assessments
from portal.recruitment.models import Candidate, Interview, Recruitment
from portal.recruitment.queries import in_framework_order


def criteria_of(recruitment: Recruitment) -> list[Criterion]:
    """What is compared, in the framework's order."""
    return [Criterion(row.competency_id, row.weight, row.minimum) for row in in_framework_order(recruitment)]


def results(
    recruitment: Recruitment, candidates: Sequence[Candidate], assessments: Sequence[Assessment]
) -> dict[int, Result]:
    """The comparison by candidate id, over the competencies of the profile; a dropped question does not count."""
    answers: dict[int, dict[int, list[Answer]]] = {candidate.id: {} for candidate in candidates}
    for assessment in assessments:
        for rating in assessment.ratings:
            if not rating.question.dropped:
                mine = answers[assessment.interview.candidate_id]
                mine.setdefault(rating.question.competency_id, []).append(rating.in_force)
    criteria = criteria_of(recruitment)
    return {candidate.id: compare(criteria, answers[candidate.id]) for candidate in candidates}


def by_assessor(assessments: Sequence[Assessment]) -> dict[int, list[tuple[str, dict[int, list[Rating]]]]]:
    """By candidate id: each assessor's name, and their ratings by competency in the order of the questions.

    A dropped question does not count, and is left out; the debrief keeps what was written about it.
    """
    found: dict[int, list[tuple[str, dict[int, list[Rating]]]]] = {}
    for assessment in assessments:
        ratings: dict[int, list[Rating]] = {}
        counting = [rating for rating in assessment.ratings if not rating.question.dropped]
        for rating in sorted(counting, key=lambda rating: rating.question.position):
            ratings.setdefault(rating.question.competency_id, []).append(rating)
        found.setdefault(assessment.interview.candidate_id, []).append((assessment.member.person.name, ratings))
    return found


def answers_by_question(interview: Interview) -> dict[int, list[Rating]]:
    """Every submitted rating of an open interview, by question id."""
    found: dict[int, list[Rating]] = {}
    for assessment in submitted_assessments([interview.id]):
        for rating in assessment.ratings:
            found.setdefault(rating.question_id, []).append(rating)
    return found
