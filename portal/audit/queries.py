"""Reading the event log, newest first."""

from collections.abc import Collection, Mapping

from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import and_, not_, select

from portal.audit.models import AuditEvent
from portal.db import db

PER_PAGE = 50


def events(
    page: int, action: str = "", actor_id: int | None = None, hidden: Mapping[str, Collection[int]] | None = None
) -> Pagination:
    """One page of events whose action begins with `action`, done by `actor_id` when given.

    `hidden` are the subjects, as ids by kind, whose `interviews.` events this reader must not see yet.
    """
    query = select(AuditEvent).order_by(AuditEvent.id.desc())
    if action:
        query = query.where(AuditEvent.action.startswith(action, autoescape=True))
    if actor_id is not None:
        query = query.where(AuditEvent.actor_id == actor_id)
    for kind, ids in (hidden or {}).items():
        about = and_(AuditEvent.subject_kind == kind, AuditEvent.subject_id.in_(ids))
        query = query.where(not_(and_(AuditEvent.action.startswith("interviews."), about)))
    return db.paginate(query, page=page, per_page=PER_PAGE, error_out=False)


def last_event(action: str) -> AuditEvent | None:
    """The newest event with exactly this action."""
    query = select(AuditEvent).where(AuditEvent.action == action).order_by(AuditEvent.id.desc())
    return db.session.scalar(query.limit(1))
