"""Reading annual talks: the same number of queries however much was written."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload, selectinload

from portal.access import Actor, Permission, may
from portal.annualtalks.models import (
    AnnualTalk,
    TalkAddendum,
    TalkConfirmation,
    TalkEvent,
    TalkSharing,
    TalkSummary,
    TalkView,
)
from portal.annualtalks.rules import Purpose, Side, Stage, Words, released_sides, shared_with, stage_of
from portal.db import db
from portal.goals.queries import Development, find_development


@dataclass(frozen=True)
class TalkOf:
    """A talk with its souschef's development of today; together they decide who may see it."""

    talk: AnnualTalk
    development: Development

    @property
    def souschef_id(self) -> int:
        return self.talk.souschef_id

    @property
    def chef_id(self) -> int:
        return self.talk.chef_id

    @property
    def office_id(self) -> int:
        return self.talk.office_id

    @property
    def office_ids(self) -> frozenset[int]:
        return self.development.office_ids

    @property
    def shared_with_ids(self) -> frozenset[int]:
        """Only a confirmed talk can be shared."""
        return shared_with(self.talk.sharings) if self.talk.frozen_at else frozenset()

    @property
    def stage(self) -> Stage:
        led = any(o.id == self.talk.office_id and o.chef_id == self.talk.chef_id for o in self.development.offices)
        return stage_of(self.talk, chef_is_own=led)

    @property
    def released(self) -> frozenset[Side]:
        return released_sides(self.talk.releases)

    @property
    def counts_for_needs(self) -> bool:
        return Side.SOUSCHEF in released_sides(self.talk.releases, Purpose.NEEDS)

    @property
    def summary(self) -> TalkSummary | None:
        return self.talk.summaries[-1] if self.talk.summaries else None

    def side_of(self, person_id: int) -> Side | None:
        """On which side this person prepares and confirms; None for a later chef who only reads."""
        return {self.talk.souschef_id: Side.SOUSCHEF, self.talk.chef_id: Side.CHEF}.get(person_id)

    def shown(self, side: Side, person_id: int) -> Mapping[str, TalkView]:
        """What this side wrote, by competency; nothing for the other one before both have released."""
        if self.side_of(person_id) is not side and not self.talk.released_at:
            return {}
        return {view.competency_key: view for view in self.talk.views if view.side == side}

    def words_of(self, side: Side, key: str) -> Words:
        view = next((v for v in self.talk.views if v.side == side and v.competency_key == key), None)
        return Words(view.words, view.level, view.wants) if view else Words()


def _whole(query: Select[Any]) -> Select[Any]:
    summaries = selectinload(AnnualTalk.summaries)
    return query.options(
        joinedload(AnnualTalk.chef, innerjoin=True),
        joinedload(AnnualTalk.office, innerjoin=True),
        joinedload(AnnualTalk.record),
        selectinload(AnnualTalk.events).joinedload(TalkEvent.by, innerjoin=True),
        selectinload(AnnualTalk.views),
        selectinload(AnnualTalk.releases),
        summaries.joinedload(TalkSummary.by, innerjoin=True),
        summaries.selectinload(TalkSummary.confirmations).joinedload(TalkConfirmation.by, innerjoin=True),
        selectinload(AnnualTalk.addenda).joinedload(TalkAddendum.by, innerjoin=True),
        selectinload(AnnualTalk.sharings),
    ).execution_options(populate_existing=True)


def find_talk(talk_id: int) -> TalkOf | None:
    talk = db.session.scalar(_whole(select(AnnualTalk).where(AnnualTalk.id == talk_id)))
    development = find_development(talk.souschef_id) if talk else None
    return TalkOf(talk, development) if talk and development else None


def talks_of(development: Development, actor: Actor) -> list[TalkOf]:
    """The souschef's talks that this actor may see, the newest first."""
    query = select(AnnualTalk).where(AnnualTalk.souschef_id == development.souschef_id)
    people = (joinedload(AnnualTalk.chef, innerjoin=True), joinedload(AnnualTalk.office, innerjoin=True))
    query = query.options(*people, selectinload(AnnualTalk.sharings), selectinload(AnnualTalk.releases))
    found = [TalkOf(talk, development) for talk in db.session.scalars(query.order_by(AnnualTalk.starts_at.desc()))]
    return [each for each in found if may(actor, Permission.SEE_TALK, each)]


def open_talk(souschef_id: int, chef_id: int, office_id: int) -> AnnualTalk | None:
    """The talk between the two that is neither confirmed nor called off."""
    query = select(AnnualTalk).where(AnnualTalk.souschef_id == souschef_id, AnnualTalk.chef_id == chef_id)
    query = query.where(AnnualTalk.office_id == office_id)
    return db.session.scalar(query.where(AnnualTalk.frozen_at.is_(None), AnnualTalk.cancelled_at.is_(None)))


def talk_before(found: TalkOf, actor: Actor) -> TalkOf | None:
    """The last confirmed talk before this one that the actor may see: what has changed is measured against it."""
    earlier = talks_of(found.development, actor)
    confirmed = [t for t in earlier if t.talk.frozen_at and t.talk.starts_at < found.talk.starts_at]
    return find_talk(confirmed[0].talk.id) if confirmed else None


def talks_between(person_id: int, since: datetime) -> list[TalkOf]:
    """Talks from then on in which this person takes part, not called off; for calendars, reminders and start pages."""
    mine = or_(AnnualTalk.souschef_id == person_id, AnnualTalk.chef_id == person_id)
    query = select(AnnualTalk).where(mine, AnnualTalk.starts_at >= since, AnnualTalk.cancelled_at.is_(None))
    people = (
        joinedload(AnnualTalk.souschef, innerjoin=True),
        joinedload(AnnualTalk.chef, innerjoin=True),
        selectinload(AnnualTalk.releases),
        selectinload(AnnualTalk.summaries).selectinload(TalkSummary.confirmations),
    )
    found = []
    for talk in db.session.scalars(query.options(*people).order_by(AnnualTalk.starts_at)):
        development = find_development(talk.souschef_id)
        if development is not None:
            found.append(TalkOf(talk, development))
    return found


def sharings_with(person_id: int) -> list[TalkSharing]:
    query = select(TalkSharing).where(TalkSharing.with_id == person_id).order_by(TalkSharing.id)
    return list(db.session.scalars(query))
