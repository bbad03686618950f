"""What the start page shows a person: first what awaits them, then what they follow."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from portal.access import Permission, may
from portal.i18n import today
from portal.onboarding import queries as onboarding
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


def duties_of(signed_in: SignIn) -> list[Duty]:
    """Milestones to sign off, checklist items by date, declarations and assessments owed."""
    return [*_sign_offs(signed_in), *_panel_work(signed_in), *_items(signed_in)]


def _sign_offs(signed_in: SignIn) -> list[Duty]:
    return [
        Duty(
            _("Sign off: %(milestone)s", milestone=phase_label(phase)),
            plan.souschef.name,
            url_for("onboarding.milestone", plan_id=plan.id, phase=phase),
        )
        for plan, phase in onboarding.awaiting_decision(signed_in.actor)
    ]


def _panel_work(signed_in: SignIn) -> list[Duty]:
    labels = {"declare": _("Declare impartiality"), "assess": _("Assess the candidate")}
    return [
        Duty(
            labels[seat.state],
            f"{seat.candidate.name} · {recruitment.title}",
            url_for("interviews.assessment", candidate_id=seat.candidate.id),
        )
        for recruitment in recruitments.recruitments_visible_to(signed_in.actor)
        for seat in seats_of(recruitment, signed_in.person_id)
        if seat.state in labels
    ]


def _items(signed_in: SignIn) -> list[Duty]:
    found: list[Any] = onboarding.open_items_for(signed_in.actor, today())
    return [
        Duty(
            item.title,
            _("My onboarding") if item.plan.souschef_id == signed_in.person_id else item.plan.souschef.name,
            url_for("onboarding.item", plan_id=item.plan_id, item_id=item.id),
            item.due_date,
        )
        for item in found
    ]


def own_plans(signed_in: SignIn) -> list[onboarding.PlanStatus]:
    return [s for s in onboarding.statuses(signed_in.actor, today()) if s.plan.souschef_id == signed_in.person_id]


def led_plans(signed_in: SignIn) -> list[onboarding.PlanStatus]:
    """For the chef the own souschefs, for HR all; overdue first."""
    others = [s for s in onboarding.statuses(signed_in.actor, today()) if s.plan.souschef_id != signed_in.person_id]
    return sorted(others, key=lambda status: (-status.overdue, status.plan.id))


def recruitments_of(signed_in: SignIn) -> list[OwnRecruitment]:
    found = recruitments.recruitments_visible_to(signed_in.actor)
    mine = [r for r in found if may(signed_in.actor, Permission.MANAGE_RECRUITMENT, r)]
    return [OwnRecruitment(r, next((step for step in steps_of(r) if step.missing), None)) for r in mine]
