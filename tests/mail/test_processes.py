"""Real sender processes: several at once, and some that are killed halfway."""

import asyncio
import os
import random
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from portal.db import db
from portal.mail import queries
from tests.mail.conftest import Inbox, Post, enqueue

MAILS = [f"mail{n}" for n in range(100)]
LEASE = "1"  # seconds; only one sender at a time runs with it
PATIENCE = 60
ROOT = Path(__file__).resolve().parents[2]


def start(app: Flask, post: Post, *arguments: str) -> "subprocess.Popen[str]":
    environ = {
        **os.environ,
        "PORTAL_DEMO": "1",
        "DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"],
        **post.environ,
    }
    return subprocess.Popen(
        [sys.executable, "-m", *arguments],
        cwd=ROOT,
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finished(process: "subprocess.Popen[str]") -> str:
    output, errors = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, errors
    return output


def arrived(inbox: Inbox) -> list[str]:
    """The keys of the test's own mails, as often as they came; the command's digests are left out."""
    names = [str(mail["To"].addresses[0].username) for mail in inbox.mails]
    return [name for name in names if name in MAILS]


def test_two_senders_at_once_send_each_mail_exactly_once(app: Flask, post: Post, inbox: Inbox) -> None:
    async def until_both_are_here() -> None:
        deadline = time.monotonic() + PATIENCE
        while len(inbox.peers) < 2 and time.monotonic() < deadline:
            await asyncio.sleep(0.01)

    inbox.after_data = until_both_are_here
    enqueue(*MAILS)
    db.session.remove()
    senders = [start(app, post, "portal", "mail", "send") for _ in range(2)]
    outputs = [finished(sender) for sender in senders]
    assert sorted(arrived(inbox)) == sorted(MAILS)
    assert set(inbox.times().values()) == {1}
    assert all(" 0 put off, 0 given up" in output for output in outputs)
    assert not any(" 0 sent" in output for output in outputs), "both had a part in it"


def test_senders_that_are_killed_lose_no_mail_and_repeat_at_most_the_one_in_hand(
    app: Flask, post: Post, inbox: Inbox
) -> None:
    chance = random.Random(17)
    kills = sorted(chance.sample(range(5, 95), 4))
    killed: list[Any] = []
    enqueue(*MAILS)
    db.session.remove()
    for number, count in enumerate(kills):
        sender = start(app, post, "tests.mail.sender", LEASE)
        if number == 0:  # between the server's acceptance and the commit: the one moment in which a mail is repeated
            inbox.after_data = lambda sender=sender, count=count: sender.kill() if len(inbox.mails) == count else None
        deadline = time.monotonic() + PATIENCE
        while len(inbox.mails) < count and time.monotonic() < deadline:
            time.sleep(0.001)
        time.sleep(chance.uniform(0, 0.015))
        sender.kill()
        sender.communicate()
        killed.append(sender.returncode)
    assert killed == [-9] * len(kills)
    finished(start(app, post, "tests.mail.sender", LEASE))
    assert set(arrived(inbox)) == set(MAILS)
    repeated = [times - 1 for times in inbox.times().values() if times > 1]
    assert 1 <= sum(repeated) <= len(kills)
    assert len(inbox.times()) == len(MAILS)
    assert queries.waiting() == 0


@pytest.mark.parametrize("backend", ["postgresql"])  # SQLite has one writer at a time
def test_a_mail_that_another_transaction_is_just_taking_is_passed_over(app: Flask) -> None:

    enqueue("a", "b")
    now = datetime.now(UTC)
    with db.engine.connect() as other:
        other.execute(db.text("SELECT id FROM outgoing_mail WHERE key = 'a' FOR UPDATE"))
        found = queries.next_due(now)
        assert found is not None
        assert found.key == "b"
        db.session.rollback()
