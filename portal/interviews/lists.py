"""Interviews with their times, as one reader may see them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from portal.i18n import ZONE, sort_key
from portal.recruitment.models import Interview, InterviewRound, Recruitment
from portal.recruitment.queries import member_of
from portal.recruitment.rules import OUT
from portal.recruitment.schedule import clashes


@dataclass(frozen=True)
class Appointment:
    """An interview in somebody's schedule; `full` is whether they may see more than whose it is and when."""

    interview: Interview
    full: bool
    clashes: bool = False

    @property
    def ends_at(self) -> datetime | None:
        starts_at = self.interview.starts_at
        return starts_at + timedelta(minutes=self.interview.minutes) if starts_at else None

    @property
    def day(self) -> date | None:
        """The day in Denmark."""
        starts_at = self.interview.starts_at
        return starts_at.astimezone(ZONE).date() if starts_at else None

    @property
    def place(self) -> str:
        return self.interview.place if self.full else ""


def _order(interview: Interview) -> tuple[int, float, str]:
    """By time; those without one come last, by name."""
    at = interview.starts_at
    return (0 if at else 1, at.timestamp() if at else 0.0, sort_key(interview.candidate.name))


def appointments(recruitment: Recruitment, person_id: int) -> list[Appointment]:
    """The interviews of those whose application has not ended, without those to whom this person is not impartial.

    A panel member who has yet to declare learns whose interview it is and when, and nothing more.
    """
    candidates = [c for c in recruitment.candidates if c.state not in OUT and person_id not in c.partial_person_ids]
    on_panel = member_of(recruitment, person_id) is not None and recruitment.recruiter_id != person_id
    found = sorted((interview for candidate in candidates for interview in candidate.interviews), key=_order)
    twice = clashes((i.id, i.starts_at, i.minutes) for i in found if i.starts_at)
    return [Appointment(i, not on_panel or person_id in i.candidate.impartial_person_ids, i.id in twice) for i in found]


def table(shown: Sequence[Appointment]) -> list[list[object]]:
    """By round and then by time: round, day, time of day in Denmark, minutes, candidate and place."""
    return [
        [
            found.interview.round.number,
            found.day,
            found.interview.starts_at.astimezone(ZONE).strftime("%H:%M") if found.interview.starts_at else "",
            found.interview.minutes if found.interview.starts_at else None,
            found.interview.candidate.name,
            found.place,
        ]
        for found in sorted(shown, key=lambda found: found.interview.round.number)
    ]


@dataclass(frozen=True)
class RoundList:
    """A round with its appointments, and who of the round before can be invited to it."""

    round: InterviewRound
    appointments: list[Appointment]
    invitable: list[Interview]
    last: bool
    has_questions: bool

    @property
    def removable(self) -> bool:
        return self.last and self.round.number > 1 and not self.round.interviews and not self.has_questions


def invitable_to(found: InterviewRound) -> list[Interview]:
    """The interviews of the round before whose candidates stand and are not in this round yet, by name."""
    there = {interview.candidate_id for interview in found.interviews}
    before = [r for r in found.recruitment.rounds if r.number == found.number - 1]
    free = [i for r in before for i in r.interviews if i.candidate_id not in there and i.candidate.awaits_assessment]
    return sorted(free, key=lambda interview: sort_key(interview.candidate.name))


def by_round(recruitment: Recruitment, shown: Sequence[Appointment], without: Collection[int]) -> list[RoundList]:
    """Each round of the recruitment; `without` are the ids of those later rounds that have no questions."""
    last = recruitment.rounds[-1]
    return [
        RoundList(
            found,
            [appointment for appointment in shown if appointment.interview.round_id == found.id],
            invitable_to(found),
            found is last,
            found.id not in without,
        )
        for found in recruitment.rounds
    ]
