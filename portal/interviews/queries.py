"""Reading scorecards and assessments; who may see what is decided before these are called."""

from collections import Counter
from collections.abc import Collection, Sequence

from sqlalchemy import exists, func, select
from sqlalchemy.orm import joinedload, selectinload

from portal.bank.models import BankEntry, BankVersion
from portal.db import db
from portal.framework.models import Competency
from portal.interviews.models import Assessment, Rating, ScorecardQuestion
from portal.interviews.rules import Criterion, Result, compare, scores_are_open
from portal.recruitment.models import Candidate, PanelMember, Recruitment
from portal.recruitment.queries import (
    WHOLE,
    assessors_of,
    declaration_of,
    find_recruitment,
    in_framework_order,
    member_of,
)


def bank_keys_on(recruitment: Recruitment) -> set[str]:
    """The bank's keys of the questions that are on the scorecard already."""
    query = select(BankEntry.key).join(BankEntry.versions)
    query = query.join(ScorecardQuestion, ScorecardQuestion.bank_version_id == BankVersion.id)
    return set(db.session.scalars(query.where(ScorecardQuestion.recruitment_id == recruitment.id)))


def uses_of_bank(version_ids: Collection[int]) -> dict[int, int]:
    """How many scorecards use each of these versions of the bank."""
    query = select(ScorecardQuestion.bank_version_id, func.count()).group_by(ScorecardQuestion.bank_version_id)
    query = query.where(ScorecardQuestion.bank_version_id.in_(version_ids))
    return {row[0]: row[1] for row in db.session.execute(query)}


def scorecard(recruitment: Recruitment) -> list[ScorecardQuestion]:
    """The questions in the order in which every candidate gets them."""
    query = select(ScorecardQuestion).where(ScorecardQuestion.recruitment_id == recruitment.id)
    query = query.order_by(ScorecardQuestion.position, ScorecardQuestion.id)
    return list(db.session.scalars(query.options(joinedload(ScorecardQuestion.competency).joinedload(Competency.part))))


def scorecards(recruitment_ids: Collection[int]) -> dict[int, Counter[int]]:
    """How many questions each of these recruitments asks, by competency."""
    query = select(ScorecardQuestion.recruitment_id, ScorecardQuestion.competency_id, func.count())
    query = query.where(ScorecardQuestion.recruitment_id.in_(recruitment_ids))
    found: dict[int, Counter[int]] = {recruitment_id: Counter() for recruitment_id in recruitment_ids}
    for recruitment_id, competency_id, count in db.session.execute(
        query.group_by(ScorecardQuestion.recruitment_id, ScorecardQuestion.competency_id)
    ):
        found[recruitment_id][competency_id] = count
    return found


def find_question(recruitment_id: int, question_id: int) -> ScorecardQuestion | None:
    """A question of that recruitment's scorecard, with the recruitment."""
    if find_recruitment(recruitment_id) is None:
        return None
    query = select(ScorecardQuestion).where(
        ScorecardQuestion.id == question_id, ScorecardQuestion.recruitment_id == recruitment_id
    )
    return db.session.scalar(query.options(joinedload(ScorecardQuestion.recruitment)))


def find_assessment(candidate: Candidate, member: PanelMember, *, fresh: bool = False) -> Assessment | None:
    """The member's assessment with its ratings; `fresh` reads both anew, also when they have been read before."""
    query = select(Assessment).where(Assessment.candidate_id == candidate.id, Assessment.member_id == member.id)
    query = query.options(selectinload(Assessment.ratings)).execution_options(populate_existing=fresh)
    return db.session.scalar(query)


def submitted_by_candidate(recruitment: Recruitment) -> dict[int, set[int]]:
    """Which panel members have submitted, by candidate id."""
    return submitted_in([recruitment])


def submitted_in(recruitments: Collection[Recruitment]) -> dict[int, set[int]]:
    """Which panel members have submitted, by candidate id, for all candidates of these recruitments."""
    query = select(Assessment.candidate_id, Assessment.member_id).join(Assessment.candidate)
    ids = [recruitment.id for recruitment in recruitments]
    query = query.where(Candidate.recruitment_id.in_(ids), Assessment.submitted_at.is_not(None))
    found: dict[int, set[int]] = {c.id: set() for recruitment in recruitments for c in recruitment.candidates}
    for candidate_id, member_id in db.session.execute(query):
        found[candidate_id].add(member_id)
    return found


def submitted_assessments(candidate_ids: Sequence[int]) -> list[Assessment]:
    """Submitted assessments of these candidates with all ratings; call it only for candidates whose scores are open."""
    query = select(Assessment).where(Assessment.candidate_id.in_(candidate_ids), Assessment.submitted_at.is_not(None))
    query = query.options(selectinload(Assessment.ratings).joinedload(Rating.question), joinedload(Assessment.member))
    return list(db.session.scalars(query.order_by(Assessment.id)))


def assessments_of(person_id: int) -> dict[int, Assessment]:
    """The person's own assessments by candidate id."""
    query = select(Assessment).join(Assessment.member).where(PanelMember.person_id == person_id)
    return {found.candidate_id: found for found in db.session.scalars(query)}


