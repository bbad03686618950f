"""Writing hearings; every change is in the event log."""

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from portal.audit.services import record
from portal.clock import now
from portal.db import db, lock_row
from portal.errors import Refused
from portal.hearings.models import Hearing, HearingStep
from portal.hearings.queries import calls, letter_of, sent_in
from portal.hearings.rules import Step, StepBlocker, needs_reason, step_blockers
from portal.hearings.texts import BLOCKERS
from portal.i18n import today
from portal.people.models import Person
from portal.references.models import ReferenceCheck


@dataclass(frozen=True)
class Judgement:
    """A fact and what was judged about it; `reason` is why something new and unfavourable is not essential."""

    fact: str
    is_new: bool
    unfavourable: bool
    essential: bool
    reason: str = ""


def judge_fact(check: ReferenceCheck, person: Person, judged: Judgement) -> Hearing:
    """Note a fact from a finished note; one that is new, unfavourable and essential calls for a hearing."""
    lock_row(check.referee.recruitment)
    db.session.refresh(check)
    if not check.finished:
        raise Refused([_("Finish the note first: a hearing is about what stands in it.")])
    marks = {"is_new": judged.is_new, "unfavourable": judged.unfavourable, "essential": judged.essential}
    if needs_reason(**marks) and not judged.reason.strip():
        raise Refused([_("Write why the fact is not essential for the decision.")])
    hearing = Hearing(
        check=check,
        fact=judged.fact.strip(),
        reason=judged.reason.strip() if needs_reason(**marks) else "",
        by=person,
        at=now(),
        steps=[],
        **marks,
    )
    db.session.add(hearing)
    db.session.flush()
    record("hearings.judge_fact", check.referee, hearing_id=hearing.id, calls=calls(hearing))
    return hearing


@dataclass(frozen=True)
class Taken:
    """A step: what was written, and until when the candidate has time. `seen` is the last step that the page showed.

    Without `seen` nobody looked at a page, and only the rules decide.
    """

    step: Step
    text: str
    deadline: date | None = None
    seen: int | None = None


def take_step(hearing: Hearing, person: Person, taken: Taken) -> bool:
    """Write or send the letter, note what came of it, or judge the fact not essential after all.

    False, and nothing is kept, when somebody else has taken a step since the page was shown.
    """
    lock_row(hearing.check.referee.recruitment)
    db.session.expire(hearing, ["steps"])
    if taken.seen is not None and taken.seen != last_step(hearing):
        return False
    sent = sent_in(hearing)
    blockers = step_blockers(
        taken.step,
        calls=calls(hearing),
        steps=[Step(found.kind) for found in hearing.steps],
        deadline=taken.deadline,
        sent_deadline=sent.deadline if sent else None,
        today=today(),
    )
    if blockers:
        raise Refused([BLOCKERS[blocker] for blocker in blockers])
    made = HearingStep(kind=taken.step.value, text=taken.text.strip(), deadline=taken.deadline, by=person, at=now())
    hearing.steps.append(made)
    db.session.flush()
    record("hearings.take_step", hearing.check.referee, hearing_id=hearing.id, step=taken.step.value)
    return True


def send_letter(hearing: Hearing, person: Person, seen: int | None = None) -> bool:
    """Note that the letter which was read through has been sent; sending it is the person's own act."""
    lock_row(hearing.check.referee.recruitment)
    db.session.expire(hearing, ["steps"])
    letter = letter_of(hearing)
    text, deadline = (letter.text, letter.deadline) if letter else ("", None)
    return take_step(hearing, person, Taken(Step.SENT, text, deadline, seen))


def last_step(hearing: Hearing) -> int:
    return hearing.steps[-1].id if hearing.steps else 0


def reviewed_letter(hearing: Hearing) -> HearingStep:
    """The letter that may leave the portal: the one that was sent, or the newest one, once a person has read it."""
    found = sent_in(hearing) or letter_of(hearing)
    if found is None or found.kind == Step.DRAFTED:
        raise Refused([BLOCKERS[StepBlocker.NOT_REVIEWED]])
    return found


def note_export(hearing: Hearing, file_format: str) -> None:
    record("hearings.export_letter", hearing.check.referee, hearing_id=hearing.id, format=file_format)
