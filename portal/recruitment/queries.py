"""Reading recruitments, always with what the policy and the pages need."""

from collections.abc import Collection
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, bindparam, cast, false, func, literal, or_, select, true
from sqlalchemy.orm import defaultload, joinedload, lazyload, selectinload

from portal.access import Actor, Role
from portal.db import db
from portal.framework.models import Competency, Part
from portal.people.queries import RELATIONS
from portal.recruitment.models import (
    Candidate,
    CandidateEvent,
    ImpartialityDeclaration,
    Interview,
    InterviewRound,
    PanelMember,
    ProfileCompetency,
    Recruitment,
)
from portal.recruitment.rules import RESUMED

WHOLE = (
    selectinload(Recruitment.panel),
    selectinload(Recruitment.candidates).options(
        selectinload(Candidate.declarations), selectinload(Candidate.interviews), selectinload(Candidate.events)
    ),
    selectinload(Recruitment.rounds),
    selectinload(Recruitment.profile).joinedload(ProfileCompetency.competency).joinedload(Competency.part),
    joinedload(Recruitment.version),
    joinedload(Recruitment.authority),
)


def _panels(person_ids: Any, day: Any) -> Select[Any, str, str]:
    query = select(PanelMember.person_id, literal("panels"), cast(PanelMember.recruitment_id, String))
    return query.where(PanelMember.person_id.in_(person_ids))


def _authorities(person_ids: Any, day: Any) -> Select[Any, str, str]:
    query = select(Recruitment.authority_id, literal("authority_of"), cast(Recruitment.id, String))
    return query.where(Recruitment.authority_id.in_(person_ids))


RELATIONS += [_panels, _authorities]


def find_recruitment(recruitment_id: int) -> Recruitment | None:
    return db.session.scalar(select(Recruitment).where(Recruitment.id == recruitment_id).options(*WHOLE))


def reread(recruitment: Recruitment) -> None:
    """Read the whole of it anew, after its row has been locked: what others have written in the meantime counts."""
    query = select(Recruitment).where(Recruitment.id == recruitment.id).options(*WHOLE)
    db.session.scalars(query.execution_options(populate_existing=True)).one()


def find_candidate(candidate_id: int) -> Candidate | None:
    """A candidate with the whole of the recruitment, which decides who may know of them; not one who is deleted."""
    query = select(Candidate).where(Candidate.id == candidate_id, Candidate.deleted_at.is_(None))
    query = query.options(joinedload(Candidate.recruitment, innerjoin=True).options(*WHOLE))
    return db.session.scalar(query)


def find_candidate_of(recruitment_id: int, candidate_id: int) -> Candidate | None:
    """A candidate of that recruitment, with the whole of it."""
    found = find_candidate(candidate_id)
    return found if found and found.recruitment_id == recruitment_id else None


def find_interview(interview_id: int) -> Interview | None:
    """An interview with the whole of its recruitment."""
    query = select(Interview).where(Interview.id == interview_id)
    candidate = joinedload(Interview.candidate, innerjoin=True)
    query = query.options(candidate.joinedload(Candidate.recruitment, innerjoin=True).options(*WHOLE))
    return db.session.scalar(query)


def find_round(recruitment_id: int, number: int) -> InterviewRound | None:
    """A round of that recruitment, with the whole of the recruitment."""
    found = find_recruitment(recruitment_id)
    return next((row for row in found.rounds if row.number == number), None) if found else None


def find_interview_to_assess(interview_id: int) -> Interview | None:
    """An interview with what the policy needs and no more: drafts are saved every few seconds."""
    return db.session.scalar(_to_assess(), {"interview": interview_id})


@cache
def _to_assess() -> Select[Interview]:
    candidate = joinedload(Interview.candidate, innerjoin=True)
    recruitment = candidate.joinedload(Candidate.recruitment, innerjoin=True)
    recruitment = recruitment.options(
        lazyload(Recruitment.office),
        lazyload(Recruitment.recruiter),
        defaultload(Recruitment.panel).lazyload(PanelMember.person),
    )
    query = select(Interview).where(Interview.id == bindparam("interview"))
    return query.options(recruitment, joinedload(Interview.round, innerjoin=True))


