"""Units of work: what is read before one keeps nobody from writing, and only what says so writes when it is read."""

import sqlite3

import pytest
from flask import Flask

from portal.db import db, unit_of_work


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


def test_a_sent_form_is_checked_while_others_write(app: Flask) -> None:
    on_sqlite = db.engine.dialect.name == "sqlite"
    with app.test_request_context("/account", method="POST"):
        db.session.execute(db.text("SELECT count(*) FROM person"))
        assert other_writer_gets_in()
        with unit_of_work():
            db.session.execute(db.text("SELECT count(*) FROM person"))
            assert other_writer_gets_in() is not on_sqlite
        db.session.execute(db.text("SELECT count(*) FROM person"))
        assert other_writer_gets_in()


def test_a_page_that_does_not_say_so_writes_nothing(app: Flask) -> None:
    with app.test_request_context("/account"), pytest.raises(RuntimeError), unit_of_work():
        pass
