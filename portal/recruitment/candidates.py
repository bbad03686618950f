"""Writing candidates: many at once from a file, and what became of their applications.

What has happened is appended, and the last event is what holds.
"""

from collections.abc import Sequence

from flask_babel import gettext as _

from portal.audit.services import record
from portal.clock import now
from portal.db import db, lock_row
from portal.errors import Refused
from portal.formfields import is_unreadable
from portal.i18n import ZONE, today
from portal.people.models import Person
from portal.recruitment.models import Candidate, CandidateEvent, Interview, Recruitment
from portal.recruitment.queries import reread
from portal.recruitment.rules import CandidateRow, CandidateState, SettlingBlocker, settling_blockers
from portal.recruitment.schedule import MAX_MINUTES, MIN_MINUTES, fits, is_near
from portal.recruitment.texts import STATE_LABELS
from portal.wording import find_cpr


def _texts(candidate: Candidate) -> dict[SettlingBlocker, str]:
    state = STATE_LABELS[candidate.state]
    return {
        SettlingBlocker.UNKNOWN: _("Choose what became of the application."),
        SettlingBlocker.SETTLED: _(
            "The application of %(name)s is recorded as “%(state)s”. Take it up again first.",
            name=candidate.name,
            state=state,
        ),
        SettlingBlocker.STANDS: _("%(name)s is in the process already.", name=candidate.name),
        SettlingBlocker.NO_REASON: _("Write a short reason. It is kept."),
        SettlingBlocker.TAKEN: _("Another candidate has been hired for this vacancy."),
    }


def settle(candidate: Candidate, kind: str, reason: str, by: Person) -> CandidateEvent:
    """Put down what became of an application (withdrawn, refused, hired), or that it is taken up again (resumed).

    From then on the panel owes nothing for one that does not stand; what has been assessed stays.
    """
    lock_row(candidate.recruitment)
    reread(candidate.recruitment)
    others = [other for other in candidate.recruitment.candidates if other.id != candidate.id]
    taken = kind == CandidateState.HIRED and any(other.state is CandidateState.HIRED for other in others)
    blockers = settling_blockers(candidate.state, kind, reason, taken=taken)
    if blockers:
        texts = _texts(candidate)
        raise Refused([texts[blocker] for blocker in blockers])
    event = CandidateEvent(candidate_id=candidate.id, kind=str(kind), reason=reason.strip(), by=by, at=now())
    candidate.events.append(event)
    db.session.flush()
    record("recruitment.settle_candidate", candidate, kind=str(kind))
    return event


MAX_ROWS, MAX_NAME, MAX_PLACE = 300, 120, 200
FORMULA = ("=", "+", "-", "@")


def _text_problems(row: CandidateRow) -> list[str]:
    found = []
    if not row.name.strip():
        found.append(_("the name is missing"))
    if len(row.name) > MAX_NAME:
        found.append(_("the name is longer than %(max)s characters", max=MAX_NAME))
    if len(row.place) > MAX_PLACE:
        found.append(_("the place is longer than %(max)s characters", max=MAX_PLACE))
    for text in (row.name, row.place):
        if text.startswith(FORMULA):
            found.append(_("a text begins with a character that spreadsheets take for a formula (= + - @)"))
        if is_unreadable(text):
            found.append(_("a text holds characters that cannot be read"))
        if find_cpr(text):
            found.append(_("a text looks like a CPR number; CPR numbers must not be kept here"))
    return found


def _time_problems(row: CandidateRow) -> list[str]:
    if not MIN_MINUTES <= row.minutes <= MAX_MINUTES:
        return [_("the length is not between %(min)s and %(max)s minutes", min=MIN_MINUTES, max=MAX_MINUTES)]
    if row.starts_at is None:
        return []
    if not is_near(row.starts_at.date(), today()):
        return [_("the day is not within the next two years")]
    return [] if fits(row.starts_at, row.minutes) else [_("an interview lies between 6.00 and 22.00 of one day")]


def row_problems(rows: Sequence[CandidateRow]) -> list[str]:
    """Everything that keeps the rows from being taken in, each with its row; with one problem none is taken in."""
    if len(rows) > MAX_ROWS:
        return [_("The file holds more than %(max)s candidates. Divide it.", max=MAX_ROWS)]
    if not rows:
        return [_("The file holds no candidates.")]
    return [
        _("Row %(number)s: %(problem)s", number=row.number, problem=problem)
        for row in rows
        for problem in [*_text_problems(row), *_time_problems(row)]
    ]


def add_many(recruitment: Recruitment, rows: Sequence[CandidateRow]) -> list[Candidate]:
    """Add the candidates of a file, all or none; each is in the first round, at the time that the row gives."""
    lock_row(recruitment)
    problems = row_problems(rows)
    if problems:
        raise Refused(problems)
    first, added = recruitment.rounds[0], []
    for row in rows:
        starts_at = row.starts_at.replace(tzinfo=ZONE) if row.starts_at else None
        interview = Interview(round=first, starts_at=starts_at, minutes=row.minutes, place=row.place.strip())
        name = " ".join(row.name.split())
        added.append(
            Candidate(
                recruitment=recruitment, name=name, added_at=now(), declarations=[], events=[], interviews=[interview]
            )
        )
    db.session.add_all(added)
    db.session.flush()
    for candidate in added:
        record("recruitment.add_candidate", candidate)
    record("recruitment.import_candidates", recruitment, count=len(added))
    return added
