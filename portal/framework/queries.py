"""Reading frameworks: always a published version, unless a version is named."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property

from flask import current_app
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


@dataclass(frozen=True)
class OutlinePart:
    """A part with its competencies and behaviours as key → wording, in order."""

    position: int
    slug: str
    title: str
    competencies: Mapping[str, str]
    behaviours: Mapping[str, str]


@dataclass(frozen=True)
class Outline:
    """A published framework version as plain values; it never changes, so it is read once for each application."""

    slug: str
    number: int
    title: str
    parts: tuple[OutlinePart, ...]

    @cached_property
    def _part_by_key(self) -> Mapping[str, OutlinePart]:
        return {key: part for part in self.parts for key in part.competencies}

    @cached_property
    def _parts_by_keys(self) -> dict[tuple[str, ...], list[OutlinePart]]:
        return {}

    def part_of(self, competency_key: str) -> OutlinePart | None:
        return self._part_by_key.get(competency_key)

    def parts_of(self, competency_keys: Collection[str]) -> list[OutlinePart]:
        """The parts that any of the competencies belong to, in order."""
        keys = tuple(competency_keys)
        known = self._parts_by_keys.get(keys)
        if known is None:  # a plan asks for the same few sets of competencies again and again
            found = {part.position: part for key in keys if (part := self._part_by_key.get(key))}
            known = self._parts_by_keys[keys] = [found[position] for position in sorted(found)]
        return known

    def text_of(self, competency_key: str) -> str:
        part = self.part_of(competency_key)
        return part.competencies[competency_key] if part else competency_key

    @property
    def competency_keys(self) -> list[str]:
        return [key for part in self.parts for key in part.competencies]


def outline(version_id: int) -> Outline:
    """The outline of a published version; asking again costs nothing."""
    known: dict[int, Outline] = current_app.extensions.setdefault("framework_outlines", {})
    if version_id not in known:
        version = db.session.get_one(FrameworkVersion, version_id, options=WHOLE)
        parts = tuple(
            OutlinePart(
                part.position,
                part.slug,
                part.title,
                {c.key: c.text for c in part.competencies},
                {b.key: b.text for b in part.behaviours},
            )
            for part in version.parts
        )
        known[version_id] = Outline(version.framework.slug, version.number, version.title, parts)
    return known[version_id]


def newest_outline(slug: str) -> Outline:
    """The outline of the framework's newest published version; raises NoResultFound without one."""
    query = select(FrameworkVersion.id).join(FrameworkVersion.framework).where(Framework.slug == slug)
    query = query.where(FrameworkVersion.published_at.is_not(None)).order_by(FrameworkVersion.number.desc())
    return outline(db.session.scalars(query.limit(1)).one())


def competencies_by_id(ids: list[int]) -> list[Competency]:
    """Competencies in the framework's order, each with its part."""
    query = select(Competency).join(Competency.part).where(Competency.id.in_(ids))
    query = query.order_by(Part.position, Competency.position).options(contains_eager(Competency.part))
    return list(db.session.scalars(query))