def find_member(recruitment_id: int, member_id: int) -> PanelMember | None:
    """A member of that recruitment's panel, with the recruitment."""
    query = select(PanelMember).where(PanelMember.id == member_id, PanelMember.recruitment_id == recruitment_id)
    return db.session.scalar(query.options(joinedload(PanelMember.recruitment, innerjoin=True).options(*WHOLE)))


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """The recruitments that the policy (SEE_RECRUITMENT) lets the actor know of."""
    return true() if Role.HR in actor.roles else or_(managed_by(actor), Recruitment.id.in_(actor.panels))


def managed_by(actor: Actor) -> ColumnElement[bool]:
    return Recruitment.recruiter_id == actor.person_id if Role.RECRUITER in actor.roles else false()


def recruitments_with_times_of(person_id: int) -> list[Recruitment]:
    """The recruitments that this person runs or sits on the panel of, and in which an interview has a time."""
    own = select(PanelMember.recruitment_id).where(PanelMember.person_id == person_id)
    timed = select(Candidate.recruitment_id).join(Candidate.interviews).where(Interview.starts_at.is_not(None))
    query = select(Recruitment).where(or_(Recruitment.recruiter_id == person_id, Recruitment.id.in_(own)))
    return list(db.session.scalars(query.where(Recruitment.id.in_(timed)).options(*WHOLE).order_by(Recruitment.id)))


def member_of(recruitment: Recruitment, person_id: int) -> PanelMember | None:
    return next((member for member in recruitment.panel if member.person_id == person_id), None)


def chair_of(recruitment: Recruitment) -> PanelMember | None:
    return next((member for member in recruitment.panel if member.chair), None)


def declaration_of(candidate: Candidate, member: PanelMember) -> ImpartialityDeclaration | None:
    return next((d for d in candidate.declarations if d.member_id == member.id), None)


def has_declared(member: PanelMember) -> bool:
    """Whether this member has declared themselves to any candidate, as the database says now."""
    query = select(ImpartialityDeclaration.id).where(ImpartialityDeclaration.member_id == member.id)
    return db.session.scalar(query.limit(1)) is not None


def assessors_of(candidate: Candidate) -> list[PanelMember]:
    """The panel without those who have declared that they are not impartial to this candidate."""
    out = {d.member_id for d in candidate.declarations if not d.impartial}
    return [member for member in candidate.recruitment.panel if member.id not in out]


def stands() -> ColumnElement[bool]:
    """For queries over candidates: nothing has become of the application, or that has been taken back."""
    last = select(CandidateEvent.kind).where(CandidateEvent.candidate_id == Candidate.id)
    return func.coalesce(last.order_by(CandidateEvent.id.desc()).limit(1).scalar_subquery(), RESUMED) == RESUMED


def erased() -> ColumnElement[bool]:
    """For queries over recruitments: all candidates there were have been deleted."""
    here = select(Candidate.id).where(Candidate.recruitment_id == Recruitment.id).correlate(Recruitment)
    return and_(here.exists(), ~here.where(Candidate.deleted_at.is_(None)).exists())


def erased_of(recruitment_ids: Collection[int]) -> set[int]:
    return set(db.session.scalars(select(Recruitment.id).where(Recruitment.id.in_(recruitment_ids), erased())))


def in_framework_order(recruitment: Recruitment) -> list[ProfileCompetency]:
    return sorted(recruitment.profile, key=lambda row: (row.competency.part.position, row.competency.position))


def parts_of(version_id: int) -> list[Part]:
    """The parts of a framework version with their competencies, in order."""
    query = select(Part).where(Part.version_id == version_id).order_by(Part.position)
    return list(db.session.scalars(query.options(selectinload(Part.competencies))))
