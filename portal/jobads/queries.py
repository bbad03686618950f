"""Reading job ads."""

from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from portal.db import db
from portal.jobads.models import JobAd
from portal.recruitment.models import Recruitment
from portal.recruitment.queries import WHOLE


def newest(recruitment: Recruitment) -> JobAd | None:
    """The ad as it is now."""
    query = select(JobAd).where(JobAd.recruitment_id == recruitment.id).order_by(JobAd.number.desc())
    return db.session.scalar(query.limit(1))


def versions(recruitment: Recruitment) -> list[JobAd]:
    """All versions, newest first."""
    query = select(JobAd).where(JobAd.recruitment_id == recruitment.id).order_by(JobAd.number.desc())
    return list(db.session.scalars(query))


def find_version(recruitment_id: int, number: int) -> JobAd | None:
    """That version of the recruitment's ad, with the recruitment."""
    query = select(JobAd).where(JobAd.recruitment_id == recruitment_id, JobAd.number == number)
    return db.session.scalar(query.options(joinedload(JobAd.recruitment).options(*WHOLE)))


def newest_of(recruitment_ids: Collection[int]) -> dict[int, JobAd]:
    """The ad of each of these recruitments that has one."""
    last = select(func.max(JobAd.id)).where(JobAd.recruitment_id.in_(recruitment_ids)).group_by(JobAd.recruitment_id)
    return {ad.recruitment_id: ad for ad in db.session.scalars(select(JobAd).where(JobAd.id.in_(last)))}
