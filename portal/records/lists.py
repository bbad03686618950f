"""The deletion list: candidates whose data has been kept long enough, and those of processes that came to nothing.

The database searches, sorts and cuts; what is shown of the rows is read for one page alone.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import aliased

from portal.db import db
from portal.decisions.models import Decision, Filing, Recommendation, Submission
from portal.decisions.rules import Ruling
from portal.i18n import ZONE
from portal.interviews.models import Assessment
from portal.listing import Listed, Order, contains, danish
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


def _ended() -> Any:
    """By recruitment when the decision on its newest recommendation was made; one sent back is no decision."""
    newest = select(Submission.recruitment_id, func.max(Submission.id).label("id"))
    last = newest.group_by(Submission.recruitment_id).subquery()
    query = select(last.c.recruitment_id, Decision.at).join(Decision, Decision.submission_id == last.c.id)
    return query.where(Decision.ruling != Ruling.RETURN).subquery("ended")


def _filed() -> Any:
    """By recruitment the last time that the whole record was filed; a provisional one is not the whole."""
    query = select(Filing.recruitment_id, func.max(Filing.id).label("id")).where(Filing.provisional.is_(False))
    return query.group_by(Filing.recruitment_id).subquery("filed")


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


def _base() -> tuple[Select[Any], Any, Any]:
    """The ids of all who are not deleted, and what tells when their recruitment ended and how it is filed."""
    ended, filed = _ended(), _filed()
    query = select(Candidate.id).join(Candidate.recruitment).join(Recruitment.office)
    query = query.outerjoin(ended, ended.c.recruitment_id == Recruitment.id)
    query = query.outerjoin(filed, filed.c.recruitment_id == Recruitment.id)
    return query.where(Candidate.deleted_at.is_(None)), ended, filed


def _query(wanted: Filter) -> tuple[Select[Any], Any, Any]:
    """Those on the list."""
    query, ended, filed = _base()
    due = ended.c.at < wanted.since
    standings: dict[str, ColumnElement[bool]] = {
        READY: and_(due, filed.c.id.is_not(None)),
        UNFILED: and_(due, filed.c.id.is_(None)),
        NOT_ENDED: and_(ended.c.at.is_(None), _abandoned(wanted.since)),
    }
    listed = standings.get(wanted.standing)
    query = query.where(or_(*standings.values()) if listed is None else listed)
    if wanted.search:
        query = query.where(
            contains(wanted.search, Candidate.name, Recruitment.title, Office.name, Recruitment.case_number)
        )
    return query, ended, filed


def _ordered(query: Select[Any], order: Order, ended: Any, filed: Any) -> Select[Any]:
    """By the wanted column and then by id; what has no deadline comes last."""
    keys: dict[str, list[Any]] = {
        "due": [case((ended.c.at.is_(None), 1), else_=0), ended.c.at],
        "name": [danish(Candidate.name)],
        "recruitment": [danish(Recruitment.title)],
        "standing": [case((ended.c.at.is_(None), 2), (filed.c.id.is_(None), 1), else_=0)],
    }
    wanted = [*keys[order.sort], Candidate.id]
    return query.order_by(*(key.desc() if order.descending else key for key in wanted))


def _rows(query: Select[Any], months: int, ended: Any, filed: Any) -> list[Row]:
    last = select(CandidateEvent.kind).where(CandidateEvent.candidate_id == Candidate.id)
    kind = last.order_by(CandidateEvent.id.desc()).limit(1).correlate(Candidate).scalar_subquery()
    filer = aliased(Person)
    query = query.outerjoin(Filing, Filing.id == filed.c.id).outerjoin(filer, filer.id == Filing.by_id)
    found = db.session.execute(
        query.add_columns(
            Candidate.name,
            func.coalesce(kind, RESUMED).label("kind"),
            Recruitment.id.label("recruitment_id"),
            Recruitment.title,
            Office.name.label("office"),
            Recruitment.case_number,
            ended.c.at.label("ended_at"),
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
    query, ended, filed = _query(wanted)
    return _rows(_ordered(query, order, ended, filed), wanted.months, ended, filed)


def page_of(wanted: Filter, order: Order, page: int, per_page: int) -> Listed:
    """One page of the list; a page beyond the end is the last."""
    total = count(wanted)
    pages = max(-(-total // per_page), 1)
    page = min(page, pages)
    query, ended, filed = _query(wanted)
    cut = _ordered(query, order, ended, filed).limit(per_page).offset((page - 1) * per_page)
    return Listed(_rows(cut, wanted.months, ended, filed), total, page, pages)


def count(wanted: Filter) -> int:
    query, _ended, _filed = _query(wanted)
    return db.session.scalar(select(func.count()).select_from(query.subquery())) or 0


def awaiting_review(wanted: Filter) -> int:
    """How many have been kept long enough, filed or not."""
    query, ended, _filed = _query(wanted)
    query = query.where(ended.c.at.is_not(None))
    return db.session.scalar(select(func.count()).select_from(query.subquery())) or 0


def rows_of(candidate_ids: Collection[int], months: int) -> list[Row]:
    """These candidates, whether they are on the list or not, by recruitment; without those who are deleted."""
    query, ended, filed = _base()
    query = query.where(Candidate.id.in_(candidate_ids)).order_by(Recruitment.id, Candidate.id)
    return _rows(query, months, ended, filed)
