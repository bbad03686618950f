"""Reading what is agreed and proposed: one query each, whoever asks and however long the history is."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, or_, select
from sqlalchemy.orm import aliased, joinedload

from portal.access import Actor, Permission, may
from portal.balance.models import BalanceAnswer, BalanceVersion
from portal.balance.rules import AnswerKind, State, in_state, other_of
from portal.db import db
from portal.framework.queries import Outline, outline
from portal.people.models import Office, OfficeSouschef, Person


@dataclass(frozen=True)
class Pair:
    """A souschef in an office, who agrees with its chef; `last_day` is the last as souschef there, if there is one."""

    office: Office
    souschef: Person
    last_day: date | None

    @property
    def office_id(self) -> int:
        return self.office.id

    @property
    def souschef_id(self) -> int:
        return self.souschef.id

    def other_of(self, person_id: int) -> int | None:
        return other_of(person_id, self.souschef_id, self.office.chef_id)


def find_pair(office_id: int, souschef_id: int) -> Pair | None:
    """None for one who has never been placed there as souschef."""
    query = select(OfficeSouschef).where(OfficeSouschef.office_id == office_id)
    query = query.where(OfficeSouschef.person_id == souschef_id).order_by(OfficeSouschef.since.desc()).limit(1)
    people = (joinedload(OfficeSouschef.office).joinedload(Office.chef), joinedload(OfficeSouschef.person))
    found = db.session.scalar(query.options(*people))
    return Pair(found.office, found.person, found.until) if found else None


@dataclass(frozen=True)
class Proposal:
    """One version, with the two whom it is about."""

    pair: Pair
    version: BalanceVersion


def find_proposal(office_id: int, souschef_id: int, number: int) -> Proposal | None:
    pair = find_pair(office_id, souschef_id)
    found = next((v for v in history(office_id, souschef_id) if v.number == number), None) if pair else None
    return Proposal(pair, found) if pair and found else None


def _with_people(query: Select[Any]) -> Select[Any]:
    answer = joinedload(BalanceVersion.answer).joinedload(BalanceAnswer.by)
    return query.options(joinedload(BalanceVersion.proposed_by, innerjoin=True), answer)


def _of(office_id: Any, souschef_id: Any) -> Select[Any]:
    query = select(BalanceVersion).where(BalanceVersion.office_id == office_id)
    return query.where(BalanceVersion.souschef_id == souschef_id).order_by(BalanceVersion.number)


def history(office_id: int, souschef_id: int) -> list[BalanceVersion]:
    """Every version, the newest last, with its answer, read anew."""
    query = _with_people(_of(office_id, souschef_id)).execution_options(populate_existing=True)
    return list(db.session.scalars(query))


@dataclass(frozen=True)
class InForce:
    """What is agreed, and what waits for an answer beside it; either may be missing."""

    agreed: BalanceVersion | None = None
    pending: BalanceVersion | None = None

    @classmethod
    def of(cls, versions: list[BalanceVersion]) -> "InForce":
        return cls(in_state(versions, State.AGREED), in_state(versions, State.PROPOSED))

    @property
    def framework(self) -> Outline:
        """The version of the framework on which they agreed."""
        assert self.agreed is not None  # asked only for what is agreed
        return outline(self.agreed.framework_version_id)

    def awaits(self, person_id: int, chef_id: int | None) -> bool:
        """Whether the proposal lacks this person's yes, in an office with this chef."""
        waiting = self.pending
        return waiting is not None and other_of(waiting.proposed_by_id, waiting.souschef_id, chef_id) == person_id

    @property
    def better(self) -> dict[str, str]:
        """The agreed focus areas by key, each with what "better" looks like."""
        return {row["key"]: row["better"] for row in self.agreed.focus} if self.agreed else {}


def _same_pair(other: Any) -> ColumnElement[bool]:
    return and_(other.office_id == BalanceVersion.office_id, other.souschef_id == BalanceVersion.souschef_id)


