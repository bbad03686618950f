"""Talks for the tests, made by the services as the two would make them."""

from datetime import timedelta

from portal.annualtalks import outlines, queries, services
from portal.annualtalks.models import AnnualTalk
from portal.annualtalks.queries import TalkOf
from portal.annualtalks.rules import Side, Words
from portal.annualtalks.services import Place
from portal.clock import now
from portal.db import unit_of_work
from portal.goals.queries import Development, find_development
from tests.factories import World, version

KEYS = ("personaleledelse-k4", "driftsledelse-k1")


def development_of(world: World) -> Development:
    found = find_development(world.people["souschef"].id)
    assert found is not None
    return found


def read(talk: AnnualTalk | int) -> TalkOf:
    found = queries.find_talk(talk if isinstance(talk, int) else talk.id)
    assert found is not None
    return found


def call(world: World, by: str = "chef") -> TalkOf:
    place = Place(now() + timedelta(days=14), 90, "Mødelokale 2")
    with unit_of_work():
        talk = services.call_talk(development_of(world), world.office, version(), place, KEYS, world.people[by])
    return read(talk)


def prepare(found: TalkOf, side: Side, words: str) -> TalkOf:
    with unit_of_work():
        assert services.save_views(found, side, {KEYS[0]: (0, Words(words, 4, side is Side.SOUSCHEF))}) == []
    return read(found.talk)


def release_both(found: TalkOf, world: World) -> TalkOf:
    for side in Side:
        with unit_of_work():
            services.release(read(found.talk), side, world.people[side.value])
    return read(found.talk)


def held(world: World, summary: str = "Vi er enige om at øve feedback.") -> TalkOf:
    """A talk that both have prepared, released and confirmed."""
    found = call(world)
    prepare(found, Side.SOUSCHEF, "Jeg giver for lidt feedback.")
    prepare(found, Side.CHEF, "Du er tydelig, når du når det.")
    found = release_both(found, world)
    with unit_of_work():
        services.save_summary(found, summary, 0, world.people["chef"])
    for side in Side:
        confirm(read(found.talk), world, side)
    return read(found.talk)


def confirm(found: TalkOf, world: World, side: Side, number: int = 1) -> bool:
    with unit_of_work():
        whole = services.confirm(found, number, side, world.people[side.value])
        if whole:
            outlines.freeze(found.talk.id)
    return whole
