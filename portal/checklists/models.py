"""Tables of the templates. A draft may be edited; from `published_at` on a version and its items never change."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, Moment
from portal.people.models import Person


class Template(Base):
    """A checklist that plans are started from, through all its versions. `slug` names the one that comes along."""

    __tablename__ = "checklist_template"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str | None] = mapped_column(String(60), unique=True)
    framework_slug: Mapped[str] = mapped_column(String(60))
    retired_at: Mapped[datetime | None] = mapped_column(Moment)

    versions: Mapped[list["TemplateVersion"]] = relationship(
        back_populates="template", order_by="TemplateVersion.number.desc()"
    )

    @property
    def published(self) -> "TemplateVersion | None":
        """What a new plan is started from."""
        return next((version for version in self.versions if version.published_at), None)

    @property
    def draft(self) -> "TemplateVersion | None":
        return next((version for version in self.versions if not version.published_at), None)


class TemplateVersion(Base):
    """`phase_days` maps each milestone of the template to its day, counted from the first day at work.

    `created_by` is None for what comes with the portal; `revision` counts the edits of a draft.
    """

    __tablename__ = "checklist_version"
    __table_args__ = (UniqueConstraint("template_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    template_id: Mapped[int] = mapped_column(ForeignKey("checklist_template.id"))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(120))
    phase_days: Mapped[dict[str, int]] = mapped_column(JSON)
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(Moment)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    published_at: Mapped[datetime | None] = mapped_column(Moment)

    template: Mapped[Template] = relationship(back_populates="versions", lazy="joined", innerjoin=True)
    created_by: Mapped[Person | None] = relationship(lazy="joined")
    items: Mapped[list["TemplateItem"]] = relationship(
        back_populates="version", order_by="TemplateItem.position", cascade="all, delete-orphan"
    )


class TemplateItem(Base):
    """One item; competencies and behaviours are framework keys, so that they outlive a version of the framework.

    `bank_version_id` is the version of the bank that it came from, if it did.
    """

    __tablename__ = "checklist_item"

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("checklist_version.id"), index=True)
    bank_version_id: Mapped[int | None] = mapped_column(ForeignKey("bank_version.id"), index=True)
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(120))
    why: Mapped[str] = mapped_column(Text)
    documentation: Mapped[str] = mapped_column(Text)
    phase: Mapped[str] = mapped_column(String(20))
    responsible: Mapped[str] = mapped_column(String(20))
    offset_days: Mapped[int]
    working_days: Mapped[bool]
    theme: Mapped[str] = mapped_column(String(20))
    required: Mapped[bool]
    competency_keys: Mapped[list[str]] = mapped_column(JSON)
    behaviour_keys: Mapped[list[str]] = mapped_column(JSON)

    version: Mapped[TemplateVersion] = relationship(back_populates="items")
