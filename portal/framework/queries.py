"""Reading frameworks: always a published version, unless a version is named."""

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from portal.db import db
from portal.framework.models import Competency, Framework, FrameworkVersion, Part

WHOLE = (selectinload(FrameworkVersion.parts).options(selectinload(Part.competencies), selectinload(Part.behaviours)),)


def find_version(slug: str, number: int | None = None) -> FrameworkVersion | None:
    """The named version of a framework, or its newest published one, with parts, competencies and behaviours."""
    query = select(FrameworkVersion).join(FrameworkVersion.framework).where(Framework.slug == slug)
    query = query.where(FrameworkVersion.published_at.is_not(None))
    if number is not None:
        query = query.where(FrameworkVersion.number == number)
    query = query.order_by(FrameworkVersion.number.desc()).options(contains_eager(FrameworkVersion.framework), *WHOLE)
    return db.session.scalars(query).first()


def published_versions() -> list[FrameworkVersion]:
    """Every published version, by framework, newest first."""
    query = select(FrameworkVersion).join(FrameworkVersion.framework)
    query = query.where(FrameworkVersion.published_at.is_not(None))
    query = query.order_by(Framework.slug, FrameworkVersion.number.desc()).options(
        contains_eager(FrameworkVersion.framework)
    )
    return list(db.session.scalars(query))


def find_competency(slug: str, number: int, key: str) -> Competency | None:
    """One competency of a published version, with its part, that part's behaviours and the version."""
    query = select(Competency).join(Competency.part).join(Part.version).join(FrameworkVersion.framework)
    query = query.where(Framework.slug == slug, FrameworkVersion.number == number, Competency.key == key)
    query = query.where(FrameworkVersion.published_at.is_not(None))
    query = query.options(
        joinedload(Competency.part).options(
            joinedload(Part.version), selectinload(Part.behaviours), selectinload(Part.competencies)
        )
    )
    return db.session.scalar(query)


def competencies_by_id(ids: list[int]) -> list[Competency]:
    """Competencies in the framework's order, each with its part."""
    query = select(Competency).join(Competency.part).where(Competency.id.in_(ids))
    query = query.order_by(Part.position, Competency.position).options(contains_eager(Competency.part))
    return list(db.session.scalars(query))
