"""Pages on which a recruitment is set up: what is looked for, who assesses, who has applied."""

from collections import Counter
from itertools import groupby
from typing import Any

from flask import flash, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.access import Permission
from portal.confirm import ask, confirmed
from portal.db import unit_of_work
from portal.formfields import options_or_none
from portal.framework import queries as framework
from portal.framework.models import Part
from portal.i18n import ZONE
from portal.once import make_once
from portal.people import queries as people
from portal.people.models import Office
from portal.recruitment import queries, services
from portal.recruitment.forms import CandidateForm, MemberForm, RecruitmentForm, profile_form
from portal.recruitment.models import Candidate, PanelMember, ProfileCompetency, Recruitment
from portal.recruitment.rules import Choice, panel_advice, same_name
from portal.recruitment.texts import PANEL_TEXTS, context
from portal.web import feature, needs, page, redirect_to

bp = feature("recruitment", "/recruitments")
bp.app_context_processor(context)
FRAMEWORK = "souschef"


def _hub(recruitment: Recruitment) -> Response:
    return redirect_to(url_for("overview.recruitment", recruitment_id=recruitment.id))


def _recruitment_form(found: Recruitment | None = None) -> RecruitmentForm:
    """The form with its choices; whoever is the authority already can stay so, also when they have left."""
    deadline = found.deadline.astimezone(ZONE) if found and found.deadline else None
    given = {
        "title": found.title,
        "office": str(found.office_id),
        "authority": str(found.authority_id or ""),
        "case_number": found.case_number,
        "deadline_day": deadline.date() if deadline else None,
        "deadline_time": deadline.time() if deadline else None,
        "starts_on": found.starts_on,
    } if found else {}  # fmt: skip
    form = RecruitmentForm(**given)
    persons = {person.id: person.name for person in people.active_people()}
    if found and found.authority:
        persons[found.authority.id] = found.authority.name
    form.office.choices = options_or_none((office.id, office.name) for office in people.offices())
    form.authority.choices = options_or_none(persons.items(), _("Not decided yet"))
    return form


def _facts(form: RecruitmentForm) -> dict[str, Any]:
    """What the form says of the vacancy, apart from its title and office."""
    authority = people.find_person(int(form.authority.data)) if form.authority.data else None
    return {
        "case_number": form.case_number.data or "",
        "authority": authority,
        "deadline": form.deadline,
        "starts_on": form.starts_on.data,
    }


def _office(form: RecruitmentForm) -> Office:
    return next(office for office in people.offices() if str(office.id) == form.office.data)


@bp.route("/add", methods=["GET", "POST"])
@needs(Permission.CREATE_RECRUITMENT)
def add_recruitment() -> Response:
    form, version = _recruitment_form(), framework.find_version(FRAMEWORK)
    if version is None or not form.validate_on_submit():
        return page("recruitment/add.html", 422 if form.is_submitted() else 200, form=form, version=version)

    def make() -> str:
        title, office = form.title.data, _office(form)
        made = services.add_recruitment(title, office, version, current_user.person, **_facts(form))
        return url_for("recruitment.choose_profile", recruitment_id=made.id)

    return make_once(form, make)


@bp.route("/<int:recruitment_id>/edit", methods=["GET", "POST"])
@needs(Permission.MANAGE_RECRUITMENT, queries.find_recruitment)
def change_recruitment(recruitment: Recruitment) -> Response:
    form = _recruitment_form(recruitment)
    if not form.validate_on_submit():
        status = 422 if form.is_submitted() else 200
        return page("recruitment/change.html", status, form=form, recruitment=recruitment)
    with unit_of_work():
        services.change_recruitment(recruitment, title=form.title.data, office=_office(form), **_facts(form))
    flash(_("The recruitment has been saved."), "success")
    return _hub(recruitment)


@bp.route("/<int:recruitment_id>/profile", methods=["GET", "POST"])
@needs(Permission.MANAGE_RECRUITMENT, queries.find_recruitment)
def choose_profile(recruitment: Recruitment) -> Response:
    parts = queries.parts_of(recruitment.version_id)
    chosen = {
        row.competency_id: Choice(row.competency_id, row.weight, row.minimum, row.reason) for row in recruitment.profile
    }
    form = profile_form(chosen, [c.id for part in parts for c in part.competencies])
    if recruitment.locked and not form.is_submitted():
        return page("recruitment/locked_profile.html", recruitment=recruitment, profile=_by_part(recruitment))
    if not form.validate_on_submit():
        status = 422 if form.is_submitted() else 200
        return page(
            "recruitment/profile.html", status, recruitment=recruitment, parts=parts, form=form, picked=form.picked
        )
    with unit_of_work():
        services.choose_profile(recruitment, form.choices())
    flash(_("The requirement profile has been saved."), "success")
    return _hub(recruitment)


