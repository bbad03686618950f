"""The chair closes the assessing of an interview before all have submitted, or lets the others go on."""

from collections.abc import Sequence

from portal.audit.services import record
from portal.clock import now
from portal.db import db, lock_row
from portal.errors import Refused
from portal.interviews.models import InterviewClosing
from portal.interviews.queries import Opening, opening_of
from portal.interviews.rules import ChairBlocker, closing_blockers, reopening_blockers
from portal.interviews.texts import CHAIR_TEXTS
from portal.recruitment.models import Interview, PanelMember


def closing_hindrances(opening: Opening, chair: PanelMember) -> list[ChairBlocker]:
    """Why this member, as the chair, cannot close the assessing now."""
    assessors = [member.id for member in opening.assessors]
    return closing_blockers(chair.id, assessors, opening.submitted, closed=opening.closed)


def reopening_hindrances(opening: Opening, chair: PanelMember) -> list[ChairBlocker]:
    return reopening_blockers(chair.id, [member.id for member in opening.assessors], closed=opening.closed)


def close_assessing(interview: Interview, chair: PanelMember, reason: str) -> None:
    """Open the scores that are there; what the others have not submitted stays as it is, unseen."""
    _wait_for_others(interview)
    _refuse(closing_hindrances(opening_of(interview), chair))
    _append(interview, chair, reason, closes=True)
    record("interviews.close_assessing", interview)


def reopen_assessing(interview: Interview, chair: PanelMember, reason: str) -> None:
    """Hide the scores again and let the others submit; what they submit from now on says that it came late."""
    _wait_for_others(interview)
    _refuse(reopening_hindrances(opening_of(interview), chair))
    _append(interview, chair, reason, closes=False)
    record("interviews.reopen_assessing", interview)


def _wait_for_others(interview: Interview) -> None:
    lock_row(interview.recruitment)
    db.session.expire(interview.candidate, ["declarations"])


def _refuse(blockers: Sequence[ChairBlocker]) -> None:
    if blockers:
        raise Refused([CHAIR_TEXTS[blocker] for blocker in blockers])


def _append(interview: Interview, chair: PanelMember, reason: str, *, closes: bool) -> None:
    row = InterviewClosing(
        interview_id=interview.id, closes=closes, reason=reason.strip(), by_id=chair.person_id, at=now()
    )
    db.session.add(row)
    db.session.flush()
