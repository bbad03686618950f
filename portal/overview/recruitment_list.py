"""Lists of recruitments: the database searches, counts, sorts and cuts, and only the rows that are shown are read.

What decides where a recruitment stands is said here in SQL and in `progress` in Python; a test holds the two together.
The statements are large: they are put together once, and get who reads and what is searched with each call.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    case,
    exists,
    false,
    func,
    literal,
    or_,
    select,
    true,
)
from sqlalchemy.orm import aliased

from portal.access import Actor, Role
from portal.db import db, read
from portal.decisions.models import Decision, RefusalEvent, RefusalText, Submission
from portal.decisions.queries import SENT
from portal.decisions.rules import Ruling
from portal.interviews.models import Assessment, InterviewClosing, ScorecardQuestion
from portal.interviews.rules import MIN_PANEL, SetUpGap
from portal.listing import CAPITALS, Listed, Order, danish, lowered, pages_of
from portal.overview.progress import (
    ASSESSING,
    DECIDED,
    NO_ANSWER,
    READY,
    SETTING_UP,
    Counted,
    Ending,
    Status,
    status_of,
)
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
from portal.recruitment.rules import RESUMED, CandidateState

SORTS = ("newest", "title", "office", "deadline", "status")
KEPT = 64
Roles = frozenset[Role]

# who reads, what they search for, and which part of the list they see
ME: Any = bindparam("me")
WORDS: Any = bindparam("words")
LIMIT: Any = bindparam("limit")
OFFSET: Any = bindparam("offset")
SITS = Recruitment.id.in_(select(PanelMember.recruitment_id).where(PanelMember.person_id == ME))
ESCAPE = "/"


@dataclass(frozen=True)
class Filter:
    """Which recruitments; empty values leave nothing out. `running` leaves out those that are over: someone is hired
    or it has been decided, and all candidates have their answer."""

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


def _visible(roles: Roles) -> ColumnElement[bool]:
    """The recruitments that the policy (SEE_RECRUITMENT) lets the reader know of."""
    return true() if Role.HR in roles else or_(_managed(roles), SITS)


def _managed(roles: Roles) -> ColumnElement[bool]:
    return Recruitment.recruiter_id == ME if Role.RECRUITER in roles else false()


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


def _last_word() -> Any:
    """The kind of the last event of a candidate: `Candidate.state`."""
    event = aliased(CandidateEvent)
    last = select(event.kind).where(event.candidate_id == Candidate.id).order_by(event.id.desc()).limit(1)
    return last.correlate(Candidate).scalar_subquery()


def _awaits() -> ColumnElement[bool]:
    """Whether the application still stands: `Candidate.awaits_assessment`."""
    kind = _last_word()
    return or_(kind.is_(None), kind == RESUMED)


def _any(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether the recruitment has any such row. PostgreSQL answers EXISTS by going through all recruitments at once,
    although a page shows twenty of them; it looks for one row of one recruitment when it is asked for that."""
    found = select(literal(1)).where(*conditions).limit(1).correlate(Recruitment).scalar_subquery()
    return found.is_not(None)


def _unanswered() -> ColumnElement[bool]:
    """Whether one of the candidates has a claim to an answer and has not got it: `Standing.unanswered`."""
    kind = _last_word()
    sent = exists().where(
        RefusalText.candidate_id == Candidate.id, RefusalEvent.text_id == RefusalText.id, RefusalEvent.kind == SENT
    )
    claim = and_(Candidate.deleted_at.is_(None), or_(kind.is_(None), kind.not_in(NO_ANSWER)))
    return _any(Candidate.recruitment_id == Recruitment.id, claim, ~sent)


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
    return _any(Candidate.recruitment_id == Recruitment.id, Interview.candidate_id == Candidate.id, *conditions)


WAITS = _any_interview(_awaits(), ~_opened())
NO_CANDIDATES = ~_any_interview(or_(_awaits(), _opened()))
IS_DECIDED = (
    exists()
    .where(
        Submission.recruitment_id == Recruitment.id,
        Decision.submission_id == Submission.id,
        Decision.ruling != Ruling.RETURN,
    )
    .correlate(Recruitment)
)
code = case((IS_DECIDED, DECIDED), (or_(GAPS, NO_CANDIDATES), SETTING_UP), (WAITS, ASSESSING), else_=READY)
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


