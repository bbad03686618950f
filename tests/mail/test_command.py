"""`portal mail send`, as a timer runs it."""

from collections.abc import Iterator
from datetime import date

import pytest
from click.testing import Result
from flask import Flask

from portal import cli
from portal.db import db
from portal.mail.models import OutgoingMail
from tests.conftest import Databases, make_app
from tests.mail.conftest import Inbox, Post

FRIDAY, SATURDAY = date(2027, 4, 23), date(2027, 4, 24)


@pytest.fixture
def app(backend: str, databases: Databases, post: Post) -> Iterator[Flask]:
    opened = make_app(databases.fresh(backend), **post.environ)
    with opened.app_context():
        yield opened


def send(app: Flask) -> Result:
    db.session.remove()
    result = app.test_cli_runner().invoke(args=["portal", "mail", "send"])
    assert "Traceback" not in result.output
    return result


def test_digests_are_composed_once_a_day_and_sent(app: Flask, inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "today", lambda: FRIDAY)
    first = send(app)
    assert first.exit_code == 0, first.output
    count = len(inbox.mails)
    assert count > 3
    assert first.stdout == f"{count} digests, {count} sent, 0 put off, 0 given up\n"
    assert "ting venter på dig" in inbox.mails[0]["Subject"]
    again = send(app)
    assert (again.exit_code, again.stdout) == (0, "0 digests, 0 sent, 0 put off, 0 given up\n")
    monkeypatch.setattr(cli, "today", lambda: SATURDAY)
    assert send(app).stdout == "0 digests, 0 sent, 0 put off, 0 given up\n"
    assert set(inbox.times().values()) == {1}
    assert len({mail["To"].addresses[0].addr_spec for mail in inbox.mails}) == count


def test_a_server_that_is_down_is_said_in_one_line_and_the_digests_wait(
    app: Flask, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli, "today", lambda: FRIDAY)
    post.stop()
    result = send(app)
    assert result.exit_code == 1
    assert result.stderr.startswith("MAIL_URL: 127.0.0.1 takes no mail now (ConnectionRefusedError)")
    assert result.stderr.count("\n") == 1
    assert set(db.session.scalars(db.select(OutgoingMail.attempts))) == {0}


@pytest.mark.parametrize("backend", ["sqlite"])
def test_without_a_mail_server_one_line_says_so(backend: str, databases: Databases) -> None:
    app = make_app(databases.fresh("sqlite"))
    with app.app_context():
        result = send(app)
    assert result.exit_code == 1
    assert result.output == "MAIL_URL is not set: no mail is sent\n"


def test_before_the_migration_one_line_says_what_to_run(backend: str, databases: Databases, post: Post) -> None:
    app = make_app(databases.empty(backend), **post.environ)
    with app.app_context():
        result = send(app)
    assert result.exit_code == 1
    assert result.stderr == "the database is not migrated: run portal db upgrade\n"
