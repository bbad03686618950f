"""Writing guides, referees and accepts; every change is in the event log."""

from dataclasses import asdict, dataclass
from datetime import date

from flask_babel import gettext as _

from portal.audit.services import record
from portal.bank import queries as bank
from portal.bank.rules import Use
from portal.clock import now
from portal.db import db, lock_row
from portal.errors import Refused
from portal.people.models import Person
from portal.recruitment.models import Candidate, Recruitment
from portal.recruitment.queries import in_framework_order
from portal.references import queries
from portal.references.models import AcceptWithdrawal, ApplicantAccept, GuideQuestion, Referee, ReferenceCheck
from portal.references.rules import LinkEnd, ReleaseBlocker, core_questions, release_blockers


def build_guide(recruitment: Recruitment) -> None:
    """Build the guide anew from the profile: the same core questions for every referee of every candidate."""
    lock_row(recruitment)
    if queries.guide(recruitment) and any(referee.accepts for referee in queries.referees(recruitment)):
        raise Refused([_("A referee has been released for contact. The guide stays the same for all from then on.")])
    for old in queries.guide(recruitment):
        db.session.delete(old)
    db.session.flush()
    competencies = {row.competency.key: row.competency_id for row in in_framework_order(recruitment)}
    found = bank.entries(recruitment.version.framework.slug, Use.REFERENCE)
    for position, question in enumerate(core_questions(found, competencies), 1):
        db.session.add(
            GuideQuestion(
                recruitment_id=recruitment.id,
                competency_id=competencies.get(question.competency_key),
                position=position,
                bank_version_id=question.id,
                text=question.text,
                probes=list(question.content.probes),
            )
        )
    db.session.flush()
    record("references.build_guide", recruitment)


@dataclass(frozen=True)
class RefereeFacts:
    """Who a referee is: how they know the candidate from work, from when to when, and how they are reached."""

    name: str
    relation: str
    current_employer: bool
    period: str = ""
    phone: str = ""
    email: str = ""


def add_referee(candidate: Candidate, facts: RefereeFacts) -> Referee:
    lock_row(candidate.recruitment)
    referee = Referee(candidate=candidate, **asdict(facts), accepts=[], check=None)
    db.session.add(referee)
    db.session.flush()
    record("references.add_referee", referee, candidate_id=candidate.id)
    return referee


def change_referee(referee: Referee, facts: RefereeFacts) -> bool:
    """Put the facts right; whether it is the present employer stays as it was when the candidate accepted.

    A link to the online form ends when name or address change: it may be with someone else. Whether one did.
    """
    lock_row(referee.recruitment)
    db.session.expire(referee, ["accepts", "check"])
    if referee.check is not None and referee.check.finished:
        raise Refused([_("The note is finished. Add an addendum instead.")])
    if referee.accepts and facts.current_employer != referee.current_employer:
        raise Refused([_("The candidate’s accept was given for what stands here about the present employer.")])
    someone_else = (facts.name, facts.email) != (referee.name, referee.email)
    ended = someone_else and referee.check is not None and end_links(referee.check, LinkEnd.WITHDRAWN)
    for name, value in asdict(facts).items():
        setattr(referee, name, value)
    db.session.flush()
    record("references.change_referee", referee)
    return ended


def record_accept(referee: Referee, person: Person, *, given_on: date, how: str) -> None:
    """The applicant has accepted that this referee is called; noted with day and way, and never taken out again."""
    lock_row(referee.recruitment)
    db.session.expire(referee, ["accepts"])
    last = referee.accept
    if last is not None and (last.given_on, last.how) == (given_on, how.strip()):
        return  # sent twice
    accept = ApplicantAccept(given_on=given_on, how=how.strip(), recorded_by=person, recorded_at=now())
    referee.accepts.append(accept)
    db.session.flush()
    record("references.record_accept", referee, given_on=given_on.isoformat())


def withdraw_accept(referee: Referee, person: Person, how: str) -> None:
    """The candidate takes the accept back: it stays on record with this beside it, and the guide is held back again."""
    lock_row(referee.recruitment)
    db.session.expire(referee, ["accepts", "check"])
    if referee.accept is None:
        raise Refused([_("There is no accept to take back for %(name)s.", name=referee.name)])
    referee.accept.withdrawal = AcceptWithdrawal(how=how.strip(), recorded_by=person, recorded_at=now())
    if referee.check is not None:
        end_links(referee.check, LinkEnd.WITHDRAWN)  # a later accept gives none of them back
    db.session.flush()
    record("references.withdraw_accept", referee)


def remove_referee(referee: Referee) -> None:
    """Take a referee out again; once an accept has been recorded the referee stays on record."""
    lock_row(referee.recruitment)
    db.session.expire(referee, ["accepts"])
    if referee.accepts:
        raise Refused([_("An accept has been recorded for %(name)s and stays on record.", name=referee.name)])
    record("references.remove_referee", referee.recruitment, referee_id=referee.id)
    db.session.delete(referee)
    db.session.flush()


def end_links(check: ReferenceCheck, why: LinkEnd) -> bool:
    """No link to the online form works any more; whether one did. Call it when the recruitment's row is locked."""
    db.session.expire(check, ["links"])
    working = [link for link in check.links if link.ended_at is None]
    for link in working:
        link.ended_at, link.ended_why = now(), why.value
    return bool(working)


def why_not_released(referee: Referee, questions: int) -> list[str]:
    """The rules that keep the guide from being used for this referee, in words; empty when it is free."""
    blockers = release_blockers(
        questions=questions, accepted=referee.accept is not None, current_employer=referee.current_employer
    )
    if not blockers:
        return []
    texts = {
        ReleaseBlocker.NO_QUESTIONS: _("The guide has no questions yet. Build it from the profile."),
        ReleaseBlocker.NO_ACCEPT: _("The candidate’s accept has not been recorded for %(name)s.", name=referee.name),
        ReleaseBlocker.CURRENT_EMPLOYER: _(
            "%(name)s is the present employer, who may only be contacted when the candidate has accepted it.",
            name=referee.name,
        ),
    }
    return [texts[blocker] for blocker in blockers]


def released(referee: Referee) -> list[GuideQuestion]:
    """The guide for this referee; refused before the applicant's accept."""
    questions = queries.guide(referee.recruitment)
    blockers = why_not_released(referee, len(questions))
    if blockers:
        raise Refused(blockers)
    return questions


def note_export(referee: Referee, file_format: str) -> None:
    record("references.export_guide", referee, format=file_format)
