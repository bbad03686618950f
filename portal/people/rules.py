"""Decisions about passwords, sessions and relations, on plain values."""

import hashlib
from datetime import date, datetime, timedelta

MIN_PASSWORD_LENGTH = 12
MAX_PASSWORD_LENGTH = 200
IDLE_LIMIT = timedelta(minutes=60)
ABSOLUTE_LIMIT = timedelta(hours=12)


def normal_email(raw: str) -> str:
    return raw.strip().lower()


def secret_hash(secret: str) -> str:
    """What is kept of a secret that is too long to be guessed."""
    return hashlib.sha256(secret.encode()).hexdigest()


def session_has_ended(started_at: datetime, ended_at: datetime | None, seen_at: datetime, now: datetime) -> bool:
    """Whether a sign-in is over: ended by someone, idle for an hour, or twelve hours old."""
    return ended_at is not None or now - seen_at > IDLE_LIMIT or now - started_at > ABSOLUTE_LIMIT


def password_resembles_account(password: str, email: str, name: str) -> bool:
    """Whether the password is little more than the person's own name or address."""
    lowered = password.lower()
    words = [word for word in [*name.lower().split(), email.split("@")[0]] if len(word) > 3]
    rest = lowered
    for word in sorted(words, key=len, reverse=True):
        rest = rest.replace(word, "")
    return lowered != rest and len(rest) < MIN_PASSWORD_LENGTH // 2


def overlap(since: date, until: date | None, other_since: date, other_until: date | None) -> bool:
    """Whether two spans share a day; without `until` a span has no end."""
    return (other_until is None or since <= other_until) and (until is None or other_since <= until)


def holds_on(since: date, until: date | None, today: date) -> bool:
    return since <= today and (until is None or today <= until)
