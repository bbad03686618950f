"""Where the data of candidates is, and what has been decided about keeping it.

A table that holds something about a candidate leads to `candidate` by the columns in LEADS; a test holds them against
the foreign keys of the whole database. Everything here follows them: counting, deleting, and taking names out.
"""

from collections.abc import Collection, Iterable
from typing import Any

from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import ColumnElement, Select, String, Text, cast, func, literal, or_, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, joinedload
from sqlalchemy.types import JSON

from portal.db import db
from portal.decisions.models import (
    Decision,
    MinorityOpinion,
    Recommendation,
    RecommendationDraft,
    RefusalEvent,
    RefusalText,
    Submission,
)
from portal.handover.models import Handover, HandoverComment, HandoverFocus
from portal.hearings.models import Hearing, HearingStep
from portal.interviews.models import (
    AgreedRating,
    Assessment,
    InterviewClosing,
    QuestionDrop,
    Rating,
    RatingAmendment,
    ScorecardQuestion,
)
from portal.mail.models import OutgoingMail
from portal.people.models import Person
from portal.records.models import Deletion, RetentionSetting
from portal.records.rules import DEFAULT_MONTHS
from portal.recruitment.models import (
    Candidate,
    CandidateEvent,
    ImpartialityDeclaration,
    Interview,
    PanelMember,
    Recruitment,
)
from portal.references.models import (
    AcceptWithdrawal,
    ApplicantAccept,
    FormLink,
    GuideProbe,
    Referee,
    ReferenceAddendum,
    ReferenceAnswer,
    ReferenceCheck,
)

Lead = InstrumentedAttribute[Any]

# rows that go, before the rows that they lead to
DELETED: tuple[Lead, ...] = (
    RatingAmendment.rating_id,
    Rating.assessment_id,
    Assessment.interview_id,
    AgreedRating.interview_id,
    InterviewClosing.interview_id,
    Interview.candidate_id,
    ImpartialityDeclaration.candidate_id,
    HearingStep.hearing_id,
    Hearing.check_id,
    ReferenceAddendum.check_id,
    ReferenceAnswer.check_id,
    FormLink.check_id,
    ReferenceCheck.referee_id,
    AcceptWithdrawal.accept_id,
    ApplicantAccept.referee_id,
    Referee.candidate_id,
    GuideProbe.candidate_id,
    RecommendationDraft.candidate_id,
)
# rows that say what became of the application: they stay, without the words
EMPTIED: tuple[Lead, ...] = (CandidateEvent.candidate_id, RefusalText.candidate_id, Recommendation.candidate_id)
# nothing of theirs is about the candidate, or the rows above are read for them
KEPT: tuple[Lead, ...] = (
    RefusalEvent.text_id,
    Submission.recommendation_id,
    Decision.submission_id,
    Handover.candidate_id,  # from here on it is the employee's own onboarding
    HandoverFocus.handover_id,
    HandoverComment.handover_id,
)
LEADS: dict[str, Lead] = {lead.class_.__tablename__: lead for lead in (*DELETED, *EMPTIED, *KEPT)}
LINK_MAIL = "reference-link-"
SHORTEST_TEXT = 80
OWN_DATA = ("name", "email")  # of a referee: that is who they are, whatever else they are called after


def _target(lead: Lead) -> str:
    column = next(iter(lead.property.columns[0].foreign_keys)).column
    return str(column.table.name)


def _from_candidates(query: Select[Any], lead: Lead) -> tuple[Select[Any], Lead]:
    """The query with all tables between `lead` and the candidate, and the column that names the candidate."""
    while (target := _target(lead)) != "candidate":
        parent = LEADS[target]
        query = query.join(parent.class_, parent.class_.id == lead)
        lead = parent
    return query, lead


def rows_about(lead: Lead, candidate_ids: Collection[int]) -> ColumnElement[bool]:
    """Which rows of the lead's table are about one of these candidates."""
    model = lead.class_
    query, owner = _from_candidates(select(model.id), lead)
    found: ColumnElement[bool] = model.id.in_(query.where(owner.in_(candidate_ids)).scalar_subquery())
    return found


def _counting(lead: Lead, candidate_ids: Collection[int]) -> Select[Any]:
    query = select(literal(lead.class_.__tablename__).label("name")).select_from(lead.class_)
    query, owner = _from_candidates(query, lead)
    query = query.add_columns(owner.label("candidate_id"), func.count().label("number"))
    return query.where(owner.in_(candidate_ids)).group_by(owner)


def _mails(candidate_ids: Collection[int]) -> Select[Any]:
    """The mails with which referees got a link to their form, with the candidate."""
    query, owner = _from_candidates(select(OutgoingMail.id).select_from(FormLink), FormLink.check_id)
    query = query.join(OutgoingMail, OutgoingMail.key == literal(LINK_MAIL) + cast(FormLink.id, String))
    return query.add_columns(owner.label("candidate_id")).where(owner.in_(candidate_ids))


