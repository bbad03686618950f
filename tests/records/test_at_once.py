"""Deleting while others delete or write at the same moment: one outcome, and nothing comes back."""

from flask import Flask
from sqlalchemy import select

from portal.db import db
from portal.people.models import Person
from portal.records import services
from portal.records.models import Deletion
from portal.recruitment.queries import find_candidate
from portal.references.models import Referee
from portal.references.services import RefereeFacts, add_referee
from tests.factories import World
from tests.records.case import ended
from tests.records.test_erasing import traces
from tests.test_together import together

REASON = "Opbevaringsfristen er udløbet."


def test_two_who_delete_the_same_candidate_at_once_delete_once(app: Flask, world: World) -> None:
    case, hr = ended(world), world.people["hr"].id

    def delete(_read: object) -> None:
        services.delete_candidates([case.first], db.session.get_one(Person, hr), REASON)

    work = (lambda: db.session.get(Person, hr), delete)
    assert together(app, work, work) == ["Refused", "done"]
    db.session.rollback()
    assert len(db.session.scalars(select(Deletion)).all()) == 1


def test_what_is_written_while_the_candidate_is_deleted_goes_too_or_is_refused(app: Flask, world: World) -> None:
    case, hr = ended(world), world.people["hr"].id

    def delete(_read: object) -> None:
        services.delete_candidates([case.first], db.session.get_one(Person, hr), REASON)

    def name_referee(read: object) -> None:
        candidate = read or find_candidate(case.first)
        if candidate is not None:  # a page that has not been opened yet is not found any more
            add_referee(candidate, RefereeFacts("Sent Tilkommen", "Kollega", current_employer=False))

    outcome = together(
        app, (lambda: db.session.get(Person, hr), delete), (lambda: find_candidate(case.first), name_referee)
    )
    assert outcome in (["done", "done"], ["IntegrityError", "done"])
    db.session.rollback()
    assert traces(("Sent Tilkommen", "Kirkegaard")) == []
    assert db.session.scalars(select(Referee)).all() == []
