"""The reference guide of a recruitment, its referees, and the documents for the call."""

from dataclasses import dataclass
from typing import Any

from flask import flash, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.access import Permission, may
from portal.confirm import ask, confirmed
from portal.db import unit_of_work
from portal.filenames import file_name
from portal.formfields import options_or_none
from portal.i18n import sort_key
from portal.once import make_once
from portal.recruitment import queries as recruitments
from portal.recruitment.models import Candidate, Recruitment
from portal.references import checks, exports, outlines, queries, services
from portal.references.blueprint import bp
from portal.references.forms import AcceptForm, ChangeRefereeForm, RefereeForm, WithdrawalForm
from portal.references.models import Referee
from portal.web import attachment, logs_reading, needs, page, redirect_to


@dataclass(frozen=True)
class Forms:
    """The forms of the page; `wrong` is the referee whose form was refused."""

    referee: RefereeForm
    accept: AcceptForm
    withdrawal: WithdrawalForm
    wrong: int = 0


def _forms(recruitment: Recruitment, *, empty: bool = False, **given: Any) -> Forms:
    return Forms(
        referee=given.get("referee") or _referee_form(recruitment, empty=empty),
        accept=given.get("accept") or AcceptForm(formdata=None),
        withdrawal=given.get("withdrawal") or WithdrawalForm(formdata=None),
        wrong=given.get("wrong", 0),
    )


def _handled(recruitment: Recruitment) -> list[Candidate]:
    """The candidates whose references this person may handle."""
    return [c for c in recruitment.candidates if may(current_user.actor, Permission.HANDLE_REFERENCES, c)]


def _page(recruitment: Recruitment, forms: Forms, status: int = 200) -> Response:
    questions = queries.guide(recruitment)
    referees = queries.referees(recruitment)
    candidates = sorted(_handled(recruitment), key=lambda candidate: sort_key(candidate.name))
    return page(
        "references/guide.html",
        status,
        recruitment=recruitment,
        questions=questions,
        reworded=queries.reworded(recruitment),
        minutes=sum(question.minutes for question in questions),
        groups=[(c, [referee for referee in referees if referee.candidate_id == c.id]) for c in candidates],
        blockers={referee.id: services.why_not_released(referee, len(questions)) for referee in referees},
        awaiting={r.id for r in referees if r.check and not r.check.finished and checks.open_link(r.check)},
        fixed=any(referee.accepts for referee in referees),
        forms=forms,
    )


def _referee_form(recruitment: Recruitment, *, empty: bool = False) -> RefereeForm:
    form = RefereeForm(formdata=None) if empty else RefereeForm()
    form.candidate.choices = options_or_none((candidate.id, candidate.name) for candidate in _handled(recruitment))
    return form


@bp.get("/recruitments/<int:recruitment_id>/references")
@needs(Permission.MANAGE_RECRUITMENT, recruitments.find_recruitment)
def guide(recruitment: Recruitment) -> Response:
    return _page(recruitment, _forms(recruitment))


@bp.post("/recruitments/<int:recruitment_id>/references/build")
@needs(Permission.MANAGE_RECRUITMENT, recruitments.find_recruitment)
def build_guide(recruitment: Recruitment) -> Response:
    with unit_of_work():
        services.build_guide(recruitment)
    return redirect_to(url_for("references.guide", recruitment_id=recruitment.id))


@bp.post("/recruitments/<int:recruitment_id>/referees")
@needs(Permission.MANAGE_RECRUITMENT, recruitments.find_recruitment)
def add_referee(recruitment: Recruitment) -> Response:
    form = _referee_form(recruitment)
    if not form.validate_on_submit():
        return _page(recruitment, _forms(recruitment, referee=form), 422)
    candidate = next(c for c in recruitment.candidates if str(c.id) == form.candidate.data)

    def make() -> str:
        services.add_referee(candidate, facts_of(form))
        flash(
            _("%(name)s has been added. Record the candidate’s accept before you call.", name=form.name.data), "success"
        )
        return url_for("references.guide", recruitment_id=recruitment.id)

    return make_once(form, make)