def _matching(roles: Roles, wanted: Filter) -> list[ColumnElement[bool]]:
    conditions = [_managed(roles) if wanted.managed and Role.HR not in roles else _visible(roles)]
    if wanted.search:
        columns = (Recruitment.title, Office.name, Recruitment.case_number)
        conditions.append(or_(*(lowered(c, CAPITALS).contains(WORDS, escape=ESCAPE) for c in columns)))
    if wanted.status:
        conditions.append(code == wanted.status)
    if wanted.running:
        conditions.append(or_(~or_(_hired(), IS_DECIDED), _unanswered()))
    return conditions


def _columns() -> list[Any]:
    own, submitted = PanelMember.person_id == ME, _submitted_by_member()
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
        IS_DECIDED.label("decided"),
        _unanswered().label("unanswered"),
        SITS.label("sits"),
        case((SITS, _seats(own, or_(submitted, _owable()))), else_=_seats(_awaits())).label("total"),
        case((SITS, _seats(own, submitted)), else_=_seats(_awaits(), submitted)).label("done"),
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
    status = status_of(
        gaps, 0 if raw.no_candidates else 1, not raw.waits, counted, Ending(bool(raw.decided), bool(raw.unanswered))
    )
    owed = raw.total - raw.done if raw.sits and not gaps else 0
    plain = (raw.id, raw.title, raw.case_number, raw.office, raw.recruiter, raw.created_at, raw.deadline)
    return Row(*plain, raw.candidates, status, owed)


@lru_cache(KEPT)
def _statement(dialect: str, roles: Roles, wanted: Filter, order: Order, cut: bool) -> Select[Any]:
    """The rows that match, in order; only whether something is searched counts of `wanted.search`.

    They are counted for the rows of the page (`cut`) alone, and not for all that were sorted: first the ids are found.
    A row of a page also says how many match in all.
    """
    conditions = _matching(roles, wanted)
    by_id = wanted.status and order.sort == "status"  # all stand the same: there is nothing to sort
    found = select(Recruitment.id).join(Recruitment.office).where(*conditions)
    found = _ordered(found, Order("newest", order.descending) if by_id else order)
    all_of_them = select(func.count()).select_from(Recruitment).join(Recruitment.office).where(*conditions)
    more = [all_of_them.scalar_subquery().label("matching")] if cut else []
    ids = (found.limit(LIMIT).offset(OFFSET) if cut else found).subquery()
    query = select(*_columns(), *more).join(Recruitment.office).join(Person, Person.id == Recruitment.recruiter_id)
    return _ordered(query.where(Recruitment.id.in_(select(ids.c.id))), order)


def _read(actor: Actor, wanted: Filter, order: Order, **part: int) -> Sequence[Any]:
    shape = replace(wanted, search="searched" if wanted.search else "")
    query = _statement(db.engine.dialect.name, actor.roles, shape, order, bool(part))
    words = re.sub(f"([%_{ESCAPE}])", rf"{ESCAPE}\1", wanted.search.lower())
    return read(query, {"me": actor.person_id, "words": words, **part})


def every_row(actor: Actor, wanted: Filter, order: Order) -> list[Row]:
    """All that match, in one query."""
    return [_row(raw) for raw in _read(actor, wanted, order)]


def page_of(actor: Actor, wanted: Filter, order: Order, page: int, per_page: int) -> Listed[Row]:
    """One page of those that match, in one query; a page beyond the end is the last, and takes three."""
    found = _read(actor, wanted, order, limit=per_page, offset=(page - 1) * per_page)
    if not found and page > 1:
        last = page_of(actor, wanted, order, 1, per_page).pages
        return page_of(actor, wanted, order, last, per_page)
    total = found[0].matching if found else 0
    return Listed([_row(raw) for raw in found], total, page, pages_of(total, per_page))


@dataclass(frozen=True)
class Owed:
    """An assessment that a member of a panel owes; `declared` says whether they have declared themselves already."""

    interview_id: int
    candidate: str
    recruitment: str
    declared: bool


def owed_by(actor: Actor) -> list[Owed]:
    """What the person owes as a member of panels whose set-up lets them begin; newest recruitment first."""
    return [Owed(row[0], row[1], row[2], bool(row[3])) for row in read(_owed(), {"me": actor.person_id})]


@cache
def _owed() -> Select[Any]:
    query = select(Interview.id, Candidate.name, Recruitment.title, case((_declared(), 1), else_=literal(0)))
    query = query.select_from(PanelMember).join(Recruitment, Recruitment.id == PanelMember.recruitment_id)
    query = query.join(Candidate, Candidate.recruitment_id == Recruitment.id).join(Candidate.interviews)
    query = query.where(PanelMember.person_id == ME, ~GAPS, ~_declared(False), ~_submitted_by_member(), _owable())
    return query.order_by(Recruitment.id.desc(), Candidate.id, Interview.round_id)
