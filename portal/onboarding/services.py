"""Writing templates, plans, ticks and sign-offs; every change is in the event log."""

from collections.abc import Iterable
from datetime import UTC, date, datetime

from flask_babel import gettext as _
from sqlalchemy import select

from portal.audit.services import record
from portal.bank.models import BankVersion
from portal.db import db, lock_row
from portal.errors import Refused
from portal.framework.models import FrameworkVersion
from portal.onboarding import queries
from portal.onboarding.models import ItemEvent, MilestoneEvent, Plan, PlanItem, Template, TemplateItem
from portal.onboarding.rules import (
    Blocker,
    ItemEventKind,
    MilestoneState,
    decision_blockers,
    digest,
    due_date,
    is_done,
    item_blockers,
    open_required,
    request_blockers,
    snapshot,
    start_blockers,
)
from portal.onboarding.texts import BLOCKER_TEXTS
from portal.people.models import Office, Person
from portal.people.services import add_souschef


def load_template(slug: str, title: str, framework_slug: str, entries: Iterable[BankVersion]) -> Template:
    """Bring the standard template up to date with the bank's items; plans that have begun stay as they are."""
    template = db.session.scalar(select(Template).where(Template.slug == slug)) or Template(slug=slug, items=[])
    template.title, template.framework_slug = title, framework_slug
    known = {item.key: item for item in template.items}
    items = []
    for position, entry in enumerate(sorted(entries, key=lambda entry: entry.content.offset_days), 1):
        item, content = known.get(entry.key) or TemplateItem(key=entry.key), entry.content
        item.bank_version_id, item.position, item.title, item.why = entry.id, position, content.text, content.why
        item.documentation, item.phase, item.responsible = content.documentation, content.phase, content.responsible
        item.offset_days, item.focus, item.required = content.offset_days, content.focus, content.required
        item.competency_keys, item.behaviour_keys = list(content.competencies), list(content.behaviours)
        items.append(item)
    template.items = items
    db.session.add(template)
    db.session.flush()
    return template


def start_plan(
    template: Template,
    version: FrameworkVersion,
    office: Office,
    souschef: Person,
    start_date: date,
    *,
    buddy: Person | None = None,
    created_by: Person | None = None,
) -> Plan:
    """Copy the template into a plan of its own; refused when the souschef already has one in that office."""
    lock_row(office)
    blockers = start_blockers(souschef.id, office.chef_id, buddy.id if buddy else None)
    if blockers:
        raise Refused([BLOCKER_TEXTS[blocker] for blocker in blockers])
    running = select(Plan.id).where(Plan.souschef_id == souschef.id, Plan.office_id == office.id)
    if db.session.scalar(running) is not None:
        raise Refused([_("%(name)s already has an onboarding plan in this office.", name=souschef.name)])
    competencies = {c.key: c for part in version.parts for c in part.competencies}
    behaviours = {b.key: b for part in version.parts for b in part.behaviours}
    plan = Plan(
        template_title=template.title,
        version=version,
        office=office,
        souschef=souschef,
        buddy=buddy,
        start_date=start_date,
        created_at=datetime.now(UTC),
        created_by_id=created_by.id if created_by else None,
        items=[
            PlanItem(
                bank_version_id=item.bank_version_id,
                position=item.position,
                title=item.title,
                why=item.why,
                documentation=item.documentation,
                phase=item.phase,
                responsible=item.responsible,
                due_date=due_date(start_date, item.offset_days),
                focus=item.focus,
                required=item.required,
                competencies=[competencies[key] for key in item.competency_keys if key in competencies],
                behaviours=[behaviours[key] for key in item.behaviour_keys if key in behaviours],
            )
            for item in template.items
        ],
    )
    db.session.add(plan)
    own = [p for p in office.placements if p.person_id == souschef.id]
    if not any(p.until is None or p.until >= start_date for p in own):
        add_souschef(office, souschef, start_date)
    db.session.flush()
    record("onboarding.start_plan", plan, office_id=office.id, souschef_id=souschef.id)
    return plan


def _refuse_item_change(item: PlanItem) -> None:
    """Also waits for others who write to the plan, and reads what they wrote."""
    lock_row(item.plan)
    db.session.expire(item, ["events"])
    blockers = item_blockers(queries.state_of(item.plan, item.phase))
    if blockers:
        raise Refused([BLOCKER_TEXTS[blocker] for blocker in blockers])


def complete_item(item: PlanItem, person: Person, note: str = "") -> None:
    """Tick the item; the same tick again changes nothing, a new note is added as a new event."""
    _refuse_item_change(item)
    if is_done(item.events) and (not note.strip() or item.events[-1].note == note.strip()):
        return
    _append(item, ItemEventKind.COMPLETED, person, note.strip())
    record("onboarding.complete_item", item)


def undo_item(item: PlanItem, person: Person) -> None:
    """Open the item again; what was written stays in the history."""
    _refuse_item_change(item)
    if is_done(item.events):
        _append(item, ItemEventKind.UNDONE, person, "")
        record("onboarding.undo_item", item)


def _append(item: PlanItem, kind: ItemEventKind, person: Person, note: str) -> None:
    item.events.append(ItemEvent(kind=kind.value, by=person, at=datetime.now(UTC), note=note))
    db.session.flush()


def _decide(plan: Plan, phase: str, kind: MilestoneState, person: Person, comment: str) -> MilestoneEvent:
    event = MilestoneEvent(
        phase=phase, kind=kind.value, by=person, at=datetime.now(UTC), comment=comment.strip(), snapshot=None, digest=""
    )
    if kind is MilestoneState.APPROVED:
        event.snapshot = snapshot(phase, queries.items_of(plan, phase))
        event.digest = digest(event.snapshot)
    plan.milestone_events.append(event)
    db.session.flush()
    record(f"onboarding.milestone_{kind.value}", plan, phase=phase, digest=event.digest)
    return event


def request_sign_off(plan: Plan, phase: str, person: Person, comment: str = "") -> None:
    queries.lock_plan(plan)
    items = queries.items_of(plan, phase)
    blockers = request_blockers(queries.state_of(plan, phase), items)
    if blockers:
        lacking = open_required(items) if Blocker.ITEMS_OPEN in blockers else []
        raise Refused([*(BLOCKER_TEXTS[blocker] for blocker in blockers), *lacking])
    _decide(plan, phase, MilestoneState.REQUESTED, person, comment)


def return_milestone(plan: Plan, phase: str, person: Person, comment: str) -> None:
    _refuse_decision(plan, phase)
    _decide(plan, phase, MilestoneState.RETURNED, person, comment)


def approve_milestone(plan: Plan, phase: str, person: Person, comment: str = "") -> None:
    """Sign the milestone off, with a snapshot of exactly what was approved."""
    _refuse_decision(plan, phase)
    _decide(plan, phase, MilestoneState.APPROVED, person, comment)


def _refuse_decision(plan: Plan, phase: str) -> None:
    queries.lock_plan(plan)
    blockers = decision_blockers(queries.state_of(plan, phase))
    if blockers:
        raise Refused([BLOCKER_TEXTS[blocker] for blocker in blockers])
