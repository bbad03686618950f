"""Tables for competency frameworks. Triggers in the migration refuse any change of a published version."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, Moment


class Framework(Base):
    """One of the agency's frameworks: souschefer, chefer, konsulenter …"""

    __tablename__ = "framework"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)

    versions: Mapped[list["FrameworkVersion"]] = relationship(
        back_populates="framework", order_by="FrameworkVersion.number.desc()"
    )


class FrameworkVersion(Base):
    """One wording of a framework. `published_at` is set last; from then on nothing in it changes."""

    __tablename__ = "framework_version"
    __table_args__ = (UniqueConstraint("framework_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    framework_id: Mapped[int] = mapped_column(ForeignKey("framework.id"))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    introduction: Mapped[list[list[str]]] = mapped_column(JSON)
    digest: Mapped[str] = mapped_column(String(64))
    published_at: Mapped[datetime | None] = mapped_column(Moment)

    framework: Mapped[Framework] = relationship(back_populates="versions", lazy="joined", innerjoin=True)
    parts: Mapped[list["Part"]] = relationship(back_populates="version", order_by="Part.position")


class Part(Base):
    __tablename__ = "part"
    __table_args__ = (UniqueConstraint("version_id", "position"), UniqueConstraint("version_id", "slug"))

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("framework_version.id"))
    position: Mapped[int]
    slug: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(200))

    version: Mapped[FrameworkVersion] = relationship(back_populates="parts")
    competencies: Mapped[list["Competency"]] = relationship(back_populates="part", order_by="Competency.position")
    behaviours: Mapped[list["Behaviour"]] = relationship(back_populates="part", order_by="Behaviour.position")


class Competency(Base):
    """`key` is the stable id of the framework document; the same key in two versions is the same competency."""

    __tablename__ = "competency"
    __table_args__ = (UniqueConstraint("part_id", "position"), UniqueConstraint("part_id", "key"))

    id: Mapped[int] = mapped_column(primary_key=True)
    part_id: Mapped[int] = mapped_column(ForeignKey("part.id"))
    position: Mapped[int]
    key: Mapped[str] = mapped_column(String(80), index=True)
    text: Mapped[str] = mapped_column(Text)

    part: Mapped[Part] = relationship(back_populates="competencies")


class Behaviour(Base):
    """A behaviour example; it belongs to a part, not to one competency."""

    __tablename__ = "behaviour"
    __table_args__ = (UniqueConstraint("part_id", "position"), UniqueConstraint("part_id", "key"))

    id: Mapped[int] = mapped_column(primary_key=True)
    part_id: Mapped[int] = mapped_column(ForeignKey("part.id"))
    position: Mapped[int]
    key: Mapped[str] = mapped_column(String(80), index=True)
    text: Mapped[str] = mapped_column(Text)

    part: Mapped[Part] = relationship(back_populates="behaviours")
