"""Adding what is new in a template to plans that run: choose the items, see what each plan gets, confirm."""

from flask import flash, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.access import Permission
from portal.checklists.models import TemplateItem, TemplateVersion
from portal.checklists.queries import find_template
from portal.db import unit_of_work
from portal.errors import Refused
from portal.formfields import options
from portal.i18n import today
from portal.onboarding import queries, spreading
from portal.onboarding.forms import AdditionsForm
from portal.onboarding.models import Plan
from portal.onboarding.spreading import PlanAdditions
from portal.onboarding.views import bp
from portal.web import needs, page, redirect_to


def find_newest(template_id: int) -> TemplateVersion | None:
    """The published version of a template, from which new plans are started."""
    template = find_template(template_id)
    return template.published if template else None


def _new_items(rows: list[PlanAdditions]) -> list[tuple[TemplateItem, int]]:
    """Each item that some plan lacks, with the number of plans that can get it."""
    items = {addition.item.id: addition.item for row in rows for addition in row.lacking}
    able = [addition.item.id for row in rows for addition in row.gets]
    return [(item, able.count(item.id)) for item in sorted(items.values(), key=lambda item: item.position)]


def _form(version: TemplateVersion, plans: list[Plan]) -> AdditionsForm:
    form = AdditionsForm(version=str(version.id))
    form.items.choices = options((item.id, item.title) for item in version.items)
    form.plans.choices = options((plan.id, plan.souschef.name) for plan in plans)
    return form


@bp.get("/templates/<int:template_id>/additions")
@needs(Permission.MANAGE_CHECKLISTS, find_newest)
def additions(version: TemplateVersion) -> Response:
    plans = queries.running_from(version.template_id)
    new = _new_items(spreading.additions(plans, version.items, today()))
    return page("onboarding/additions.html", version=version, form=_form(version, plans), new=new)


@bp.post("/templates/<int:template_id>/additions")
@needs(Permission.MANAGE_CHECKLISTS, find_newest)
def add_to_plans(version: TemplateVersion) -> Response:
    """Show first what each plan would get; the same form with `confirmed` adds it."""
    plans = queries.running_from(version.template_id)
    rows = spreading.additions(plans, version.items, today())
    form = _form(version, plans)
    items = [item for item in version.items if str(item.id) in (form.items.data or ())]
    if form.version.data != str(version.id):
        raise Refused([_("A newer version of the template has been published. Begin again with its items.")])
    if not form.validate_on_submit() and not form.plans.errors:
        return page("onboarding/additions.html", 422, version=version, form=form, new=_new_items(rows))
    if form.plans.errors or not form.confirmed.data:
        return _preview(version, form, items, rows)
    return _add(version, form, items)


def _preview(
    version: TemplateVersion, form: AdditionsForm, items: list[TemplateItem], rows: list[PlanAdditions]
) -> Response:
    """Every plan that lacks one of the items, with all that can get something chosen."""
    chosen = [row.of(items) for row in rows]
    code = 422 if form.plans.errors else 200
    if not form.confirmed.data:
        form.plans.data = [str(row.plan.id) for row in chosen if row.gets]
    shown = [row for row in chosen if row.lacking]
    return page("onboarding/additions_preview.html", code, version=version, form=form, items=items, rows=shown)


def _add(version: TemplateVersion, form: AdditionsForm, items: list[TemplateItem]) -> Response:
    with unit_of_work():
        plan_ids = [int(plan_id) for plan_id in form.plans.data]
        added, plans = spreading.spread(version, items, plan_ids, current_user.person, today())
    said = ngettext(
        "%(num)s item has been added, on %(plans)s plans in all.",
        "%(num)s items have been added, on %(plans)s plans in all.",
        added,
        plans=plans,
    )
    flash(said, "success" if added else "warning")
    return redirect_to(url_for("overview.checklist", template_id=version.template_id))
