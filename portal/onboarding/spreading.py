"""Bringing what is new in a template to the plans that were started from an earlier version of it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from portal.audit.services import record
from portal.bank.queries import entry_ids
from portal.checklists.models import TemplateItem, TemplateVersion
from portal.db import db
from portal.framework.queries import outline
from portal.onboarding import queries
from portal.onboarding.models import Plan
from portal.onboarding.rules import Blocker, ItemEventKind, addition_blockers, open_from, same_title
from portal.onboarding.schedule import due_within, not_past, phase_for
from portal.onboarding.services import append, copied
from portal.people.models import Person


@dataclass(frozen=True)
class Addition:
    """An item of the template that a plan lacks: the milestone it lands in, its day, and what stands in the way."""

    item: TemplateItem
    phase: str
    due: date
    blockers: list[Blocker]


@dataclass(frozen=True)
class PlanAdditions:
    """What one plan lacks of the template."""

    plan: Plan
    lacking: list[Addition]

    def of(self, items: Collection[TemplateItem]) -> "PlanAdditions":
        """What it lacks of these items alone."""
        return PlanAdditions(self.plan, [addition for addition in self.lacking if addition.item in items])

    @property
    def gets(self) -> list[Addition]:
        return [addition for addition in self.lacking if not addition.blockers]


def _lacking(plan: Plan, items: Sequence[TemplateItem], entries: dict[int, int], today: date) -> list[Addition]:
    titles = {same_title(item.title) for item in plan.items}
    origins = {entries[item.bank_version_id] for item in plan.items if item.bank_version_id in entries}
    days = {milestone.phase: milestone.due_date for milestone in plan.milestones}
    states = queries.states_of(plan)
    found = []
    for item in items:
        phase, origin = phase_for(item.phase, days), entries.get(item.bank_version_id or 0)
        blockers = addition_blockers(item.title, origin, states[phase], titles=titles, origins=origins)
        if Blocker.HAS_ITEM not in blockers:
            due = due_within(plan.start_date, item.offset_days, phase, days, working_days=item.working_days)
            found.append(Addition(item, phase, not_past(due, today), blockers))
    return found


def additions(plans: Sequence[Plan], items: Sequence[TemplateItem], today: date) -> list[PlanAdditions]:
    """What each of these plans lacks of these items; plans that lack nothing are left out."""
    versions = {item.bank_version_id for plan in plans for item in plan.items}
    entries = entry_ids(versions | {item.bank_version_id for item in items})
    found = [PlanAdditions(plan, _lacking(plan, items, entries, today)) for plan in plans]
    return [row for row in found if row.lacking]


def spread(
    version: TemplateVersion, items: Sequence[TemplateItem], plan_ids: Collection[int], person: Person, today: date
) -> tuple[int, int]:
    """Add these items to these plans, wherever nothing stands in the way now; how many items, on how many plans."""
    plans = queries.running_from(version.template_id, plan_ids)
    rows = [row for row in additions(plans, items, today) if row.gets]
    for row in rows:
        _add(row, person)
        record("onboarding.spread_items", row.plan, version_id=version.id, items=len(row.gets))
    return sum(len(row.gets) for row in rows), len(rows)


def _add(row: PlanAdditions, person: Person) -> None:
    plan = row.plan
    days = {milestone.phase: milestone.due_date for milestone in plan.milestones}
    known = outline(plan.version_id).competency_keys
    for addition in row.gets:
        item = copied(addition.item, plan.start_date, days, known)
        if item.due_date != addition.due:
            item.offset_days, item.working_days = (addition.due - plan.start_date).days, False
        item.due_date, item.added_by_id = addition.due, person.id
        plan.items.append(item)
        db.session.flush()
        append(item, ItemEventKind.ADDED, person)
    plan.open_from = open_from(plan.items, queries.locked_phases(plan))
    db.session.flush()
