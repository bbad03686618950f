"""The table of mails that wait, have been sent, or could not be."""

from datetime import datetime

from sqlalchemy import CheckConstraint, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, Moment


class OutgoingMail(Base):
    """A mail from the moment that it is decided; `key` says what it is about, and the same key is the same mail.

    It waits as long as `next_attempt_at` says when it is tried; a settled one has `sent_at` or `failed_at` instead.
    While `claimed_until` lies ahead, a sender has it in hand. `attempts` counts how often that has been. The text of a
    settled mail is gone: nobody needs it any more.
    """

    __tablename__ = "outgoing_mail"
    __table_args__ = (
        CheckConstraint("(next_attempt_at is null) = (sent_at is not null or failed_at is not null)", name="settled"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(120), unique=True)
    address: Mapped[str] = mapped_column(String(254))
    name: Mapped[str] = mapped_column(String(120))
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Moment)
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime | None] = mapped_column(Moment, index=True)
    claimed_until: Mapped[datetime | None] = mapped_column(Moment)
    sent_at: Mapped[datetime | None] = mapped_column(Moment)
    failed_at: Mapped[datetime | None] = mapped_column(Moment)
    last_error: Mapped[str] = mapped_column(String(60), default="")
