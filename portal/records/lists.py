"""The deletion list: candidates whose data has been kept long enough, and those of processes that came to nothing.

The database searches, sorts and cuts; what is shown of the rows is read for one page alone.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from portal.db import db
from portal.decisions.models import Decision, Filing, Recommendation, Submission
from portal.decisions.rules import Ruling
from portal.i18n import ZONE
from portal.interviews.models import Assessment
from portal.listing import Listed, Order, contains, danish, pages_of
from portal.people.models import Office, Person
from portal.records.rules import last_due, later_by
from portal.recruitment.models import Candidate, CandidateEvent, Interview, Recruitment
from portal.recruitment.rules import RESUMED, CandidateState, state_of

SORTS = ("due", "name", "recruitment", "standing")
READY, UNFILED, NOT_ENDED = "ready", "unfiled", "not_ended"


@dataclass(frozen=True)
class Filter:
    """Which candidates; `months` is how long data is kept, and `today` the day that counts."""

    months: int
    today: date
    search: str = ""
    standing: str = ""

    @property
    def since(self) -> datetime:
        """What has ended or happened from this moment on is too new for the list."""
        return datetime.combine(last_due(self.today, self.months) + timedelta(days=1), time(), ZONE)


@dataclass(frozen=True)
class Row:
    """A candidate on the list. `ended_on` is None, and nothing can be deleted, as long as there is no decision."""

    id: int
    name: str
    state: CandidateState
    recruitment_id: int
    recruitment: str
    office: str
    case_number: str
    ended_on: date | None
    due_on: date | None
    filed_under: str
    filed_by: str
    filed_at: datetime | None

    @property
    def standing(self) -> str:
        if self.ended_on is None:
            return NOT_ENDED
        return READY if self.filed_under else UNFILED


def _abandoned(since: datetime) -> ColumnElement[bool]:
    """Nothing has happened in the recruitment since."""
    other = aliased(Candidate)
    said = select(other.id).join(CandidateEvent, CandidateEvent.candidate_id == other.id)
    met = select(other.id).join(Interview, Interview.candidate_id == other.id)
    assessed = met.join(Assessment, Assessment.interview_id == Interview.id)
    wrote = select(Recommendation.id).where(Recommendation.recruitment_id == Recruitment.id, Recommendation.at >= since)
    happened = [
        select(other.id).where(other.added_at >= since),
        said.where(CandidateEvent.at >= since),
        met.where(Interview.starts_at >= since),
        assessed.where(or_(Assessment.started_at >= since, Assessment.submitted_at >= since)),
    ]
    here = [query.where(other.recruitment_id == Recruitment.id) for query in happened]
    return and_(Recruitment.created_at < since, *(~query.correlate(Recruitment).exists() for query in [*here, wrote]))


def _everyone() -> Select[Any]:
    """The ids of all who are not deleted, with the decision that ended the recruitment and how it is filed, if at all.

    What counts is the decision on the newest recommendation, unless it was sent back, and the newest filing of the
    whole record: a provisional one is not the whole.
    """
    newer, later = aliased(Submission), aliased(Filing)
    is_last = ~exists().where(newer.recruitment_id == Submission.recruitment_id, newer.id > Submission.id)
    is_newest = ~exists().where(
        later.recruitment_id == Filing.recruitment_id, later.id > Filing.id, later.provisional.is_(False)
    )
    whole = and_(Filing.recruitment_id == Recruitment.id, Filing.provisional.is_(False), is_newest)
    query = select(Candidate.id).join(Candidate.recruitment).join(Recruitment.office)
    query = query.outerjoin(Submission, and_(Submission.recruitment_id == Recruitment.id, is_last))
    query = query.outerjoin(Decision, and_(Decision.submission_id == Submission.id, Decision.ruling != Ruling.RETURN))
    return query.outerjoin(Filing, whole).where(Candidate.deleted_at.is_(None))


def _query(wanted: Filter) -> Select[Any]:
    """Those on the list."""
    due = Decision.at < wanted.since
    standings: dict[str, ColumnElement[bool]] = {
        READY: and_(due, Filing.id.is_not(None)),
        UNFILED: and_(due, Filing.id.is_(None)),
        NOT_ENDED: and_(Decision.id.is_(None), _abandoned(wanted.since)),
    }
    listed = standings.get(wanted.standing)
    query = _everyone().where(or_(*standings.values()) if listed is None else listed)
    if wanted.search:
        query = query.where(
            contains(wanted.search, Candidate.name, Recruitment.title, Office.name, Recruitment.case_number)
        )
    return query


def _ordered(query: Select[Any], order: Order) -> Select[Any]:
    """By the wanted column and then by id; what has no deadline comes last."""
    keys: dict[str, list[Any]] = {
        "due": [case((Decision.at.is_(None), 1), else_=0), Decision.at],
        "name": [danish(Candidate.name)],
        "recruitment": [danish(Recruitment.title)],
        "standing": [case((Decision.at.is_(None), 2), (Filing.id.is_(None), 1), else_=0)],
    }
    wanted = [*keys[order.sort], Candidate.id]
    return query.order_by(*(key.desc() if order.descending else key for key in wanted))


def _rows(query: Select[Any], months: int) -> list[Row]:
    last = select(CandidateEvent.kind).where(CandidateEvent.candidate_id == Candidate.id)
    kind = last.order_by(CandidateEvent.id.desc()).limit(1).correlate(Candidate).scalar_subquery()
    filer = aliased(Person)
    found = db.session.execute(
        query.outerjoin(filer, filer.id == Filing.by_id).add_columns(
            Candidate.name,
            func.coalesce(kind, RESUMED).label("kind"),
            Recruitment.id.label("recruitment_id"),
            Recruitment.title,
            Office.name.label("office"),
            Recruitment.case_number,
            Decision.at.label("ended_at"),
            Filing.case_number.label("filed_under"),
            filer.name.label("filed_by"),
            Filing.at.label("filed_at"),
        )
    )
    return [_row(raw, months) for raw in found]


def _row(raw: Any, months: int) -> Row:
    ended_on = raw.ended_at.astimezone(ZONE).date() if raw.ended_at else None
    return Row(
        raw.id,
        raw.name,
        state_of([raw.kind]),
        raw.recruitment_id,
        raw.title,
        raw.office,
        raw.case_number,
        ended_on,
        later_by(months, ended_on) if ended_on else None,
        raw.filed_under or "",
        raw.filed_by or "",
        raw.filed_at,
    )


def every_row(wanted: Filter, order: Order) -> list[Row]:
    return _rows(_ordered(_query(wanted), order), wanted.months)


def page_of(wanted: Filter, order: Order, page: int, per_page: int) -> Listed[Row]:
    """One page of the list; a page beyond the end is the last."""
    query = _query(wanted)
    total = _count(query)
    pages = pages_of(total, per_page)
    page = min(page, pages)
    cut = _ordered(query, order).limit(per_page).offset((page - 1) * per_page)
    return Listed(_rows(cut, wanted.months), total, page, pages)


def _count(query: Select[Any]) -> int:
    return db.session.scalar(select(func.count()).select_from(query.subquery())) or 0


def awaiting_review(wanted: Filter) -> int:
    """How many have been kept long enough, filed or not."""
    return _count(_everyone().where(Decision.at < wanted.since))


def rows_of(candidate_ids: Collection[int], months: int) -> list[Row]:
    """These candidates, whether they are on the list or not, by recruitment; without those who are deleted."""
    query = _everyone().where(Candidate.id.in_(candidate_ids))
    return _rows(query.order_by(Recruitment.id, Candidate.id), months)
