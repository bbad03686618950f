"""Writing plans and their items; every change is in the event log.

Whoever calls these has the plan's row locked (`queries.find_item_to_change`, or `lock_row` here), so that a rule never
decides on facts that someone else is changing.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import select

from portal.audit.services import record
from portal.checklists.models import TemplateItem, TemplateVersion
from portal.clock import now
from portal.db import db, lock_row
from portal.errors import Refused
from portal.framework.models import FrameworkVersion
from portal.onboarding import queries
from portal.onboarding.models import ItemEvent, Plan, PlanItem, PlanMilestone
from portal.onboarding.queries import ItemFigure
from portal.onboarding.rules import (
    FROM_TO,
    STATE_AFTER,
    Blocker,
    ItemEventKind,
    ItemState,
    change_blockers,
    item_blockers,
    open_from,
    start_blockers,
    waiver_is_asked,
)
from portal.onboarding.schedule import Contract, due_date, due_within, milestone_days, phase_for
from portal.onboarding.texts import BLOCKER_TEXTS
from portal.people.models import Office, Person
from portal.people.queries import placement_on
from portal.people.services import add_souschef


def refuse(blockers: Iterable[Blocker]) -> None:
    """Raise Refused with the words of these blockers, if there are any."""
    texts = [BLOCKER_TEXTS[blocker] for blocker in blockers]
    if texts:
        raise Refused(texts)


def start_plan(
    template: TemplateVersion,
    version: FrameworkVersion,
    office: Office,
    souschef: Person,
    start_date: date,
    *,
    contract: Contract = Contract.TRIAL,
    buddy: Person | None = None,
    created_by: Person | None = None,
) -> Plan:
    """Copy the template into a plan of its own; refused when the souschef has one running in that office."""
    lock_row(office)
    refuse(start_blockers(souschef_id=souschef.id, chef_id=office.chef_id, buddy_id=buddy.id if buddy else None))
    running = select(Plan.id).where(Plan.souschef_id == souschef.id, Plan.office_id == office.id)
    if db.session.scalar(running.where(Plan.ended_at.is_(None))) is not None:
        raise Refused([_("%(name)s already has an onboarding plan in this office.", name=souschef.name)])
    days = milestone_days(start_date, contract, template.phase_days)
    known = {c.key for part in version.parts for c in part.competencies}
    items = [copied(item, start_date, days, known) for item in template.items]
    plan = Plan(
        template_title=template.title,
        template_version_id=template.id,
        version=version,
        office=office,
        souschef=souschef,
        buddy=buddy,
        start_date=start_date,
        contract=contract.value,
        created_at=now(),
        created_by_id=created_by.id if created_by else None,
        open_from=open_from(items),
        milestones=[PlanMilestone(phase=phase, due_date=day) for phase, day in days.items()],
        items=items,
    )
    db.session.add(plan)
    if placement_on(office.id, souschef.id, start_date) is None:
        add_souschef(office, souschef, start_date)
    db.session.flush()
    record("onboarding.start_plan", plan, office_id=office.id, souschef_id=souschef.id)
    return plan


def copied(item: TemplateItem, start: date, days: Mapping[str, date], known: Collection[str]) -> PlanItem:
    """The item in the plan: due within its milestone, tied to the competencies that the framework version has."""
    phase = phase_for(item.phase, days)
    return PlanItem(
        bank_version_id=item.bank_version_id,
        position=item.position,
        title=item.title,
        why=item.why,
        documentation=item.documentation,
        phase=phase,
        responsible=item.responsible,
        offset_days=item.offset_days,
        working_days=item.working_days,
        due_date=due_within(start, item.offset_days, phase, days, working_days=item.working_days),
        theme=item.theme,
        required=item.required,
        competency_keys=[key for key in item.competency_keys if key in known],
        behaviour_keys=list(item.behaviour_keys),
        state=ItemState.OPEN.value,
    )


def recount(plan_id: int) -> list[ItemFigure]:
    """Bring the plan's `open_from` in step with its items, and give those back for what else is counted."""
    figures = queries.figures_of(plan_id)
    locked = {figure.phase for figure in figures if item_blockers(figure.milestone)}
    db.session.get_one(Plan, plan_id).open_from = open_from(figures, locked)
    db.session.flush()
    return figures


