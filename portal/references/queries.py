"""Reading guides and referees."""

from collections import Counter
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from portal.bank.models import BankVersion
from portal.db import db
from portal.framework.models import Competency, Part
from portal.recruitment.models import Candidate, Recruitment
from portal.recruitment.queries import WHOLE
from portal.references.models import (
    ApplicantAccept,
    FormLink,
    GuideProbe,
    GuideQuestion,
    Referee,
    ReferenceAddendum,
    ReferenceCheck,
)

_CHECK = joinedload(Referee.check).options(
    selectinload(ReferenceCheck.answers),
    selectinload(ReferenceCheck.links),
    selectinload(ReferenceCheck.addenda).joinedload(ReferenceAddendum.by),
    joinedload(ReferenceCheck.caller),
    joinedload(ReferenceCheck.finished_by),
)
_ACCEPTS = selectinload(Referee.accepts).joinedload(ApplicantAccept.withdrawal)


def uses_of_bank(version_ids: Collection[int]) -> dict[int, int]:
    """How many reference guides use each of these versions of the bank."""
    query = select(GuideQuestion.bank_version_id, func.count()).group_by(GuideQuestion.bank_version_id)
    query = query.where(GuideQuestion.bank_version_id.in_(version_ids))
    return {row[0]: row[1] for row in db.session.execute(query) if row[0] is not None}


def guide(recruitment: Recruitment) -> list[GuideQuestion]:
    """The questions of the guide in the order in which they are asked."""
    query = select(GuideQuestion).where(GuideQuestion.recruitment_id == recruitment.id).order_by(GuideQuestion.position)
    return list(db.session.scalars(query.options(joinedload(GuideQuestion.competency).joinedload(Competency.part))))


def reworded(recruitment: Recruitment) -> set[int]:
    """The ids of the guide's questions that no longer say what the bank says."""
    query = select(GuideQuestion.id).join(BankVersion, BankVersion.id == GuideQuestion.bank_version_id)
    query = query.where(GuideQuestion.recruitment_id == recruitment.id, GuideQuestion.text != BankVersion.text)
    return set(db.session.scalars(query))


def referees(recruitment: Recruitment) -> list[Referee]:
    """All referees by candidate, each with the accepts recorded."""
    query = select(Referee).join(Referee.candidate).where(Candidate.recruitment_id == recruitment.id)
    query = query.order_by(func.lower(Candidate.name), Candidate.id, Referee.id)
    query = query.options(joinedload(Referee.candidate), _ACCEPTS, _CHECK)
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
            _CHECK,
            joinedload(Referee.candidate).joinedload(Candidate.recruitment).options(*WHOLE),
        )
    )


def find_guide_question(recruitment_id: int, question_id: int) -> GuideQuestion | None:
    """A question of that recruitment's guide, with the recruitment."""
    query = select(GuideQuestion).where(GuideQuestion.id == question_id, GuideQuestion.recruitment_id == recruitment_id)
    return db.session.scalar(query.options(joinedload(GuideQuestion.recruitment).options(*WHOLE)))


def probes_of(candidate_ids: Collection[int]) -> dict[int, list[GuideProbe]]:
    """The follow-ups proposed for each of these candidates, in the framework's order."""
    query = select(GuideProbe).join(GuideProbe.competency).join(Competency.part)
    query = query.where(GuideProbe.candidate_id.in_(candidate_ids)).order_by(Part.position, Competency.position)
    found: dict[int, list[GuideProbe]] = {candidate_id: [] for candidate_id in candidate_ids}
    for probe in db.session.scalars(query):
        found[probe.candidate_id].append(probe)
    return found


def find_probe(probe_id: int) -> GuideProbe | None:
    """A follow-up with the candidate, who decides who may know of it."""
    query = select(GuideProbe).where(GuideProbe.id == probe_id)
    return db.session.scalar(
        query.options(joinedload(GuideProbe.candidate).joinedload(Candidate.recruitment).options(*WHOLE))
    )


def find_live_link(secret_hash: str, now: datetime) -> FormLink | None:
    """The link with this secret, unless it has ended or its time is over; with everything that its page needs."""
    query = select(FormLink).where(
        FormLink.secret_hash == secret_hash, FormLink.ended_at.is_(None), FormLink.expires_at > now
    )
    referee = joinedload(FormLink.check).joinedload(ReferenceCheck.referee)
    candidate = referee.joinedload(Referee.candidate).joinedload(Candidate.recruitment).options(*WHOLE)
    answers = joinedload(FormLink.check).selectinload(ReferenceCheck.answers)
    return db.session.scalar(query.options(referee.options(_ACCEPTS), candidate, answers))


def finished_notes(candidate_ids: Collection[int]) -> list[Referee]:
    """The referees of these candidates whose notes are finished, with everything that was said."""
    query = select(Referee).join(Referee.check).where(Referee.candidate_id.in_(candidate_ids))
    query = query.where(ReferenceCheck.finished_at.is_not(None)).order_by(Referee.candidate_id, Referee.id)
    return list(db.session.scalars(query.options(_ACCEPTS, _CHECK)))
