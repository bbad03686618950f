"""Reading guides and referees."""

from collections import Counter
from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from portal.db import db
from portal.framework.models import Competency
from portal.recruitment.models import Candidate, Recruitment
from portal.recruitment.queries import WHOLE
from portal.references.models import ApplicantAccept, GuideQuestion, Referee

_ACCEPTS = selectinload(Referee.accepts).joinedload(ApplicantAccept.withdrawal)


def uses_of_bank(version_ids: Collection[int]) -> dict[int, int]:
    """How many reference guides use each of these versions of the bank."""
    query = select(GuideQuestion.bank_version_id, func.count()).group_by(GuideQuestion.bank_version_id)
    query = query.where(GuideQuestion.bank_version_id.in_(version_ids))
    return {row[0]: row[1] for row in db.session.execute(query)}


def guide(recruitment: Recruitment) -> list[GuideQuestion]:
    """The questions of the guide in the order in which they are asked."""
    query = select(GuideQuestion).where(GuideQuestion.recruitment_id == recruitment.id).order_by(GuideQuestion.position)
    return list(db.session.scalars(query.options(joinedload(GuideQuestion.competency).joinedload(Competency.part))))


def referees(recruitment: Recruitment) -> list[Referee]:
    """All referees by candidate, each with the accepts recorded."""
    query = select(Referee).join(Referee.candidate).where(Candidate.recruitment_id == recruitment.id)
    query = query.order_by(func.lower(Candidate.name), Candidate.id, Referee.id)
    query = query.options(joinedload(Referee.candidate), _ACCEPTS)
    return list(db.session.scalars(query))


def guide_sizes(recruitment_ids: Collection[int]) -> dict[int, int]:
    """How many questions the guides of these recruitments have; those without a guide are left out."""
    query = select(GuideQuestion.recruitment_id, func.count()).group_by(GuideQuestion.recruitment_id)
    query = query.where(GuideQuestion.recruitment_id.in_(recruitment_ids))
    return {row[0]: row[1] for row in db.session.execute(query)}


def accept_counts(recruitment_ids: Collection[int]) -> Counter[int]:
    """How many referees may be called now, by recruitment."""
    query = select(Referee).join(Referee.candidate).where(Candidate.recruitment_id.in_(recruitment_ids))
    found = db.session.scalars(query.options(contains_eager(Referee.candidate), _ACCEPTS))
    return Counter(referee.candidate.recruitment_id for referee in found if referee.accept)


def referees_of(candidate: Candidate) -> int:
    """How many referees the candidate has named."""
    return db.session.scalar(select(func.count()).where(Referee.candidate_id == candidate.id)) or 0


def find_referee(referee_id: int) -> Referee | None:
    """A referee with the accepts, and the recruitment that decides who may know of them."""
    query = select(Referee).where(Referee.id == referee_id)
    return db.session.scalar(
        query.options(
            _ACCEPTS,
            joinedload(Referee.candidate).joinedload(Candidate.recruitment).options(*WHOLE),
        )
    )
