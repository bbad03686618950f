"""The daily digest: one mail in the morning of a working day to each person whom something awaits, in Danish."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urljoin

from flask import current_app, request, url_for
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _

from portal.access import Actor, Permission, Role, may
from portal.audit.queries import last_event
from portal.audit.services import record
from portal.balance import queries as balances
from portal.db import db
from portal.decisions.queries import undecided
from portal.i18n import long_date
from portal.interviews import queries as interviews
from portal.mail import services as mail
from portal.onboarding import work
from portal.onboarding.rules import MilestoneEventKind
from portal.onboarding.texts import phase_label
from portal.onboarding.work import AskedWaiver, DueItem, MovedMilestone, PlanRef
from portal.overview.progress import OWED, seats_of
from portal.overview.start import Duty, at
from portal.people import queries as people
from portal.people.models import Person
from portal.workdays import is_workday

COMPOSED = "mail.compose_digests"
LINES = 10  # a section that is longer says how many more there are


@dataclass
class Duties:
    """What awaits one person, in the order in which the mail says it."""

    decisions: list[Duty] = field(default_factory=list)
    rulings: list[Duty] = field(default_factory=list)
    answers: list[Duty] = field(default_factory=list)
    returned: list[Duty] = field(default_factory=list)
    overdue: list[Duty] = field(default_factory=list)
    soon: list[Duty] = field(default_factory=list)
    assessments: list[Duty] = field(default_factory=list)

    def sections(self) -> list[tuple[str, list[Duty]]]:
        """Heading and duties of those sections that have any, by due date where there is one."""
        found = [
            (_("Awaits your sign-off"), self.decisions),
            (_("Awaits your decision"), self.rulings),
            (_("Awaits your answer"), self.answers),
            (_("Sent back to you"), self.returned),
            (_("Overdue"), self.overdue),
            (_("Due within seven days"), self.soon),
            (_("Candidates for you to assess"), self.assessments),
        ]
        return [(title, sorted(duties, key=lambda d: d.due or date.min)) for title, duties in found if duties]


@dataclass(frozen=True)
class Digest:
    """A finished mail to one person."""

    person_id: int
    address: str
    name: str
    subject: str
    body: str


def _is_due(day: date) -> bool:
    """Whether the digests of `day` are still to be written; later in the day nobody gets one for something new."""
    if not is_workday(day):
        return False
    last = last_event(COMPOSED)
    return last is None or bool(last.details["day"] < day.isoformat())


def compose(day: date) -> list[Digest]:
    """The digests of `day`; none on other than working days, and none once they have been put into the outbox.

    It only reads, each plan once whoever it concerns, in a transaction of its own that takes no lock.
    """
    with _as_a_page():
        if not _is_due(day):
            return []
        readers = people.digest_readers()
        duties = _duties(people.actors_of(readers, day), day)
        return [_written(person, day, duties[person.id]) for person in readers if person.id in duties]


def enqueue(digests: Iterable[Digest], day: date) -> int:
    """Put the digests into the outbox; returns how many are new. One a person and day, whoever composes again."""
    new = sum(
        mail.enqueue(
            f"digest:{day.isoformat()}:{digest.person_id}",
            address=digest.address,
            name=digest.name,
            subject=digest.subject,
            body=digest.body,
        )
        for digest in digests
    )
    if _is_due(day):
        record(COMPOSED, day=day.isoformat(), count=new)
    return new


@contextmanager
def _as_a_page() -> Iterator[None]:
    """Texts and links as on a page under BASE_URL, in Danish, and like a page's a transaction that only reads."""
    db.session.rollback()
    with current_app.test_request_context(base_url=current_app.config["SETTINGS"].base_url), force_locale("da"):
        try:
            yield
        finally:
            db.session.rollback()


def _duties(actors: Mapping[int, Actor], day: date) -> dict[int, Duties]:
    """What awaits these persons, by id; persons whom nothing awaits are not in it."""
    found: defaultdict[int, Duties] = defaultdict(Duties)
    everyone = _Everyone(actors)
    for moved in [*work.milestones_in(MilestoneEventKind.REQUESTED), *work.reviews_due(day)]:
        for actor in everyone.who_may(Permission.DECIDE_SIGN_OFF, moved.plan, moved.plan):
            found[actor.person_id].decisions.append(_milestone(moved, moved.plan.souschef))
    for waiver in work.waivers_asked():
        for actor in everyone.who_may(Permission.DECIDE_SIGN_OFF, waiver.plan, waiver.plan):
            found[actor.person_id].decisions.append(_waiver(waiver))
    for moved in work.milestones_in(MilestoneEventKind.RETURNED):
        for actor in everyone.who_may(Permission.REQUEST_SIGN_OFF, moved.plan, moved.plan):
            found[actor.person_id].returned.append(_milestone(moved, moved.plan.office))
    for item in work.items_due(day):
        for actor in everyone.who_may(Permission.COMPLETE_ITEM, item.plan, item):
            duties = found[actor.person_id]
            section = duties.overdue if item.due_date < day else duties.soon
            section.append(_item(item, actor))
    for waiting in balances.waiting(day):
        if waiting.awaited_id in actors:
            found[waiting.awaited_id].answers.append(_proposal(waiting))
    _add_assessments(found, actors)
    _add_rulings(found, actors)
    return {person_id: duties for person_id, duties in found.items() if duties.sections()}


