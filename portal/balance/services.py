"""Writing proposals and answers. Each begins with the office's row locked: there is one outcome, and both are told."""

from collections.abc import Iterable
from datetime import date

from portal.audit.services import record
from portal.balance import queries, rules
from portal.balance.models import BalanceAnswer, BalanceVersion
from portal.balance.queries import InForce, Pair, Proposal
from portal.balance.rules import AnswerKind, Blocker, Wanted
from portal.balance.texts import BLOCKER_TEXTS, PROBLEM_TEXTS
from portal.clock import now
from portal.db import db, lock_row
from portal.errors import Refused
from portal.framework.models import FrameworkVersion
from portal.framework.queries import outline
from portal.people.models import Person


class Overtaken(Refused):
    """Somebody has proposed or answered since the proposer opened the form."""


def _refuse(blockers: Iterable[Blocker]) -> None:
    found = list(blockers)
    if found:
        kind = Overtaken if found == [Blocker.OVERTAKEN] else Refused
        raise kind([BLOCKER_TEXTS[blocker] for blocker in found])


def propose(
    pair: Pair, framework: FrameworkVersion, person: Person, wanted: Wanted, seen: str, today: date
) -> BalanceVersion:
    """The next version, which replaces one that waits; `seen` is what the proposer had read (`rules.seen`)."""
    lock_row(pair.office)
    versions = queries.history(pair.office_id, pair.souschef_id)
    _refuse(rules.proposal_blockers(pair.other_of(person.id), pair.last_day, today))
    _refuse([] if seen == rules.seen(versions) else [Blocker.OVERTAKEN])
    number = versions[-1].number + 1 if versions else 1
    problems = rules.problems(wanted, number, outline(framework.id))
    if problems:
        raise Refused([PROBLEM_TEXTS[problem] for problem in problems])
    current = InForce.of(versions)
    standing = [v for v in (current.agreed, current.pending) if v and v.framework_version_id == framework.id]
    _refuse([Blocker.SAME] if any(wanted.says_the_same(v.wanted) for v in standing) else [])
    version = BalanceVersion(
        office_id=pair.office_id,
        souschef_id=pair.souschef_id,
        framework_version_id=framework.id,
        number=number,
        weights=dict(wanted.weights),
        focus=[{"key": focus.key, "better": focus.better.strip()} for focus in wanted.focus],
        reason=wanted.reason.strip(),
        proposed_by_id=person.id,
        at=now(),
    )
    db.session.add(version)
    db.session.flush()
    record("balance.propose", version, office_id=pair.office_id, souschef_id=pair.souschef_id, number=number)
    return version


def _answer(proposal: Proposal, person: Person, kind: AnswerKind, words: str = "") -> bool:
    """Append the answer; the same person's same answer again changes nothing and is False."""
    pair = proposal.pair
    lock_row(pair.office)
    versions = queries.history(pair.office_id, pair.souschef_id)
    version = next(v for v in versions if v.number == proposal.version.number)
    given = version.answer
    if given is not None and given.kind == kind and given.by_id == person.id:
        return False
    state = rules.states(versions)[version.number]
    awaited = pair.other_of(version.proposed_by_id)
    _refuse(rules.answer_blockers(kind, state, person.id, version.proposed_by_id, awaited))
    version.answer = BalanceAnswer(kind=kind.value, by_id=person.id, at=now(), words=words.strip())
    db.session.flush()
    record(f"balance.{kind.value}", version, office_id=pair.office_id, souschef_id=pair.souschef_id)
    return True


def confirm(proposal: Proposal, person: Person, today: date) -> bool:
    """The other's yes: from now on it is what is agreed, and what was agreed before is history."""
    _refuse([Blocker.ENDED] if proposal.pair.last_day and proposal.pair.last_day < today else [])
    return _answer(proposal, person, AnswerKind.CONFIRMED)


def decline(proposal: Proposal, person: Person, words: str) -> bool:
    """The other's no, with words; what is agreed stays in force."""
    return _answer(proposal, person, AnswerKind.DECLINED, words)


def withdraw(proposal: Proposal, person: Person) -> bool:
    """The proposer takes the proposal back before it is answered."""
    return _answer(proposal, person, AnswerKind.WITHDRAWN)