def facts_of(form: RefereeForm | ChangeRefereeForm) -> services.RefereeFacts:
    return services.RefereeFacts(
        name=form.name.data,
        relation=form.relation.data,
        current_employer=form.current_employer.data,
        period=form.period.data or "",
        phone=form.phone.data or "",
        email=form.email.data or "",
    )


@bp.route("/referees/<int:referee_id>/edit", methods=["GET", "POST"])
@needs(Permission.HANDLE_REFERENCES, queries.find_referee, of="candidate")
def change_referee(referee: Referee) -> Response:
    form = ChangeRefereeForm(obj=referee)
    if not form.validate_on_submit():
        return page("references/referee.html", 422 if form.is_submitted() else 200, referee=referee, form=form)
    with unit_of_work():
        ended = services.change_referee(referee, facts_of(form))
    flash(_("%(name)s has been saved.", name=referee.name), "success")
    if ended:
        flash(_("The link to the online form has ended: it may be with someone else. Make a new one."), "warning")
    return redirect_to(url_for("references.guide", recruitment_id=referee.recruitment.id))


@bp.post("/referees/<int:referee_id>/accept")
@needs(Permission.HANDLE_REFERENCES, queries.find_referee, of="candidate")
def record_accept(referee: Referee) -> Response:
    form = AcceptForm()
    if not form.validate_on_submit():
        forms = _forms(referee.recruitment, empty=True, accept=form, wrong=referee.id)
        return _page(referee.recruitment, forms, 422)
    with unit_of_work():
        services.record_accept(referee, current_user.person, given_on=form.given_on.data, how=form.how.data)
    flash(_("The accept has been recorded. The guide for %(name)s is free.", name=referee.name), "success")
    return redirect_to(url_for("references.guide", recruitment_id=referee.recruitment.id))


@bp.post("/referees/<int:referee_id>/withdraw")
@needs(Permission.HANDLE_REFERENCES, queries.find_referee, of="candidate")
def withdraw_accept(referee: Referee) -> Response:
    form = WithdrawalForm()
    if not form.validate_on_submit():
        forms = _forms(referee.recruitment, empty=True, withdrawal=form, wrong=referee.id)
        return _page(referee.recruitment, forms, 422)
    with unit_of_work():
        services.withdraw_accept(referee, current_user.person, form.why.data)
    flash(_("The accept has been taken back. Do not call %(name)s.", name=referee.name), "success")
    return redirect_to(url_for("references.guide", recruitment_id=referee.recruitment.id))


@bp.post("/referees/<int:referee_id>/remove")
@needs(Permission.HANDLE_REFERENCES, queries.find_referee, of="candidate")
def remove_referee(referee: Referee) -> Response:
    name, back = referee.name, url_for("references.guide", recruitment_id=referee.recruitment.id)
    if not confirmed() and not referee.accepts:
        title = _("Remove %(name)s as a referee?", name=name)
        text = _("Name, relation and phone number are deleted.")
        return ask(title, text, _("Remove the referee"), back)
    with unit_of_work():
        services.remove_referee(referee)
    flash(_("%(name)s is no longer a referee.", name=name), "success")
    return redirect_to(back)


def _send(referee: Referee, suffix: str) -> Response:
    """The document is made first: the log tells what has left the portal, not what was tried."""
    document = outlines.guide_of(referee, checks.asked_of(referee), outlines.script())
    content, mimetype = (
        (exports.as_pdf(document), exports.PDF) if suffix == "pdf" else (exports.as_docx(document), exports.DOCX)
    )
    with unit_of_work():
        services.note_export(referee, suffix)
    name = file_name([_("reference guide"), referee.candidate.name, referee.name])
    return attachment(content, mimetype, f"{name}.{suffix}")


@bp.get("/referees/<int:referee_id>/guide.pdf")
@needs(Permission.HANDLE_REFERENCES, queries.find_referee, of="candidate")
@logs_reading
def guide_pdf(referee: Referee) -> Response:
    return _send(referee, "pdf")


@bp.get("/referees/<int:referee_id>/guide.docx")
@needs(Permission.HANDLE_REFERENCES, queries.find_referee, of="candidate")
@logs_reading
def guide_docx(referee: Referee) -> Response:
    return _send(referee, "docx")
