"""Writing mails to the outbox, and sending what is due."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import delete, or_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import OperationalError

from portal.audit.services import record
from portal.config import MailSettings
from portal.db import db, unit_of_work
from portal.mail import queries
from portal.mail.models import OutgoingMail
from portal.mail.relay import NotTaken, Relay, Unreachable
from portal.mail.rules import KEPT, LEASE, one_line, wait_after

PAUSES = (0.1, 1, 5, 10, 20)  # seconds; together with SQLite's own patience well within the lease
SETTLED = {"next_attempt_at": None, "body": ""}


def now() -> datetime:
    return datetime.now(UTC)


def enqueue(key: str, *, address: str, name: str, subject: str, body: str) -> bool:
    """Put a mail into the outbox within the caller's transaction: what is rolled back is never sent.

    A key that is there already, also from another transaction at the same moment, adds nothing; returns whether the
    mail is new. Keys are remembered for KEPT after the mail was settled. A mail holds only titles, dates, names and
    links, says why it was sent, and leads to the page where the thing is done.
    """
    insert = sqlite.insert if db.session.get_bind().dialect.name == "sqlite" else postgresql.insert
    at = now()
    statement = insert(OutgoingMail).values(
        key=key,
        address=address,
        name=one_line(name),
        subject=one_line(subject),
        body=body,
        created_at=at,
        next_attempt_at=at,
        attempts=0,
        last_error="",
    )
    fresh = statement.on_conflict_do_nothing(index_elements=["key"]).returning(OutgoingMail.id)
    return db.session.scalar(fresh) is not None


@dataclass
class Tally:
    """What became of the mails of one run; `unreachable` says why the server was not to be had."""

    sent: int = 0
    put_off: int = 0
    given_up: int = 0
    unreachable: str = ""


def send_due(settings: MailSettings, *, clock: Callable[[], datetime] = now, lease: timedelta = LEASE) -> Tally:
    """Send every mail that is due, one at a time; call it outside any transaction, as it commits by itself.

    The claim is committed before the mail leaves, and what became of it is committed right after. This is what holds:

    - Nothing is lost. A sender that is killed leaves its mail claimed, and after `lease` the mail is taken up again. A
      server that cannot be reached, or wants nothing from us, ends the run and costs no mail an attempt.
    - Two senders never have the same mail in hand, as long as one mail takes less than `lease`.
    - No mail is sent twice, with one exception that SMTP leaves open: when the process dies, the connection breaks or
      the database goes away between the server's acceptance and our commit, we cannot know of the acceptance. The
      mail is then sent again, with the same Message-ID, by which servers and mail programs recognise it.
    - A mail that the server refuses for good (5xx) is given up at once, one that it refuses for now after the last wait
      of BACK_OFF. Both leave an event.
    """
    tally, relay = Tally(), Relay(settings)
    try:
        forget_settled(clock())
        while _is_any_due(clock()):
            relay.open()
            mail = _claim(clock(), lease)
            if mail is None:  # others have the rest in hand
                break
            _send(mail, relay, clock, tally)
    except Unreachable as error:
        tally.unreachable = str(error)
    finally:
        relay.close()
    return tally


def _is_any_due(at: datetime) -> bool:
    with unit_of_work():
        return queries.is_any_due(at)


def _claim(at: datetime, lease: timedelta) -> OutgoingMail | None:
    with unit_of_work():
        mail = queries.next_due(at)
        if mail is not None:
            mail.claimed_until = at + lease
            mail.attempts += 1
    return mail


def _send(mail: OutgoingMail, relay: Relay, clock: Callable[[], datetime], tally: Tally) -> None:
    try:
        relay.send(mail)
    except Unreachable:
        _note(mail, attempts=mail.attempts - 1)
        raise
    except NotTaken as refusal:
        wait = None if refusal.permanent else wait_after(mail.attempts)
        if wait is None:
            _note(mail, last_error=str(refusal), failed_at=clock(), **SETTLED)
            tally.given_up += 1
        else:
            _note(mail, last_error=str(refusal), next_attempt_at=clock() + wait)
            tally.put_off += 1
    else:
        _note(mail, last_error="", sent_at=clock(), **SETTLED)
        tally.sent += 1


def _note(mail: OutgoingMail, **values: Any) -> None:
    """Commit what became of the mail; a database that is busy is asked again, as the mail has left already."""
    for pause in (*PAUSES, None):
        try:
            with unit_of_work():
                for name, value in {"claimed_until": None, **values}.items():
                    setattr(mail, name, value)
                if mail.failed_at is not None:
                    record("mail.give_up", mail, reason=mail.last_error, attempts=mail.attempts)
            return
        except OperationalError:
            if pause is None:
                raise
            time.sleep(pause)


def forget_settled(at: datetime) -> None:
    """Delete mails that were sent or given up long ago: they say who owed what, and nobody needs them."""
    is_old = or_(OutgoingMail.sent_at < at - KEPT, OutgoingMail.failed_at < at - KEPT)
    with unit_of_work():
        db.session.execute(delete(OutgoingMail).where(is_old), execution_options={"synchronize_session": False})
