"""What the start page shows a person: first what awaits them, then what they follow."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from flask import url_for
from flask_babel import ngettext

from portal.access import Actor, Permission, Role, may
from portal.balance import queries as balances
from portal.balance.models import BalanceVersion
from portal.balance.queries import InForce
from portal.bank.texts import context as bank_words
from portal.decisions.queries import undecided
from portal.i18n import due, today
from portal.i18n import gettext as _
from portal.interviews.lists import Appointment, appointments
from portal.listing import Order
from portal.onboarding import duties as onboarding_duties
from portal.onboarding import lists
from portal.onboarding import queries as onboarding
from portal.onboarding.duties import Awaiting
from portal.onboarding.pieces import PlanLine, ProgressValues, plan_line, progress_values
from portal.onboarding.queries import ItemLine, PlanStatus
from portal.onboarding.rules import open_required
from portal.overview.recruitment_list import Filter, Row, owed_by, page_of
from portal.people.models import SignIn
from portal.records import lists as deletion
from portal.records.queries import months_kept
from portal.recruitment import queries as recruitments

LED, SHOWN, COMING, FOLLOWED = 12, 8, 6, 12
IN_PROGRESS, NEWEST = Filter(running=True, managed=True), Order("newest", False)


# a page and what names it in its address
Where = tuple[str, tuple[tuple[str, Any], ...]]


def at(endpoint: str, **values: Any) -> Where:
    return endpoint, tuple(values.items())


@dataclass(frozen=True)
class Duty:
    """One thing that awaits the person: what, on what, where it is done, and by when (if there is a day)."""

    what: str
    about: str
    where: Where
    due: date | None = None

    @property
    def url(self) -> str:
        endpoint, values = self.where
        return url_for(endpoint, **dict(values))

    @property
    def overdue(self) -> bool:
        return self.due is not None and self.due < today()


class DutyLine(NamedTuple):
    """A duty as the page shows it; `due` in words."""

    what: str
    about: str
    where: Where
    due: str
    overdue: bool


@dataclass(frozen=True)
class OwnBalance:
    """What a souschef has agreed with the chef of an office, if anything yet."""

    office_id: int
    in_force: InForce


@dataclass(frozen=True)
class StartPage:
    """Everything on the start page: what awaits the person, their own plan, and what they follow."""

    duties: list[Duty]
    own: PlanStatus | None
    balances: list[OwnBalance]
    lacking: list[str]
    led: list[PlanLine]
    recruitments: Sequence[Row]
    interviews_today: list[Appointment]
    interviews_next: list[Appointment]

    @property
    def duty_lines(self) -> tuple[DutyLine, ...]:
        """The first of them, the most urgent kinds on top."""
        shown = self.duties[:SHOWN]
        return tuple(DutyLine(d.what, d.about, d.where, due(d.due) if d.due else "", d.overdue) for d in shown)

    @property
    def duties_left(self) -> int:
        return max(len(self.duties) - SHOWN, 0)

    @property
    def progress(self) -> ProgressValues:
        """How far their own plan is."""
        assert self.own is not None  # asked only for one who has a plan
        return progress_values(self.own.progress, self.own.overdue, self.own.parts)

    @classmethod
    def of(cls, signed_in: SignIn) -> "StartPage":
        actor, person_id = signed_in.actor, signed_in.person_id
        awaiting = onboarding_duties.awaiting(actor, today())
        items = onboarding.lines_of(awaiting.own) if awaiting.own else []
        status = lists.status_of(awaiting.own, items, today()) if awaiting.own else None
        found = balances.concerning(actor, today())
        coming = _coming(actor)
        return cls(
            duties=[
                *_milestones(awaiting),
                *_waivers(awaiting),
                *_proposals(person_id, found),
                *_rulings(actor),
                *_panel_work(actor),
                *_items(actor),
                *_deletions(actor),
            ],
            own=status,
            balances=_own_balances(actor, awaiting.own.office_id if awaiting.own else None, found),
            lacking=_lacking(status, items),
            led=[plan_line(row) for row in _followed(actor)],
            recruitments=page_of(actor, IN_PROGRESS, NEWEST, 1, FOLLOWED).items if actor.roles else [],
            interviews_today=[a for a in coming if a.day == today()],
            interviews_next=[a for a in coming if a.day != today()][:COMING],
        )


def _followed(actor: Actor) -> list[lists.Row]:
    """The plans that are furthest behind: of the own offices, or for HR of all."""
    if actor.chef_of | actor.deputy_of:
        return lists.led_by(actor, today(), LED)
    return lists.behind(today(), LED) if Role.HR in actor.roles else []


def _lacking(status: PlanStatus | None, items: list[ItemLine]) -> list[str]:
    """What still blocks the milestone that the souschef is heading for."""
    if status is None or status.next_phase is None:
        return []
    return [item.title for item in open_required(item for item in items if item.phase == status.next_phase)]


def _milestones(found: Awaiting) -> list[Duty]:
    """Sign-offs that await the person, reviews of a trial period to hold, and what was sent back to them."""
    phases = bank_words()["phase_labels"]
    asked = [(_("Sign off: %(milestone)s"), waiting) for waiting in found.requested]
    review = [(_("Hold the review: %(milestone)s"), waiting) for waiting in found.reviews]
    returned = [(_("Sent back to you: %(milestone)s"), waiting) for waiting in found.returned]
    return [
        Duty(
            what % {"milestone": phases[waiting.phase]},
            waiting.comment if what == _("Sent back to you: %(milestone)s") else waiting.souschef,
            at("onboarding.milestone", plan_id=waiting.plan_id, phase=waiting.phase),
            waiting.due,
        )
        for what, waiting in [*asked, *returned, *review]
    ]


def _waivers(found: Awaiting) -> list[Duty]:
    """Items that somebody finds not relevant, which await the person's word."""
    return [
        Duty(
            _("Relevant or not? %(item)s", item=waiver.title),
            waiver.souschef,
            at("onboarding.item", plan_id=waiver.plan_id, item_id=waiver.item_id),
        )
        for waiver in found.waivers
    ]


