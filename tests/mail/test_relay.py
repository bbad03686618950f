"""Signing in at the mail server, and encryption that is never left out."""

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword

from portal.mail.models import OutgoingMail
from portal.mail.relay import Relay, Unreachable
from tests.mail.conftest import Post

CERTIFICATE = Path(__file__).with_name("loopback.pem")  # for 127.0.0.1 and for these tests alone; valid a hundred years
MAIL = OutgoingMail(
    key="a", address="a@agency.example", name="Å", subject="Prøve", body="Prøve\n", created_at=datetime.now(UTC)
)


def check(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
    right = isinstance(data, LoginPassword) and (data.login, data.password) == (b"portal", b"kode")
    return AuthResult(success=right, handled=False)


def certified() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    return context


@pytest.fixture
def starttls_post() -> Iterator[Post]:
    running = Post(tls_context=certified(), require_starttls=True, authenticator=check, auth_required=True)
    yield running
    running.stop()


def send(relay: Relay) -> None:
    try:
        relay.open()
        relay.send(MAIL)
    finally:
        relay.close()


def test_starttls_with_a_password(starttls_post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    send(Relay(starttls_post.at(starttls=True, user="portal", password="kode")))
    assert len(starttls_post.inbox.mails) == 1
    with pytest.raises(Unreachable, match="535"):
        send(Relay(starttls_post.at(starttls=True, user="portal", password="forkert")))
    assert len(starttls_post.inbox.mails) == 1


def test_tls_from_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    post = Post(ssl_context=certified())
    try:
        send(Relay(post.at(tls=True)))
        assert len(post.inbox.mails) == 1
    finally:
        post.stop()


def test_an_unknown_certificate_is_not_trusted(starttls_post: Post) -> None:
    with pytest.raises(Unreachable, match="SSLCertVerificationError"):
        send(Relay(starttls_post.at(starttls=True)))
    assert starttls_post.inbox.mails == []


def test_a_server_without_starttls_gets_nothing(post: Post) -> None:
    with pytest.raises(Unreachable, match="SMTPNotSupportedError"):
        send(Relay(post.at(starttls=True)))
    assert post.inbox.mails == []
