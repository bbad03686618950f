"""Writing to the event log, in the transaction of the change itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from flask import has_request_context, request
from flask_login import current_user

from portal.audit.models import AuditEvent
from portal.clock import now
from portal.db import db

_acting: ContextVar[int | None] = ContextVar("acting", default=None)


@contextmanager
def acting_as(person_id: int) -> Iterator[None]:
    """Outside of requests, everything inside is done by this person: for the demonstration's invented past."""
    token = _acting.set(person_id)
    try:
        yield
    finally:
        _acting.reset(token)


def _signed_in_person() -> int | None:
    if not has_request_context() or not current_user.is_authenticated:
        return _acting.get()
    person_id: int = current_user.person_id
    return person_id


def record(action: str, subject: Any = None, *, actor_id: int | None = None, **details: Any) -> None:
    """Add one event about `subject` (a flushed row, or None); `details` are plain JSON values, never free text."""
    db.session.add(
        AuditEvent(
            at=now(),
            actor_id=actor_id if actor_id is not None else _signed_in_person(),
            address=(request.remote_addr or "") if has_request_context() else "command line",
            action=action,
            subject_kind=subject.__tablename__ if subject is not None else "",
            subject_id=subject.id if subject is not None else None,
            details=details,
        )
    )
