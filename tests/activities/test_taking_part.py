"""Signing up, waiting, leaving, attending and evaluating, by the services, on both databases."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask

from portal.activities import queries, rules, services
from portal.activities.rules import Part
from portal.audit.models import AuditEvent
from portal.clock import now
from portal.db import db, unit_of_work
from portal.errors import Refused
from portal.i18n import today
from portal.people.queries import find_person
from tests.activities.planning import KEYS, facts, opened, read
from tests.factories import World, version
from tests.test_together import together


@pytest.fixture(autouse=True)
def in_english(app: Flask, world: World) -> Iterator[None]:
    with app.test_request_context(headers={"Accept-Language": "en"}):
        yield


def refused(write: Callable[[], object]) -> str:
    with pytest.raises(Refused) as caught, unit_of_work():
        write()
    return str(caught.value)


def test_who_comes_too_late_for_a_seat_waits_and_moves_up(world: World) -> None:
    activity, first, second = opened(world), world.people["souschef"], world.people["other_souschef"]
    with unit_of_work():
        assert services.sign_up(activity, first, today()) is Part.SIGNED_UP
        assert services.sign_up(activity, second, today()) is Part.WAITING
    assert "already" in refused(lambda: services.sign_up(activity, first, today()))
    with unit_of_work():
        assert [person.id for person in services.leave(activity, first)] == [second.id]
    assert [p.person_id for p in queries.participants(activity.id)] == [second.id]


def test_more_seats_let_the_waiting_in_and_fewer_take_none_away(world: World) -> None:
    activity, hr = opened(world), world.people["hr"]
    for name in ("souschef", "other_souschef"):
        with unit_of_work():
            services.sign_up(activity, world.people[name], today())
    with unit_of_work():
        assert len(services.change_activity(activity, facts(seats=2), 1, hr)) == 1
    assert "Nobody loses a seat" in refused(lambda: services.change_activity(activity, facts(seats=1), 2, hr))
    with pytest.raises(services.Overtaken), unit_of_work():
        services.change_activity(activity, facts(seats=3), 1, hr)


def test_the_last_seat_is_given_once(app: Flask, world: World) -> None:
    activity_id = opened(world).id
    ids = [world.people[name].id for name in ("souschef", "other_souschef")]

    def signs_up(person_id: int) -> Callable[[object], object]:
        def write(_found: object) -> None:
            person = find_person(person_id)
            assert person is not None
            services.sign_up(read(activity_id), person, today())

        return write

    assert together(app, *((lambda: read(activity_id), signs_up(n)) for n in ids)) == ["done", "done"]
    db.session.expire_all()
    states = sorted(part.state for part in queries.participants(activity_id))
    assert states == [Part.SIGNED_UP, Part.WAITING]


def test_nobody_signs_up_for_a_draft_after_the_last_day_or_when_it_is_called_off(world: World) -> None:
    person, hr = world.people["souschef"], world.people["hr"]
    with unit_of_work():
        draft = services.add_activity(facts(), version(), hr)
    assert "not open" in refused(lambda: services.sign_up(draft, person, today()))
    activity = opened(world)
    assert "last day" in refused(lambda: services.sign_up(activity, person, today() + timedelta(days=26)))
    with unit_of_work():
        services.cancel_activity(activity, "For få tilmeldte.", hr)
    assert "called off" in refused(lambda: services.sign_up(activity, person, today()))


def test_nothing_tells_who_was_invited(world: World) -> None:
    activity, invited = opened(world), world.people["souschef"]
    with unit_of_work():
        services.invite(activity, [invited.id], world.people["hr"])
    assert queries.participants(activity.id) == []
    told = [event.details for event in db.session.query(AuditEvent).filter_by(action="activities.invited")]
    assert told == [{}]
    before = db.session.query(AuditEvent).count()
    with unit_of_work():
        services.decline(read(activity.id), invited)
    assert db.session.query(AuditEvent).count() == before
    with unit_of_work():
        assert services.sign_up(read(activity.id), invited, today()) is Part.SIGNED_UP


def test_who_was_there_evaluates_once(world: World) -> None:
    activity, hr, person = opened(world), world.people["hr"], world.people["souschef"]
    with unit_of_work():
        services.sign_up(activity, person, today())
    (part,) = queries.participants(activity.id)
    assert "has begun" in refused(lambda: services.note_attendance(activity, {part.id: True}, hr))
    with unit_of_work():
        activity.starts_at = now() - timedelta(days=1)
        services.note_attendance(activity, {part.id: True}, hr)
    with unit_of_work():
        services.evaluate(read(activity.id), person, dict.fromkeys(KEYS, 4), "God dag.")
    values = dict.fromkeys(KEYS, 4)
    assert "already" in refused(lambda: services.evaluate(read(activity.id), person, values, ""))
    found = queries.answers(activity.id)
    assert {(e.competency_key, e.value) for e in found} == {(key, 4) for key in KEYS}
    assert rules.verdicts((e.participation_id, e.competency_key, e.value) for e in found) == {}


def test_an_evaluation_tells_nothing_from_fewer_than_five() -> None:
    four = [(n, "k", 5) for n in range(4)]
    assert rules.verdicts(four) == {}
    assert rules.verdicts([*four, (4, "k", 1)]) == {"k": rules.Verdict(4.2, 5)}
    assert rules.words_to_show(["Å", "b", ""], 4) == []
    assert rules.words_to_show(["b", "A", ""], 5) == ["A", "b"]
