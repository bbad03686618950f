"""An assessor changes their view after submitting: both versions stay, with the reason."""

from flask_babel import gettext as _

from portal.audit.services import record
from portal.clock import now
from portal.db import db, lock_row
from portal.errors import Refused
from portal.interviews import queries
from portal.interviews.models import Rating, RatingAmendment
from portal.interviews.rules import Answer, amendment_gaps
from portal.interviews.texts import AMENDMENT_TEXTS, out_text
from portal.recruitment.models import PanelMember


def amending_hindrances(asked: queries.Asked, member: PanelMember) -> tuple[Rating | None, list[str]]:
    """The member's rating of this question, and why it cannot be amended; the rating is None where there is none."""
    assessment = queries.find_assessment(asked.interview, member, amended=True)
    rating = next((r for r in assessment.ratings if r.question_id == asked.question.id), None) if assessment else None
    if assessment is None or assessment.submitted_at is None or rating is None:
        return None, [_("You amend what you have submitted. You have not submitted a rating of this question yet.")]
    if asked.question.dropped:
        return rating, [_("This question has been dropped for all candidates and counts for nothing.")]
    out = out_text(asked.interview.candidate.state)
    return rating, [out] if out else []


def amend_rating(asked: queries.Asked, member: PanelMember, after: Answer, reason: str) -> RatingAmendment:
    """Append the member's new view of a question; the submitted rating and earlier amendments stay as they are."""
    lock_row(asked.interview.recruitment)
    db.session.expire(asked.interview.candidate, ["events"])
    rating, hindrances = amending_hindrances(asked, member)
    if rating is None or hindrances:
        raise Refused(hindrances)
    gaps = amendment_gaps(rating.in_force, after, reason)
    if gaps:
        raise Refused([AMENDMENT_TEXTS[gap] for gap in gaps])
    amendment = RatingAmendment(
        rating_id=rating.id,
        score=after.score,
        not_covered=after.not_covered,
        evidence=after.evidence.strip(),
        reason=reason.strip(),
        at=now(),
    )
    rating.amendments.append(amendment)
    db.session.flush()
    record("interviews.amend_rating", rating.assessment, question_id=rating.question_id)
    return amendment
