"""Reading the event log, newest first."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import Select, and_, func, not_, or_, select

from portal.audit.models import AuditEvent
from portal.db import db

PER_PAGE = 50
OF_ASSESSING = ("interviews.", "comparison.", "recruitment.lock")  # of a whole recruitment or candidate


@dataclass(frozen=True)
class Wanted:
    """Which events: `action` is how the action begins; `since` counts and `before` does not.

    A `search` finds addresses that contain it, and the `actions` and `actors` that the caller found for it.
    `about` are the only subjects that are wanted, as ids by kind; empty for all.
    `hidden` are the subjects, as ids by kind, whose events this reader must not see yet: all that tell how far the
    assessing is. Of a recruitment and its candidates the rest may be seen.
    """

    action: str = ""
    actor_id: int | None = None
    since: datetime | None = None
    before: datetime | None = None
    search: str = ""
    actions: Sequence[str] = ()
    actors: Sequence[int] = ()
    hidden: Mapping[str, Collection[int]] = field(default_factory=dict)
    about: Mapping[str, Collection[int]] = field(default_factory=dict)


def _query(wanted: Wanted) -> Select[AuditEvent]:
    query = select(AuditEvent).order_by(AuditEvent.at.desc(), AuditEvent.id.desc())
    if wanted.action:
        query = query.where(AuditEvent.action.startswith(wanted.action, autoescape=True))
    if wanted.actor_id is not None:
        query = query.where(AuditEvent.actor_id == wanted.actor_id)
    if wanted.since:
        query = query.where(AuditEvent.at >= wanted.since)
    if wanted.before:
        query = query.where(AuditEvent.at < wanted.before)
    if wanted.search:
        in_address = AuditEvent.address.icontains(wanted.search, autoescape=True)
        found = (AuditEvent.action.in_(wanted.actions), AuditEvent.actor_id.in_(wanted.actors))
        query = query.where(or_(in_address, *found))
    if wanted.about:
        subjects = [
            and_(AuditEvent.subject_kind == kind, AuditEvent.subject_id.in_(ids)) for kind, ids in wanted.about.items()
        ]
        query = query.where(or_(*subjects))
    for kind, ids in wanted.hidden.items():
        about = and_(AuditEvent.subject_kind == kind, AuditEvent.subject_id.in_(ids))
        tells = or_(*(AuditEvent.action.startswith(begins) for begins in OF_ASSESSING))
        hidden = and_(about, tells) if kind in ("recruitment", "candidate") else about
        query = query.where(not_(hidden))
    return query


def events(page: int, wanted: Wanted) -> Pagination:
    return db.paginate(_query(wanted), page=page, per_page=PER_PAGE, error_out=False)


def all_events(wanted: Wanted) -> list[AuditEvent]:
    return list(db.session.scalars(_query(wanted)))


def actors() -> set[int]:
    """Everyone who has done something."""
    return {row for row in db.session.scalars(select(AuditEvent.actor_id).distinct()) if row is not None}


def last_event(action: str) -> AuditEvent | None:
    """The newest event with exactly this action."""
    query = select(AuditEvent).where(AuditEvent.action == action).order_by(AuditEvent.id.desc())
    return db.session.scalar(query.limit(1))


def how_often(action: str, kind: str, ids: Collection[int]) -> Counter[int]:
    """How many events with this action there are about each of these subjects."""
    query = select(AuditEvent.subject_id, func.count()).where(AuditEvent.action == action)
    query = query.where(AuditEvent.subject_kind == kind, AuditEvent.subject_id.in_(ids))
    rows = db.session.execute(query.group_by(AuditEvent.subject_id))
    return Counter({subject_id: count for subject_id, count in rows if subject_id is not None})
