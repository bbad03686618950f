"""Writing annual talks. Each write begins with the talk's row locked: there is one outcome, and both are told."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.annualtalks import queries, rules
from portal.annualtalks.models import (
    AnnualTalk,
    TalkAddendum,
    TalkConfirmation,
    TalkEvent,
    TalkRelease,
    TalkSharing,
    TalkSummary,
    TalkView,
)
from portal.annualtalks.queries import TalkOf
from portal.annualtalks.rules import Blocker, EventKind, Purpose, ReleaseKind, SharingKind, Side, Words
from portal.annualtalks.texts import BLOCKER_TEXTS
from portal.audit.services import record
from portal.clock import now
from portal.db import db, lock_row
from portal.errors import Refused
from portal.framework.models import FrameworkVersion
from portal.goals.queries import Development
from portal.people.models import Office, Person


class Overtaken(Refused):
    """The other has changed the same thing since the page was opened."""


def _refuse(blockers: Iterable[Blocker]) -> None:
    found = list(blockers)
    if found:
        kind = Overtaken if found == [Blocker.OTHER_SUMMARY] else Refused
        raise kind([BLOCKER_TEXTS[blocker] for blocker in found])


def _lock(found: TalkOf) -> TalkOf:
    """The talk as it is now, with everybody else waiting."""
    lock_row(found.talk)
    lock_row(found.talk.office)  # who the chef is must not change meanwhile
    fresh = queries.find_talk(found.talk.id)
    assert fresh is not None
    return fresh


@dataclass(frozen=True)
class Place:
    """When and where; the length in minutes."""

    starts_at: datetime
    minutes: int
    place: str


def _happened(talk: AnnualTalk, kind: EventKind, person: Person, words: str = "") -> None:
    starts_at = talk.starts_at if kind in (EventKind.CALLED, EventKind.MOVED) else None
    talk.events.append(TalkEvent(kind=kind, starts_at=starts_at, words=words, by_id=person.id, at=now()))
    db.session.flush()
    record(f"annualtalks.{kind.value}", talk)


def call_talk(
    development: Development,
    office: Office,
    framework: FrameworkVersion,
    place: Place,
    keys: Sequence[str],
    person: Person,
) -> AnnualTalk:
    """Call the souschef and the chef of this office to a talk; either of them may do it, and only one is open."""
    lock_row(office)
    if office.chef_id not in development.chef_ids:
        raise Refused([BLOCKER_TEXTS[Blocker.BROKEN_OFF]])
    assert office.chef_id is not None  # or it would not be among them
    if queries.open_talk(development.souschef_id, office.chef_id, office.id):
        raise Refused([BLOCKER_TEXTS[Blocker.ALREADY_CALLED]])
    talk = AnnualTalk(
        souschef_id=development.souschef_id,
        chef_id=office.chef_id,
        office_id=office.id,
        framework_version_id=framework.id,
        competency_keys=list(keys),
        **vars(place),
    )
    db.session.add(talk)
    db.session.flush()
    _happened(talk, EventKind.CALLED, person)
    return talk


def _plan(found: TalkOf, revision: int) -> AnnualTalk:
    found = _lock(found)
    _refuse(rules.planning_blockers(found.stage))
    if found.talk.revision != revision:
        raise Overtaken([BLOCKER_TEXTS[Blocker.OTHER_SUMMARY]])
    found.talk.revision += 1
    return found.talk


def move_talk(found: TalkOf, place: Place, revision: int, person: Person) -> None:
    """Another time or place; `revision` is what the mover has read."""
    talk = _plan(found, revision)
    talk.starts_at, talk.minutes, talk.place = place.starts_at, place.minutes, place.place
    _happened(talk, EventKind.MOVED, person)


def choose_competencies(found: TalkOf, keys: Sequence[str], revision: int, person: Person) -> None:
    """What the talk is to be about; what was written about others stays."""
    talk = _plan(found, revision)
    talk.competency_keys = list(keys)
    _happened(talk, EventKind.CHOSEN, person)


def cancel_talk(found: TalkOf, words: str, person: Person) -> None:
    found = _lock(found)
    _refuse(rules.cancelling_blockers(found.stage))
    found.talk.cancelled_at = now()
    _happened(found.talk, EventKind.CANCELLED, person, words)


def save_views(found: TalkOf, side: Side, written: Mapping[str, tuple[int, Words]]) -> list[str]:
    """Keep this side's draft; `written` is by competency, with the revision that the writer has read (0: none).

    Returns the competencies that another page of the same side has changed meanwhile; nothing of these is saved.
    """
    found = _lock(found)
    _refuse(rules.writing_blockers(found.stage, side, found.released))
    standing = {view.competency_key: view for view in found.talk.views if view.side == side}
    overtaken, changed = [], False
    for key, (revision, words) in written.items():
        view = standing.get(key)
        if found.words_of(side, key) == words:
            continue
        if (view.revision if view else 0) != revision:
            overtaken.append(key)
            continue
        if view is None:
            view = TalkView(side=side, competency_key=key, revision=0)
            found.talk.views.append(view)
        view.words, view.level, view.wants = words.words, words.level, words.wants
        view.revision, view.saved_at, changed = view.revision + 1, now(), True
    if changed:
        db.session.flush()
        record("annualtalks.prepare", found.talk, side=side.value)
    return overtaken


def release(found: TalkOf, side: Side, person: Person) -> bool:
    """Let the other read the preparation as soon as both have released; False when this side had already."""
    found = _lock(found)
    _refuse(rules.planning_blockers(found.stage))
    if side in found.released:
        return False
    _say(found.talk, side, Purpose.TALK, ReleaseKind.RELEASED, person)
    if side.other in found.released:
        found.talk.released_at = now()
        db.session.flush()
    return True


def withdraw_release(found: TalkOf, side: Side, person: Person) -> None:
    """Take the release back, as long as the other has not released."""
    found = _lock(found)
    _refuse(rules.withdrawing_blockers(found.stage, side, found.released))
    _say(found.talk, side, Purpose.TALK, ReleaseKind.WITHDRAWN, person)


def count_for_needs(found: TalkOf, counts: bool, person: Person) -> None:
    """Let the souschef's wishes count, without a name, in the agency's needs, or no longer."""
    found = _lock(found)
    if found.counts_for_needs is not counts:
        kind = ReleaseKind.RELEASED if counts else ReleaseKind.WITHDRAWN
        _say(found.talk, Side.SOUSCHEF, Purpose.NEEDS, kind, person)


def _say(talk: AnnualTalk, side: Side, purpose: Purpose, kind: ReleaseKind, person: Person) -> None:
    talk.releases.append(TalkRelease(side=side, purpose=purpose, kind=kind, by_id=person.id, at=now()))
    db.session.flush()
    if purpose is Purpose.TALK:
        record(f"annualtalks.talk_{kind.value}", talk, side=side.value)
    else:
        record(f"annualtalks.needs_{kind.value}", talk)


def save_summary(found: TalkOf, text: str, number: int, person: Person) -> bool:
    """The next wording after the one that the writer has read (`number`, 0 for none); False for the same text."""
    found = _lock(found)
    _refuse(rules.summary_blockers(found.stage))
    newest = found.summary
    if newest and newest.text == text:
        return False
    _refuse([] if (newest.number if newest else 0) == number else [Blocker.OTHER_SUMMARY])
    found.talk.summaries.append(TalkSummary(number=number + 1, text=text, by_id=person.id, at=now()))
    db.session.flush()
    record("annualtalks.save_summary", found.talk, number=number + 1)
    return True


def confirm(found: TalkOf, number: int, side: Side, person: Person) -> bool:
    """This side's yes to the wording that it has read; True when the other had said yes and the talk is now whole.

    The caller then freezes it in the same unit of work (`outlines.freeze`). The same yes again changes nothing.
    """
    found = _lock(found)
    newest = found.summary
    _refuse(rules.confirming_blockers(found.stage, newest.number if newest else None, number))
    assert newest is not None  # or it would have been refused
    given = {confirmation.side for confirmation in newest.confirmations}
    if side in given:
        return False
    newest.confirmations.append(TalkConfirmation(side=side, by_id=person.id, at=now()))
    db.session.flush()
    record("annualtalks.confirm", found.talk, number=number, side=side.value)
    return side.other in given


def add_addendum(found: TalkOf, text: str, person: Person) -> None:
    found = _lock(found)
    _refuse([] if found.talk.frozen_at else [Blocker.NOT_CONFIRMED])
    found.talk.addenda.append(TalkAddendum(text=text, by_id=person.id, at=now()))
    db.session.flush()
    record("annualtalks.add_addendum", found.talk)


def share(found: TalkOf, reader: Person, shared: bool) -> None:
    """The souschef lets a later chef read the confirmed talk, or no longer."""
    found = _lock(found)
    _refuse([] if found.talk.frozen_at else [Blocker.NOT_CONFIRMED])
    if (reader.id in found.shared_with_ids) is not shared:
        kind = SharingKind.SHARED if shared else SharingKind.WITHDRAWN
        found.talk.sharings.append(TalkSharing(with_id=reader.id, kind=kind, at=now()))
        db.session.flush()
        record(f"annualtalks.{kind.value}", found.talk, with_id=reader.id)
