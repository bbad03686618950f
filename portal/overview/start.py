"""What the start page shows a person: first what awaits them, then what they follow."""

from dataclasses import dataclass
from datetime import date

from flask import url_for
from flask_babel import gettext as _

from portal.access import Actor, Permission, Role, may
from portal.i18n import today
from portal.onboarding import queries as onboarding
from portal.onboarding.models import Plan
from portal.onboarding.texts import phase_label
from portal.overview.progress import Standing, standings
from portal.people.models import SignIn
from portal.recruitment import queries as recruitments
from portal.recruitment.models import Recruitment


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
class StartPage:
    """Everything on the start page; plans and recruitments are read once for all of it."""

    duties: list[Duty]
    plans: list[onboarding.PlanStatus]
    led: list[onboarding.PlanStatus]
    recruitments: list[Standing]

    @classmethod
    def of(cls, signed_in: SignIn) -> "StartPage":
        actor, person_id = signed_in.actor, signed_in.person_id
        plans = onboarding.plans_visible_to(actor)
        visible = standings(recruitments.recruitments_visible_to(actor), person_id)
        statuses = onboarding.statuses(plans, today())
        led = [status for status in statuses if status.plan.souschef_id != person_id]
        followed = [s for s in visible if Role.HR in actor.roles or _manages(actor, s.recruitment)]
        return cls(
            duties=[*_sign_offs(actor, plans), *_panel_work(visible), *_items(actor, plans)],
            plans=[status for status in statuses if status.plan.souschef_id == person_id],
            led=sorted(led, key=lambda status: (-status.overdue, status.plan.id)),
            recruitments=followed,
        )


def _sign_offs(actor: Actor, plans: list[Plan]) -> list[Duty]:
    return [
        Duty(
            _("Sign off: %(milestone)s", milestone=phase_label(phase)),
            plan.souschef.name,
            url_for("onboarding.milestone", plan_id=plan.id, phase=phase),
        )
        for plan, phase in onboarding.awaiting_decision(actor, plans)
    ]


def _manages(actor: Actor, recruitment: Recruitment) -> bool:
    return may(actor, Permission.MANAGE_RECRUITMENT, recruitment)


def _panel_work(visible: list[Standing]) -> list[Duty]:
    """What the person owes as a panel member, where the set-up lets them begin."""
    labels = {"declare": _("Declare impartiality"), "assess": _("Assess the candidate")}
    return [
        Duty(
            labels[seat.state],
            f"{seat.candidate.name} · {found.recruitment.title}",
            url_for("interviews.assessment", candidate_id=seat.candidate.id),
        )
        for found in visible
        for seat in found.seats
        if seat.state in labels and not found.gaps
    ]


def _items(actor: Actor, plans: list[Plan]) -> list[Duty]:
    return [
        Duty(
            item.title,
            _("My onboarding") if item.plan.souschef_id == actor.person_id else item.plan.souschef.name,
            url_for("onboarding.item", plan_id=item.plan_id, item_id=item.id),
            item.due_date,
        )
        for item in onboarding.open_items_for(actor, plans, today())
    ]
