"""Proposing and answering, by the services and at the same moment, on both databases."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from portal.audit.models import AuditEvent
from portal.balance import queries, services
from portal.balance.models import BalanceVersion
from portal.balance.queries import Pair, Proposal
from portal.balance.rules import Focus, State, Wanted, seen, states
from portal.db import db, unit_of_work
from portal.errors import Refused
from portal.i18n import today
from portal.people import services as people
from portal.people.models import Person
from tests.factories import World, version
from tests.test_together import Work, person, together

SLUGS = ("personaleledelse", "faglig-ledelse", "strategisk-ledelse", "driftsledelse")
REASON = "Driften fylder mere end ventet."
Write = Callable[[object], object]


def wanted(*weights: int, reason: str = REASON) -> Wanted:
    focus = (Focus("personaleledelse-k4", "Feedback samme dag."), Focus("driftsledelse-k1"))
    return Wanted(dict(zip(SLUGS, weights or (40, 20, 10, 30), strict=True)), focus, reason)


def pair_of(world: World) -> Pair:
    found = queries.find_pair(world.office.id, world.people["souschef"].id)
    assert found is not None
    return found


def propose(pair: Pair, proposer: Person, content: Wanted) -> Proposal:
    read = seen(queries.history(pair.office_id, pair.souschef_id))
    with unit_of_work():
        made = services.propose(pair, version(), proposer, content, read, today())
    return Proposal(pair, made)


def agree(pair: Pair, proposer: Person, other: Person, content: Wanted) -> Proposal:
    proposal = propose(pair, proposer, content)
    with unit_of_work():
        assert services.confirm(proposal, other, today())
    return proposal


def found_states(pair: Pair) -> list[State]:
    db.session.expire_all()
    return list(states(queries.history(pair.office_id, pair.souschef_id)).values())


def refused(write: Callable[[], object]) -> str:
    """The words with which it is refused."""
    with pytest.raises(Refused) as caught, unit_of_work():
        write()
    return str(caught.value)


def test_a_proposal_is_agreed_when_the_other_says_yes_and_stays_until_the_next_is(app: Flask, world: World) -> None:
    pair, chef, souschef = pair_of(world), world.people["chef"], world.people["souschef"]
    agree(pair, chef, souschef, wanted(reason=""))
    second = propose(pair, souschef, wanted(25, 25, 25, 25))
    current = queries.in_force(pair.office_id, pair.souschef_id)
    assert current.agreed is not None
    assert current.agreed.number == 1
    assert current.pending is not None
    assert current.awaits(chef.id, chef.id)
    assert not current.awaits(souschef.id, chef.id)
    with unit_of_work():
        services.decline(second, chef, "Det er for jævnt fordelt.")
    assert found_states(pair) == [State.AGREED, State.DECLINED]
    agree(pair, chef, souschef, wanted(30, 30, 10, 30))
    assert found_states(pair) == [State.SUPERSEDED, State.DECLINED, State.AGREED]
    actions = set(db.session.scalars(db.select(AuditEvent.action).where(AuditEvent.action.startswith("balance."))))
    assert actions == {"balance.propose", "balance.confirmed", "balance.declined"}


def test_nobody_agrees_alone_also_not_past_the_services(app: Flask, world: World) -> None:
    pair, chef = pair_of(world), world.people["chef"]
    proposal = propose(pair, chef, wanted())
    with app.test_request_context():
        assert "Nu skal den anden svare" in refused(lambda: services.confirm(proposal, chef, today()))
        assert "Nu skal den anden svare" in refused(lambda: services.decline(proposal, chef, "Nej, alligevel ikke."))
    row = {"version": proposal.version.id, "by": chef.id}
    values = "VALUES (:version, 'confirmed', :by, '2026-01-01 00:00:00+00', '')"
    insert = f"INSERT INTO balance_answer (version_id, kind, by_id, at, words) {values}"
    with pytest.raises(IntegrityError):
        db.session.execute(text(insert), row)
    db.session.rollback()
    assert found_states(pair) == [State.PROPOSED]


def test_a_new_proposal_replaces_the_one_that_waits(app: Flask, world: World) -> None:
    pair, chef, souschef = pair_of(world), world.people["chef"], world.people["souschef"]
    first = propose(pair, chef, wanted(reason=""))
    propose(pair, souschef, wanted(25, 25, 25, 25))
    with app.test_request_context():
        assert "nyere forslag" in refused(lambda: services.confirm(first, souschef, today()))
        assert "siger det samme" in refused(
            lambda: services.propose(
                pair,
                version(),
                chef,
                wanted(25, 25, 25, 25),
                seen(queries.history(pair.office_id, pair.souschef_id)),
                today(),
            )
        )
    assert found_states(pair) == [State.SUPERSEDED, State.PROPOSED]


def test_a_proposal_is_taken_back_by_the_one_who_made_it(app: Flask, world: World) -> None:
    pair, chef, souschef = pair_of(world), world.people["chef"], world.people["souschef"]
    proposal = propose(pair, chef, wanted())
    with app.test_request_context():
        assert "trække det tilbage" in refused(lambda: services.withdraw(proposal, souschef))
    with unit_of_work():
        assert services.withdraw(proposal, chef)
        assert not services.withdraw(proposal, chef)
    with app.test_request_context():
        assert "trukket tilbage" in refused(lambda: services.confirm(proposal, souschef, today()))
    assert found_states(pair) == [State.WITHDRAWN]


def test_a_new_chef_does_not_inherit_a_yes(app: Flask, world: World) -> None:
    pair, chef, souschef = pair_of(world), world.people["chef"], world.people["souschef"]
    proposal = propose(pair, chef, wanted(reason=""))
    with unit_of_work():
        people.change_office(pair.office, name=pair.office.name, chef=world.people["other_chef"])
    with app.test_request_context():
        assert "ikke længere chef" in refused(lambda: services.confirm(proposal, souschef, today()))
    assert queries.waiting(today()) == []
    again = propose(pair, souschef, wanted(25, 25, 25, 25))
    assert [w.awaited_id for w in queries.waiting(today())] == [world.people["other_chef"].id]
    with unit_of_work():
        services.confirm(again, world.people["other_chef"], today())


def test_nothing_is_agreed_after_the_last_day_or_without_a_chef(app: Flask, world: World) -> None:
    pair, chef, souschef = pair_of(world), world.people["chef"], world.people["souschef"]
    proposal = propose(pair, chef, wanted())
    with unit_of_work():
        people.end_placement(world.office.placements[0], today() - timedelta(days=1))
    ended = pair_of(world)
    assert queries.waiting(today()) == []
    with app.test_request_context():
        late = Proposal(ended, proposal.version)
        assert "ikke længere souschef" in refused(lambda: services.confirm(late, souschef, today()))
        read = seen(queries.history(pair.office_id, pair.souschef_id))
        assert "ikke længere souschef" in refused(
            lambda: services.propose(ended, version(), chef, wanted(25, 25, 25, 25), read, today())
        )
    with unit_of_work():
        pair.office.chef = None
    with app.test_request_context():
        assert "ingen at aftale med" in refused(
            lambda: services.propose(pair, version(), souschef, wanted(25, 25, 25, 25), read, today())
        )


def test_what_was_proposed_and_answered_does_not_change(app: Flask, world: World) -> None:
    pair = pair_of(world)
    agree(pair, world.people["chef"], world.people["souschef"], wanted())
    for statement in (
        "UPDATE balance_version SET reason = 'x'",
        "DELETE FROM balance_version",
        "UPDATE balance_answer SET kind = 'declined'",
        "DELETE FROM balance_answer",
    ):
        with pytest.raises(IntegrityError):
            db.session.execute(text(statement))
        db.session.rollback()


def test_what_is_in_force_is_one_query_however_long_the_history_is(app: Flask, world: World) -> None:
    pair, chef, souschef = pair_of(world), world.people["chef"], world.people["souschef"]
    for share in (10, 15, 20, 25):
        agree(pair, chef, souschef, wanted(40, 35 - share, share, 25))
    propose(pair, souschef, wanted())
    db.session.expunge_all()
    statements: list[str] = []
    db.session.connection()  # SQLite's BEGIN is no query

    def count(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    db.event.listen(db.engine, "before_cursor_execute", count)
    current = queries.in_force(pair.office_id, pair.souschef_id)
    db.event.remove(db.engine, "before_cursor_execute", count)
    assert current.agreed is not None
    assert current.agreed.number == 4
    assert current.agreed.answer is not None
    assert (current.agreed.proposed_by.name, current.agreed.answer.by.name) == ("Chef", "Souschef")
    assert current.pending is not None
    assert current.pending.number == 5
    assert len(statements) == 1


# --- at the same moment


def read_proposal(pair: Pair, number: int) -> Work:
    return lambda: queries.find_proposal(pair.office_id, pair.souschef_id, number)


def confirming(person_id: int) -> Write:
    def write(found: object) -> object:
        assert isinstance(found, Proposal)
        return services.confirm(found, person(person_id), today())

    return write


def declining(person_id: int) -> Write:
    def write(found: object) -> object:
        assert isinstance(found, Proposal)
        return services.decline(found, person(person_id), "Det passer ikke nu.")

    return write


def proposing(person_id: int, read: str, *weights: int) -> Write:
    def write(found: object) -> object:
        assert isinstance(found, Proposal | Pair)
        pair = found.pair if isinstance(found, Proposal) else found
        return services.propose(pair, version(), person(person_id), wanted(*weights), read, today())

    return write


def test_a_new_proposal_and_a_yes_to_the_old_one_have_one_outcome(app: Flask, world: World) -> None:
    pair, chef, souschef = pair_of(world), world.people["chef"].id, world.people["souschef"].id
    propose(pair, world.people["souschef"], wanted(reason=""))
    read = read_proposal(pair, 1)
    outcome = together(app, (read, confirming(chef)), (read, proposing(souschef, "1 proposed", 25, 25, 25, 25)))
    assert sorted(o.replace("Overtaken", "Refused") for o in outcome) == ["Refused", "done"]
    assert found_states(pair) in ([State.AGREED], [State.SUPERSEDED, State.PROPOSED])


def test_both_answering_and_taking_back_have_one_outcome(app: Flask, world: World) -> None:
    pair, chef, souschef = pair_of(world), world.people["chef"].id, world.people["souschef"].id
    propose(pair, world.people["chef"], wanted())
    read = read_proposal(pair, 1)

    def withdraw(found: object) -> object:
        assert isinstance(found, Proposal)
        return services.withdraw(found, person(chef))

    assert together(app, (read, confirming(souschef)), (read, withdraw), (read, declining(souschef))) == [
        "Refused",
        "Refused",
        "done",
    ]
    assert len(found_states(pair)) == 1


def test_both_confirming_at_once_is_the_others_yes_alone(app: Flask, world: World) -> None:
    pair, chef, souschef = pair_of(world), world.people["chef"].id, world.people["souschef"].id
    propose(pair, world.people["chef"], wanted())
    read = read_proposal(pair, 1)
    assert together(app, (read, confirming(souschef)), (read, confirming(chef))) == ["Refused", "done"]
    assert found_states(pair) == [State.AGREED]


def test_a_yes_that_is_sent_three_times_is_one(app: Flask, world: World) -> None:
    pair, souschef = pair_of(world), world.people["souschef"].id
    propose(pair, world.people["chef"], wanted())
    assert together(app, *[(read_proposal(pair, 1), confirming(souschef))] * 3) == ["done", "done", "done"]
    assert found_states(pair) == [State.AGREED]


def test_two_first_proposals_at_once_are_one(app: Flask, world: World) -> None:
    pair, chef, souschef = pair_of(world), world.people["chef"].id, world.people["souschef"].id
    office, person_id = pair.office_id, pair.souschef_id

    def read() -> object:
        return queries.find_pair(office, person_id)

    outcome = together(app, (read, proposing(chef, "0")), (read, proposing(souschef, "0", 25, 25, 25, 25)))
    assert sorted(o.replace("Overtaken", "Refused") for o in outcome) == ["Refused", "done"]
    assert len(db.session.scalars(db.select(BalanceVersion)).all()) == 1
