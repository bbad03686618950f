"""Reading templates; plans are started from what is published."""

from collections.abc import Collection

from sqlalchemy import func, select
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


def uses_of_bank(version_ids: Collection[int]) -> dict[int, int]:
    """How many items of published templates use each of these versions of the bank."""
    query = select(TemplateItem.bank_version_id, func.count()).where(TemplateItem.bank_version_id.in_(version_ids))
    query = query.join(TemplateItem.version).where(TemplateVersion.published_at.is_not(None))
    return {row[0] or 0: row[1] for row in db.session.execute(query.group_by(TemplateItem.bank_version_id))}
