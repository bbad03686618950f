"""Reading hearings."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from portal.db import db
from portal.hearings.models import Hearing, HearingStep
from portal.hearings.rules import LETTERS, Step, calls_for_hearing, is_open
from portal.recruitment.models import Candidate
from portal.recruitment.queries import WHOLE
from portal.references.models import Referee, ReferenceCheck

_REFEREE = joinedload(Hearing.check).joinedload(ReferenceCheck.referee)


def calls(hearing: Hearing) -> bool:
    return calls_for_hearing(is_new=hearing.is_new, unfavourable=hearing.unfavourable, essential=hearing.essential)


def waits(hearing: Hearing) -> bool:
    """Whether the recommendation has to wait for this hearing."""
    return is_open(calls=calls(hearing), steps=[Step(step.kind) for step in hearing.steps])


def letter_of(hearing: Hearing) -> HearingStep | None:
    """The newest wording of the letter, whether it has been read through or not."""
    return next((step for step in reversed(hearing.steps) if step.kind in LETTERS), None)


def sent_in(hearing: Hearing) -> HearingStep | None:
    """The letter as it was sent, with the deadline for the reply."""
    return next((step for step in hearing.steps if step.kind == Step.SENT), None)


def facts_of(referee: Referee) -> list[Hearing]:
    """What was judged about this referee's note, in the order in which it was raised."""
    query = select(Hearing).join(Hearing.check).where(ReferenceCheck.referee_id == referee.id).order_by(Hearing.id)
    return list(db.session.scalars(query.options(selectinload(Hearing.steps), joinedload(Hearing.by))))


def hearings_of(candidate_ids: Collection[int]) -> dict[int, list[Hearing]]:
    """The facts judged about each of these candidates."""
    query = select(Hearing).join(Hearing.check).join(ReferenceCheck.referee).order_by(Hearing.id)
    query = query.where(Referee.candidate_id.in_(candidate_ids))
    found: dict[int, list[Hearing]] = {candidate_id: [] for candidate_id in candidate_ids}
    query = query.options(selectinload(Hearing.steps).joinedload(HearingStep.by), joinedload(Hearing.by), _REFEREE)
    for hearing in db.session.scalars(query):
        found[hearing.candidate.id].append(hearing)
    return found


def open_hearings(candidate_ids: Collection[int]) -> list[Hearing]:
    """The hearings that the recommendation has to wait for."""
    return [hearing for hearings in hearings_of(candidate_ids).values() for hearing in hearings if waits(hearing)]


def find_hearing(hearing_id: int) -> Hearing | None:
    """A hearing with the candidate, who decides who may know of it."""
    candidate = _REFEREE.joinedload(Referee.candidate).joinedload(Candidate.recruitment).options(*WHOLE)
    query = select(Hearing).where(Hearing.id == hearing_id)
    return db.session.scalar(
        query.options(candidate, selectinload(Hearing.steps).joinedload(HearingStep.by), joinedload(Hearing.by))
    )
