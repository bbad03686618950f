"""The plan and the sign-off record of a milestone as documents to take along."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.access import Permission, may
from portal.audit.services import record
from portal.balance.queries import better_for
from portal.bank.texts import RESPONSIBLE_LABELS
from portal.db import unit_of_work
from portal.digests import canonical, digest
from portal.errors import Refused
from portal.filenames import file_name
from portal.framework.queries import outline
from portal.i18n import language, long_date, moment, today
from portal.onboarding import exports, queries
from portal.onboarding.exports import DOCX, Entry, Happened, PlanPaper, Record, Stage
from portal.onboarding.models import MilestoneEvent, Plan, PlanItem
from portal.onboarding.queries import Milestone, PlanStatus
from portal.onboarding.rules import (
    Blocker,
    ItemState,
    MilestoneEventKind,
    MilestoneState,
    Urgency,
    snapshot_item,
    urgency,
)
from portal.onboarding.schedule import Contract
from portal.onboarding.texts import (
    BLOCKER_TEXTS,
    CONTRACT_LABELS,
    EVENT_LABELS,
    ITEM_LABELS,
    MILESTONE_LABELS,
    phase_label,
)
from portal.onboarding.views import bp
from portal.typesetting import PDF
from portal.web import attachment, logs_reading, needs


def _sees_notes(plan: Plan) -> bool:
    return may(current_user.actor, Permission.SEE_PLAN_NOTES, plan)


def _page_label() -> str:
    return str(_("Page %(number)s of %(pages)s", number="{page}", pages="{pages}"))


def _printed() -> str:
    return str(_("Printed %(when)s", when=long_date(today())))


def _closed_line(item: dict[str, Any]) -> str:
    """Who closed an item and when, as a snapshot tells it; empty for one that is open."""
    if not item["done_by"]:
        return ""
    word = ITEM_LABELS[Urgency(item["state"])]
    return f"{str(word).capitalize()}: {item['done_by']}, {moment(datetime.fromisoformat(item['done_at']))}"


def _entry(item: PlanItem, milestone: MilestoneState, focus: Collection[str], *, notes: bool) -> Entry:
    """An item of the plan as it is today, marked when it trains one of the focus areas."""
    closed, look = snapshot_item(item), urgency(item.state, item.due_date, today(), milestone)
    marked = _("Focus area") if any(key in focus for key in item.competency_keys) else ""
    documents = _("Documented by: %(what)s", what=item.documentation) if item.documentation else ""
    return Entry(
        mark=look.value,
        title=item.title,
        lines=tuple(line for line in (marked, documents, _closed_line(closed)) if line),
        cells=(long_date(item.due_date), str(RESPONSIBLE_LABELS[item.responsible]), str(ITEM_LABELS[look])),
        note=closed["note"] if notes else "",
        urgent=look is Urgency.OVERDUE,
    )


def _stage(status: PlanStatus, phase: str, items: list[PlanItem], focus: Collection[str], *, notes: bool) -> Stage:
    state = str(MILESTONE_LABELS[status.states[phase]])
    done = status.phases[phase]
    counted = _("%(done)s of %(total)s items are done", done=done.done, total=done.total)
    lead = " · ".join([_("Due %(when)s", when=long_date(status.days[phase])), state, counted])
    entries = tuple(_entry(item, status.states[phase], focus, notes=notes) for item in items if item.phase == phase)
    return Stage(phase_label(phase), lead, entries)


def _facts(plan: Plan, status: PlanStatus, focus: Collection[str]) -> exports.Facts:
    framework = outline(plan.version_id)
    areas = ((_("Focus areas"), "\n".join(framework.text_of(key) for key in focus)),) if focus else ()
    done, total = status.progress.done, status.progress.total
    counted = _("%(done)s of %(total)s items are done", done=done, total=total)
    return (
        (_("Souschef"), plan.souschef.name),
        (_("Office"), plan.office.name),
        (_("Chef"), plan.office.chef.name if plan.office.chef else "–"),
        (_("Buddy"), plan.buddy.name if plan.buddy else _("none")),
        (_("First working day"), long_date(plan.start_date)),
        (_("Trial period"), str(CONTRACT_LABELS[Contract(plan.contract)])),
        (_("Template"), plan.template_title),
        (_("Framework"), f"{framework.title} {framework.number}"),
        (_("Progress"), f"{counted} ({status.progress.percent} %)"),
        (_("Overdue"), str(status.overdue)),
        *areas,
    )


def _remark(plan: Plan) -> str:
    if plan.ended_at is None:
        return ""
    told = _sees_notes(plan) or may(current_user.actor, Permission.MANAGE_PLAN, plan)
    ended = _("Ended %(when)s", when=moment(plan.ended_at))
    return f"{ended}\n{plan.ended_reason}" if told else ended


def _plan_paper(plan: Plan) -> PlanPaper:
    """The plan as the reader may see it: without what documents the items for one who is not on the plan."""
    status, notes = queries.status_of(plan, today()), _sees_notes(plan)
    items, focus = queries.with_events(plan.items), better_for(current_user.actor, plan)
    title = _("Onboarding of %(name)s", name=plan.souschef.name)
    return PlanPaper(
        language=language(),
        title=title,
        running=f"{title} · {plan.office.name}",
        printed=_printed(),
        page_label=_page_label(),
        facts=_facts(plan, status, focus),
        columns=(_("Item"), _("Due"), _("Responsible"), _("State")),
        stages=tuple(_stage(status, phase, items, focus, notes=notes) for phase in status.states),
        notes_title=_("Documentation"),
        remark=_remark(plan),
    )


def _send(content: bytes, mimetype: str, *words: str) -> Response:
    name = file_name(words, _("onboarding"))
    suffix = "docx" if mimetype == DOCX else "pdf"
    return attachment(content, mimetype, f"{name}.{suffix}")


def _send_plan(plan: Plan, mimetype: str) -> Response:
    """The document is made first: the log tells what has left the portal, not what was tried."""
    paper = _plan_paper(plan)
    content = exports.plan_docx(paper) if mimetype == DOCX else exports.plan_pdf(paper)
    with unit_of_work():
        record("onboarding.export_plan", plan, format="docx" if mimetype == DOCX else "pdf")
    return _send(content, mimetype, _("onboarding"), plan.souschef.name)


@bp.get("/<int:plan_id>/plan.pdf")
@needs(Permission.SEE_PLAN, queries.find_plan)
@logs_reading
def plan_pdf(plan: Plan) -> Response:
    return _send_plan(plan, PDF)


@bp.get("/<int:plan_id>/plan.docx")
@needs(Permission.SEE_PLAN, queries.find_plan)
@logs_reading
def plan_docx(plan: Plan) -> Response:
    return _send_plan(plan, DOCX)


def _approved_entry(item: dict[str, Any], *, notes: bool) -> Entry:
    """An item exactly as it was when it was approved."""
    closed = _closed_line(item)
    return Entry(
        mark=item["state"],
        title=item["title"],
        lines=(closed,) if closed else (),
        cells=(
            long_date(date.fromisoformat(item["due"])),
            _("required") if item["required"] else _("optional"),
            str(ITEM_LABELS[Urgency(item["state"])]) if item["state"] != ItemState.OPEN else _("not done"),
        ),
        note=item["note"] if notes else "",
    )


def _history(events: list[MilestoneEvent], *, notes: bool) -> tuple[Happened, ...]:
    return tuple(
        Happened(
            event.by.name,
            str(EVENT_LABELS[event.kind]),
            f"{moment(event.at)} · SHA-256 {event.digest}" if event.digest else moment(event.at),
            event.comment if notes else "",
        )
        for event in events
    )


def _review_line(content: dict[str, Any]) -> str:
    """Which review of the trial period the approval rests on; its words stay where they are."""
    review = content.get("review")
    if not review:
        return ""
    when = moment(datetime.fromisoformat(review["at"]))
    return str(_("It rests on the review of the trial period by %(name)s of %(when)s.", name=review["by"], when=when))


def _check(event: MilestoneEvent, name: str, *, notes: bool) -> tuple[str, ...]:
    """How anyone finds out whether what was approved is still what it was."""
    same = digest(event.snapshot or {}) == event.digest
    found = (
        _("When this record was made, the portal worked the digest out anew from the approved content: it is the same.")
        if same
        else _("The portal worked the digest out anew from the approved content: it is NOT the same. Ask who runs it.")
    )
    how = (
        _(
            "The approved content lies in this PDF as the attachment %(file)s: JSON in UTF-8 with sorted keys and no "
            "spaces. Save the attachment and work out its SHA-256, with sha256sum %(file)s or in PowerShell with "
            "Get-FileHash %(file)s. The digest stands in the portal’s event log as well.",
            file=name,
        )
        if notes
        else _("The digest covers the texts that are left out here. It stands in the portal’s event log as well.")
    )
    return (how, found)


def _record_facts(found: Milestone, approval: MilestoneEvent) -> exports.Facts:
    plan = found.plan
    return (
        (_("Milestone"), phase_label(found.phase)),
        (_("Souschef"), plan.souschef.name),
        (_("Office"), plan.office.name),
        (_("First working day"), long_date(plan.start_date)),
        (_("Signed off by"), approval.by.name),
        (_("Signed off"), moment(approval.at)),
    )


def _record(found: Milestone, approval: MilestoneEvent) -> Record:
    notes, content = _sees_notes(found.plan), approval.snapshot or {}
    events = [event for event in found.plan.milestone_events if event.phase == found.phase]
    name, milestone = found.plan.souschef.name, phase_label(found.phase)
    title = _("Sign-off record: %(milestone)s", milestone=milestone)
    hidden = _("Comments and what documents the items are for those on the plan, and are left out here.")
    review = _review_line(content)
    attachment = file_name([found.phase, "approved", str(approval.id)]) + ".json"
    return Record(
        language=language(),
        title=title,
        running=f"{title} · {name}",
        printed=_printed(),
        page_label=_page_label(),
        facts=_record_facts(found, approval),
        columns=(_("Item"), _("Due"), _("Required"), _("State")),
        warning=_again(events, approval),
        comment=approval.comment if notes else "",
        items_title=_("What was signed off"),
        remark="\n".join(line for line in (review, "" if notes else hidden) if line),
        entries=tuple(_approved_entry(item, notes=notes) for item in content["items"]),
        history_title=_("History"),
        history=_history(events, notes=notes),
        check_title=_("How the record is checked"),
        digest_label=_("SHA-256 of the approved content:"),
        digest=approval.digest,
        check=_check(approval, attachment, notes=notes),
        file=attachment,
        content=canonical(content) if notes else "",
    )


def _again(events: list[MilestoneEvent], approval: MilestoneEvent) -> str:
    """What must stand on top when the approval no longer holds."""
    again = [e for e in events if e.kind == MilestoneEventKind.REOPENED and e.id > approval.id]
    if not again:
        return ""
    when, name = moment(again[-1].at), again[-1].by.name
    return str(_("This sign-off no longer holds: %(name)s took the milestone up again %(when)s.", name=name, when=when))


@bp.get("/<int:plan_id>/milestones/<phase>/record.pdf")
@needs(Permission.SEE_PLAN, queries.find_milestone, of="plan")
@logs_reading
def record_pdf(found: Milestone) -> Response:
    """The newest sign-off of the milestone; without any there is no record."""
    approval = queries.last_approval(found.plan, found.phase)
    if approval is None:
        raise Refused([BLOCKER_TEXTS[Blocker.NO_RECORD]])
    content = exports.record_pdf(_record(found, approval))
    with unit_of_work():
        record("onboarding.export_record", found.plan, phase=found.phase, digest=approval.digest)
    return _send(content, PDF, _("sign-off record"), found.plan.souschef.name, phase_label(found.phase))
