"""How a mail looks on its way, and how it is handed to the mail server."""

import re
import smtplib
import ssl
from contextlib import suppress
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Protocol

from portal.config import MailSettings
from portal.mail.rules import message_id

SECONDS = 120  # how long the server may take over each answer; a mail needs five, which LEASE outlasts
PER_CONNECTION = 20  # some servers close a connection that brings more
MAX_BREAKS = 3  # connections that break one after the other, before the server counts as unreachable
ENHANCED_CODE = re.compile(rb"[245]\.\d{1,3}\.\d{1,3}\b")


class Unreachable(Exception):
    """The server cannot be reached or wants nothing from us, which says nothing about any mail; one short line."""


class NotTaken(Exception):
    """The server has not taken this mail: for good when `permanent`. The message is short and holds no content."""

    def __init__(self, reason: str, *, permanent: bool) -> None:
        super().__init__(reason)
        self.permanent = permanent


class Mail(Protocol):
    """What a message is made of."""

    key: str
    address: str
    name: str
    subject: str
    body: str
    created_at: datetime


def as_message(mail: Mail, settings: MailSettings) -> EmailMessage:
    """The mail as plain text in UTF-8, the same to the letter however often it is made.

    Auto-Submitted keeps holiday replies away (RFC 3834).
    """
    message = EmailMessage(policy=SMTP)
    message["From"] = settings.sender
    message["To"] = Address(mail.name, addr_spec=mail.address)
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(mail.created_at)
    message["Message-ID"] = message_id(mail.key, settings.domain)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.body, cte="quoted-printable")
    return message


def _code(code: int, answer: bytes | str) -> str:
    """The numbers of an answer; its words may hold addresses and stay in the server's own log."""
    enhanced = ENHANCED_CODE.search(answer if isinstance(answer, bytes) else answer.encode())
    return f"{code} {enhanced[0].decode()}" if enhanced else str(code)


def _refusal(error: Exception) -> tuple[int, str] | None:
    """The code of the answer with which the server refused, and its short text; None when it said nothing."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, answer = next(iter(error.recipients.values()))
        return code, _code(code, answer)
    if isinstance(error, smtplib.SMTPResponseException):
        return error.smtp_code, _code(error.smtp_code, error.smtp_error)
    return None


class Relay:
    """A connection to the mail server, opened when it is needed and used for several mails."""

    def __init__(self, settings: MailSettings) -> None:
        self.settings = settings
        self._smtp: smtplib.SMTP | None = None
        self._used = self._breaks = 0

    def open(self) -> None:
        """Be connected and signed in; raises Unreachable. Never falls back to an unencrypted connection."""
        if self._smtp is not None and self._smtp.sock is not None and self._used < PER_CONNECTION:
            return
        self.close()
        if self._breaks >= MAX_BREAKS:
            raise Unreachable("connections keep breaking")
        try:
            self._smtp = self._connected()
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            refusal = _refusal(error)
            raise Unreachable(refusal[1] if refusal else type(error).__name__) from error

    def _connected(self) -> smtplib.SMTP:
        settings, context = self.settings, ssl.create_default_context()
        where, name = (settings.host, settings.port), settings.domain
        smtp = (
            smtplib.SMTP_SSL(*where, local_hostname=name, timeout=SECONDS, context=context)
            if settings.tls
            else smtplib.SMTP(*where, local_hostname=name, timeout=SECONDS)
        )
        self._smtp, self._used = smtp, 0  # so that it is closed when the next steps fail
        smtp.ehlo_or_helo_if_needed()
        if settings.starttls:
            smtp.starttls(context=context)
        if settings.user:
            smtp.login(settings.user, settings.password)
        return smtp

    def send(self, mail: Mail) -> None:
        """Hand one mail over, after `open`; raises NotTaken, or Unreachable when the server refuses our own address."""
        assert self._smtp is not None
        try:
            message = as_message(mail, self.settings)
        except (MessageError, ValueError, IndexError) as error:
            raise NotTaken("not an address", permanent=True) from error
        self._used += 1
        try:
            self._smtp.send_message(message, to_addrs=[mail.address])
        except smtplib.SMTPNotSupportedError as error:
            raise NotTaken("address not supported", permanent=True) from error
        except (smtplib.SMTPException, OSError) as error:
            raise self._reason(error) from error
        self._breaks = 0

    def _reason(self, error: Exception) -> NotTaken | Unreachable:
        refusal = _refusal(error)
        if refusal is None:
            self._drop()
            self._breaks += 1
            return NotTaken(f"connection lost ({type(error).__name__})", permanent=False)
        self._breaks = 0
        code, text = refusal
        if isinstance(error, smtplib.SMTPSenderRefused) and code >= 500:
            return Unreachable(f"MAIL_FROM refused: {text}")
        return NotTaken(text, permanent=code >= 500)

    def _drop(self) -> None:
        """Leave without a word a connection that does not work."""
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            smtp.close()

    def close(self) -> None:
        """Say goodbye if anyone is there to hear it."""
        if self._smtp is not None and self._smtp.sock is not None:
            with suppress(smtplib.SMTPException, OSError):
                self._smtp.quit()
        self._drop()