class _Everyone:
    """Those who read mails, found by their part in a plan."""

    def __init__(self, actors: Mapping[int, Actor]) -> None:
        self.actors = actors
        self.hr = [person_id for person_id, actor in actors.items() if Role.HR in actor.roles]
        self.deputies: dict[int, list[int]] = defaultdict(list)
        for person_id, actor in actors.items():
            for office_id in actor.deputy_of:
                self.deputies[office_id].append(person_id)

    def who_may(self, permission: Permission, plan: PlanRef, subject: Any) -> list[Actor]:
        """Those with a part in the plan to whom the policy gives the permission."""
        part = {plan.souschef_id, plan.buddy_id or 0, plan.chef_id or 0, *self.deputies[plan.office_id], *self.hr}
        return [self.actors[n] for n in sorted(part & self.actors.keys()) if may(self.actors[n], permission, subject)]


def _milestone(moved: MovedMilestone, about: str) -> Duty:
    where = at("onboarding.milestone", plan_id=moved.plan.id, phase=moved.phase)
    what = phase_label(moved.phase)
    return Duty(
        _("Sign off: %(milestone)s", milestone=what) if about == moved.plan.souschef else what, about, where, moved.due
    )


def _item(item: DueItem, actor: Actor) -> Duty:
    about = _("My onboarding") if item.plan.souschef_id == actor.person_id else item.plan.souschef
    where = at("onboarding.item", plan_id=item.plan.id, item_id=item.item_id)
    return Duty(item.title, about, where, item.due_date)


def _waiver(waiver: AskedWaiver) -> Duty:
    where = at("onboarding.item", plan_id=waiver.plan.id, item_id=waiver.item_id)
    return Duty(_("Relevant or not? %(item)s", item=waiver.title), waiver.plan.souschef, where)


def _proposal(waiting: balances.Waiting) -> Duty:
    where = at("balance.balance", office_id=waiting.office_id, souschef_id=waiting.souschef_id)
    return Duty(_("Proposal for balance and focus areas"), waiting.proposed_by, where)


def _add_assessments(found: Mapping[int, Duties], actors: Mapping[int, Actor]) -> None:
    """One line for each recruitment, without the candidates' names: mailboxes outlive the portal's deletion dates."""
    recruitments = interviews.recruitments_lacking_assessments()
    own, closed = interviews.assessments_by_person(recruitments), interviews.closed_in(recruitments)
    unready = interviews.rounds_without_questions([recruitment.id for recruitment in recruitments])
    for recruitment in recruitments:
        for person_id in recruitment.panel_person_ids & actors.keys():
            seats = seats_of(recruitment, person_id, own.get(person_id, {}), closed, unready)
            owed = sum(seat.state in OWED for seat in seats)
            if owed:
                what = ngettext("%(num)s candidate", "%(num)s candidates", owed)
                where = at("overview.recruitment", recruitment_id=recruitment.id)
                found[person_id].assessments.append(Duty(what, recruitment.title, where))


def _add_rulings(found: Mapping[int, Duties], actors: Mapping[int, Actor]) -> None:
    """One line for each recommendation, to the hiring authority; without anyone's name."""
    for submission in undecided():
        recruitment = submission.recruitment
        authority_id = recruitment.authority_id or 0
        if authority_id in actors:
            what = _("Decide: %(title)s", title=recruitment.title)
            where = at("decisions.recommendation", recruitment_id=recruitment.id)
            found[authority_id].rulings.append(Duty(what, recruitment.office.name, where))


def _written(person: Person, day: date, duties: Duties) -> Digest:
    sections = duties.sections()
    count = sum(len(lines) for _title, lines in sections)
    awaits = ngettext("%(num)s thing awaits you", "%(num)s things await you", count)
    paragraphs = [
        _("Hello %(name)s", name=person.name.split(" ")[0]),
        _("This awaits you in Souschefportalen on %(day)s:", day=long_date(day)),
        *(_section(title, lines) for title, lines in sections),
        _("Everything at a glance: %(url)s", url=_link(url_for("overview.start"))),
        _(
            "You get this mail because something awaits you in Souschefportalen: at most one a day, on working days.\n"
            "You can turn it off on your account page: %(url)s",
            url=_link(url_for("people.account")),
        ),
    ]
    subject = f"Souschefportalen {long_date(day)}: {awaits}"
    return Digest(person.id, person.email, person.name, subject, "\n\n".join(paragraphs) + "\n")


def _section(title: str, duties: Sequence[Duty]) -> str:
    lines = [title, *(_line(duty) for duty in duties[:LINES])]
    more = len(duties) - LINES
    return "\n".join([*lines, ngettext("and %(num)s more", "and %(num)s more", more)] if more > 0 else lines)


def _line(duty: Duty) -> str:
    due = ", " + _("due %(when)s", when=long_date(duty.due)) if duty.due else ""
    return f"- {duty.what} ({duty.about}){due}\n  {_link(duty.url)}"


def _link(url: str) -> str:
    return urljoin(request.host_url, url)
