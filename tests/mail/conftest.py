"""A real mail server on this machine, which keeps what it gets and can be told what to answer."""

import asyncio
import email
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from email import policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope, Session

from portal.config import MailSettings
from portal.db import db, unit_of_work
from portal.mail import services
from portal.mail.models import OutgoingMail

OK = "250 2.0.0 OK"
SENDER = "Souschefportalen <portal@agency.example>"
DOMAIN = "portal.example"


class Inbox:
    """What the server got, in order. `answer` decides on each recipient; `after_data` runs when a mail has come."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.raw: list[bytes] = []
        self.peers: set[Any] = set()
        self.answer: Callable[[str], str] = lambda address: OK
        self.sender_answer = OK
        self.after_data: Callable[[], Any] | None = None

    async def handle_MAIL(  # noqa: N802
        self, server: Any, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.peers.add(session.peer)
        if self.sender_answer == OK:
            envelope.mail_from = address
        return self.sender_answer

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.answer(address)
        if answer == "hang up":
            server.transport.close()
        elif answer == OK:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: Any, session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.content
        assert isinstance(content, bytes)
        mail = email.message_from_bytes(content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.raw.append(content)
        self.mails.append(mail)
        if self.after_data is not None:
            found = self.after_data()
            if asyncio.iscoroutine(found):
                await found
        return OK

    def times(self) -> Counter[str]:
        """How often each Message-ID has come."""
        return Counter(mail["Message-ID"] for mail in self.mails)


class Server(Controller):
    """Listens on a port that the system chooses."""

    def _create_server(self) -> Any:
        self.port = 0
        return super()._create_server()

    def _trigger_server(self) -> None:
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


class Post:
    """A running server, its inbox, and the settings that lead to it."""

    def __init__(self, **options: Any) -> None:
        self.inbox = Inbox()
        self.server = Server(self.inbox, hostname="127.0.0.1", ready_timeout=30, **options)
        self.server.start()
        self.settings = MailSettings("127.0.0.1", self.server.port, SENDER, DOMAIN)

    def at(self, **changes: Any) -> MailSettings:
        return replace(self.settings, **changes)

    @property
    def environ(self) -> dict[str, str]:
        """The same as settings of the application."""
        return {
            "MAIL_URL": f"smtp://127.0.0.1:{self.server.port}",
            "MAIL_FROM": SENDER,
            "BASE_URL": f"https://{DOMAIN}",
        }

    def stop(self) -> None:
        if self.server.server is not None:
            self.server.stop()


@pytest.fixture
def post() -> Iterator[Post]:
    running = Post()
    yield running
    running.stop()


@pytest.fixture
def inbox(post: Post) -> Inbox:
    return post.inbox


def enqueue(*keys: str, **values: str) -> None:
    """Commit mails with these keys, each to an address of its own."""
    with unit_of_work():
        for key in keys:
            mail = {"name": "Åse Ærø", "subject": "Prøve", "body": "Prøve\n", **values}
            services.enqueue(key, address=mail.pop("address", f"{key}@agency.example"), **mail)


def stored(key: str) -> OutgoingMail:
    db.session.rollback()
    found = db.session.scalar(db.select(OutgoingMail).where(OutgoingMail.key == key))
    assert found is not None
    db.session.refresh(found)
    db.session.rollback()
    return found
