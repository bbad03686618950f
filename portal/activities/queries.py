"""Reading activities and who takes part."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from portal.activities.models import Activity, ActivityCompetency, ActivityEvent, Evaluation, Participation
from portal.activities.rules import KNOWN_TO_HR, TAKES_A_SEAT, Part
from portal.db import db


def find_activity(activity_id: int) -> Activity | None:
    query = select(Activity).where(Activity.id == activity_id).options(
        selectinload(Activity.competencies),
        selectinload(Activity.events).joinedload(ActivityEvent.by, innerjoin=True),
        joinedload(Activity.strategic_version),
    )  # fmt: skip
    return db.session.scalar(query.execution_options(populate_existing=True))


def part_of(activity_id: int, person_id: int) -> Participation | None:
    query = select(Participation).where(Participation.activity_id == activity_id)
    return db.session.scalar(query.where(Participation.person_id == person_id))


def taken_seats(activity_id: int) -> int:
    query = select(func.count()).select_from(Participation).where(Participation.activity_id == activity_id)
    return db.session.scalar(query.where(Participation.state.in_(TAKES_A_SEAT))) or 0


def waiting(activity_id: int) -> list[Participation]:
    """The waiting list in its order."""
    query = select(Participation).where(Participation.activity_id == activity_id, Participation.state == Part.WAITING)
    return list(db.session.scalars(query.order_by(Participation.since, Participation.id)))


def participants(activity_id: int) -> list[Participation]:
    """Those who have signed up, by name as stored; never who was merely invited."""
    query = select(Participation).where(Participation.activity_id == activity_id)
    query = query.where(Participation.state.in_(KNOWN_TO_HR)).options(joinedload(Participation.person, innerjoin=True))
    return list(db.session.scalars(query.order_by(Participation.since, Participation.id)))


def answers(activity_id: int) -> list[Evaluation]:
    """All evaluations of the activity; shown only through `rules.verdicts` and `rules.words_to_show`."""
    query = select(Evaluation).join(Evaluation.participation).where(Participation.activity_id == activity_id)
    return list(db.session.scalars(query.order_by(Evaluation.id)))


def activities_for(keys: Sequence[str]) -> list[Activity]:
    """Activities that train one of these competencies, the newest first; drafts are HR's, so they are left out."""
    ids = select(ActivityCompetency.activity_id).where(ActivityCompetency.competency_key.in_(keys))
    query = select(Activity).where(Activity.id.in_(ids), Activity.state != "draft")
    return list(db.session.scalars(query.order_by(Activity.starts_at.desc())))
