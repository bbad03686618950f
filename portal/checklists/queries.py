"""Reading templates; plans are started from what is published."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import selectinload

from portal.checklists.models import Template, TemplateItem, TemplateVersion
from portal.db import db


def templates(*, retired: bool = False) -> list[Template]:
    """All templates that are in use (or those that are not), the one that comes with the portal first."""
    query = select(Template).options(selectinload(Template.versions)).order_by(Template.id)
    wanted = Template.retired_at.is_not(None) if retired else Template.retired_at.is_(None)
    return list(db.session.scalars(query.where(wanted)))


def published() -> list[TemplateVersion]:
    """The versions from which a plan can be started, one for each template."""
    return [version for template in templates() if (version := template.published)]


def find_template(template_id: int) -> Template | None:
    """A template with all its versions and their items."""
    versions = selectinload(Template.versions).selectinload(TemplateVersion.items)
    return db.session.scalar(select(Template).where(Template.id == template_id).options(versions))


def find_version(version_id: int) -> TemplateVersion | None:
    query = select(TemplateVersion).where(TemplateVersion.id == version_id)
    return db.session.scalar(query.options(selectinload(TemplateVersion.items)))


def find_by_slug(slug: str) -> Template | None:
    versions = selectinload(Template.versions).selectinload(TemplateVersion.items)
    return db.session.scalar(select(Template).where(Template.slug == slug).options(versions))


def find_published(template_id: int, number: int) -> TemplateVersion | None:
    """One published version of a template, with its items."""
    query = select(TemplateVersion).where(TemplateVersion.template_id == template_id, TemplateVersion.number == number)
    query = query.where(TemplateVersion.published_at.is_not(None))
    return db.session.scalar(query.options(selectinload(TemplateVersion.items)))


def find_draft(template_id: int) -> TemplateVersion | None:
    """The draft of a template with its items, to look at."""
    found: TemplateVersion | None = db.session.scalar(_draft(template_id))
    return found


def _draft(template_id: int) -> Select[Any]:
    query = select(TemplateVersion).where(TemplateVersion.template_id == template_id)
    return query.where(TemplateVersion.published_at.is_(None)).options(selectinload(TemplateVersion.items))


def find_draft_to_change(template_id: int) -> TemplateVersion | None:
    """The same, while everyone else who wants to change it waits. Its items are read after the wait."""
    query = _draft(template_id).with_for_update(of=TemplateVersion)
    found: TemplateVersion | None = db.session.scalar(query.execution_options(populate_existing=True))
    return found


def find_draft_item(template_id: int, item_id: int) -> TemplateItem | None:
    """An item of that draft and no other, to be changed."""
    draft = find_draft_to_change(template_id)
    return next((item for item in draft.items if item.id == item_id), None) if draft else None


def item_counts(version_ids: Collection[int]) -> dict[int, int]:
    """How many items each of these versions has."""
    query = select(TemplateItem.version_id, func.count()).where(TemplateItem.version_id.in_(version_ids))
    return {row[0]: row[1] for row in db.session.execute(query.group_by(TemplateItem.version_id))}


def uses_of_bank(version_ids: Collection[int]) -> dict[int, int]:
    """How many items of published templates use each of these versions of the bank."""
    query = select(TemplateItem.bank_version_id, func.count()).where(TemplateItem.bank_version_id.in_(version_ids))
    query = query.join(TemplateItem.version).where(TemplateVersion.published_at.is_not(None))
    return {row[0] or 0: row[1] for row in db.session.execute(query.group_by(TemplateItem.bank_version_id))}
