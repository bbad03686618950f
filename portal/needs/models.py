"""Tables for counted needs. A survey is append-only and holds what was published and nothing behind it."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, Moment
from portal.framework.models import FrameworkVersion
from portal.people.models import Office, Person


class NeedGroup(Base):
    """A group of offices over which needs are counted; no office is in two of them."""

    __tablename__ = "need_group"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)

    offices: Mapped[list["NeedGroupOffice"]] = relationship(back_populates="group", cascade="all, delete-orphan")


class NeedGroupOffice(Base):
    __tablename__ = "need_group_office"

    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"), primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("need_group.id"), index=True)

    group: Mapped[NeedGroup] = relationship(back_populates="offices")
    office: Mapped[Office] = relationship()


class NeedSurvey(Base):
    """Append-only: the needs on one day, as they were published."""

    __tablename__ = "need_survey"

    id: Mapped[int] = mapped_column(primary_key=True)
    framework_version_id: Mapped[int] = mapped_column(ForeignKey("framework_version.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Moment, index=True)

    framework_version: Mapped[FrameworkVersion] = relationship()
    by: Mapped[Person] = relationship()
    groups: Mapped[list["NeedSurveyGroup"]] = relationship(back_populates="survey", order_by="NeedSurveyGroup.position")


class NeedSurveyGroup(Base):
    """Append-only: a group as it was in a survey, with how many souschefs were in it; `whole` is the agency."""

    __tablename__ = "need_survey_group"

    id: Mapped[int] = mapped_column(primary_key=True)
    survey_id: Mapped[int] = mapped_column(ForeignKey("need_survey.id"), index=True)
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(120))
    whole: Mapped[bool]
    people: Mapped[int]
    office_ids: Mapped[list[int]] = mapped_column(JSON)

    survey: Mapped[NeedSurvey] = relationship(back_populates="groups")
    figures: Mapped[list["NeedFigure"]] = relationship(back_populates="group")


class NeedFigure(Base):
    """Append-only: between how many souschefs of the group have this need; both empty when it is not told."""

    __tablename__ = "need_figure"
    __table_args__ = (UniqueConstraint("group_id", "competency_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("need_survey_group.id"))
    competency_key: Mapped[str] = mapped_column(String(80))
    at_least: Mapped[int | None]
    at_most: Mapped[int | None]

    group: Mapped[NeedSurveyGroup] = relationship(back_populates="figures")
