"""What the kept pieces of pages (templates/pieces) are given: plain values, and nothing that is not shown."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from portal.framework.queries import Outline, OutlinePart
from portal.onboarding.lists import Row
from portal.onboarding.models import Plan, PlanItem
from portal.onboarding.queries import ItemLine
from portal.onboarding.rules import MilestoneState, Progress, Urgency


class ItemRow(NamedTuple):
    """A line of the checklist. `mine` and `tickable` are what the reader may do, `ticked` what they just did."""

    plan_id: int
    id: int
    title: str
    look: Urgency
    due_date: date
    responsible: str
    required: bool
    parts: tuple[tuple[int, str], ...]
    focus: bool
    mine: bool
    tickable: bool
    ticked: bool = False


def item_row(
    item: PlanItem | ItemLine, look: Urgency, framework: Outline, better: Collection[str], mine: bool, tickable: bool
) -> ItemRow:
    """`better` are the keys of the focus areas that the reader may see."""
    return ItemRow(
        item.plan.id,
        item.id,
        item.title,
        look,
        item.due_date,
        item.responsible,
        item.required,
        tuple((part.position, part.title) for part in framework.parts_of(item.competency_keys)),
        any(key in better for key in item.competency_keys),
        mine,
        tickable,
    )


class PlanLine(NamedTuple):
    """A plan in a list, with its next milestone."""

    id: int
    souschef: str
    office: str
    start_date: date
    ended: bool
    done: int
    total: int
    overdue: int
    phase: str | None
    state: MilestoneState | None


def plan_line(row: Row) -> PlanLine:
    plan, phase = row.plan, row.next_phase
    return PlanLine(
        plan.id,
        plan.souschef.name,
        plan.office.name,
        plan.start_date,
        plan.ended_at is not None,
        row.progress.done,
        row.progress.total,
        row.overdue,
        phase,
        row.states[phase] if phase else None,
    )


# (done, total, overdue, parts)
ProgressValues = tuple[int, int, int, tuple[tuple[int, str, int, int], ...]]


def progress_values(all_: Progress, overdue: int, parts: Iterable[tuple[OutlinePart, Progress]]) -> ProgressValues:
    shown = tuple((part.position, part.title, each.done, each.total) for part, each in parts)
    return all_.done, all_.total, overdue, shown


def milestone_steps(
    states: Mapping[str, MilestoneState], days: Mapping[str, date]
) -> tuple[tuple[str, MilestoneState, date], ...]:
    return tuple((phase, state, days[phase]) for phase, state in states.items())


class NowBox(NamedTuple):
    """The milestone that a plan is heading for. `words` is what was said last, for those who may read it.

    `begins` is the first working day while it is still to come; `own_next` are (id, title, look, day) of
    what the reader is to do next.
    """

    plan_id: int
    phase: str
    state: MilestoneState
    begins: date | None
    words: str | None
    own: bool
    souschef: str
    own_next: tuple[tuple[int, str, Urgency, date], ...]


class PlanFacts(NamedTuple):
    """Who is on a plan and what it rests on."""

    id: int
    souschef: str
    chef: str
    buddy: str
    start_date: date
    contract: str
    template: str
    framework: str


def plan_facts(plan: Plan, framework: Outline) -> PlanFacts:
    chef, buddy = plan.office.chef, plan.buddy
    return PlanFacts(
        plan.id,
        plan.souschef.name,
        chef.name if chef else "",
        buddy.name if buddy else "",
        plan.start_date,
        plan.contract,
        plan.template_title,
        f"{framework.title} {framework.number}",
    )


class FilterBox(NamedTuple):
    """The filter of the list of plans as it is asked; choices are (value, label), and none may be chosen."""

    label: str
    q: str
    show: str | None
    shows: tuple[tuple[str, str], ...]
    office: str | None
    offices: tuple[tuple[str, str], ...]


def filter_box(form: Any) -> FilterBox:
    shows, offices = (tuple((c.value, str(c.label)) for c in each.choices) for each in (form.show, form.office))
    return FilterBox(str(form.q.label.text), form.q.data or "", form.show.data, shows, form.office.data, offices)
