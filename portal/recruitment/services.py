"""Writing recruitments; every change is in the event log."""

from collections.abc import Callable, Iterable
from datetime import date, datetime

from flask_babel import gettext as _

from portal.audit.services import record
from portal.clock import now
from portal.db import db, lock_row
from portal.errors import Refused
from portal.framework.models import FrameworkVersion
from portal.people.models import Office, Person
from portal.recruitment.models import (
    Candidate,
    ImpartialityDeclaration,
    Interview,
    InterviewRound,
    PanelMember,
    ProfileCompetency,
    Recruitment,
)
from portal.recruitment.queries import declaration_of, has_declared
from portal.recruitment.rules import Choice, RemovalBlocker, removal_blockers

# why the authority cannot be another one now, in words: told by what is built upon recruitments
AUTHORITY_STAYS: list[Callable[[Recruitment], list[str]]] = []


def add_recruitment(
    title: str,
    office: Office,
    version: FrameworkVersion,
    recruiter: Person,
    *,
    case_number: str = "",
    authority: Person | None = None,
    deadline: datetime | None = None,
    starts_on: date | None = None,
) -> Recruitment:
    """Begin a recruitment on that version of the framework; `authority` decides on the panel's recommendation."""
    recruitment = Recruitment(
        title=title.strip(),
        case_number=case_number.strip(),
        office=office,
        version=version,
        recruiter=recruiter,
        created_at=now(),
        authority=authority,
        deadline=deadline,
        starts_on=starts_on,
        rounds=[InterviewRound(number=1)],
    )
    db.session.add(recruitment)
    db.session.flush()
    record("recruitment.add_recruitment", recruitment)
    return recruitment


def change_recruitment(
    recruitment: Recruitment,
    *,
    title: str,
    office: Office,
    case_number: str,
    authority: Person | None = None,
    deadline: datetime | None = None,
    starts_on: date | None = None,
) -> None:
    """The facts about the vacancy; what is measured and who measures are changed elsewhere."""
    lock_row(recruitment)
    if (authority.id if authority else None) != recruitment.authority_id:
        hindrances = [text for why in AUTHORITY_STAYS for text in why(recruitment)]
        if hindrances:
            raise Refused(hindrances)
    recruitment.title, recruitment.office, recruitment.case_number = title.strip(), office, case_number.strip()
    recruitment.authority, recruitment.deadline, recruitment.starts_on = authority, deadline, starts_on
    db.session.flush()
    record("recruitment.change_recruitment", recruitment)


def refuse_when_locked(recruitment: Recruitment) -> None:
    """Also waits for others who write to the recruitment: an assessment that begins now comes first or waits."""
    lock_row(recruitment)
    if recruitment.locked:
        raise Refused([_("The first assessment has begun. Profile and questions are now the same for all candidates.")])


def refuse_when_round_locked(found: InterviewRound) -> None:
    """As `refuse_when_locked`, for the questions of one round."""
    lock_row(found.recruitment)
    db.session.refresh(found)
    if found.locked:
        raise Refused([_("The first assessment of this round has begun. Its questions are the same for everyone.")])


def lock(found: InterviewRound) -> None:
    """The first assessment of a round begins: from now on everyone is asked the same, and measured by one profile."""
    if not found.locked:
        found.locked_at = now()
    if not found.recruitment.locked:
        found.recruitment.locked_at = now()
        record("recruitment.lock", found.recruitment)


def choose_profile(recruitment: Recruitment, choices: Iterable[Choice]) -> None:
    """Replace the requirement profile; refused once the first assessment has begun."""
    refuse_when_locked(recruitment)
    wanted = {choice.competency_id: choice for choice in choices}
    for row in list(recruitment.profile):
        if row.competency_id not in wanted:
            recruitment.profile.remove(row)
            db.session.delete(row)
    kept = {row.competency_id: row for row in recruitment.profile}
    for competency_id, choice in wanted.items():
        if competency_id not in kept:
            kept[competency_id] = ProfileCompetency(competency_id=competency_id)
            recruitment.profile.append(kept[competency_id])
        row = kept[competency_id]
        row.weight, row.minimum, row.reason = choice.weight, choice.minimum, choice.reason.strip()
    db.session.flush()
    record("recruitment.choose_profile", recruitment, competencies=sorted(wanted))