def _by_part(recruitment: Recruitment) -> list[tuple[Part, list[ProfileCompetency]]]:
    return [(part, list(rows)) for part, rows in groupby(queries.in_framework_order(recruitment), _part_of)]


def _part_of(row: ProfileCompetency) -> Part:
    return row.competency.part


def _people_page(
    recruitment: Recruitment, member_form: MemberForm, candidate_form: CandidateForm, status: int = 200
) -> Response:
    chair = queries.chair_of(recruitment)
    return page(
        "recruitment/people.html",
        status,
        recruitment=recruitment,
        chair=chair,
        advice=[PANEL_TEXTS[found] for found in panel_advice(len(recruitment.panel), chair=chair is not None)],
        states=Counter(sorted(candidate.state for candidate in recruitment.candidates)),
        wanted=request.args.get("state", ""),
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
    before = queries.chair_of(recruitment)
    with unit_of_work():
        services.add_member(recruitment, person, chair=form.chair.data)
    _say_who_sits(person.name, before.person.name if before else "", form.chair.data)
    return redirect_to(url_for("recruitment.panel_and_candidates", recruitment_id=recruitment.id))


def _say_who_sits(name: str, before: str, chair: bool) -> None:
    if chair and before:
        flash(_("%(name)s now chairs the panel instead of %(before)s.", name=name, before=before), "success")
    else:
        flash(_("%(name)s sits on the panel.", name=name), "success")


@bp.post("/<int:recruitment_id>/members/<int:member_id>/chair")
@needs(Permission.MANAGE_RECRUITMENT, queries.find_member, of="recruitment")
def name_chair(member: PanelMember) -> Response:
    with unit_of_work():
        services.name_chair(member)
    flash(_("%(name)s now chairs the panel.", name=member.person.name), "success")
    return redirect_to(url_for("recruitment.panel_and_candidates", recruitment_id=member.recruitment_id))


@bp.post("/<int:recruitment_id>/members/<int:member_id>/remove")
@needs(Permission.MANAGE_RECRUITMENT, queries.find_member, of="recruitment")
def remove_member(member: PanelMember) -> Response:
    recruitment_id, name = member.recruitment_id, member.person.name
    back = url_for("recruitment.panel_and_candidates", recruitment_id=recruitment_id)
    if not confirmed():
        title, text = _("Remove %(name)s from the panel?", name=name), _("You can add the person again.")
        return ask(title, text, _("Remove from the panel"), back, final=False)
    with unit_of_work():
        services.remove_member(member)
    flash(_("%(name)s has left the panel.", name=name), "success")
    return redirect_to(back)


@bp.post("/<int:recruitment_id>/candidates")
@needs(Permission.MANAGE_RECRUITMENT, queries.find_recruitment)
def add_candidate(recruitment: Recruitment) -> Response:
    form = CandidateForm()
    if not form.validate_on_submit():
        member_form = _member_form(recruitment)
        member_form.person.data, member_form.chair.data = "", False
        return _people_page(recruitment, member_form, form, 422)
    twice = same_name(form.name.data, [candidate.name for candidate in recruitment.candidates])

    def make() -> str:
        candidate = services.add_candidate(recruitment, form.name.data)
        _say_added(candidate.name, twice)
        return url_for("recruitment.panel_and_candidates", recruitment_id=recruitment.id)

    return make_once(form, make)


def _say_added(name: str, twice: bool) -> None:
    flash(_("%(name)s has been added.", name=name), "success")
    if twice:
        text = _("There are now two candidates named %(name)s. Add what tells them apart, or remove one.", name=name)
        flash(text, "warning")


@bp.route("/<int:recruitment_id>/candidates/<int:candidate_id>/edit", methods=["GET", "POST"])
@needs(Permission.MANAGE_RECRUITMENT, queries.find_candidate_of, of="recruitment")
def change_candidate(candidate: Candidate) -> Response:
    form = CandidateForm(name=candidate.name)
    if not form.validate_on_submit():
        status = 422 if form.is_submitted() else 200
        return page("recruitment/candidate.html", status, form=form, candidate=candidate)
    with unit_of_work():
        services.change_candidate(candidate, form.name.data)
    flash(_("%(name)s has been saved.", name=candidate.name), "success")
    return redirect_to(url_for("recruitment.panel_and_candidates", recruitment_id=candidate.recruitment_id))
