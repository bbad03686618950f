"""Tables for onboarding. What was done and decided is appended as events; every state is computed from them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Column, ForeignKey, Index, String, Table, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, Moment
from portal.framework.models import Behaviour, Competency, FrameworkVersion
from portal.people.models import Office, Person


class Template(Base):
    """A checklist that plans are started from. Editing it never changes a plan that has begun."""

    __tablename__ = "onboarding_template"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    title: Mapped[str] = mapped_column(String(120))
    framework_slug: Mapped[str] = mapped_column(String(60))

    items: Mapped[list["TemplateItem"]] = relationship(
        back_populates="template", order_by="TemplateItem.position", cascade="all, delete-orphan"
    )


class TemplateItem(Base):
    """`key` is the bank's id; competencies and behaviours are framework keys, so that they outlive a version."""

    __tablename__ = "onboarding_template_item"
    __table_args__ = (UniqueConstraint("template_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    template_id: Mapped[int] = mapped_column(ForeignKey("onboarding_template.id"))
    position: Mapped[int]
    key: Mapped[str] = mapped_column(String(80))
    bank_version_id: Mapped[int | None] = mapped_column(ForeignKey("bank_version.id"), index=True)
    title: Mapped[str] = mapped_column(String(120))
    why: Mapped[str] = mapped_column(Text)
    documentation: Mapped[str] = mapped_column(Text)
    phase: Mapped[str] = mapped_column(String(20))
    responsible: Mapped[str] = mapped_column(String(20))
    offset_days: Mapped[int]
    focus: Mapped[str] = mapped_column(String(20))
    required: Mapped[bool]
    competency_keys: Mapped[list[str]] = mapped_column(JSON)
    behaviour_keys: Mapped[list[str]] = mapped_column(JSON)

    template: Mapped[Template] = relationship(back_populates="items")


class Plan(Base):
    """One souschef's onboarding in one office. Its chef is the office's chef, whoever that is today."""

    __tablename__ = "onboarding_plan"
    __table_args__ = (UniqueConstraint("office_id", "souschef_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    template_title: Mapped[str] = mapped_column(String(120))
    version_id: Mapped[int] = mapped_column(ForeignKey("framework_version.id"))
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"), index=True)
    souschef_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    buddy_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    start_date: Mapped[date]
    created_at: Mapped[datetime] = mapped_column(Moment)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    version: Mapped[FrameworkVersion] = relationship()
    office: Mapped[Office] = relationship(lazy="joined", innerjoin=True)
    souschef: Mapped[Person] = relationship(foreign_keys=[souschef_id], lazy="joined", innerjoin=True)
    buddy: Mapped[Person | None] = relationship(foreign_keys=[buddy_id], lazy="joined")
    items: Mapped[list["PlanItem"]] = relationship(
        back_populates="plan", order_by="(PlanItem.due_date, PlanItem.position)"
    )
    milestone_events: Mapped[list["MilestoneEvent"]] = relationship(back_populates="plan", order_by="MilestoneEvent.id")


plan_item_competency = Table(
    "onboarding_plan_item_competency",
    Base.metadata,
    Column("item_id", ForeignKey("onboarding_plan_item.id"), primary_key=True),
    Column("competency_id", ForeignKey("competency.id"), primary_key=True, index=True),
)
plan_item_behaviour = Table(
    "onboarding_plan_item_behaviour",
    Base.metadata,
    Column("item_id", ForeignKey("onboarding_plan_item.id"), primary_key=True),
    Column("behaviour_id", ForeignKey("behaviour.id"), primary_key=True),
)


class PlanItem(Base):
    """A checklist item, copied from the template when the plan began, with its own due date."""

    __tablename__ = "onboarding_plan_item"

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("onboarding_plan.id"), index=True)
    bank_version_id: Mapped[int | None] = mapped_column(ForeignKey("bank_version.id"), index=True)
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(120))
    why: Mapped[str] = mapped_column(Text)
    documentation: Mapped[str] = mapped_column(Text)
    phase: Mapped[str] = mapped_column(String(20))
    responsible: Mapped[str] = mapped_column(String(20))
    due_date: Mapped[date]
    focus: Mapped[str] = mapped_column(String(20))
    required: Mapped[bool]

    plan: Mapped[Plan] = relationship(back_populates="items")
    competencies: Mapped[list[Competency]] = relationship(secondary=plan_item_competency, order_by=Competency.id)
    behaviours: Mapped[list[Behaviour]] = relationship(secondary=plan_item_behaviour, order_by=Behaviour.id)
    events: Mapped[list["ItemEvent"]] = relationship(back_populates="item", order_by="ItemEvent.id")


class ItemEvent(Base):
    """Append-only: an item was completed (with what documents it) or that was undone."""

    __tablename__ = "onboarding_item_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("onboarding_plan_item.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    note: Mapped[str] = mapped_column(Text)

    item: Mapped[PlanItem] = relationship(back_populates="events")
    by: Mapped[Person] = relationship(lazy="joined", innerjoin=True)


class MilestoneEvent(Base):
    """Append-only: sign-off was requested, returned with a comment, or given.

    An approval carries `snapshot`, exactly what was approved, and `digest`, the SHA-256 of its canonical JSON.
    """

    __tablename__ = "onboarding_milestone_event"
    __table_args__ = (Index("ix_onboarding_milestone_event_plan_phase", "plan_id", "phase"),)

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
