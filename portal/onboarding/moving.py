"""The plan as a whole: moving its start, changing the buddy, and ending it."""

from flask import flash, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.access import Permission
from portal.db import unit_of_work
from portal.formfields import options_or_none
from portal.onboarding import queries, services
from portal.onboarding.forms import ChangeBuddyForm, EndPlanForm, MoveStartForm
from portal.onboarding.models import Plan
from portal.onboarding.views import bp
from portal.people import queries as people
from portal.web import needs, page, redirect_to


def _buddy_form(plan: Plan, *, empty: bool = False) -> ChangeBuddyForm:
    data = {"buddy": str(plan.buddy_id or "")}
    form = ChangeBuddyForm(formdata=None, data=data) if empty else ChangeBuddyForm(data=data)
    persons = [(p.id, p.name) for p in people.active_people() if p.id != plan.souschef_id]
    form.buddy.choices = options_or_none(persons, _("None"))
    return form


def _settings_page(plan: Plan, move: MoveStartForm, end: EndPlanForm, status: int = 200) -> Response:
    return page(
        "onboarding/settings.html",
        status,
        plan=plan,
        move_form=move,
        buddy_form=_buddy_form(plan, empty=True),
        end_form=end,
    )


@bp.get("/<int:plan_id>/settings")
@needs(Permission.MANAGE_PLAN, queries.find_plan)
def settings(plan: Plan) -> Response:
    return _settings_page(plan, MoveStartForm(formdata=None, start_date=plan.start_date), EndPlanForm(formdata=None))


@bp.post("/<int:plan_id>/settings/start")
@needs(Permission.MANAGE_PLAN, queries.find_plan)
def move_start(plan: Plan) -> Response:
    """Show first what would move; the same form with `confirmed` moves it."""
    form = MoveStartForm()
    if not form.validate_on_submit():
        return _settings_page(plan, form, EndPlanForm(formdata=None), 422)
    start = form.start_date.data
    if "confirmed" not in request.form:
        milestones, items = services.moves(plan, start)
        return page("onboarding/move.html", plan=plan, start=start, milestones=milestones, items=items)
    with unit_of_work():
        milestones_moved, items_moved = services.move_start(plan, start)
    flash(
        _("The start has been moved: %(m)s milestones and %(i)s items with it.", m=milestones_moved, i=items_moved),
        "success",
    )
    return redirect_to(url_for("onboarding.plan", plan_id=plan.id))


@bp.post("/<int:plan_id>/settings/buddy")
@needs(Permission.MANAGE_PLAN, queries.find_plan)
def change_buddy(plan: Plan) -> Response:
    form = _buddy_form(plan)
    if not form.validate_on_submit():
        return redirect_to(url_for("onboarding.settings", plan_id=plan.id))
    buddy = people.find_person(int(form.buddy.data)) if form.buddy.data else None
    with unit_of_work():
        services.change_buddy(plan, buddy)
    flash(_("The buddy has been changed."), "success")
    return redirect_to(url_for("onboarding.plan", plan_id=plan.id))


@bp.post("/<int:plan_id>/settings/end")
@needs(Permission.MANAGE_PLAN, queries.find_plan)
def end_plan(plan: Plan) -> Response:
    form = EndPlanForm()
    if not form.validate_on_submit():
        return _settings_page(plan, MoveStartForm(formdata=None, start_date=plan.start_date), form, 422)
    with unit_of_work():
        services.end_plan(plan, form.reason.data)
    flash(_("The onboarding of %(name)s has been ended.", name=plan.souschef.name), "success")
    return redirect_to(url_for("onboarding.plan", plan_id=plan.id))
