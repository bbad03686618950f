"""What the start page shows a person: first what awaits them, then what they follow."""

from dataclasses import dataclass
from datetime import date

from flask import url_for
from flask_babel import gettext as _

from portal.access import Actor, Permission, Role, may
from portal.i18n import today
from portal.interviews import queries as interviews
from portal.onboarding import duties as onboarding_duties
from portal.onboarding import lists
from portal.onboarding import queries as onboarding
from portal.onboarding.duties import Awaiting
from portal.onboarding.queries import ItemLine, PlanStatus
from portal.onboarding.rules import open_required
from portal.onboarding.texts import phase_label
from portal.overview.recruitments import Step, seats_of, steps_of
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
class OwnRecruitment:
    """A recruitment that the person runs, with its next step, if any."""

    recruitment: Recruitment
    next_step: Step | None


@dataclass(frozen=True)
class StartPage:
    """Everything on the start page: what awaits the person, their own plan, and what they follow."""

    duties: list[Duty]
    own: PlanStatus | None
    lacking: list[str]
    led: list[lists.Row]
    recruitments: list[OwnRecruitment]

    @classmethod
    def of(cls, signed_in: SignIn) -> "StartPage":
        actor, person_id = signed_in.actor, signed_in.person_id
        recruits = bool(actor.panels) or Role.RECRUITER in actor.roles
        visible = recruitments.recruitments_visible_to(actor) if recruits else []
        managed = [r for r in visible if may(actor, Permission.MANAGE_RECRUITMENT, r)]
        awaiting = onboarding_duties.awaiting(actor, today())
        items = onboarding.lines_of(awaiting.own) if awaiting.own else []
        status = lists.status_of(awaiting.own, items, today()) if awaiting.own else None
        return cls(
            duties=[*_milestones(awaiting), *_panel_work(person_id, visible), *_items(actor)],
            own=status,
            lacking=_lacking(status, items),
            led=_followed(actor),
            recruitments=[OwnRecruitment(r, next((s for s in steps_of(r) if s.missing), None)) for r in managed],
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


def _panel_work(person_id: int, visible: list[Recruitment]) -> list[Duty]:
    own = interviews.assessments_of(person_id) if visible else {}
    labels = {"declare": _("Declare impartiality"), "assess": _("Assess the candidate")}
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
