"""The one table of job ads. A version never changes: saving adds the next one, and the last one is the ad."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, Moment
from portal.jobads.rules import Content
from portal.people.models import Person
from portal.recruitment.models import Recruitment


class JobAd(Base):
    """Append-only: one version of a recruitment's ad, with who saved it and when."""

    __tablename__ = "job_ad"
    __table_args__ = (UniqueConstraint("recruitment_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    recruitment_id: Mapped[int] = mapped_column(ForeignKey("recruitment.id"))
    number: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Moment)

    recruitment: Mapped[Recruitment] = relationship()
    by: Mapped[Person] = relationship(lazy="joined", innerjoin=True)

    @property
    def says(self) -> Content:
        return Content.read(self.content)
