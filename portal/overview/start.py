"""What the start page shows a person: first what awaits them, then what they follow."""

from dataclasses import dataclass
from datetime import date

from flask import url_for
from flask_babel import gettext as _

from portal.access import Actor, Permission, Role, may
from portal.balance import queries as balances
from portal.balance.models import BalanceVersion
from portal.balance.queries import InForce
from portal.decisions.queries import undecided
from portal.i18n import today
from portal.onboarding import duties as onboarding_duties
from portal.onboarding import lists
from portal.onboarding import queries as onboarding
from portal.onboarding.duties import Awaiting
from portal.onboarding.queries import ItemLine, PlanStatus
from portal.onboarding.rules import open_required
from portal.onboarding.texts import phase_label
from portal.overview.progress import Standing, standings
from portal.people.models import SignIn
from portal.recruitment import queries as recruitments
from portal.recruitment.models import Recruitment

LED = 12


@dataclass(frozen=True)
class Duty:
    """One thing that awaits the person: what, on what, where it is done, and by when (if there is a day)."""

    what: str
    about: str
    url: str
    due: date | None = None

    @property
    def overdue(self) -> bool:
        return self.due is not None and self.due < today()


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
    led: list[lists.Row]
    recruitments: list[Standing]

    @classmethod
    def of(cls, signed_in: SignIn) -> "StartPage":
        actor, person_id = signed_in.actor, signed_in.person_id
        follows = bool(actor.panels or actor.roles)
        visible = standings(recruitments.recruitments_visible_to(actor), person_id) if follows else []
        awaiting = onboarding_duties.awaiting(actor, today())
        items = onboarding.lines_of(awaiting.own) if awaiting.own else []
        status = lists.status_of(awaiting.own, items, today()) if awaiting.own else None
        found = balances.concerning(actor, today())
        return cls(
            duties=[
                *_milestones(awaiting),
                *_proposals(person_id, found),
                *_rulings(actor),
                *_panel_work(visible),
                *_items(actor),
            ],
            own=status,
            balances=_own_balances(actor, awaiting.own.office_id if awaiting.own else None, found),
            lacking=_lacking(status, items),
            led=_followed(actor),
            recruitments=[s for s in visible if Role.HR in actor.roles or _manages(actor, s.recruitment)],
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
    asked = [(_("Sign off: %(milestone)s"), waiting) for waiting in found.requested]
    review = [(_("Hold the review: %(milestone)s"), waiting) for waiting in found.reviews]
    returned = [(_("Sent back to you: %(milestone)s"), waiting) for waiting in found.returned]
    return [
        Duty(
            what % {"milestone": phase_label(waiting.phase)},
            waiting.comment if what == _("Sent back to you: %(milestone)s") else waiting.souschef,
            url_for("onboarding.milestone", plan_id=waiting.plan_id, phase=waiting.phase),
            waiting.due,
        )
        for what, waiting in [*asked, *returned, *review]
    ]


def _proposals(person_id: int, found: list[tuple[BalanceVersion, InForce]]) -> list[Duty]:
    """Proposals for a balance that lack this person's yes."""
    return [
        Duty(
            _("Answer: balance and focus areas"),
            _("Proposal by %(name)s", name=in_force.pending.proposed_by.name),
            url_for("balance.balance", office_id=version.office_id, souschef_id=version.souschef_id),
        )
        for version, in_force in found
        if in_force.pending and in_force.awaits(person_id, version.office.chef_id)
    ]


def _rulings(actor: Actor) -> list[Duty]:
    """Recommendations that await the person's decision as appointing authority."""
    return [
        Duty(
            _("Decide: %(title)s", title=submission.recruitment.title),
            _("The panel has submitted its recommendation"),
            url_for("decisions.recommendation", recruitment_id=submission.recruitment_id),
        )
        for submission in undecided(actor.person_id)
    ]


def _own_balances(
    actor: Actor, plan_office: int | None, found: list[tuple[BalanceVersion, InForce]]
) -> list[OwnBalance]:
    """One for each office where the person is souschef or becomes one, also where nothing is agreed yet."""
    own = {version.office_id: in_force for version, in_force in found if version.souschef_id == actor.person_id}
    offices = {*own, *actor.souschef_of, *([plan_office] if plan_office else [])}
    return [OwnBalance(office_id, own.get(office_id, InForce())) for office_id in sorted(offices)]


def _manages(actor: Actor, recruitment: Recruitment) -> bool:
    return may(actor, Permission.MANAGE_RECRUITMENT, recruitment)


def _panel_work(visible: list[Standing]) -> list[Duty]:
    """What the person owes as a panel member, where the set-up lets them begin."""
    labels = {"declare": _("Declare impartiality"), "assess": _("Assess the candidate")}
    return [
        Duty(
            labels[seat.state],
            f"{seat.candidate.name} · {found.recruitment.title}",
            url_for("interviews.assessment", interview_id=seat.interview.id),
        )
        for found in visible
        for seat in found.seats
        if seat.state in labels and not found.gaps
    ]


def _items(actor: Actor) -> list[Duty]:
    return [
        Duty(
            due.title,
            "" if due.souschef_id == actor.person_id else due.souschef,
            url_for("onboarding.item", plan_id=due.plan_id, item_id=due.item_id),
            due.due_date,
        )
        for due in onboarding_duties.due_for(actor, today())
    ]
