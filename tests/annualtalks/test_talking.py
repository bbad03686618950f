"""An annual talk from the call to the frozen record, by the services, on both databases."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from portal.access import Permission, may
from portal.annualtalks import outlines, queries, services
from portal.annualtalks.models import AnnualTalk, TalkRelease
from portal.annualtalks.rules import Side, Stage, Words
from portal.annualtalks.services import Place
from portal.clock import now
from portal.db import db, unit_of_work
from portal.digests import digest
from portal.errors import Refused
from portal.i18n import today
from portal.people import queries as persons
from portal.people import services as people
from tests.annualtalks.talking import KEYS, call, confirm, development_of, held, prepare, read, release_both
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


def new_chef(world: World) -> None:
    with unit_of_work():
        people.change_office(world.office, name=world.office.name, chef=world.people["other_chef"])
    db.session.expire_all()


def sees(world: World, name: str, talk: AnnualTalk) -> bool:
    return may(persons.actor_of(world.people[name], today()), Permission.SEE_TALK, read(talk))


def test_one_talk_is_open_at_a_time(world: World) -> None:
    call(world, by="souschef")
    place = Place(now() + timedelta(days=20), 60, "")
    assert "already been called" in refused(
        lambda: services.call_talk(development_of(world), world.office, version(), place, KEYS, world.people["chef"])
    )


def test_neither_reads_the_other_before_both_have_released(world: World) -> None:
    found = prepare(call(world), Side.SOUSCHEF, "Jeg giver for lidt feedback.")
    souschef, chef = world.people["souschef"].id, world.people["chef"].id
    with unit_of_work():
        services.release(found, Side.SOUSCHEF, world.people["souschef"])
    found = read(found.talk)
    assert found.shown(Side.SOUSCHEF, souschef)
    assert found.shown(Side.SOUSCHEF, chef) == {}
    assert "Take the release back first" in refused(
        lambda: services.save_views(found, Side.SOUSCHEF, {KEYS[0]: (1, Words("Andet."))})
    )
    with unit_of_work():
        services.withdraw_release(found, Side.SOUSCHEF, world.people["souschef"])
        assert services.save_views(read(found.talk), Side.SOUSCHEF, {KEYS[0]: (1, Words("Andet."))}) == []
    found = release_both(found, world)
    assert found.stage is Stage.OPEN
    assert found.shown(Side.SOUSCHEF, chef)[KEYS[0]].words == "Andet."
    assert "Both have released" in refused(
        lambda: services.withdraw_release(found, Side.SOUSCHEF, world.people["souschef"])
    )


def test_the_database_keeps_what_both_have_released(world: World) -> None:
    found = release_both(prepare(call(world), Side.CHEF, "Du er tydelig."), world)
    with pytest.raises(IntegrityError), unit_of_work():
        db.session.execute(text("UPDATE annual_talk_view SET words = 'x' WHERE talk_id = :t"), {"t": found.talk.id})


def test_two_pages_of_the_same_side_are_told(world: World) -> None:
    found = prepare(call(world), Side.CHEF, "Først.")
    with unit_of_work():
        assert services.save_views(found, Side.CHEF, {KEYS[0]: (0, Words("Fra en gammel side."))}) == [KEYS[0]]
    assert read(found.talk).words_of(Side.CHEF, KEYS[0]).words == "Først."


def test_both_confirm_the_same_wording_and_then_it_is_frozen(world: World) -> None:
    found = release_both(call(world), world)
    with unit_of_work():
        services.save_summary(found, "Første udkast.", 0, world.people["chef"])
    assert not confirm(read(found.talk), world, Side.CHEF)
    with unit_of_work():
        services.save_summary(read(found.talk), "Andet udkast.", 1, world.people["souschef"])
    assert "Read the new wording" in refused(
        lambda: services.confirm(read(found.talk), 1, Side.SOUSCHEF, world.people["souschef"])
    )
    assert not confirm(read(found.talk), world, Side.SOUSCHEF, 2)
    assert not confirm(read(found.talk), world, Side.SOUSCHEF, 2)
    assert confirm(read(found.talk), world, Side.CHEF, 2)
    found = read(found.talk)
    assert found.stage is Stage.CONFIRMED
    assert found.talk.record is not None
    assert found.talk.record.snapshot["summary"]["text"] == "Andet udkast."
    assert found.talk.record.digest == digest(found.talk.record.snapshot)
    assert "no longer changes" in refused(lambda: services.save_summary(found, "Tredje.", 2, world.people["chef"]))
    with unit_of_work():
        services.add_addendum(found, "Vi glemte kurset.", world.people["souschef"])
    assert [a.text for a in read(found.talk).talk.addenda] == ["Vi glemte kurset."]


def test_both_confirm_at_once(app: Flask, world: World) -> None:
    found = release_both(call(world), world)
    with unit_of_work():
        services.save_summary(found, "Vi er enige.", 0, world.people["chef"])
    talk_id, ids = found.talk.id, {side: world.people[side.value].id for side in Side}

    def say_yes(side: Side) -> Callable[[object], object]:
        def write(_found: object) -> None:
            person = persons.find_person(ids[side])
            assert person is not None
            if services.confirm(read(talk_id), 1, side, person):
                outlines.freeze(talk_id)

        return write

    assert together(app, *((lambda: read(talk_id), say_yes(side)) for side in Side)) == ["done", "done"]
    db.session.expire_all()
    found = read(talk_id)
    assert found.stage is Stage.CONFIRMED
    assert found.talk.record is not None
    assert {c["side"] for c in found.talk.record.snapshot["confirmed"]} == {"souschef", "chef"}


def test_one_edits_while_the_other_confirms(app: Flask, world: World) -> None:
    found = release_both(call(world), world)
    with unit_of_work():
        services.save_summary(found, "Første udkast.", 0, world.people["chef"])
    confirm(read(found.talk), world, Side.SOUSCHEF)
    talk_id, chef, souschef = found.talk.id, world.people["chef"].id, world.people["souschef"].id

    def confirms(_found: object) -> None:
        person = persons.find_person(chef)
        assert person is not None
        if services.confirm(read(talk_id), 1, Side.CHEF, person):
            outlines.freeze(talk_id)

    def edits(_found: object) -> None:
        person = persons.find_person(souschef)
        assert person is not None
        services.save_summary(read(talk_id), "Andet udkast.", 1, person)

    outcomes = together(app, (lambda: read(talk_id), confirms), (lambda: read(talk_id), edits))
    db.session.expire_all()
    found = read(talk_id)
    frozen, texts = found.stage is Stage.CONFIRMED, [s.text for s in found.talk.summaries]
    assert (outcomes, frozen, len(texts)) in [(["Overtaken", "done"], False, 2), (["Refused", "done"], True, 1)]


def test_a_release_is_taken_back_while_the_other_releases(app: Flask, world: World) -> None:
    found = call(world)
    with unit_of_work():
        services.release(found, Side.SOUSCHEF, world.people["souschef"])
    talk_id, chef, souschef = found.talk.id, world.people["chef"].id, world.people["souschef"].id

    def withdraws(_found: object) -> None:
        person = persons.find_person(souschef)
        assert person is not None
        services.withdraw_release(read(talk_id), Side.SOUSCHEF, person)

    def releases(_found: object) -> None:
        person = persons.find_person(chef)
        assert person is not None
        services.release(read(talk_id), Side.CHEF, person)

    outcomes = together(app, (lambda: read(talk_id), withdraws), (lambda: read(talk_id), releases))
    db.session.expire_all()
    opened = read(talk_id).talk.released_at is not None
    assert (outcomes, opened) in [(["Refused", "done"], True), (["done", "done"], False)]
    assert db.session.query(TalkRelease).count() == (2 if opened else 3)


def test_a_new_chef_cannot_hold_the_old_talk_and_the_old_one_no_longer_reads_it(world: World) -> None:
    found = prepare(call(world), Side.CHEF, "Du er tydelig.")
    new_chef(world)
    found = read(found.talk)
    assert found.stage is Stage.BROKEN_OFF
    assert [sees(world, name, found.talk) for name in ("souschef", "chef", "other_chef", "hr")] == [
        True, False, False, False,
    ]  # fmt: skip
    assert found.shown(Side.CHEF, world.people["souschef"].id) == {}
    assert "another chef" in refused(lambda: services.release(found, Side.SOUSCHEF, world.people["souschef"]))
    with unit_of_work():
        services.cancel_talk(found, "Ny chef.", world.people["souschef"])
    assert queries.open_talk(found.souschef_id, world.people["other_chef"].id, world.office.id) is None


def test_a_successor_reads_an_earlier_talk_when_the_souschef_says_so_and_while_they_are_the_chef(world: World) -> None:
    talk, successor = held(world).talk, world.people["other_chef"]
    with unit_of_work():
        services.share(read(talk), successor, True)
    assert not sees(world, "other_chef", talk)  # not before the day of taking over
    new_chef(world)
    assert sees(world, "other_chef", talk)
    assert not sees(world, "chef", talk)
    with unit_of_work():
        services.share(read(talk), successor, False)
    assert not sees(world, "other_chef", talk)
