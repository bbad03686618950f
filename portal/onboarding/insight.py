"""Looking across and back: the list of plans as a file, what is overdue and whose it is, and progress over time."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import Response, request
from flask_babel import gettext as _
from flask_login import current_user

from portal.access import Permission
from portal.audit.services import record
from portal.balance.queries import better_for
from portal.charts import LineChart, Series, line_chart, sample_days
from portal.db import unit_of_work
from portal.filenames import file_name
from portal.formfields import options_or_none
from portal.framework.queries import outline
from portal.i18n import ZONE, today
from portal.onboarding import exports, lists, overdue, queries
from portal.onboarding.forms import FilterForm, OverdueForm
from portal.onboarding.models import Plan
from portal.onboarding.rules import ItemState, Progress, done_over_time, due_over_time
from portal.onboarding.views import bp, wanted_plans
from portal.tables import CSV, XLSX, as_csv, as_xlsx
from portal.web import attachment, logs_reading, needs, page, page_number

MOST_TALLIES = 20


def _file(content: bytes, mimetype: str, *words: str) -> Response:
    """The table as a file that is named after what it holds and the day."""
    suffix = "csv" if mimetype == CSV else "xlsx"
    name = file_name([*words, today().isoformat()])
    return attachment(content, mimetype, f"{name}.{suffix}")


def _plans_file(mimetype: str) -> Response:
    """Every plan that the list's own filter finds, in its order."""
    found = lists.every_plan(current_user.actor, wanted_plans(FilterForm(request.args)), today())
    rows = [exports.plan_row(row) for row in found]
    heading = exports.plan_heading()
    content = as_csv(heading, rows) if mimetype == CSV else as_xlsx(_("Onboarding"), heading, rows)
    with unit_of_work():
        record("onboarding.export_plans", rows=len(rows), format="csv" if mimetype == CSV else "xlsx")
    return _file(content, mimetype, "onboarding")


@bp.get("/plans.csv")
@needs(Permission.SIGNED_IN)
@logs_reading
def plans_csv() -> Response:
    return _plans_file(CSV)


@bp.get("/plans.xlsx")
@needs(Permission.SIGNED_IN)
@logs_reading
def plans_xlsx() -> Response:
    return _plans_file(XLSX)


def whose_name(whose: int, name: str) -> str:
    """Whose an overdue item is, in words."""
    return name or {overdue.HR: str(_("HR")), overdue.NOBODY: str(_("Nobody: the office has no chef"))}.get(whose, "–")


def _overdue_form(found: Sequence[overdue.Tally]) -> OverdueForm:
    """The filter; it offers everyone and every office with something overdue."""
    form = OverdueForm(request.args)
    persons = [(whose, whose_name(whose, name)) for whose, name in overdue.holders(found).items()]
    offices = sorted({(t.office_id, t.office) for t in found}, key=lambda office: office[1].casefold())
    form.person.choices = options_or_none(persons, _("All"))
    form.office.choices = options_or_none(offices, _("All"))
    form.validate()
    return form


def _wanted_overdue(form: OverdueForm) -> overdue.Wanted:
    """What the address asks for; what it asks for wrongly is left out."""
    asked = {name: form[name].data for name in ("person", "office") if form[name].data and not form[name].errors}
    return overdue.Wanted(*(int(asked[name]) if name in asked else None for name in ("person", "office")))


@bp.get("/overdue")
@needs(Permission.SEE_OVERDUE)
def overdue_items() -> Response:
    everything = overdue.tallies(current_user.actor, today())
    form = _overdue_form(everything)
    wanted = _wanted_overdue(form)
    return page(
        "onboarding/overdue.html",
        fragment="onboarding/_overdue.html",
        form=form,
        tallies=[t for t in everything if overdue.matches(t, wanted)][:MOST_TALLIES],
        more=sum(overdue.matches(t, wanted) for t in everything) - MOST_TALLIES,
        found=overdue.items(current_user.actor, wanted, today(), page_number()),
        whose_name=whose_name,
        kept={name: value for name, value in request.args.items() if name in ("person", "office") and value},
    )


def _overdue_file(mimetype: str) -> Response:
    """Every overdue item that the page's own filter finds."""
    wanted = _wanted_overdue(_overdue_form(overdue.tallies(current_user.actor, today())))
    found = overdue.every_item(current_user.actor, wanted, today())
    rows = [exports.overdue_row(late, whose_name(late.whose, late.name), today()) for late in found]
    with unit_of_work():
        record("onboarding.export_overdue", rows=len(rows), format="csv" if mimetype == CSV else "xlsx")
    heading = exports.overdue_heading()
    content = as_csv(heading, rows) if mimetype == CSV else as_xlsx(_("Overdue"), heading, rows)
    return _file(content, mimetype, _("overdue"))


@bp.get("/overdue.csv")
@needs(Permission.SEE_OVERDUE)
@logs_reading
def overdue_csv() -> Response:
    return _overdue_file(CSV)


@bp.get("/overdue.xlsx")
@needs(Permission.SEE_OVERDUE)
@logs_reading
def overdue_xlsx() -> Response:
    return _overdue_file(XLSX)


def _until(plan: Plan, last: date) -> date:
    """Up to when anything can have been done: today, the day that the plan was ended, or its last day."""
    return min(last, plan.ended_at.astimezone(ZONE).date() if plan.ended_at else today())


def _over_time(plan: Plan) -> dict[str, Any]:
    """The chart and the same numbers as rows of (day, due by then, done by then or none yet)."""
    counted = {item.id: item.due_date for item in plan.items if item.state != ItemState.WAIVED}
    changes = queries.changes_of(plan.id)
    known = [plan.start_date, *counted.values(), *(change.day for change in changes)]
    first, last = min(known), max(known)
    until = max(first, _until(plan, last))
    days = sample_days(first, last, [until])
    done = done_over_time(changes, counted, days)
    shown = [n if day <= until else None for day, n in zip(days, done, strict=True)]
    due = due_over_time(counted.values(), days)
    now = days.index(until)
    return {
        "chart": _chart(days, due, shown, until),
        "rows": list(zip(days, due, shown, strict=True)),
        "until": until,
        "due_now": due[now],
        "done_now": done[now],
        "total": len(counted),
    }


def _chart(days: Sequence[date], due: Sequence[int], done: Sequence[int | None], until: date) -> LineChart:
    return line_chart(days, [Series(_("Items done"), done), Series(_("Items due"), due)], until)


@bp.get("/<int:plan_id>/progress")
@needs(Permission.SEE_PLAN, queries.find_plan)
def progress(plan: Plan) -> Response:
    """How the plan goes over time, for each part and for each competency."""
    framework = outline(plan.version_id)
    counted = queries.count(queries.figures_of(plan.id), framework, today())
    parts: dict[int, Progress] = {part.position: done for part, done in counted.parts}
    return page(
        "onboarding/progress.html",
        plan=plan,
        framework=framework,
        counted=counted,
        parts=parts,
        better=better_for(current_user.actor, plan),
        **_over_time(plan),
    )
