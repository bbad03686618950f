"""Starting a plan: who, where, from which template and which version of the framework."""

from flask import abort, flash, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.access import Permission, Role
from portal.checklists.queries import find_version as find_template
from portal.checklists.queries import published
from portal.formfields import options, options_or_none
from portal.framework.queries import find_version, published_versions
from portal.onboarding import services
from portal.onboarding.forms import StartPlanForm
from portal.onboarding.models import Plan
from portal.onboarding.schedule import Contract
from portal.onboarding.views import bp
from portal.once import make_once
from portal.people import queries as people
from portal.web import needs, page


def _start_form() -> StartPlanForm:
    form = StartPlanForm()
    leads_all = Role.HR in current_user.actor.roles
    offices = [(n, name) for n, name in people.office_names() if leads_all or n in current_user.actor.chef_of]
    persons = [(p.id, p.name) for p in people.active_people() if p.id != current_user.person_id]
    form.office.choices = options_or_none(offices)
    form.souschef.choices = options_or_none(persons)
    form.buddy.choices = options_or_none(persons, _("None"))
    templates = published()
    form.template.choices = options((version.id, version.title) for version in templates)
    slugs = {version.template.framework_slug for version in templates}
    known = [version for version in published_versions() if version.framework.slug in slugs]
    form.framework.choices = options((f"{v.framework.slug}/{v.number}", f"{v.title} {v.number}") for v in known)
    return form


@bp.route("/start", methods=["GET", "POST"])
@needs(Permission.START_PLAN)
def start_plan() -> Response:
    form = _start_form()
    if not form.validate_on_submit():
        return page("onboarding/start.html", 422 if form.is_submitted() else 200, form=form)

    def make() -> str:
        plan = _started(form)
        flash(_("The onboarding of %(name)s has been planned.", name=plan.souschef.name), "success")
        return url_for("onboarding.plan", plan_id=plan.id)

    return make_once(form, make)


def _started(form: StartPlanForm) -> Plan:
    template = find_template(int(form.template.data))
    slug, _slash, number = form.framework.data.partition("/")
    version = find_version(slug, int(number)) if template and template.template.framework_slug == slug else None
    office, souschef = people.find_office(int(form.office.data)), people.find_person(int(form.souschef.data))
    if template is None or version is None or office is None or souschef is None:  # gone since the form was shown
        abort(409)
    return services.start_plan(
        template,
        version,
        office,
        souschef,
        form.start_date.data,
        contract=Contract(form.contract.data),
        buddy=people.find_person(int(form.buddy.data)) if form.buddy.data else None,
        created_by=current_user.person,
    )
