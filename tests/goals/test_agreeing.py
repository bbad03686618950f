"""Goals are proposed, answered, followed up and closed by the services, on both databases."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask

from portal.balance.rules import AnswerKind
from portal.db import db, unit_of_work
from portal.errors import Refused
from portal.goals import queries, services
from portal.goals.queries import Development, GoalOf
from portal.goals.rules import Direction, State, Status, Wanted
from portal.i18n import today
from portal.people import services as people
from portal.people.models import Person
from tests.factories import World, version

KEY = "personaleledelse-k4"


@pytest.fixture(autouse=True)
def in_english(app: Flask, world: World) -> Iterator[None]:
    with app.test_request_context(headers={"Accept-Language": "en"}):
        yield


def wanted(aim: str = "Give feedback samme dag.", days: int = 90) -> Wanted:
    day = today() + timedelta(days=days)
    return Wanted(
        None, Direction.MORE, aim, "Sparring hver anden uge.", "Souschefen øver, chefen ser med.", "Set.", day
    )


def development_of(world: World) -> Development:
    found = queries.find_development(world.people["souschef"].id)
    assert found is not None
    return found


def read(goal_id: int) -> GoalOf:
    found = queries.find_goal(goal_id)
    assert found is not None
    return found


def propose(world: World, by: Person) -> GoalOf:
    with unit_of_work():
        made = services.propose_goal(development_of(world), version(), KEY, wanted(), by)
    return read(made.id)


def answer(found: GoalOf, by: Person, kind: AnswerKind = AnswerKind.CONFIRMED, number: int = 1) -> bool:
    with unit_of_work():
        return services.answer(found, number, kind, by)


def refused(write: Callable[[], object]) -> str:
    with pytest.raises(Refused) as caught, unit_of_work():
        write()
    return str(caught.value)


def test_a_goal_is_agreed_when_the_other_says_yes(app: Flask, world: World) -> None:
    chef, souschef = world.people["chef"], world.people["souschef"]
    found = propose(world, souschef)
    assert found.goal.state == State.PROPOSED
    assert "You said yes by proposing" in refused(lambda: services.answer(found, 1, AnswerKind.CONFIRMED, souschef))
    assert refused(lambda: services.answer(found, 1, AnswerKind.CONFIRMED, world.people["other_chef"]))
    assert answer(found, chef)
    assert not answer(read(found.goal.id), chef)
    assert read(found.goal.id).goal.state == State.AGREED


def test_a_goal_that_is_declined_first_is_dropped(app: Flask, world: World) -> None:
    found = propose(world, world.people["chef"])
    answer(found, world.people["souschef"], AnswerKind.DECLINED)
    assert read(found.goal.id).goal.state == State.DROPPED
    assert read(found.goal.id).goal.follow_up_on is None


def test_a_change_leaves_what_is_agreed_in_force_until_the_other_says_yes(app: Flask, world: World) -> None:
    chef, souschef = world.people["chef"], world.people["souschef"]
    found = propose(world, souschef)
    answer(found, chef)
    found = read(found.goal.id)
    with unit_of_work():
        services.propose_change(found, wanted("Mindre kontrol.", 30), "Ny opgave.", services.seen_of(found.goal), chef)
    found = read(found.goal.id)
    assert found.agreed is not None
    assert found.agreed.number == 1
    assert found.goal.follow_up_on == today() + timedelta(days=90)
    answer(found, souschef, number=2)
    found = read(found.goal.id)
    assert found.goal.follow_up_on == today() + timedelta(days=30)
    seen = services.seen_of(found.goal)
    assert refused(lambda: services.propose_change(found, wanted("Mindre kontrol.", 30), "", seen, chef))


def test_follow_ups_move_the_day_and_closing_ends_it(app: Flask, world: World) -> None:
    chef, souschef = world.people["chef"], world.people["souschef"]
    found = propose(world, souschef)
    day, seen = today() + timedelta(days=20), services.seen_of(found.goal)
    assert "both have agreed" in refused(
        lambda: services.follow_up(found, Status.UNDER_WAY, "Går fint.", day, seen, chef)
    )
    answer(found, chef)
    found = read(found.goal.id)
    old = services.seen_of(found.goal)
    with unit_of_work():
        services.follow_up(found, Status.UNDER_WAY, "Tre samtaler holdt.", day, old, chef)
    found = read(found.goal.id)
    assert found.goal.follow_up_on == day
    with pytest.raises(services.Overtaken), unit_of_work():
        services.close(found, Status.REACHED, "Nået.", old, souschef)
    with unit_of_work():
        services.close(read(found.goal.id), Status.REACHED, "Nået.", services.seen_of(found.goal), souschef)
    found = read(found.goal.id)
    assert (found.goal.state, found.goal.follow_up_on) == (State.CLOSED, None)


def test_what_is_owed_is_told_to_the_chef_of_today(app: Flask, world: World) -> None:
    found = propose(world, world.people["souschef"])
    assert [(o.chef_id, o.proposed_by_id) for o in queries.awaiting_answer(today())] == [
        (world.people["chef"].id, world.people["souschef"].id)
    ]
    answer(found, world.people["chef"])
    assert queries.awaiting_answer(today()) == []
    assert queries.to_follow_up(today(), today()) == []
    with unit_of_work():
        people.change_office(world.office, name=world.office.name, chef=world.people["other_chef"])
    db.session.expire_all()
    (owed,) = queries.to_follow_up(today(), today() + timedelta(days=90))
    assert (owed.goal_id, owed.chef_id) == (found.goal.id, world.people["other_chef"].id)
