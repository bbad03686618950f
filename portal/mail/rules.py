"""Decisions about when a mail is tried again and how it is recognised, on plain values."""

import hashlib
from datetime import timedelta

BACK_OFF = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=12),
)
LEASE = timedelta(minutes=15)  # longer than a mail can take: see SECONDS in relay
KEPT = timedelta(days=30)


def wait_after(attempts: int) -> timedelta | None:
    """How long a mail waits after this many failed attempts; None when it has been tried often enough."""
    return BACK_OFF[attempts - 1] if attempts <= len(BACK_OFF) else None


def message_id(key: str, domain: str) -> str:
    """The same for the same mail however often it is sent, so that a repeated one is recognised."""
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{domain}>"


def one_line(text: str) -> str:
    """Text for a header: no line breaks, no runs of spaces."""
    return " ".join(text.split())
