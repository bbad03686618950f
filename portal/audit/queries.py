"""Reading the event log, newest first."""

from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import select

from portal.audit.models import AuditEvent
from portal.db import db

PER_PAGE = 50


def events(page: int, action: str = "", actor_id: int | None = None) -> Pagination:
    """One page of events whose action begins with `action`, done by `actor_id` when given."""
    query = select(AuditEvent).order_by(AuditEvent.id.desc())
    if action:
        query = query.where(AuditEvent.action.startswith(action, autoescape=True))
    if actor_id is not None:
        query = query.where(AuditEvent.actor_id == actor_id)
    return db.paginate(query, page=page, per_page=PER_PAGE, error_out=False)


def last_event(action: str) -> AuditEvent | None:
    """The newest event with exactly this action."""
    query = select(AuditEvent).where(AuditEvent.action == action).order_by(AuditEvent.id.desc())
    return db.session.scalar(query.limit(1))
