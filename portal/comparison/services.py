"""Writing down what the panel agrees on in the debrief; every change is in the event log."""

from flask_babel import gettext as _

from portal.audit.services import record
from portal.clock import now
from portal.comparison import debriefing
from portal.comparison.debriefing import Topic
from portal.db import db, lock_row
from portal.errors import Refused
from portal.interviews.models import AgreedRating


def agree(topic: Topic, score: int | None, reason: str, by_id: int, seen: int) -> bool:
    """What the panel agrees on for one question (no `score`: not covered); what was agreed before stays on record.

    `seen` is the id of the agreed rating that the page showed, 0 for none. When someone has recorded another one since,
    nothing is written and the answer is False. The same again is written only once.
    """
    lock_row(topic.recruitment)
    interview, question = topic.interview, topic.question
    if not debriefing.is_open_to(interview, by_id, fresh=True):
        raise Refused([_("The scores of this interview are not open.")])
    db.session.refresh(question, ["drop"])
    if question.dropped:
        raise Refused([_("The question has been dropped and weighs nothing for anyone.")])
    last = debriefing.last_agreed(interview.id, question.id)
    if last is not None and (last.by_id, last.score, last.reason) == (by_id, score, reason):
        return True
    if (last.id if last is not None else 0) != seen:
        return False
    db.session.add(
        AgreedRating(
            interview_id=interview.id,
            question_id=question.id,
            score=score,
            not_covered=score is None,
            reason=reason,
            by_id=by_id,
            at=now(),
        )
    )
    db.session.flush()
    record("interviews.agree", interview, question_id=question.id)
    return True
