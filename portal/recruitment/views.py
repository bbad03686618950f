"""Pages on which a recruitment is set up: what is looked for, who assesses, who has applied."""

from flask import flash, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.access import Permission
from portal.db import unit_of_work
from portal.formfields import options_or_none
from portal.framework import queries as framework
from portal.once import make_once
from portal.people import queries as people
from portal.recruitment import queries, services
from portal.recruitment.forms import CandidateForm, MemberForm, RecruitmentForm, profile_form
from portal.recruitment.models import PanelMember, Recruitment
from portal.recruitment.rules import Choice
from portal.web import feature, needs, page, redirect_to

bp = feature("recruitment", "/recruitments")
FRAMEWORK = "souschef"


def _hub(recruitment: Recruitment) -> Response:
    return redirect_to(url_for("overview.recruitment", recruitment_id=recruitment.id))


@bp.route("/add", methods=["GET", "POST"])
@needs(Permission.CREATE_RECRUITMENT)
def add_recruitment() -> Response:
    form = RecruitmentForm()
    offices = {str(office.id): office for office in people.offices()}
    form.office.choices = options_or_none((key, office.name) for key, office in offices.items())
    version = framework.find_version(FRAMEWORK)
    if version is None or not form.validate_on_submit():
        return page("recruitment/add.html", 422 if form.is_submitted() else 200, form=form, version=version)

    def make() -> str:
        office, case_number = offices[form.office.data], form.case_number.data or ""
        made = services.add_recruitment(form.title.data, office, version, current_user.person, case_number=case_number)
        return url_for("recruitment.choose_profile", recruitment_id=made.id)

    return make_once(form, make)


@bp.route("/<int:recruitment_id>/profile", methods=["GET", "POST"])
@needs(Permission.MANAGE_RECRUITMENT, queries.find_recruitment)
def choose_profile(recruitment: Recruitment) -> Response:
    parts = queries.parts_of(recruitment.version_id)
    chosen = {
        row.competency_id: Choice(row.competency_id, row.weight, row.minimum, row.reason) for row in recruitment.profile
    }
    form = profile_form(chosen, [c.id for part in parts for c in part.competencies])
    if not form.validate_on_submit():
        status = 422 if form.is_submitted() else 200
        return page("recruitment/profile.html", status, recruitment=recruitment, parts=parts, form=form)
    with unit_of_work():
        services.choose_profile(recruitment, form.choices())
    flash(_("The requirement profile has been saved."), "success")
    return _hub(recruitment)


def _people_page(
    recruitment: Recruitment, member_form: MemberForm, candidate_form: CandidateForm, status: int = 200
) -> Response:
    return page(
        "recruitment/people.html",
        status,
        recruitment=recruitment,
        member_form=member_form,
        candidate_form=candidate_form,
    )


def _member_form(recruitment: Recruitment) -> MemberForm:
    form = MemberForm()
    taken = recruitment.panel_person_ids
    free = [(person.id, person.name) for person in people.active_people() if person.id not in taken]
    form.person.choices = options_or_none(free)
    return form


@bp.get("/<int:recruitment_id>/people")
@needs(Permission.MANAGE_RECRUITMENT, queries.find_recruitment)
def panel_and_candidates(recruitment: Recruitment) -> Response:
    return _people_page(recruitment, _member_form(recruitment), CandidateForm())


@bp.post("/<int:recruitment_id>/members")
@needs(Permission.MANAGE_RECRUITMENT, queries.find_recruitment)
def add_member(recruitment: Recruitment) -> Response:
    form = _member_form(recruitment)
    if not form.validate_on_submit():
        return _people_page(recruitment, form, CandidateForm(formdata=None), 422)
    person = people.find_person(int(form.person.data))
    assert person is not None  # one of the form's own choices
    with unit_of_work():
        services.add_member(recruitment, person, chair=form.chair.data)
    flash(_("%(name)s sits on the panel.", name=person.name), "success")
    return redirect_to(url_for("recruitment.panel_and_candidates", recruitment_id=recruitment.id))


@bp.post("/<int:recruitment_id>/members/<int:member_id>/remove")
@needs(Permission.MANAGE_RECRUITMENT, queries.find_member, of="recruitment")
def remove_member(member: PanelMember) -> Response:
    recruitment_id, name = member.recruitment_id, member.person.name
    with unit_of_work():
        services.remove_member(member)
    flash(_("%(name)s has left the panel.", name=name), "success")
    return redirect_to(url_for("recruitment.panel_and_candidates", recruitment_id=recruitment_id))


@bp.post("/<int:recruitment_id>/candidates")
@needs(Permission.MANAGE_RECRUITMENT, queries.find_recruitment)
def add_candidate(recruitment: Recruitment) -> Response:
    form = CandidateForm()
    if not form.validate_on_submit():
        member_form = _member_form(recruitment)
        member_form.person.data, member_form.chair.data = "", False
        return _people_page(recruitment, member_form, form, 422)

    def make() -> str:
        candidate = services.add_candidate(recruitment, form.name.data)
        flash(_("%(name)s has been added.", name=candidate.name), "success")
        return url_for("recruitment.panel_and_candidates", recruitment_id=recruitment.id)

    return make_once(form, make)
