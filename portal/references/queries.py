"""Reading the bank, guides and referees."""

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from portal.db import db
from portal.framework.models import Competency
from portal.recruitment.models import Candidate, Recruitment
from portal.recruitment.queries import WHOLE
from portal.references.models import ApplicantAccept, GuideQuestion, Referee, ReferenceQuestion


def bank(framework_slug: str, competency_key: str | None = None) -> list[ReferenceQuestion]:
    """The bank's reference questions in its order, of one competency when named."""
    query = select(ReferenceQuestion).where(ReferenceQuestion.framework_slug == framework_slug)
    if competency_key is not None:
        query = query.where(ReferenceQuestion.competency_key == competency_key)
    return list(db.session.scalars(query.order_by(ReferenceQuestion.id)))


def questions_per_competency(framework_slug: str) -> dict[str, int]:
    query = select(ReferenceQuestion.competency_key, func.count()).where(
        ReferenceQuestion.framework_slug == framework_slug
    )
    return {row[0]: row[1] for row in db.session.execute(query.group_by(ReferenceQuestion.competency_key))}


def guide(recruitment: Recruitment) -> list[GuideQuestion]:
    """The questions of the guide in the order in which they are asked."""
    query = select(GuideQuestion).where(GuideQuestion.recruitment_id == recruitment.id).order_by(GuideQuestion.position)
    return list(db.session.scalars(query.options(joinedload(GuideQuestion.competency).joinedload(Competency.part))))


def referees(recruitment: Recruitment) -> list[Referee]:
    """All referees by candidate, each with the accepts recorded."""
    query = select(Referee).join(Referee.candidate).where(Candidate.recruitment_id == recruitment.id)
    query = query.order_by(func.lower(Candidate.name), Candidate.id, Referee.id)
    query = query.options(joinedload(Referee.candidate), selectinload(Referee.accepts))
    return list(db.session.scalars(query))


def find_referee(referee_id: int) -> Referee | None:
    """A referee with the accepts, and the recruitment that decides who may know of them."""
    query = select(Referee).where(Referee.id == referee_id)
    return db.session.scalar(
        query.options(
            selectinload(Referee.accepts).joinedload(ApplicantAccept.recorded_by),
            joinedload(Referee.candidate).joinedload(Candidate.recruitment).options(*WHOLE),
        )
    )