def append(item: PlanItem, kind: ItemEventKind, person: Person, note: str = "") -> None:
    """Add an event, and let the item's state follow from it."""
    event = ItemEvent(item_id=item.id, kind=kind.value, by_id=person.id, at=now(), note=note.strip())
    db.session.add(event)
    if kind.value in STATE_AFTER:
        item.state = STATE_AFTER[kind.value].value
    db.session.flush()


def _refuse_item_change(item: PlanItem) -> None:
    refuse([Blocker.ENDED] if item.plan.ended_at else [])
    refuse(item_blockers(queries.phase_state(item.plan_id, item.phase)))


def _last(item: PlanItem) -> ItemEvent | None:
    """The event that closed or opened the item last."""
    query = select(ItemEvent).where(ItemEvent.item_id == item.id, ItemEvent.kind.in_(list(STATE_AFTER)))
    return db.session.scalar(query.order_by(ItemEvent.id.desc()).limit(1))


def complete_item(item: PlanItem, person: Person, note: str = "") -> bool:
    """Tick the item; the same tick again changes nothing and is False, a new note is added as a new event."""
    _refuse_item_change(item)
    note = note.strip()
    if item.state == ItemState.DONE:
        last = _last(item)
        if not note or (last is not None and last.note == note):
            return False
    append(item, ItemEventKind.COMPLETED, person, note)
    record("onboarding.complete_item", item)
    return True


def undo_item(item: PlanItem, person: Person) -> bool:
    """Open the item again; what was written stays in the history."""
    _refuse_item_change(item)
    if item.state != ItemState.DONE:
        return False
    append(item, ItemEventKind.UNDONE, person)
    record("onboarding.undo_item", item)
    return True


def comment_item(item: PlanItem, person: Person, text: str) -> None:
    """Say something about the item; also possible when its milestone is signed off."""
    append(item, ItemEventKind.COMMENTED, person, text)
    record("onboarding.comment_item", item)


def ask_waiver(item: PlanItem, person: Person, reason: str, *, decides: bool) -> None:
    """Say that the item is not relevant here; the word of one who decides for the chef is the decision."""
    _refuse_item_change(item)
    refuse([] if item.state == ItemState.OPEN else [Blocker.NOT_OPEN])
    kind = ItemEventKind.WAIVER_GRANTED if decides else ItemEventKind.WAIVER_ASKED
    append(item, kind, person, reason)
    record(f"onboarding.{kind.value}", item)


def decide_waiver(item: PlanItem, person: Person, *, granted: bool, comment: str) -> None:
    _refuse_item_change(item)
    refuse([] if waiver_is_asked(item.events) else [Blocker.NO_WAIVER])
    kind = ItemEventKind.WAIVER_GRANTED if granted else ItemEventKind.WAIVER_REFUSED
    append(item, kind, person, comment)
    record(f"onboarding.{kind.value}", item)


def withdraw_waiver(item: PlanItem, person: Person) -> None:
    """The item is relevant after all."""
    _refuse_item_change(item)
    refuse([] if item.state == ItemState.WAIVED else [Blocker.NO_WAIVER])
    append(item, ItemEventKind.WAIVER_WITHDRAWN, person)
    record("onboarding.waiver_withdrawn", item)


@dataclass(frozen=True)
class ItemWords:
    """What can be changed of an item in a plan."""

    title: str
    why: str
    documentation: str
    phase: str
    responsible: str
    due_date: date
    required: bool
    theme: str
    competency_keys: tuple[str, ...]


def _write(item: PlanItem, words: ItemWords) -> None:
    item.title, item.why, item.documentation = words.title, words.why, words.documentation
    item.phase, item.responsible, item.due_date = words.phase, words.responsible, words.due_date
    item.required, item.theme, item.competency_keys = words.required, words.theme, list(words.competency_keys)


def add_item(plan: Plan, person: Person, words: ItemWords) -> PlanItem:
    """Add an own item to the plan, in a milestone that is not decided yet."""
    lock_row(plan)
    refuse([Blocker.ENDED] if plan.ended_at else [])
    refuse(item_blockers(queries.phase_state(plan.id, words.phase)))
    item = PlanItem(
        plan_id=plan.id,
        added_by_id=person.id,
        position=len(plan.items) + 1,
        offset_days=(words.due_date - plan.start_date).days,
        working_days=False,
        behaviour_keys=[],
        state=ItemState.OPEN.value,
    )
    _write(item, words)
    db.session.add(item)
    db.session.flush()
    append(item, ItemEventKind.ADDED, person)
    recount(plan.id)
    record("onboarding.add_item", item)
    return item


