"""Several people at the same moment: each decision rests on what the others have done."""

import threading
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from portal.checklists.queries import published
from portal.db import db, unit_of_work
from portal.errors import Refused
from portal.i18n import today
from portal.interviews import queries as interviews
from portal.interviews import services as interview_services
from portal.onboarding import decisions, queries, services
from portal.onboarding.models import ItemEvent, MilestoneEvent, Plan
from portal.people.models import Office, Person
from portal.recruitment import services as recruitment_services
from portal.recruitment.models import ProfileCompetency
from portal.recruitment.queries import find_recruitment, member_of
from portal.recruitment.rules import Choice
from tests.factories import World, make_person, version

Work = Callable[[], object]


def together(app: Flask, *works: tuple[Work, Callable[[object], object]]) -> list[str]:
    """Run (read, write) pairs at the same moment, each with a session of its own; what became of each, sorted.

    On PostgreSQL all have read before anyone writes. On SQLite a transaction waits before it has read anything.
    """
    barrier = threading.Barrier(len(works), timeout=20)
    outcomes: list[str] = []
    waits_first = db.engine.dialect.name == "sqlite"
    db.session.rollback()

    def run(read: Work, write: Callable[[object], object]) -> None:
        with app.test_request_context(method="POST"):
            try:
                with unit_of_work():
                    if waits_first:
                        barrier.wait()
                    found = read()
                    if not waits_first:
                        barrier.wait()
                    write(found)
                outcomes.append("done")
            except (Refused, IntegrityError) as error:
                outcomes.append(type(error).__name__)
            except BaseException as error:
                outcomes.append(repr(error))
                raise

    threads = [threading.Thread(target=run, args=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)


def ready_plan(world: World) -> tuple[int, int, int]:
    """The ids of a plan whose first week is done, of its souschef, and of an item of that week."""
    items = queries.items_of(world.plan, "week_1")
    with unit_of_work():
        for item in items:
            services.complete_item(item, world.people["souschef"], "Gjort og drøftet.")
    return world.plan.id, world.people["souschef"].id, items[0].id


def plan_of(plan_id: int) -> Work:
    return lambda: queries.find_plan(plan_id)


def person(person_id: int) -> Person:
    found = db.session.get(Person, person_id)
    assert found is not None
    return found


def test_a_double_request_is_one(app: Flask, world: World) -> None:
    plan_id, souschef, _item = ready_plan(world)

    def ask(plan: object) -> None:
        assert isinstance(plan, Plan)
        decisions.request_sign_off(plan, "week_1", person(souschef))

    assert together(app, *[(plan_of(plan_id), ask)] * 3) == ["Refused", "Refused", "done"]
    assert len(db.session.scalars(db.select(MilestoneEvent)).all()) == 1


def test_an_item_is_not_undone_under_a_request(app: Flask, world: World) -> None:
    plan_id, souschef, item_id = ready_plan(world)

    def ask(plan: object) -> None:
        assert isinstance(plan, Plan)
        decisions.request_sign_off(plan, "week_1", person(souschef))

    def undo(plan: object) -> None:
        item = queries.find_item_to_change(plan_id, item_id)
        assert item is not None
        services.undo_item(item, person(souschef))

    assert together(app, (plan_of(plan_id), ask), (plan_of(plan_id), undo)) == ["Refused", "done"]
    requested = bool(db.session.scalars(db.select(MilestoneEvent)).all())
    undone = bool(db.session.scalars(db.select(ItemEvent).where(ItemEvent.kind == "undone")).all())
    assert requested != undone


def test_an_item_is_read_as_it_is_after_the_wait(app: Flask, world: World) -> None:
    """Who waits for the plan gets the item as the one before left it, also when they had looked at it already."""
    plan_id, souschef = world.plan.id, world.people["souschef"].id
    item_id = world.item_of("souschef", "week_1")
    looked, found = threading.Event(), []
    db.session.rollback()

    def wait() -> None:
        with app.test_request_context(method="POST"):
            if db.engine.dialect.name != "sqlite":  # there reading would have to wait as well
                known = queries.find_item(plan_id, item_id)
                assert known is not None
                assert known.state == "open"
            looked.set()
            item = queries.find_item_to_change(plan_id, item_id)
            assert item is not None
            found.append((item.state, item.title, item.plan.open_from))
            db.session.rollback()

    waiting = threading.Thread(target=wait)
    with app.test_request_context(method="POST"), unit_of_work():
        item = queries.find_item_to_change(plan_id, item_id)
        assert item is not None
        services.complete_item(item, person(souschef), "Gjort.")
        item.title = "Et nyt navn"
        services.recount(plan_id)
        opened = item.plan.open_from
        waiting.start()
        assert looked.wait(20)
        waiting.join(0.5)
        assert waiting.is_alive(), "nobody waited"
    waiting.join(20)
    assert found == [("done", "Et nyt navn", opened)]


def test_a_request_is_decided_once(app: Flask, world: World) -> None:
    plan_id, souschef, _item = ready_plan(world)
    chef = world.people["chef"].id
    with unit_of_work():
        decisions.request_sign_off(world.plan, "week_1", person(souschef))

    def approve(plan: object) -> None:
        assert isinstance(plan, Plan)
        decisions.approve_milestone(plan, "week_1", person(chef))

    def send_back(plan: object) -> None:
        assert isinstance(plan, Plan)
        decisions.return_milestone(plan, "week_1", person(chef), "Der mangler et referat.")

    read = plan_of(plan_id)
    assert together(app, (read, approve), (read, send_back), (read, approve)) == ["Refused", "Refused", "done"]


def test_three_starts_at_once_make_one_plan(app: Flask, world: World) -> None:
    with unit_of_work():
        newcomer = make_person("newcomer").id
    office_id = world.office.id

    def start(office: object) -> None:
        assert isinstance(office, Office)
        template = published()[0]
        services.start_plan(template, version(), office, person(newcomer), today())

    found = together(app, *[(lambda: db.session.get(Office, office_id), start)] * 3)
    assert found == ["Refused", "Refused", "done"]
    assert len(db.session.scalars(db.select(Plan).where(Plan.souschef_id == newcomer)).all()) == 1


def test_the_profile_does_not_change_under_the_first_assessment(app: Flask, world: World) -> None:
    recruitment_id, member = world.recruitment.id, world.people["member"].id
    chosen = world.recruitment.profile[0].competency_id
    with unit_of_work():
        seat = member_of(world.recruitment, member)
        assert seat is not None
        recruitment_services.declare_impartiality(world.recruitment.candidates[0], seat, True)

    def read() -> object:
        return find_recruitment(recruitment_id)

    def begin(_read: object) -> None:
        found = find_recruitment(recruitment_id)
        assert found is not None
        seat = member_of(found, member)
        assert seat is not None
        drafts = {q.id: interview_services.Draft(3, False, "") for q in interviews.scorecard(found)}
        interview_services.save_draft(found.candidates[0].interviews[0], seat, drafts)

    def change(_read: object) -> None:
        found = find_recruitment(recruitment_id)
        assert found is not None
        recruitment_services.choose_profile(found, [Choice(chosen, weight=3, reason="Vigtigst.")])

    outcome = together(app, (read, begin), (read, change))
    weights = set(db.session.scalars(db.select(ProfileCompetency.weight)))
    assert outcome in (["Refused", "done"], ["done", "done"])  # the profile first, or the assessment
    assert (outcome == ["done", "done"]) == (weights == {3})


def test_a_souschef_has_one_plan_in_an_office(world: World) -> None:
    row = {c.name: getattr(world.plan, c.name) for c in Plan.__table__.columns if c.name != "id"}
    with pytest.raises(IntegrityError):
        db.session.execute(db.insert(Plan).values(row))
