"""Writing hearings; every change is in the event log."""

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from portal.audit.services import record
from portal.clock import now
from portal.db import db, lock_row
from portal.errors import Refused
from portal.hearings.models import Hearing, HearingStep
from portal.hearings.queries import calls
from portal.hearings.rules import Step, needs_reason, step_blockers
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


def take_step(hearing: Hearing, person: Person, step: Step, text: str, deadline: date | None = None) -> None:
    """Send the letter, note the reply or that none came in time, or judge the fact not essential after all."""
    lock_row(hearing.check.referee.recruitment)
    db.session.expire(hearing, ["steps"])
    taken = [Step(found.kind) for found in hearing.steps]
    blockers = step_blockers(
        step,
        calls=calls(hearing),
        steps=taken,
        deadline=deadline,
        sent_deadline=next((found.deadline for found in hearing.steps if found.deadline), None),
        today=today(),
    )
    if blockers:
        raise Refused([BLOCKERS[blocker] for blocker in blockers])
    hearing.steps.append(HearingStep(kind=step.value, text=text.strip(), deadline=deadline, by=person, at=now()))
    db.session.flush()
    record("hearings.take_step", hearing.check.referee, hearing_id=hearing.id, step=step.value)
