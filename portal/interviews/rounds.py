"""Writing rounds, invitations and the times of interviews; every change is in the event log."""

from collections.abc import Collection
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import exists, select

from portal.audit.services import record
from portal.db import db, lock_row
from portal.errors import Refused
from portal.i18n import ZONE, sort_key
from portal.interviews.lists import invitable_to
from portal.interviews.models import AgreedRating, Assessment, InterviewClosing, ScorecardQuestion
from portal.interviews.texts import round_blocker_text
from portal.recruitment.models import Interview, InterviewRound, Recruitment
from portal.recruitment.queries import reread
from portal.recruitment.schedule import (
    RoundBlocker,
    Series,
    adding_blockers,
    fits,
    round_removal_blockers,
    spread,
    take_back_blockers,
)


def _refuse(blockers: Collection[RoundBlocker]) -> None:
    if blockers:
        raise Refused([round_blocker_text(blocker) for blocker in blockers])


def _lock(recruitment: Recruitment) -> None:
    """Wait for others who write to the recruitment, and read its rounds and who is in them anew."""
    lock_row(recruitment)
    reread(recruitment)


def add_round(recruitment: Recruitment) -> InterviewRound:
    """A further round, with questions of its own and nobody in it yet."""
    _lock(recruitment)
    _refuse(adding_blockers([len(found.interviews) for found in recruitment.rounds]))
    made = InterviewRound(recruitment=recruitment, number=len(recruitment.rounds) + 1)
    db.session.add(made)
    db.session.flush()
    record("interviews.add_round", recruitment, number=made.number)
    return made


def remove_round(found: InterviewRound) -> None:
    """Take an empty round out again."""
    recruitment = found.recruitment
    _lock(recruitment)
    asked = db.session.scalar(select(exists().where(ScorecardQuestion.round_id == found.id)))
    last = recruitment.rounds[-1] is found
    _refuse(
        round_removal_blockers(found.number, last=last, interviews=len(found.interviews), questions=int(bool(asked)))
    )
    record("interviews.remove_round", recruitment, number=found.number)
    db.session.delete(found)
    db.session.flush()
    db.session.expire(recruitment, ["rounds"])


def invite(found: InterviewRound, candidate_ids: Collection[int]) -> int:
    """Invite candidates of the round before; returns how many are new. One who is in the round already stays in it."""
    _lock(found.recruitment)
    there = {interview.candidate_id for interview in found.interviews}
    free = {interview.candidate_id: interview.candidate for interview in invitable_to(found)}
    if set(candidate_ids) - there - free.keys():
        raise Refused([_("Only those of the round before who are still in the process can be invited.")])
    invited = [candidate for n, candidate in free.items() if n in candidate_ids]
    for candidate in invited:
        db.session.add(Interview(candidate=candidate, round=found, minutes=60, place=""))
        record("interviews.invite", candidate, number=found.number)
    db.session.flush()
    return len(invited)


def take_back(interview: Interview) -> None:
    """Take an invitation back; refused once anyone has begun on the interview."""
    _lock(interview.recruitment)
    begun = db.session.scalar(
        select(
            exists().where(Assessment.interview_id == interview.id)
            | exists().where(InterviewClosing.interview_id == interview.id)
            | exists().where(AgreedRating.interview_id == interview.id)
        )
    )
    number = interview.round.number
    later = any(other.round.number > number for other in interview.candidate.interviews)
    _refuse(take_back_blockers(number, begun=bool(begun), later=later))
    record("interviews.take_back", interview.candidate, number=number)
    db.session.delete(interview)
    db.session.flush()
    db.session.expire(interview.candidate, ["interviews"])


def _set(interview: Interview, starts_at: datetime | None, minutes: int, place: str) -> None:
    """An unchanged time is no event: calendars count the events as moves."""
    wanted = (starts_at, minutes, place.strip())
    if wanted == (interview.starts_at, interview.minutes, interview.place):
        return
    interview.starts_at, interview.minutes, interview.place = wanted
    db.session.flush()
    record("interviews.set_time", interview, at=starts_at.isoformat() if starts_at else "", minutes=minutes)


def set_time(interview: Interview, local: datetime | None, minutes: int, place: str) -> None:
    """When and where the interview is held, in Danish time; None takes the time away again."""
    lock_row(interview.recruitment)
    db.session.refresh(interview)
    if local is not None and not fits(local, minutes):
        raise Refused([_("An interview lies between 6.00 and 22.00 of one day.")])
    _set(interview, local.replace(tzinfo=ZONE) if local else None, minutes, place)


def proposal(
    found: InterviewRound, series: Series, *, by_name: bool, only_missing: bool
) -> list[tuple[Interview, datetime]]:
    """The interviews of the round that still are to be held, each with the Danish time that the series gives it."""
    wanted = [i for i in found.interviews if i.candidate.awaits_assessment and not (only_missing and i.starts_at)]
    if by_name:
        wanted.sort(key=lambda interview: sort_key(interview.candidate.name))
    return list(zip(wanted, spread(series, len(wanted)), strict=True))


def fill(found: InterviewRound, series: Series, place: str, *, by_name: bool, only_missing: bool) -> int:
    """Give the interviews of a round the times of the series; returns how many."""
    _lock(found.recruitment)
    proposed = proposal(found, series, by_name=by_name, only_missing=only_missing)
    if not all(fits(local, series.minutes) for _interview, local in proposed):
        raise Refused([_("An interview lies between 6.00 and 22.00 of one day.")])
    for interview, local in proposed:
        _set(interview, local.replace(tzinfo=ZONE), series.minutes, place)
    return len(proposed)
