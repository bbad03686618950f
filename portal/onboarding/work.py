"""What awaits anyone, in a fixed number of queries, for the morning's mails. What awaits whom, the policy says."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from portal.db import db
from portal.onboarding.duties import asked_waivers, latest, unlocked
from portal.onboarding.models import ItemEvent, MilestoneEvent, Plan, PlanItem, PlanMilestone
from portal.onboarding.rules import SOON, ItemState, MilestoneEventKind
from portal.onboarding.schedule import REVIEW_WARNING, TRIAL_REVIEW
from portal.people.models import Office, Person


@dataclass(frozen=True)
class PlanRef:
    """What the policy needs of a plan, and the names that a mail may hold."""

    id: int
    souschef_id: int
    buddy_id: int | None
    office_id: int
    chef_id: int | None
    souschef: str
    office: str


PLAN = (Plan.id, Plan.souschef_id, Plan.buddy_id, Plan.office_id, Office.chef_id, Person.name, Office.name)
COLUMNS = len(PLAN)


@dataclass(frozen=True)
class DueItem:
    """An open item that is overdue or falls due within a week."""

    plan: PlanRef
    item_id: int
    title: str
    due_date: date
    responsible: str


@dataclass(frozen=True)
class MovedMilestone:
    """A milestone that awaits a decision, was sent back, or whose review is to be held by `due`."""

    plan: PlanRef
    phase: str
    due: date | None = None


def _with_people(query: Any) -> Any:
    return query.join(Plan.souschef).join(Plan.office).where(Plan.ended_at.is_(None))


def items_due(today: date) -> list[DueItem]:
    """Every such item of a running plan whose milestone is not with the chef or signed off, by due date."""
    columns = (PlanItem.id, PlanItem.title, PlanItem.due_date, PlanItem.responsible)
    query = _with_people(select(*PLAN, *columns).select_from(PlanItem).join(PlanItem.plan))
    query = query.where(PlanItem.state == ItemState.OPEN, PlanItem.due_date <= today + SOON, unlocked())
    found = db.session.execute(query.order_by(PlanItem.due_date, PlanItem.id))
    return [DueItem(PlanRef(*row[:COLUMNS]), *row[COLUMNS:]) for row in found]


def milestones_in(kind: MilestoneEventKind) -> list[MovedMilestone]:
    """Every milestone of a running plan whose last event is of this kind, the oldest first."""
    query = latest(kind, *PLAN, MilestoneEvent.phase).join(Plan.office)
    return [MovedMilestone(PlanRef(*row[:COLUMNS]), *row[COLUMNS:]) for row in db.session.execute(query)]


@dataclass(frozen=True)
class AskedWaiver:
    """An item that somebody finds not relevant, which awaits the chef's word."""

    plan: PlanRef
    item_id: int
    title: str


def waivers_asked() -> list[AskedWaiver]:
    """Every such item of a running plan, the oldest question first."""
    query = asked_waivers(*PLAN, PlanItem.id, PlanItem.title).join(Plan.office).order_by(ItemEvent.id)
    return [AskedWaiver(PlanRef(*row[:COLUMNS]), *row[COLUMNS:]) for row in db.session.execute(query)]


def reviews_due(today: date) -> list[MovedMilestone]:
    """Reviews of a trial period within a fortnight, or overdue, that have not been signed off."""
    done = select(MilestoneEvent.id).where(
        MilestoneEvent.plan_id == Plan.id,
        MilestoneEvent.phase == TRIAL_REVIEW,
        MilestoneEvent.kind == MilestoneEventKind.APPROVED,
    )
    columns = select(*PLAN, PlanMilestone.phase, PlanMilestone.due_date).select_from(PlanMilestone)
    query = _with_people(columns.join(Plan, Plan.id == PlanMilestone.plan_id))
    query = query.where(PlanMilestone.phase == TRIAL_REVIEW, PlanMilestone.due_date <= today + REVIEW_WARNING)
    found = db.session.execute(query.where(~done.exists()).order_by(PlanMilestone.due_date))
    return [MovedMilestone(PlanRef(*row[:COLUMNS]), *row[COLUMNS:]) for row in found]
