"""The agency's strategic goals: everyone reads them, HR keeps them."""

import io

from flask import Response, flash, send_file, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from portal.access import Permission
from portal.audit.services import record
from portal.confirm import ask, confirmed
from portal.db import unit_of_work
from portal.filenames import file_name
from portal.i18n import long_date, today
from portal.once import make_once
from portal.strategy import queries, services
from portal.strategy.forms import StrategicGoalForm
from portal.strategy.models import StrategicGoal
from portal.strategy.rules import State, state_on
from portal.strategy.services import Wording
from portal.strategy.texts import STATE_LABELS, context
from portal.tables import CSV, XLSX, as_csv, as_xlsx
from portal.web import feature, logs_reading, needs, page, redirect_to

bp = feature("strategy", "/strategy")
bp.app_context_processor(lambda: context())


@bp.get("")
@needs(Permission.SEE_STRATEGY)
def strategy() -> Response:
    """By state: what holds now, what is to come, and what has been."""
    day, found = today(), queries.newest()
    by_state = {state: [v for v in found if state_on(v, day) is state] for state in State}
    return page("strategy/strategy.html", by_state=by_state)


def _file(mimetype: str, suffix: str) -> Response:
    day, heading = today(), [_("Goal"), _("What it means"), _("From"), _("Until"), _("Status")]
    rows = [
        [v.title, v.description, v.starts_on, v.ends_on, str(STATE_LABELS[state_on(v, day)])] for v in queries.newest()
    ]
    content = as_csv(heading, rows) if mimetype == CSV else as_xlsx(_("Strategic goals"), heading, rows)
    with unit_of_work():
        record("strategy.export", rows=len(rows), format=suffix)
    name = f"{file_name([_('strategic goals'), day.isoformat()])}.{suffix}"
    return send_file(io.BytesIO(content), mimetype, as_attachment=True, download_name=name)


@bp.get("/goals.csv")
@needs(Permission.SEE_STRATEGY)
@logs_reading
def strategy_csv() -> Response:
    return _file(CSV, "csv")


@bp.get("/goals.xlsx")
@needs(Permission.SEE_STRATEGY)
@logs_reading
def strategy_xlsx() -> Response:
    return _file(XLSX, "xlsx")


@bp.get("/<int:strategic_id>")
@needs(Permission.SEE_STRATEGY, queries.find_goal)
def goal(found: StrategicGoal) -> Response:
    """What the goal says, and every wording that it has had."""
    return page(
        "strategy/goal.html", goal=found, newest=found.versions[-1], state=state_on(found.versions[-1], today())
    )


def _wording(form: StrategicGoalForm) -> Wording:
    return Wording(form.title.data, form.description.data or "", form.starts_on.data, form.ends_on.data)


@bp.route("/add", methods=["GET", "POST"])
@needs(Permission.MANAGE_STRATEGY)
def add_goal() -> BaseResponse:
    form = StrategicGoalForm()
    if not form.validate_on_submit():
        return page("strategy/edit.html", 422 if form.is_submitted() else 200, form=form, goal=None, overtaken=False)

    def make() -> str:
        made = services.add_goal(_wording(form), current_user.person)
        flash(_("The strategic goal has been added."), "success")
        return url_for("strategy.goal", strategic_id=made.id)

    return make_once(form, make)


@bp.route("/<int:strategic_id>/change", methods=["GET", "POST"])
@needs(Permission.MANAGE_STRATEGY, queries.find_goal)
def change_goal(found: StrategicGoal) -> BaseResponse:
    newest = found.versions[-1]
    form = StrategicGoalForm(obj=newest)
    if not form.validate_on_submit():
        return page("strategy/edit.html", 422 if form.is_submitted() else 200, form=form, goal=found, overtaken=False)
    try:
        with unit_of_work():
            services.change_goal(found, form.number.read, _wording(form), current_user.person)
    except services.Overtaken:
        fresh = queries.find_goal(found.id)
        form.number.show(fresh.versions[-1].number if fresh else 0)
        return page("strategy/edit.html", 409, form=form, goal=fresh, overtaken=True)
    flash(
        _("The strategic goal has been changed. Goals and activities that point to it keep the wording they had."),
        "success",
    )
    return redirect_to(url_for("strategy.goal", strategic_id=found.id))


@bp.post("/<int:strategic_id>/retire")
@needs(Permission.MANAGE_STRATEGY, queries.find_goal)
def retire_goal(found: StrategicGoal) -> BaseResponse:
    newest, back = found.versions[-1], url_for("strategy.goal", strategic_id=found.id)
    if not confirmed():
        text = _("It runs until %(day)s. Once ended, nothing new can point to it.", day=long_date(newest.ends_on))
        return ask(_("End “%(title)s” early?", title=newest.title), text, _("End the goal"), back)
    with unit_of_work():
        services.retire_goal(found, newest.number, current_user.person)
    flash(_("The strategic goal has been ended."), "success")
    return redirect_to(back)
