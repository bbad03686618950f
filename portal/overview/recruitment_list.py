"""Lists of recruitments: the database searches, counts, sorts and cuts, and only the rows that are shown are read.

What decides where a recruitment stands is said here in SQL and in `progress` in Python; a test holds the two together.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, false, func, literal, or_, select, true
from sqlalchemy.orm import aliased

from portal.access import Actor, Role
from portal.db import db
from portal.interviews.models import Assessment, InterviewClosing, ScorecardQuestion
from portal.interviews.rules import MIN_PANEL, SetUpGap
from portal.listing import Listed, Order, contains, danish
from portal.overview.progress import ASSESSING, ERASED, READY, SETTING_UP, Counted, Status, status_of
from portal.people.models import Office, Person
from portal.recruitment.models import (
    Candidate,
    CandidateEvent,
    ImpartialityDeclaration,
    Interview,
    InterviewRound,
    PanelMember,
    ProfileCompetency,
    Recruitment,
)
from portal.recruitment.queries import erased
from portal.recruitment.rules import RESUMED, CandidateState

SORTS = ("newest", "title", "office", "deadline", "status")


@dataclass(frozen=True)
class Filter:
    """Which recruitments; empty values leave nothing out. `running` leaves out those that have ended in a hiring."""

    search: str = ""
    status: str = ""
    running: bool = False
    managed: bool = False


@dataclass(frozen=True)
class Row:
    """A recruitment as a list shows it; `owed` is what the reader owes as a member of its panel."""

    id: int
    title: str
    case_number: str
    office: str
    recruiter: str
    created_at: datetime
    deadline: datetime | None
    candidates: int
    status: Status
    owed: int


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """The recruitments that the policy (SEE_RECRUITMENT) lets the actor know of."""
    if Role.HR in actor.roles:
        return true()
    return or_(_managed_by(actor), Recruitment.id.in_(actor.panels))


def _managed_by(actor: Actor) -> ColumnElement[bool]:
    return Recruitment.recruiter_id == actor.person_id if Role.RECRUITER in actor.roles else false()


def _declared(impartial: bool | None = None) -> ColumnElement[bool]:
    """Whether the panel member has declared themselves to the candidate (so)."""
    given = exists().where(
        ImpartialityDeclaration.candidate_id == Candidate.id, ImpartialityDeclaration.member_id == PanelMember.id
    )
    return given if impartial is None else given.where(ImpartialityDeclaration.impartial.is_(impartial))


def _submitted_by_member() -> ColumnElement[bool]:
    return exists().where(
        Assessment.interview_id == Interview.id,
        Assessment.member_id == PanelMember.id,
        Assessment.submitted_at.is_not(None),
    )


def _awaits() -> ColumnElement[bool]:
    """Whether the application still stands: `Candidate.awaits_assessment`."""
    event = aliased(CandidateEvent)
    last = select(event.kind).where(event.candidate_id == Candidate.id).order_by(event.id.desc()).limit(1)
    kind = last.correlate(Candidate).scalar_subquery()
    return or_(kind.is_(None), kind == RESUMED)


def _closed() -> ColumnElement[bool]:
    """Whether the chair has closed the assessing of the interview, and not reopened it."""
    last = select(InterviewClosing.closes).where(InterviewClosing.interview_id == Interview.id)
    found = last.order_by(InterviewClosing.id.desc()).limit(1).correlate(Interview).scalar_subquery()
    return func.coalesce(found, false())


def _owable() -> ColumnElement[bool]:
    """Whether the interview owes an assessment to those who have not given theirs: see `progress.seats_of`."""
    asked = exists().where(ScorecardQuestion.round_id == Interview.round_id)
    first = exists().where(InterviewRound.id == Interview.round_id, InterviewRound.number == 1)
    return and_(_awaits(), ~_closed(), or_(first, asked))


def _seats(*conditions: ColumnElement[bool]) -> Any:
    """How many (interview, assessor) pairs of the recruitment there are that meet the conditions."""
    query = select(func.count()).select_from(Candidate).join(Candidate.interviews)
    query = query.join(PanelMember, PanelMember.recruitment_id == Candidate.recruitment_id)
    query = query.where(Candidate.recruitment_id == Recruitment.id, ~_declared(False), *conditions)
    return query.correlate(Recruitment).scalar_subquery()


def _count(model: Any) -> Any:
    query = select(func.count()).select_from(model).where(model.recruitment_id == Recruitment.id)
    return query.correlate(Recruitment).scalar_subquery()


NO_PROFILE = ~exists().where(ProfileCompetency.recruitment_id == Recruitment.id)
_ASKED = exists().where(
    ScorecardQuestion.recruitment_id == Recruitment.id,
    ScorecardQuestion.competency_id == ProfileCompetency.competency_id,
)
NO_QUESTIONS = or_(
    ~exists().where(ScorecardQuestion.recruitment_id == Recruitment.id),
    exists().where(
        ProfileCompetency.recruitment_id == Recruitment.id,
        ~_ASKED.correlate(Recruitment, ProfileCompetency),
    ),
)
NO_PANEL = _count(PanelMember) < MIN_PANEL
GAPS = and_(Recruitment.locked_at.is_(None), or_(NO_PROFILE, NO_QUESTIONS, NO_PANEL))


def _opened() -> ColumnElement[bool]:
    """Whether the scores of an interview are open: `scores_are_open`."""
    member = aliased(PanelMember)
    partial = exists().where(
        ImpartialityDeclaration.candidate_id == Candidate.id,
        ImpartialityDeclaration.member_id == member.id,
        ImpartialityDeclaration.impartial.is_(False),
    )
    done = exists().where(
        Assessment.interview_id == Interview.id,
        Assessment.member_id == member.id,
        Assessment.submitted_at.is_not(None),
    )
    assessor = exists().where(member.recruitment_id == Candidate.recruitment_id, ~partial.correlate(Candidate, member))
    lacking = assessor.where(~done.correlate(Interview, member))
    anyone = exists().where(Assessment.interview_id == Interview.id, Assessment.submitted_at.is_not(None))
    return case(
        (_closed(), anyone.correlate(Interview)),
        else_=and_(assessor.correlate(Candidate), ~lacking.correlate(Candidate, Interview)),
    )


def _any_interview(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    found = exists().where(
        Candidate.recruitment_id == Recruitment.id, Interview.candidate_id == Candidate.id, *conditions
    )
    return found.correlate(Recruitment)


WAITS = _any_interview(_awaits(), ~_opened())
NO_CANDIDATES = ~_any_interview(or_(_awaits(), _opened()))
GONE = erased()
code = case((GONE, ERASED), (or_(GAPS, NO_CANDIDATES), SETTING_UP), (WAITS, ASSESSING), else_=READY)
place = case((code == SETTING_UP, 0), (code == ASSESSING, 1), (code == READY, 2), else_=3)


def _hired() -> ColumnElement[bool]:
    """Whether the last word on one of its candidates is that they are hired."""
    later = aliased(CandidateEvent)
    last = select(func.max(later.id)).where(later.candidate_id == Candidate.id).correlate(Candidate).scalar_subquery()
    return exists().where(
        Candidate.recruitment_id == Recruitment.id,
        CandidateEvent.candidate_id == Candidate.id,
        CandidateEvent.kind == CandidateState.HIRED,
        CandidateEvent.id == last,
    )


def _matching(actor: Actor, wanted: Filter) -> list[ColumnElement[bool]]:
    conditions = [_managed_by(actor) if wanted.managed and Role.HR not in actor.roles else visible_to(actor)]
    if wanted.search:
        conditions.append(contains(wanted.search, Recruitment.title, Office.name, Recruitment.case_number))
    if wanted.status:
        conditions.append(code == wanted.status)
    if wanted.running:
        conditions.append(~_hired())
    return conditions


def _columns(actor: Actor) -> list[Any]:
    own = PanelMember.person_id == actor.person_id
    sits = Recruitment.id.in_(actor.panels) if actor.panels else false()
    submitted = _submitted_by_member()
    return [
        Recruitment.id,
        Recruitment.title,
        Recruitment.case_number,
        Office.name.label("office"),
        Person.name.label("recruiter"),
        Recruitment.created_at,
        Recruitment.deadline,
        _count(Candidate).label("candidates"),
        Recruitment.locked_at.is_not(None).label("locked"),
        NO_PROFILE.label("no_profile"),
        NO_QUESTIONS.label("no_questions"),
        NO_PANEL.label("no_panel"),
        WAITS.label("waits"),
        NO_CANDIDATES.label("no_candidates"),
        GONE.label("erased"),
        sits.label("sits"),
        case((sits, _seats(own, or_(submitted, _owable()))), else_=_seats(_awaits())).label("total"),
        case((sits, _seats(own, submitted)), else_=_seats(_awaits(), submitted)).label("done"),
    ]


def _ordered(query: Select[Any], order: Order) -> Select[Any]:
    """By the wanted column, and then by id, so that none is on two pages or on none; newest first to begin with."""
    keys: dict[str, list[Any]] = {
        "newest": [],
        "title": [danish(Recruitment.title)],
        "office": [danish(Office.name)],
        "deadline": [case((Recruitment.deadline.is_(None), 1), else_=0), Recruitment.deadline],
        "status": [place],
    }
    wanted = keys[order.sort]
    newest = Recruitment.id if order.descending else Recruitment.id.desc()
    return query.order_by(*(key.desc() if order.descending else key for key in wanted), newest)


def _row(raw: Any) -> Row:
    lacking = {SetUpGap.PROFILE: raw.no_profile, SetUpGap.QUESTIONS: raw.no_questions, SetUpGap.PANEL: raw.no_panel}
    gaps = [] if raw.locked else [gap for gap, lacks in lacking.items() if lacks]
    counted = Counted(raw.done, raw.total, bool(raw.sits))
    status = status_of(gaps, 0 if raw.no_candidates else 1, not raw.waits, counted, erased=bool(raw.erased))
    owed = raw.total - raw.done if raw.sits and not gaps else 0
    plain = (raw.id, raw.title, raw.case_number, raw.office, raw.recruiter, raw.created_at, raw.deadline)
    return Row(*plain, raw.candidates, status, owed)


def _found(actor: Actor, wanted: Filter, order: Order) -> Select[Any]:
    """The ids of those that match, in order; where all stand the same, there is nothing to sort by status."""
    query = select(Recruitment.id).join(Recruitment.office).where(*_matching(actor, wanted))
    by_id = Order("newest", order.descending)
    return _ordered(query, by_id if wanted.status and order.sort == "status" else order)


def _read(actor: Actor, found: Select[Any], order: Order) -> list[Row]:
    """The rows of what was found: they are counted for these alone, and not for all that were sorted."""
    query = select(*_columns(actor)).join(Recruitment.office).join(Person, Person.id == Recruitment.recruiter_id)
    query = _ordered(query.where(Recruitment.id.in_(select(found.subquery().c.id))), order)
    return [_row(raw) for raw in db.session.execute(query)]


def every_row(actor: Actor, wanted: Filter, order: Order, most: int | None = None) -> list[Row]:
    """All that match, or the first `most` of them, in one query."""
    return _read(actor, _found(actor, wanted, order).limit(most), order)


def page_of(actor: Actor, wanted: Filter, order: Order, page: int, per_page: int) -> Listed:
    """One page of those that match, in two queries; a page beyond the end is the last."""
    counting = select(func.count()).select_from(Recruitment).join(Recruitment.office)
    total = db.session.scalar(counting.where(*_matching(actor, wanted))) or 0
    pages = max(-(-total // per_page), 1)
    page = min(page, pages)
    found = _found(actor, wanted, order).limit(per_page).offset((page - 1) * per_page)
    return Listed(_read(actor, found, order), total, page, pages)


@dataclass(frozen=True)
class Owed:
    """An assessment that a member of a panel owes; `declared` says whether they have declared themselves already."""

    interview_id: int
    candidate: str
    recruitment: str
    declared: bool


def owed_by(actor: Actor) -> list[Owed]:
    """What the person owes as a member of panels whose set-up lets them begin; newest recruitment first."""
    query = select(Interview.id, Candidate.name, Recruitment.title, case((_declared(), 1), else_=literal(0)))
    query = query.select_from(PanelMember).join(Recruitment, Recruitment.id == PanelMember.recruitment_id)
    query = query.join(Candidate, Candidate.recruitment_id == Recruitment.id).join(Candidate.interviews)
    query = query.where(
        PanelMember.person_id == actor.person_id, ~GAPS, ~_declared(False), ~_submitted_by_member(), _owable()
    )
    found = db.session.execute(query.order_by(Recruitment.id.desc(), Candidate.id, Interview.round_id))
    return [Owed(row[0], row[1], row[2], bool(row[3])) for row in found]