def add_member(recruitment: Recruitment, person: Person, *, chair: bool = False) -> PanelMember:
    """Add a person to the panel; once assessing has begun the panel stays as it is."""
    refuse_when_locked(recruitment)
    if chair:
        for other in recruitment.panel:
            other.chair = False
    member = PanelMember(recruitment=recruitment, person=person, chair=chair)
    db.session.add(member)
    db.session.flush()
    record("recruitment.add_member", recruitment, person_id=person.id, chair=chair)
    return member


def name_chair(member: PanelMember) -> None:
    """Let another member chair, also once assessing has begun: the panel and what it assesses stay the same."""
    lock_row(member.recruitment)
    db.session.expire(member.recruitment, ["panel"])
    for other in member.recruitment.panel:
        other.chair = other is member
    db.session.flush()
    record("recruitment.name_chair", member.recruitment, person_id=member.person_id)


def remove_member(member: PanelMember) -> None:
    refuse_when_locked(member.recruitment)
    if has_declared(member):
        raise Refused([_("%(name)s has declared impartiality and stays on record.", name=member.person.name)])
    record("recruitment.remove_member", member.recruitment, person_id=member.person_id)
    db.session.delete(member)
    db.session.flush()


def add_candidate(recruitment: Recruitment, name: str) -> Candidate:
    lock_row(recruitment)
    first = Interview(round=recruitment.rounds[0])
    candidate = Candidate(
        recruitment=recruitment, name=name.strip(), added_at=now(), declarations=[], events=[], interviews=[first]
    )
    db.session.add(candidate)
    db.session.flush()
    record("recruitment.add_candidate", candidate)
    return candidate


def change_candidate(candidate: Candidate, name: str) -> None:
    candidate.name = name.strip()
    db.session.flush()
    record("recruitment.change_candidate", candidate)


def remove_candidate(candidate: Candidate, *, referees: int) -> None:
    """Take a candidate out again; refused once anything about them is on record. `referees` is how many they have."""
    lock_row(candidate.recruitment)
    db.session.expire(candidate, ["declarations", "events"])
    texts = {
        RemovalBlocker.DECLARED: _(
            "The panel has begun on %(name)s. What has been declared and assessed stays on record.",
            name=candidate.name,
        ),
        RemovalBlocker.REFEREES: _("%(name)s has referees. Remove them first.", name=candidate.name),
        RemovalBlocker.SETTLED: _(
            "What became of the application of %(name)s is on record, and stays there.", name=candidate.name
        ),
    }
    blockers = removal_blockers(
        declarations=len(candidate.declarations), referees=referees, events=len(candidate.events)
    )
    if blockers:
        raise Refused([texts[blocker] for blocker in blockers])
    record("recruitment.remove_candidate", candidate.recruitment, candidate_id=candidate.id)
    for interview in candidate.interviews:
        db.session.delete(interview)
    db.session.delete(candidate)
    db.session.flush()


def declare_impartiality(candidate: Candidate, member: PanelMember, impartial: bool) -> None:
    """The member's word; it is given once, and not impartial is final."""
    lock_row(candidate.recruitment)
    db.session.expire(candidate, ["declarations"])
    given = declaration_of(candidate, member)
    if given is not None:
        if given.impartial == impartial:
            return
        raise Refused([_("You have already declared yourself. Tell the recruiter if something has changed.")])
    declaration = ImpartialityDeclaration(candidate_id=candidate.id, member_id=member.id, impartial=impartial, at=now())
    candidate.declarations.append(declaration)
    db.session.flush()
    record("recruitment.declare_impartiality", candidate, member_id=member.id, impartial=impartial)
