"""Units of work on SQLite: saving a draft keeps others from writing only while it writes."""

import sqlite3

import pytest
from flask import Flask

from portal.db import db, unit_of_work
from tests.factories import World


def other_writer_gets_in() -> bool:
    """Whether somebody else could write now; always on PostgreSQL, which locks rows."""
    if db.engine.dialect.name != "sqlite":
        return True
    other = sqlite3.connect(str(db.engine.url.database), timeout=0, isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError:
        return False
    finally:
        other.close()
    return True


DRAFT, OTHER = "/interviews/1/assessment", "/account"


@pytest.mark.parametrize(("path", "lets_others_in"), [(DRAFT, True), (OTHER, False)])
def test_a_draft_is_looked_at_while_others_write(app: Flask, path: str, lets_others_in: bool) -> None:
    on_sqlite = db.engine.dialect.name == "sqlite"
    with app.test_request_context(path, method="POST"):
        db.session.execute(db.text("SELECT count(*) FROM person"))
        assert other_writer_gets_in() is (lets_others_in or not on_sqlite)
        with unit_of_work():
            db.session.execute(db.text("SELECT count(*) FROM person"))
            assert other_writer_gets_in() is not on_sqlite
        db.session.rollback()


def test_nothing_is_changed_before_the_draft_is_saved(app: Flask, world: World) -> None:
    if db.engine.dialect.name != "sqlite":
        return
    with app.test_request_context(DRAFT, method="POST"):
        world.office.name = "Et andet navn"
        with pytest.raises(RuntimeError), unit_of_work():
            pass
        db.session.rollback()
