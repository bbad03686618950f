"""Tables for the annual talk (MUS). Triggers in the migration hold what is released, confirmed and appended.

`side` is "souschef" or "chef": the two between whom the talk is.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, Moment
from portal.framework.models import FrameworkVersion
from portal.people.models import Office, Person


class AnnualTalk(Base):
    """One talk between a souschef and the chef who was theirs when it was called; a new chef calls a new talk.

    `competency_keys` are those that the two chose to talk about. `released_at` is when the second of them released
    the preparation, `frozen_at` when the second confirmed the summary; `revision` counts changes of time and choice.
    """

    __tablename__ = "annual_talk"
    __table_args__ = (
        Index("ix_annual_talk_souschef_id", "souschef_id", "starts_at"),
        Index("ix_annual_talk_office_id", "office_id", "starts_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    souschef_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    chef_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    framework_version_id: Mapped[int] = mapped_column(ForeignKey("framework_version.id"))
    starts_at: Mapped[datetime] = mapped_column(Moment)
    minutes: Mapped[int]
    place: Mapped[str] = mapped_column(String(200))
    competency_keys: Mapped[list[str]] = mapped_column(JSON)
    revision: Mapped[int] = mapped_column(default=1)
    released_at: Mapped[datetime | None] = mapped_column(Moment)
    frozen_at: Mapped[datetime | None] = mapped_column(Moment)
    cancelled_at: Mapped[datetime | None] = mapped_column(Moment)

    souschef: Mapped[Person] = relationship(foreign_keys=[souschef_id])
    chef: Mapped[Person] = relationship(foreign_keys=[chef_id])
    office: Mapped[Office] = relationship()
    framework_version: Mapped[FrameworkVersion] = relationship()
    events: Mapped[list["TalkEvent"]] = relationship(back_populates="talk", order_by="TalkEvent.id")
    views: Mapped[list["TalkView"]] = relationship(back_populates="talk", order_by="TalkView.id")
    releases: Mapped[list["TalkRelease"]] = relationship(back_populates="talk", order_by="TalkRelease.id")
    summaries: Mapped[list["TalkSummary"]] = relationship(back_populates="talk", order_by="TalkSummary.number")
    record: Mapped["TalkRecord | None"] = relationship(back_populates="talk")
    addenda: Mapped[list["TalkAddendum"]] = relationship(back_populates="talk", order_by="TalkAddendum.id")
    sharings: Mapped[list["TalkSharing"]] = relationship(back_populates="talk", order_by="TalkSharing.id")


class TalkEvent(Base):
    """Append-only: the talk was called, moved or called off; `starts_at` is its time from then on."""

    __tablename__ = "annual_talk_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    talk_id: Mapped[int] = mapped_column(ForeignKey("annual_talk.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    starts_at: Mapped[datetime | None] = mapped_column(Moment)
    words: Mapped[str] = mapped_column(Text)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Moment)

    talk: Mapped[AnnualTalk] = relationship(back_populates="events")
    by: Mapped[Person] = relationship()


class TalkView(Base):
    """What one side thinks of one competency, in words, with an optional level on the interviews' scale.

    `wants` is the wish to develop it. A draft of its side alone until both have released; then it never changes.
    """

    __tablename__ = "annual_talk_view"
    __table_args__ = (
        UniqueConstraint("talk_id", "side", "competency_key"),
        CheckConstraint("level is null or level between 1 and 5", name="level_on_scale"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    talk_id: Mapped[int] = mapped_column(ForeignKey("annual_talk.id"))
    side: Mapped[str] = mapped_column(String(10))
    competency_key: Mapped[str] = mapped_column(String(80))
    words: Mapped[str] = mapped_column(Text)
    level: Mapped[int | None]
    wants: Mapped[bool] = mapped_column(default=False)
    revision: Mapped[int] = mapped_column(default=1)
    saved_at: Mapped[datetime] = mapped_column(Moment)

    talk: Mapped[AnnualTalk] = relationship(back_populates="views")


class TalkRelease(Base):
    """Append-only: one side released its preparation to the other, or took that back before the other had released.

    `purpose` is "talk" for the other side, or "needs": the souschef lets the wishes count, nameless, in the needs of
    the agency.
    """

    __tablename__ = "annual_talk_release"

    id: Mapped[int] = mapped_column(primary_key=True)
    talk_id: Mapped[int] = mapped_column(ForeignKey("annual_talk.id"), index=True)
    side: Mapped[str] = mapped_column(String(10))
    purpose: Mapped[str] = mapped_column(String(10))
    kind: Mapped[str] = mapped_column(String(10))  # released or withdrawn
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Moment)

    talk: Mapped[AnnualTalk] = relationship(back_populates="releases")
    by: Mapped[Person] = relationship()


class TalkSummary(Base):
    """Append-only: a saved wording of the summary. It lacks the yes of both, also of the one who wrote it."""

    __tablename__ = "annual_talk_summary"
    __table_args__ = (UniqueConstraint("talk_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    talk_id: Mapped[int] = mapped_column(ForeignKey("annual_talk.id"))
    number: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Moment)

    talk: Mapped[AnnualTalk] = relationship(back_populates="summaries")
    by: Mapped[Person] = relationship()
    confirmations: Mapped[list["TalkConfirmation"]] = relationship(back_populates="summary")


class TalkConfirmation(Base):
    """Append-only: one side's yes to exactly this wording."""

    __tablename__ = "annual_talk_confirmation"
    __table_args__ = (UniqueConstraint("summary_id", "side"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    summary_id: Mapped[int] = mapped_column(ForeignKey("annual_talk_summary.id"))
    side: Mapped[str] = mapped_column(String(10))
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Moment)

    summary: Mapped[TalkSummary] = relationship(back_populates="confirmations")
    by: Mapped[Person] = relationship()


class TalkRecord(Base):
    """Append-only: the talk as both confirmed it, with the SHA-256 of its canonical JSON."""

    __tablename__ = "annual_talk_record"
    __table_args__ = (UniqueConstraint("talk_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    talk_id: Mapped[int] = mapped_column(ForeignKey("annual_talk.id"))
    snapshot: Mapped[dict[str, Any]] = mapped_column(JSON)
    digest: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Moment)

    talk: Mapped[AnnualTalk] = relationship(back_populates="record")


class TalkAddendum(Base):
    """Append-only: what one of the two adds to a frozen talk."""

    __tablename__ = "annual_talk_addendum"

    id: Mapped[int] = mapped_column(primary_key=True)
    talk_id: Mapped[int] = mapped_column(ForeignKey("annual_talk.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Moment)

    talk: Mapped[AnnualTalk] = relationship(back_populates="addenda")
    by: Mapped[Person] = relationship()


class TalkSharing(Base):
    """Append-only: the souschef lets a later chef read the frozen talk, or takes that back."""

    __tablename__ = "annual_talk_sharing"

    id: Mapped[int] = mapped_column(primary_key=True)
    talk_id: Mapped[int] = mapped_column(ForeignKey("annual_talk.id"), index=True)
    with_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))  # shared or withdrawn
    at: Mapped[datetime] = mapped_column(Moment)

    talk: Mapped[AnnualTalk] = relationship(back_populates="sharings")
    reader: Mapped[Person] = relationship()
