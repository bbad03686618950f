"""Tables for onboarding. What was done and decided is appended as events.

Two columns are worked out from other rows and kept in step in the same transaction, so that lists of thousands of
plans can be sorted and counted: `PlanItem.state` (from its events) and `Plan.open_from` (from its items).
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, Moment
from portal.framework.models import FrameworkVersion
from portal.people.models import Office, Person

RUNNING = text("ended_at IS NULL")
ASKED = text("kind = 'waiver_asked'")
OPEN_HR = text("responsible = 'hr' AND state = 'open'")  # the only items that are looked for across all plans


class Plan(Base):
    """One souschef's onboarding in one office. Its chef is the office's chef, whoever that is today."""

    __tablename__ = "onboarding_plan"
    __table_args__ = (
        Index(
            "uq_onboarding_plan_running", "office_id", "souschef_id", unique=True,
            sqlite_where=RUNNING, postgresql_where=RUNNING,
        ),
        Index("ix_onboarding_plan_open_from", "open_from", "id", sqlite_where=RUNNING, postgresql_where=RUNNING),
        Index("ix_onboarding_plan_start_date", "start_date", "id"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    template_title: Mapped[str] = mapped_column(String(120))
    template_version_id: Mapped[int] = mapped_column(ForeignKey("checklist_version.id"), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("framework_version.id"))
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"), index=True)
    souschef_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    buddy_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    start_date: Mapped[date]
    contract: Mapped[str] = mapped_column(String(20))
    open_from: Mapped[date | None]
    created_at: Mapped[datetime] = mapped_column(Moment)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    ended_reason: Mapped[str] = mapped_column(Text, default="")

    version: Mapped[FrameworkVersion] = relationship()
    office: Mapped[Office] = relationship(lazy="joined", innerjoin=True)
    souschef: Mapped[Person] = relationship(foreign_keys=[souschef_id], lazy="joined", innerjoin=True)
    buddy: Mapped[Person | None] = relationship(foreign_keys=[buddy_id], lazy="joined")
    items: Mapped[list["PlanItem"]] = relationship(
        back_populates="plan", order_by="(PlanItem.due_date, PlanItem.position, PlanItem.id)"
    )
    milestones: Mapped[list["PlanMilestone"]] = relationship(order_by="PlanMilestone.due_date")
    milestone_events: Mapped[list["MilestoneEvent"]] = relationship(back_populates="plan", order_by="MilestoneEvent.id")


class PlanMilestone(Base):
    """A milestone of the plan with its day, copied from the template when the plan began."""

    __tablename__ = "onboarding_plan_milestone"

    plan_id: Mapped[int] = mapped_column(ForeignKey("onboarding_plan.id"), primary_key=True)
    phase: Mapped[str] = mapped_column(String(20), primary_key=True)
    due_date: Mapped[date]


class PlanItem(Base):
    """A checklist item, copied from the template when the plan began, or added later (`added_by`).

    `revision` counts the edits of its words, so that the second of two editors is told.
    """

    __tablename__ = "onboarding_plan_item"
    __table_args__ = (
        Index("ix_onboarding_plan_item_plan_state", "plan_id", "state", "due_date"),
        Index("ix_onboarding_plan_item_hr", "due_date", "id", sqlite_where=OPEN_HR, postgresql_where=OPEN_HR),
        Index("ix_onboarding_plan_item_bank_version_id", "bank_version_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("onboarding_plan.id"))
    bank_version_id: Mapped[int | None] = mapped_column(ForeignKey("bank_version.id"))
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(120))
    why: Mapped[str] = mapped_column(Text)
    documentation: Mapped[str] = mapped_column(Text)
    phase: Mapped[str] = mapped_column(String(20))
    responsible: Mapped[str] = mapped_column(String(20))
    offset_days: Mapped[int]
    working_days: Mapped[bool]
    due_date: Mapped[date]
    theme: Mapped[str] = mapped_column(String(20))
    required: Mapped[bool]
    competency_keys: Mapped[list[str]] = mapped_column(JSON)
    behaviour_keys: Mapped[list[str]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(10), default="open")
    revision: Mapped[int] = mapped_column(default=1)

    plan: Mapped[Plan] = relationship(back_populates="items")
    events: Mapped[list["ItemEvent"]] = relationship(back_populates="item", order_by="ItemEvent.id")


class ItemEvent(Base):
    """Append-only: what happened to an item, by whom and when, with the words that go with it."""

    __tablename__ = "onboarding_item_event"
    __table_args__ = (
        Index("ix_onboarding_item_event_asked", "item_id", "id", sqlite_where=ASKED, postgresql_where=ASKED),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("onboarding_plan_item.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    note: Mapped[str] = mapped_column(Text)

    item: Mapped[PlanItem] = relationship(back_populates="events")
    by: Mapped[Person] = relationship(lazy="joined", innerjoin=True)


class MilestoneEvent(Base):
    """Append-only: sign-off was requested, withdrawn, returned with a comment, given, or taken up again.

    An approval carries `snapshot`, exactly what was approved, and `digest`, the SHA-256 of its canonical JSON.
    """

    __tablename__ = "onboarding_milestone_event"
    __table_args__ = (Index("ix_onboarding_milestone_event_plan_phase", "plan_id", "phase", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("onboarding_plan.id"))
    phase: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(20))
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    comment: Mapped[str] = mapped_column(Text)
    snapshot: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    digest: Mapped[str] = mapped_column(String(64))

    plan: Mapped[Plan] = relationship(back_populates="milestone_events")
    by: Mapped[Person] = relationship(lazy="joined", innerjoin=True)


class TrialReview(Base):
    """Append-only: each saved wording of the chef's review of the trial period, or the souschef's remarks to it.

    The souschef, the chef and HR see what is shared; before that it is the chef's own draft. `shared` holds from that
    wording on. Remarks are the souschef's and leave the chef's fields empty.
    """

    __tablename__ = "onboarding_trial_review"

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("onboarding_plan.id"), index=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    strengths: Mapped[str] = mapped_column(Text, default="")
    concerns: Mapped[str] = mapped_column(Text, default="")
    actions: Mapped[str] = mapped_column(Text, default="")
    remarks: Mapped[str] = mapped_column(Text, default="")
    shared: Mapped[bool] = mapped_column(default=False)

    by: Mapped[Person] = relationship(lazy="joined", innerjoin=True)