def change_item(item: PlanItem, person: Person, words: ItemWords, *, decides: bool) -> None:
    """Change the words, day or responsible of an item; both its milestones must be undecided.

    The history tells what a title, a day and the responsible were before.
    """
    _refuse_item_change(item)
    refuse(item_blockers(queries.phase_state(item.plan_id, words.phase)))
    own = item.added_by_id == person.id
    refuse(change_blockers(was_required=item.required, required=words.required, own=own, decides=decides))
    changes = {
        ItemEventKind.EDITED: (item.title, words.title),
        ItemEventKind.RESCHEDULED: (item.due_date.isoformat(), words.due_date.isoformat()),
        ItemEventKind.HANDED_OVER: (item.responsible, words.responsible),
    }
    if item.due_date != words.due_date:
        item.offset_days, item.working_days = (words.due_date - item.plan.start_date).days, False
    _write(item, words)
    item.revision += 1
    for kind, (before, after) in changes.items():
        if before != after:
            append(item, kind, person, f"{before}{FROM_TO}{after}")
        elif kind is ItemEventKind.EDITED:
            append(item, kind, person)
    recount(item.plan_id)
    record("onboarding.change_item", item, responsible=words.responsible)


@dataclass(frozen=True)
class Move:
    """What a new start date does to one open item or milestone."""

    title: str
    before: date
    after: date


def _days(plan: Plan, start: date) -> dict[str, date]:
    """The days of the plan's milestones when it begins on `start`."""
    template = db.session.get_one(TemplateVersion, plan.template_version_id)
    return milestone_days(start, Contract(plan.contract), template.phase_days)


def moves(plan: Plan, start: date) -> tuple[list[Move], list[Move]]:
    """What moving the start would change: open milestones by phase, and open items by title."""
    days = _days(plan, start)
    open_phases = set(queries.states_of(plan)) - queries.locked_phases(plan)
    milestones = [
        Move(m.phase, m.due_date, days[m.phase])
        for m in plan.milestones
        if m.phase in open_phases and m.phase in days and days[m.phase] != m.due_date
    ]
    items = [
        Move(item.title, item.due_date, day)
        for item, day in _new_days(plan, start, days, open_phases)
        if day != item.due_date
    ]
    return milestones, items


def _new_days(plan: Plan, start: date, days: Mapping[str, date], phases: set[str]) -> list[tuple[PlanItem, date]]:
    """The open items of undecided milestones with the day that they get from a new start."""
    found = []
    for item in plan.items:
        if item.state == ItemState.OPEN and item.phase in phases:
            day = due_date(start, item.offset_days, working_days=item.working_days)
            last = days.get(item.phase)
            found.append((item, min(day, max(last, start)) if last and item.phase != "before_start" else day))
    return found


def move_start(plan: Plan, start: date) -> tuple[int, int]:
    """Move the start; open due dates move with it, what is decided stays. Returns how many milestones and items."""
    lock_row(plan)
    refuse([Blocker.ENDED] if plan.ended_at else [])
    milestones, items = moves(plan, start)
    days = {move.title: move.after for move in milestones}
    for milestone in plan.milestones:
        milestone.due_date = days.get(milestone.phase, milestone.due_date)
    open_phases = set(queries.states_of(plan)) - queries.locked_phases(plan)
    for item, day in _new_days(plan, start, _days(plan, start), open_phases):
        item.due_date = day
    plan.start_date = start
    db.session.flush()
    recount(plan.id)
    record("onboarding.move_start", plan, start=start.isoformat(), items=len(items))
    return len(milestones), len(items)


def change_buddy(plan: Plan, buddy: Person | None) -> None:
    lock_row(plan)
    refuse([Blocker.OWN_BUDDY] if buddy and buddy.id == plan.souschef_id else [])
    plan.buddy = buddy
    db.session.flush()
    record("onboarding.change_buddy", plan, buddy_id=plan.buddy_id)


def end_plan(plan: Plan, reason: str) -> None:
    """Stop the plan before its time; it stays readable, and nothing in it changes any more."""
    lock_row(plan)
    refuse([Blocker.ENDED] if plan.ended_at else [])
    plan.ended_at, plan.ended_reason = now(), reason.strip()
    db.session.flush()
    record("onboarding.end_plan", plan)
