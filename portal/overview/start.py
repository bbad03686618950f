"""What the start page shows a person: first what awaits them, then what they follow."""

from dataclasses import dataclass
from datetime import date

from flask import url_for
from flask_babel import gettext as _

from portal.access import Actor, Permission, may
from portal.i18n import today
from portal.interviews import queries as interviews
from portal.onboarding import queries as onboarding
from portal.onboarding.models import Plan
from portal.onboarding.texts import phase_label
from portal.overview.recruitments import Step, seats_of, steps_of
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
class OwnRecruitment:
    """A recruitment that the person runs, with its next step, if any."""

    recruitment: Recruitment
    next_step: Step | None


@dataclass(frozen=True)
class StartPage:
    """Everything on the start page; plans and recruitments are read once for all of it."""

    duties: list[Duty]
    plans: list[onboarding.PlanStatus]
    led: list[onboarding.PlanStatus]
    recruitments: list[OwnRecruitment]

    @classmethod
    def of(cls, signed_in: SignIn) -> "StartPage":
        actor, person_id = signed_in.actor, signed_in.person_id
        plans = onboarding.plans_visible_to(actor)
        visible = recruitments.recruitments_visible_to(actor)
        statuses = onboarding.statuses(plans, today())
        led = [status for status in statuses if status.plan.souschef_id != person_id]
        managed = [r for r in visible if may(actor, Permission.MANAGE_RECRUITMENT, r)]
        return cls(
            duties=[*sign_offs(actor, plans), *_panel_work(person_id, visible), *open_items(actor, plans, today())],
            plans=[status for status in statuses if status.plan.souschef_id == person_id],
            led=sorted(led, key=lambda status: (-status.overdue, status.plan.id)),
            recruitments=[OwnRecruitment(r, next((s for s in steps_of(r) if s.missing), None)) for r in managed],
        )


def sign_offs(actor: Actor, plans: list[Plan]) -> list[Duty]:
    return [
        Duty(
            _("Sign off: %(milestone)s", milestone=phase_label(phase)),
            plan.souschef.name,
            url_for("onboarding.milestone", plan_id=plan.id, phase=phase),
        )
        for plan, phase in onboarding.awaiting_decision(actor, plans)
    ]


def _panel_work(person_id: int, visible: list[Recruitment]) -> list[Duty]:
    labels = {"declare": _("Declare impartiality"), "assess": _("Assess the candidate")}
    own = interviews.assessments_of(person_id)
    return [
        Duty(
            labels[seat.state],
            f"{seat.candidate.name} · {recruitment.title}",
            url_for("interviews.assessment", candidate_id=seat.candidate.id),
        )
        for recruitment in visible
        for seat in seats_of(recruitment, person_id, own)
        if seat.state in labels
    ]


def open_items(actor: Actor, plans: list[Plan], day: date, limit: int | None = 5) -> list[Duty]:
    return [
        Duty(
            item.title,
            _("My onboarding") if item.plan.souschef_id == actor.person_id else item.plan.souschef.name,
            url_for("onboarding.item", plan_id=item.plan_id, item_id=item.id),
            item.due_date,
        )
        for item in onboarding.open_items_for(actor, plans, day, limit)
    ]