def _not_surpassed() -> ColumnElement[bool]:
    """The last agreed version and what came after it."""
    later = aliased(BalanceVersion)
    agreed = select(later.id).join(later.answer).where(BalanceAnswer.kind == AnswerKind.CONFIRMED, _same_pair(later))
    return ~agreed.where(later.number > BalanceVersion.number).correlate(BalanceVersion).exists()


def in_force(office_id: int, souschef_id: int) -> InForce:
    return InForce.of(list(db.session.scalars(_in_force(), {"office": office_id, "souschef": souschef_id})))


@cache
def _in_force() -> Select[Any]:
    """Put together once: the plan's page asks for it each time."""
    return _with_people(_of(bindparam("office"), bindparam("souschef")).where(_not_surpassed()))


def visible_to(actor: Actor, subject: Any) -> InForce | None:
    """What is in force for the souschef and office of `subject`; None, without a query, for those who see nothing."""
    return in_force(subject.office_id, subject.souschef_id) if may(actor, Permission.SEE_BALANCE, subject) else None


def better_for(actor: Actor, subject: Any) -> dict[str, str]:
    """The agreed focus areas by key, for marking what trains them; none for those who do not see them."""
    found = visible_to(actor, subject)
    return found.better if found else {}


def _is_placed(day: Any) -> ColumnElement[bool]:
    placement = select(OfficeSouschef.id).where(OfficeSouschef.office_id == BalanceVersion.office_id)
    placement = placement.where(OfficeSouschef.person_id == BalanceVersion.souschef_id)
    return placement.where(or_(OfficeSouschef.until.is_(None), OfficeSouschef.until >= day)).exists()


def concerning(actor: Actor, day: date) -> list[tuple[BalanceVersion, InForce]]:
    """What is in force for the actor as souschef and for the souschefs of their offices; the version names the pair."""
    given = {"me": actor.person_id, "day": day, **({"offices": actor.chef_of} if actor.chef_of else {})}
    pairs: dict[tuple[int, int], list[BalanceVersion]] = {}
    for version in db.session.scalars(_concerning(bool(actor.chef_of)), given):
        pairs.setdefault((version.office_id, version.souschef_id), []).append(version)
    return [(versions[0], InForce.of(versions)) for versions in pairs.values()]


@cache
def _concerning(leads: bool) -> Select[Any]:
    own = BalanceVersion.souschef_id == bindparam("me")
    offices: Any = bindparam("offices", expanding=True)
    query = _with_people(
        select(BalanceVersion).where(or_(own, BalanceVersion.office_id.in_(offices)) if leads else own)
    )
    people = (joinedload(BalanceVersion.office, innerjoin=True), joinedload(BalanceVersion.souschef, innerjoin=True))
    query = query.where(_not_surpassed(), _is_placed(bindparam("day"))).options(*people)
    return query.order_by(BalanceVersion.number)


@dataclass(frozen=True)
class Waiting:
    """A proposal that waits for `awaited_id`, with the name that a mail may hold."""

    office_id: int
    souschef_id: int
    awaited_id: int
    proposed_by: str


def waiting(day: date) -> list[Waiting]:
    """Every proposal that somebody has to answer, the oldest first."""
    newer, proposer = aliased(BalanceVersion), aliased(Person)
    replaced = select(newer.id).where(_same_pair(newer), newer.number > BalanceVersion.number).correlate(BalanceVersion)
    query = select(BalanceVersion, Office.chef_id, proposer.name).join(BalanceVersion.office)
    query = query.join(proposer, BalanceVersion.proposed_by).outerjoin(BalanceVersion.answer)
    query = query.where(BalanceAnswer.id.is_(None), ~replaced.exists(), _is_placed(day)).order_by(BalanceVersion.id)
    found = []
    for version, chef_id, name in db.session.execute(query):
        awaited = other_of(version.proposed_by_id, version.souschef_id, chef_id)
        if awaited is not None:
            found.append(Waiting(version.office_id, version.souschef_id, awaited, name))
    return found