def mails_about(candidate_ids: Collection[int]) -> ColumnElement[bool]:
    return OutgoingMail.id.in_(select(_mails(candidate_ids).subquery().c.id).scalar_subquery())


def holdings(candidate_ids: Collection[int]) -> dict[int, dict[str, int]]:
    """By candidate how many rows of each table will go or lose their words; one query for all."""
    found: dict[int, dict[str, int]] = {n: {} for n in candidate_ids}
    if not found:
        return found
    mails = _mails(candidate_ids).subquery()
    counted = select(literal("outgoing_mail").label("name"), mails.c.candidate_id, func.count().label("number"))
    parts = [_counting(lead, candidate_ids) for lead in (*DELETED, *EMPTIED)]
    for name, candidate_id, number in db.session.execute(union_all(*parts, counted.group_by(mails.c.candidate_id))):
        found[candidate_id][name] = number
    return found


def texts_of(model: Any) -> list[str]:
    """The attributes of a table in which someone may have written about somebody else."""
    kinds = {found.key: found.columns[0].type for found in model.__mapper__.column_attrs}
    free = [name for name, kind in kinds.items() if isinstance(kind, Text | JSON) or _length(kind) >= SHORTEST_TEXT]
    return [name for name in free if name not in OWN_DATA]


def _length(kind: Any) -> int:
    return getattr(kind, "length", 0) or 0


def rows_of_case(recruitment_id: int) -> Iterable[Any]:
    """Every row in which those of a recruitment wrote freely: about the candidates who are left, and on the whole."""
    left = select(Candidate.id).where(Candidate.recruitment_id == recruitment_id, Candidate.deleted_at.is_(None))
    ids = list(db.session.scalars(left))
    for lead in (*DELETED, CandidateEvent.candidate_id, RefusalText.candidate_id):
        if texts_of(lead.class_):
            yield from db.session.scalars(select(lead.class_).where(rows_about(lead, ids)))
    for model in (Recommendation, RecommendationDraft, MinorityOpinion, Submission):
        yield from db.session.scalars(select(model).where(model.recruitment_id == recruitment_id))
    decided = select(Submission.id).where(Submission.recruitment_id == recruitment_id)
    yield from db.session.scalars(select(Decision).where(Decision.submission_id.in_(decided)))
    asked = select(ScorecardQuestion.id).where(ScorecardQuestion.recruitment_id == recruitment_id)
    yield from db.session.scalars(select(QuestionDrop).where(QuestionDrop.question_id.in_(asked)))


def names_that_stay(recruitment_id: int) -> set[str]:
    """The panel, the recruiter and the authority, the candidates who are left, and their referees."""
    here = Recruitment.id == recruitment_id
    member = select(PanelMember.person_id).where(PanelMember.recruitment_id == recruitment_id)
    runs, decides = select(Recruitment.recruiter_id).where(here), select(Recruitment.authority_id).where(here)
    left = select(Candidate.id).where(Candidate.recruitment_id == recruitment_id, Candidate.deleted_at.is_(None))
    found = union_all(
        select(Person.name).where(or_(*(Person.id.in_(ids) for ids in (member, runs, decides)))),
        select(Candidate.name).where(Candidate.id.in_(left)),
        select(Referee.name).where(Referee.candidate_id.in_(left)),
    )
    return set(db.session.scalars(found))


def referee_names(candidate_ids: Collection[int]) -> list[str]:
    return list(db.session.scalars(select(Referee.name).where(Referee.candidate_id.in_(candidate_ids))))


def wordings(recruitment_id: int, candidate_ids: Collection[int]) -> list[Recommendation]:
    """Those that recommend one of these candidates."""
    query = select(Recommendation).where(Recommendation.recruitment_id == recruitment_id)
    return list(db.session.scalars(query.where(Recommendation.candidate_id.in_(candidate_ids))))


def submissions(recruitment_id: int) -> list[Submission]:
    query = select(Submission).where(Submission.recruitment_id == recruitment_id)
    return list(db.session.scalars(query.options(joinedload(Submission.decision))))


def opinions(recruitment_id: int) -> list[MinorityOpinion]:
    return list(db.session.scalars(select(MinorityOpinion).where(MinorityOpinion.recruitment_id == recruitment_id)))


def settings() -> list[RetentionSetting]:
    """Newest first."""
    query = select(RetentionSetting).order_by(RetentionSetting.id.desc())
    return list(db.session.scalars(query.options(joinedload(RetentionSetting.by))))


def months_kept() -> int:
    query = select(RetentionSetting.months).order_by(RetentionSetting.id.desc()).limit(1)
    return db.session.scalar(query) or DEFAULT_MONTHS


def _log() -> Select[Any]:
    query = select(Deletion).where(Deletion.door.is_(None)).order_by(Deletion.id.desc())
    return query.options(joinedload(Deletion.by), joinedload(Deletion.recruitment))


def deletions(page: int, per_page: int) -> Pagination:
    return db.paginate(_log(), page=page, per_page=per_page, error_out=False)


def all_deletions() -> list[Deletion]:
    return list(db.session.scalars(_log()))
