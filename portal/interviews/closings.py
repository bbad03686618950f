"""The chair closes the assessing of an interview before all have submitted, or lets the others go on."""

from collections.abc import Sequence

from portal.audit.services import record
from portal.clock import now
from portal.db import db, lock_row
from portal.errors import Refused
from portal.interviews import queries
from portal.interviews.models import InterviewClosing
from portal.interviews.rules import ChairBlocker, closing_blockers, reopening_blockers
from portal.interviews.texts import CHAIR_TEXTS
from portal.recruitment.models import Interview, PanelMember
from portal.recruitment.queries import assessors_of


def closing_hindrances(interview: Interview, chair: PanelMember) -> list[ChairBlocker]:
    """Why this member, as the chair, cannot close the assessing now."""
    assessors = [member.id for member in assessors_of(interview.candidate)]
    submitted = queries.submitted_on(interview)
    return closing_blockers(chair.id, assessors, submitted, closed=queries.is_closed(interview))


def reopening_hindrances(interview: Interview, chair: PanelMember) -> list[ChairBlocker]:
    assessors = [member.id for member in assessors_of(interview.candidate)]
    return reopening_blockers(chair.id, assessors, closed=queries.is_closed(interview))


def close_assessing(interview: Interview, chair: PanelMember, reason: str) -> None:
    """Open the scores that are there; what the others have not submitted stays as it is, unseen."""
    _wait_for_others(interview)
    _refuse(closing_hindrances(interview, chair))
    _append(interview, chair, reason, closes=True)
    record("interviews.close_assessing", interview)


def reopen_assessing(interview: Interview, chair: PanelMember, reason: str) -> None:
    """Hide the scores again and let the others submit; what they submit from now on says that it came late."""
    _wait_for_others(interview)
    _refuse(reopening_hindrances(interview, chair))
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
