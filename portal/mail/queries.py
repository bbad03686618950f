"""Reading the outbox."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select

from portal.db import db
from portal.mail.models import OutgoingMail


def _is_due(now: datetime) -> ColumnElement[bool]:
    free = or_(OutgoingMail.claimed_until.is_(None), OutgoingMail.claimed_until <= now)
    return and_(OutgoingMail.next_attempt_at <= now, free)


def is_any_due(now: datetime) -> bool:
    return db.session.scalar(select(OutgoingMail.id).where(_is_due(now)).limit(1)) is not None


def next_due(now: datetime) -> OutgoingMail | None:
    """The mail that has been due longest and that nobody has in hand, locked until the transaction ends.

    On PostgreSQL one that another sender is just taking is passed over; SQLite has only one writer at a time.
    """
    query = select(OutgoingMail).where(_is_due(now))
    query = query.order_by(OutgoingMail.next_attempt_at, OutgoingMail.id).limit(1)
    return db.session.scalar(query.with_for_update(skip_locked=True).execution_options(populate_existing=True))


def waiting() -> int:
    """How many mails are neither sent nor given up."""
    return db.session.scalar(select(func.count()).where(OutgoingMail.next_attempt_at.is_not(None))) or 0