def recruitments_lacking_assessments() -> list[Recruitment]:
    """Those where a panel member has not submitted on a candidate, with panel and candidates.

    One who is not impartial will never submit; what a member owes is worked out from these.
    """
    done = exists().where(
        Assessment.candidate_id == Candidate.id,
        Assessment.member_id == PanelMember.id,
        Assessment.submitted_at.is_not(None),
    )
    lacking = select(Candidate.recruitment_id).where(PanelMember.recruitment_id == Candidate.recruitment_id, ~done)
    query = select(Recruitment).where(Recruitment.id.in_(lacking)).order_by(Recruitment.id)
    panel = selectinload(Recruitment.panel).lazyload(PanelMember.person)
    return list(
        db.session.scalars(
            query.options(panel, selectinload(Recruitment.candidates).selectinload(Candidate.declarations))
        )
    )


def assessments_by_person(recruitments: Sequence[Recruitment]) -> dict[int, dict[int, Assessment]]:
    """The assessments in these recruitments by person id, and then by candidate id."""
    ids = [recruitment.id for recruitment in recruitments]
    query = select(Assessment, PanelMember.person_id).join(Assessment.member).where(PanelMember.recruitment_id.in_(ids))
    found: dict[int, dict[int, Assessment]] = {}
    for assessment, person_id in db.session.execute(query):
        found.setdefault(person_id, {})[assessment.candidate_id] = assessment
    return found


def open_candidates(recruitment: Recruitment) -> list[Candidate]:
    """The candidates whose assessors have all submitted; nobody sees a score of the others."""
    submitted = submitted_by_candidate(recruitment)
    return [
        candidate
        for candidate in recruitment.candidates
        if scores_are_open([member.id for member in assessors_of(candidate)], submitted[candidate.id])
    ]


def criteria_of(recruitment: Recruitment) -> list[Criterion]:
    """What is compared, in the framework's order."""
    return [Criterion(row.competency_id, row.weight, row.minimum) for row in in_framework_order(recruitment)]


def results(
    recruitment: Recruitment, candidates: Sequence[Candidate], assessments: Sequence[Assessment]
) -> dict[int, Result]:
    """The comparison by candidate id, over the competencies of the profile."""
    answers: dict[int, dict[int, list[Rating]]] = {candidate.id: {} for candidate in candidates}
    for assessment in assessments:
        for rating in assessment.ratings:
            answers[assessment.candidate_id].setdefault(rating.question.competency_id, []).append(rating)
    criteria = criteria_of(recruitment)
    return {candidate.id: compare(criteria, answers[candidate.id]) for candidate in candidates}


def by_assessor(assessments: Sequence[Assessment]) -> dict[int, list[tuple[str, dict[int, list[Rating]]]]]:
    """By candidate id: each assessor's name, and their ratings by competency in the order of the questions."""
    found: dict[int, list[tuple[str, dict[int, list[Rating]]]]] = {}
    for assessment in assessments:
        ratings: dict[int, list[Rating]] = {}
        for rating in sorted(assessment.ratings, key=lambda rating: rating.question.position):
            ratings.setdefault(rating.question.competency_id, []).append(rating)
        found.setdefault(assessment.candidate_id, []).append((assessment.member.person.name, ratings))
    return found


def open_candidates_for(recruitment: Recruitment, person_id: int) -> list[Candidate]:
    """The open candidates that this person may see: a panel member only those to whom they are declared impartial."""
    member = member_of(recruitment, person_id)
    found = open_candidates(recruitment)
    if member is None:
        return found
    declared = {candidate.id: declaration_of(candidate, member) for candidate in found}
    return [candidate for candidate in found if (word := declared[candidate.id]) is not None and word.impartial]


def answers_by_question(candidate: Candidate) -> dict[int, list[Rating]]:
    """Every submitted rating of an open candidate, by question id."""
    found: dict[int, list[Rating]] = {}
    for assessment in submitted_assessments([candidate.id]):
        for rating in assessment.ratings:
            found.setdefault(rating.question_id, []).append(rating)
    return found


def not_yet_open_to(person_id: int) -> dict[str, list[int]]:
    """What the event log keeps from one who sits on a panel, as ids by kind, until the candidate's scores are open.

    Who has begun and who has submitted is progress, and progress of others is hidden from an assessor, also from one
    who reads the log as HR: their own assessments are left out with the rest, because a gap would tell as much. What
    concerns a whole recruitment (who compared) comes back when all of its candidates are open.
    """
    query = select(Recruitment).join(Recruitment.panel).where(PanelMember.person_id == person_id).options(*WHOLE)
    hidden: dict[str, list[int]] = {"recruitment": [], "candidate": [], "assessment": []}
    for recruitment in db.session.scalars(query):
        opened = {candidate.id for candidate in open_candidates(recruitment)}
        closed = [candidate.id for candidate in recruitment.candidates if candidate.id not in opened]
        hidden["recruitment"] += [recruitment.id] if closed else []
        hidden["candidate"] += closed
        hidden["assessment"] += db.session.scalars(select(Assessment.id).where(Assessment.candidate_id.in_(closed)))
    return hidden
