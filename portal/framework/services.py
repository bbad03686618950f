"""Taking a framework document in as a new, published version."""

from sqlalchemy import select

from portal.audit.services import record
from portal.clock import now
from portal.db import db
from portal.framework.models import Behaviour, Competency, Framework, FrameworkVersion, Part
from portal.framework.queries import find_version
from portal.framework.rules import BadDocument, Document, Line, digest
from portal.framework.rules import Part as DocumentPart


def publish(document: Document) -> FrameworkVersion:
    """Add the document as a version and publish it.

    A document that says the same as the newest version is that version, and nothing is written. A new wording must
    carry a higher version number, else BadDocument is raised.
    """
    newest = find_version(document.slug)
    if newest and newest.digest == digest(document) and newest.title == document.title:
        return newest
    if newest and document.version <= newest.number:
        raise BadDocument(
            [f"framework: 'version' must be higher than {newest.number}, which is published and cannot be changed"]
        )
    framework = db.session.scalar(select(Framework).where(Framework.slug == document.slug))
    version = FrameworkVersion(
        framework=framework or Framework(slug=document.slug),
        number=document.version,
        title=document.title,
        introduction=[list(block) for block in document.introduction],
        digest=digest(document),
        parts=[_part(position, part) for position, part in enumerate(document.parts, 1)],
    )
    db.session.add(version)
    db.session.flush()
    version.published_at = now()
    db.session.flush()
    record("framework.publish", version, slug=document.slug, number=version.number, digest=version.digest)
    return version


def _part(position: int, part: DocumentPart) -> Part:
    return Part(
        position=position,
        slug=part.slug,
        title=part.title,
        competencies=[
            Competency(position=n, key=line.id, text=line.text) for n, line in enumerate(part.competencies, 1)
        ],
        behaviours=[Behaviour(position=n, key=line.id, text=line.text) for n, line in enumerate(part.behaviours, 1)],
    )


def as_document(version: FrameworkVersion) -> Document:
    """The version as it was taken in, letter for letter."""
    parts = tuple(
        DocumentPart(
            part.slug,
            part.title,
            tuple(Line(c.key, c.text) for c in part.competencies),
            tuple(Line(b.key, b.text) for b in part.behaviours),
        )
        for part in version.parts
    )
    introduction = tuple((kind, text) for kind, text in version.introduction)
    return Document(version.framework.slug, version.title, version.number, introduction, parts)
