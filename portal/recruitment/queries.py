"""Reading recruitments, always with what the policy and the pages need."""

from typing import Any

from sqlalchemy import Select, String, cast, literal, select
from sqlalchemy.orm import joinedload, selectinload

from portal.db import db
from portal.framework.models import Competency, Part
from portal.people.queries import RELATIONS
from portal.recruitment.models import (
    Candidate,
    ImpartialityDeclaration,
    Interview,
    PanelMember,
    ProfileCompetency,
    Recruitment,
)

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


RELATIONS.append(_panels)


def find_recruitment(recruitment_id: int) -> Recruitment | None:
    return db.session.scalar(select(Recruitment).where(Recruitment.id == recruitment_id).options(*WHOLE))


def find_candidate(candidate_id: int) -> Candidate | None:
    """A candidate with the whole of the recruitment, which decides who may know of them."""
    query = select(Candidate).where(Candidate.id == candidate_id)
    query = query.options(joinedload(Candidate.recruitment).options(*WHOLE))
    return db.session.scalar(query)


def find_candidate_of(recruitment_id: int, candidate_id: int) -> Candidate | None:
    """A candidate of that recruitment, with the whole of it."""
    found = find_candidate(candidate_id)
    return found if found and found.recruitment_id == recruitment_id else None


def find_interview(interview_id: int) -> Interview | None:
    """An interview with the whole of its recruitment."""
    query = select(Interview).where(Interview.id == interview_id)
    query = query.options(joinedload(Interview.candidate).joinedload(Candidate.recruitment).options(*WHOLE))
    return db.session.scalar(query)


def find_member(recruitment_id: int, member_id: int) -> PanelMember | None:
    """A member of that recruitment's panel, with the recruitment."""
    query = select(PanelMember).where(PanelMember.id == member_id, PanelMember.recruitment_id == recruitment_id)
    return db.session.scalar(query.options(joinedload(PanelMember.recruitment).options(*WHOLE)))


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


def in_framework_order(recruitment: Recruitment) -> list[ProfileCompetency]:
    return sorted(recruitment.profile, key=lambda row: (row.competency.part.position, row.competency.position))


def parts_of(version_id: int) -> list[Part]:
    """The parts of a framework version with their competencies, in order."""
    query = select(Part).where(Part.version_id == version_id).order_by(Part.position)
    return list(db.session.scalars(query.options(selectinload(Part.competencies))))