def _proposals(person_id: int, found: list[tuple[BalanceVersion, InForce]]) -> list[Duty]:
    """Proposals for a balance that lack this person's yes."""
    return [
        Duty(
            _("Answer: balance and focus areas"),
            _("Proposal by %(name)s", name=in_force.pending.proposed_by.name),
            at("balance.balance", office_id=version.office_id, souschef_id=version.souschef_id),
        )
        for version, in_force in found
        if in_force.pending and in_force.awaits(person_id, version.office.chef_id)
    ]


def _rulings(actor: Actor) -> list[Duty]:
    """Recommendations that await the person's decision as hiring authority."""
    return [
        Duty(
            _("Decide: %(title)s", title=submission.recruitment.title),
            _("The panel has submitted its recommendation"),
            at("decisions.recommendation", recruitment_id=submission.recruitment_id),
        )
        for submission in (undecided(actor.person_id) if actor.authority_of else ())
    ]


def _deletions(actor: Actor) -> list[Duty]:
    """For HR, that there are candidates whose data has been kept long enough."""
    if not may(actor, Permission.MANAGE_RECORDS):
        return []
    count = deletion.awaiting_review(deletion.Filter(months_kept(), today()))
    about = ngettext("%(num)s candidate to review", "%(num)s candidates to review", count)
    return [Duty(_("Review the deletion list"), about, at("records.deletion_list"))] if count else []


def _own_balances(
    actor: Actor, plan_office: int | None, found: list[tuple[BalanceVersion, InForce]]
) -> list[OwnBalance]:
    """One for each office where the person is souschef or becomes one, also where nothing is agreed yet."""
    own = {version.office_id: in_force for version, in_force in found if version.souschef_id == actor.person_id}
    offices = {*own, *actor.souschef_of, *([plan_office] if plan_office else [])}
    return [OwnBalance(office_id, own.get(office_id, InForce())) for office_id in sorted(offices)]


def _panel_work(actor: Actor) -> list[Duty]:
    """What the person owes as a panel member, where the set-up lets them begin."""
    return [
        Duty(
            _("Assess the candidate") if owed.declared else _("Declare impartiality"),
            f"{owed.candidate} · {owed.recruitment}",
            at("interviews.assessment", interview_id=owed.interview_id),
        )
        for owed in (owed_by(actor) if actor.panels else [])
    ]


def _coming(actor: Actor) -> list[Appointment]:
    """The interviews from today on in which this person takes part, by time; those of today stay to its end."""
    if not actor.panels and Role.RECRUITER not in actor.roles:
        return []
    own = recruitments.recruitments_with_times_of(actor.person_id)
    found = [a for recruitment in own for a in appointments(recruitment, actor.person_id)]
    return sorted((a for a in found if a.day and a.day >= today()), key=lambda a: (a.day, a.interview.starts_at))


def _items(actor: Actor) -> list[Duty]:
    return [
        Duty(
            item.title,
            "" if item.souschef_id == actor.person_id else item.souschef,
            at("onboarding.item", plan_id=item.plan_id, item_id=item.item_id),
            item.due_date,
        )
        for item in onboarding_duties.due_for(actor, today())
    ]
