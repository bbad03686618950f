"""The outbox: what is written with a change is sent once, and what cannot be sent is tried again or given up."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from portal.audit.models import AuditEvent
from portal.audit.queries import last_event
from portal.db import db, unit_of_work
from portal.mail import queries, services
from portal.mail.models import OutgoingMail
from portal.mail.relay import SECONDS
from portal.mail.rules import BACK_OFF, KEPT, LEASE, message_id, wait_after
from tests.mail.conftest import DOMAIN, OK, SENDER, Inbox, Post, enqueue, stored

SUBJECT = "Tre ting venter på dig, Åse: rødgrød på Ærø"
BODY = "Hej Åse\n\n" + "Blåbærgrød på Ærø – æøå ÆØÅ ” “. " * 12 + "\n\nhttps://portal.example/" + "a" * 120 + "\n.\n"


class Clock:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.at = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.at

    def forward(self, wait: timedelta) -> None:
        self.at += wait


@pytest.fixture
def clock(app: Flask) -> Clock:
    found = Clock()
    found.forward(timedelta(seconds=1))  # after whatever the test enqueues
    return found


def test_a_mail_arrives_as_it_was_written_and_says_what_it_is(app: Flask, post: Post, inbox: Inbox) -> None:
    enqueue("digest:2026-11-24:17", address="aase@agency.example", name="Ågård, Åse", subject=SUBJECT, body=BODY)
    assert services.send_due(post.settings) == services.Tally(sent=1)
    mail = inbox.mails[0]
    assert mail["Subject"] == SUBJECT
    assert mail["From"] == SENDER
    assert mail["To"].addresses[0].display_name == "Ågård, Åse"
    assert mail["To"].addresses[0].addr_spec == "aase@agency.example"
    assert mail["Message-ID"] == message_id("digest:2026-11-24:17", DOMAIN)
    assert mail["Auto-Submitted"] == "auto-generated"
    assert abs(parsedate_to_datetime(mail["Date"]) - datetime.now(UTC)) < timedelta(minutes=1)
    assert mail.get_content_type() == "text/plain"
    assert mail.get_content_charset() == "utf-8"
    assert mail.get_content().replace("\r\n", "\n") == BODY
    assert inbox.raw[0].isascii()
    assert max(len(line) for line in inbox.raw[0].splitlines()) <= 78
    kept = stored("digest:2026-11-24:17")
    assert kept.sent_at is not None
    assert (kept.body, kept.next_attempt_at, kept.claimed_until, kept.attempts) == ("", None, None, 1)
    assert services.send_due(post.settings) == services.Tally()


def test_line_breaks_in_a_name_or_subject_add_no_headers(app: Flask, post: Post, inbox: Inbox) -> None:
    enqueue("a", name="Åse\r\nBcc: evil@agency.example", subject="Prøve\nX-Evil: ja")
    assert services.send_due(post.settings).sent == 1
    assert "X-Evil" not in inbox.mails[0]
    assert "Bcc" not in inbox.mails[0]


def test_the_same_key_is_one_mail(app: Flask, post: Post, inbox: Inbox) -> None:
    enqueue("a", "a")
    enqueue("a", "b")
    with unit_of_work():
        values = {"address": "a@agency.example", "name": "Å", "subject": "Igen", "body": "Igen"}
        assert not services.enqueue("a", **values)
        assert services.enqueue("c", **values)
    assert services.send_due(post.settings).sent == 3
    enqueue("a", "b", "c")
    assert services.send_due(post.settings).sent == 0
    assert set(inbox.times().values()) == {1}


def test_what_the_caller_rolls_back_is_no_mail(app: Flask, post: Post, inbox: Inbox) -> None:
    def fail() -> None:
        with unit_of_work():
            services.enqueue("a", address="a@agency.example", name="Å", subject="Prøve", body="Prøve")
            raise RuntimeError("power cut")

    with pytest.raises(RuntimeError):
        fail()
    assert services.send_due(post.settings) == services.Tally()
    assert inbox.mails == []


def test_a_refusal_for_now_waits_and_then_succeeds(app: Flask, post: Post, inbox: Inbox, clock: Clock) -> None:
    enqueue("a", "b")
    inbox.answer = lambda address: "450 4.7.1 Greylisted, a@agency.example" if address.startswith("a@") else OK
    assert services.send_due(post.settings, clock=clock) == services.Tally(sent=1, put_off=1)
    waiting = stored("a")
    assert waiting.last_error == "450 4.7.1"
    assert waiting.next_attempt_at == clock.at + BACK_OFF[0]
    clock.forward(BACK_OFF[0] - timedelta(seconds=1))
    assert services.send_due(post.settings, clock=clock) == services.Tally()
    clock.forward(timedelta(seconds=1))
    inbox.answer = lambda address: OK
    assert services.send_due(post.settings, clock=clock) == services.Tally(sent=1)
    sent = stored("a")
    assert (sent.last_error, sent.attempts) == ("", 2)


def test_a_mail_that_is_refused_again_and_again_is_given_up_with_an_event(
    app: Flask, post: Post, inbox: Inbox, clock: Clock
) -> None:
    enqueue("a", body="Kun i brevet")
    inbox.answer = lambda address: "451 4.3.0 Not now"
    for wait in BACK_OFF:
        assert services.send_due(post.settings, clock=clock) == services.Tally(put_off=1)
        clock.forward(wait)
    assert last_event("mail.give_up") is None
    assert services.send_due(post.settings, clock=clock) == services.Tally(given_up=1)
    mail = stored("a")
    assert mail.failed_at == clock.at
    assert (mail.next_attempt_at, mail.body) == (None, "")
    event = last_event("mail.give_up")
    assert event is not None
    assert (event.subject_id, event.details) == (mail.id, {"reason": "451 4.3.0", "attempts": 6})
    db.session.rollback()
    assert services.send_due(post.settings, clock=clock) == services.Tally()


@pytest.mark.parametrize("address", ["a@agency.example", "not an address", "å@agency.example", "a@b\n@c"])
def test_what_is_refused_for_good_is_given_up_at_once(app: Flask, post: Post, inbox: Inbox, address: str) -> None:
    enqueue("a", address=address)
    enqueue("b")
    inbox.answer = lambda to: OK if to.startswith("b@") else "550 5.1.1 No such user"
    assert services.send_due(post.settings) == services.Tally(sent=1, given_up=1)
    assert stored("a").failed_at is not None
    assert db.session.scalars(db.select(AuditEvent.action).where(AuditEvent.action == "mail.give_up")).all() == [
        "mail.give_up"
    ]


def test_a_server_that_is_down_costs_no_mail_an_attempt(app: Flask, post: Post, inbox: Inbox) -> None:
    enqueue("a", "b")
    post.stop()
    tally = services.send_due(post.settings)
    assert tally == services.Tally(unreachable="ConnectionRefusedError")
    assert [(mail.attempts, mail.claimed_until) for mail in (stored("a"), stored("b"))] == [(0, None)] * 2
    again = Post()
    assert services.send_due(again.settings).sent == 2
    again.stop()


def test_a_server_that_refuses_our_own_address_costs_no_mail_an_attempt(app: Flask, post: Post, inbox: Inbox) -> None:
    enqueue("a", "b")
    inbox.sender_answer = "553 5.7.1 Not your address"
    assert services.send_due(post.settings) == services.Tally(unreachable="MAIL_FROM refused: 553 5.7.1")
    assert (stored("a").attempts, stored("a").claimed_until) == (0, None)
    inbox.sender_answer = OK
    assert services.send_due(post.settings).sent == 2


def test_a_connection_that_breaks_costs_only_the_mail_in_hand(app: Flask, post: Post, inbox: Inbox) -> None:
    enqueue("a", "b", "c")
    inbox.answer = lambda address: "hang up" if address.startswith("b@") else OK
    assert services.send_due(post.settings) == services.Tally(sent=2, put_off=1)
    assert stored("b").last_error == "connection lost (SMTPServerDisconnected)"


def test_connections_that_keep_breaking_end_the_run(app: Flask, post: Post, inbox: Inbox) -> None:
    enqueue(*"abcde")
    inbox.answer = lambda address: "hang up"
    assert services.send_due(post.settings) == services.Tally(put_off=3, unreachable="connections keep breaking")
    assert [stored(key).attempts for key in "abcde"] == [1, 1, 1, 0, 0]


def test_many_mails_share_a_connection_but_not_all_of_them(app: Flask, post: Post, inbox: Inbox) -> None:
    enqueue(*(f"m{n}" for n in range(45)))
    assert services.send_due(post.settings).sent == 45
    assert len(inbox.peers) == 3


def test_a_claimed_mail_is_left_alone_until_the_lease_is_over(app: Flask, post: Post, clock: Clock) -> None:
    enqueue("a")
    with unit_of_work():
        mail = queries.next_due(clock.at)
        assert mail is not None
        mail.claimed_until = clock.at + timedelta(minutes=15)
    clock.forward(timedelta(minutes=14))
    assert services.send_due(post.settings, clock=clock) == services.Tally()
    clock.forward(timedelta(minutes=1))
    assert services.send_due(post.settings, clock=clock) == services.Tally(sent=1)


def test_a_busy_database_is_asked_again_after_a_mail_has_left(
    app: Flask, post: Post, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    failures = iter([True, True])
    real = db.session.commit

    def commit() -> None:
        if any(isinstance(row, OutgoingMail) and row.sent_at for row in db.session.dirty) and next(failures, False):
            raise OperationalError("update", {}, Exception("database is locked"))
        real()

    enqueue("a")
    monkeypatch.setattr(services, "PAUSES", (0.01, 0.01))
    monkeypatch.setattr(db.session, "commit", commit)
    assert services.send_due(post.settings).sent == 1
    assert stored("a").sent_at is not None
    assert len(inbox.mails) == 1


def test_settled_mails_are_forgotten_after_a_month(app: Flask, post: Post, clock: Clock) -> None:
    enqueue("a")
    services.send_due(post.settings, clock=clock)
    enqueue("b")
    clock.forward(KEPT + timedelta(seconds=1))
    services.send_due(post.settings, clock=clock)
    assert db.session.scalars(db.select(OutgoingMail.key)).all() == ["b"]


def test_waits_grow_and_end() -> None:
    assert [wait_after(n) for n in range(1, 7)] == [*BACK_OFF, None]
    assert BACK_OFF[0] == timedelta(minutes=1)
    assert BACK_OFF[-1] == timedelta(hours=12)


def test_a_claim_outlasts_the_slowest_server() -> None:
    answers = 6  # to MAIL, RCPT, DATA, the text, its end, and RSET
    assert timedelta(seconds=answers * SECONDS + sum(services.PAUSES) + 60) < LEASE


def test_a_message_id_belongs_to_one_key_and_gives_nothing_away() -> None:
    first = message_id("digest:2026-11-24:17", "portal.example")
    assert first == message_id("digest:2026-11-24:17", "portal.example")
    assert first != message_id("digest:2026-11-24:18", "portal.example")
    assert first.endswith("@portal.example>")
    assert "2026" not in first.replace(first[1:33], "")
