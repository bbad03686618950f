"""The reference guide of a recruitment, its referees, and the documents for the call."""

import io

from flask import flash, send_file, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.access import Permission, may
from portal.bank.queries import find_script
from portal.db import unit_of_work
from portal.filenames import file_name
from portal.formfields import options_or_none
from portal.i18n import language, long_date, today
from portal.once import make_once
from portal.recruitment import queries as recruitments
from portal.recruitment.models import Candidate, Recruitment
from portal.references import exports, queries, services
from portal.references.forms import AcceptForm, RefereeForm
from portal.references.models import GuideQuestion, Referee
from portal.references.rules import MINUTES_PER_QUESTION
from portal.web import feature, logs_reading, needs, page, redirect_to

bp = feature("references")


def _handled(recruitment: Recruitment) -> list[Candidate]:
    """The candidates whose references this person may handle."""
    return [c for c in recruitment.candidates if may(current_user.actor, Permission.HANDLE_REFERENCES, c)]


def _page(
    recruitment: Recruitment, form: RefereeForm, accept_form: AcceptForm, wrong: int = 0, status: int = 200
) -> Response:
    questions = queries.guide(recruitment)
    handled = {candidate.id for candidate in _handled(recruitment)}
    referees = [referee for referee in queries.referees(recruitment) if referee.candidate_id in handled]
    return page(
        "references/guide.html",
        status,
        recruitment=recruitment,
        questions=questions,
        minutes=len(questions) * MINUTES_PER_QUESTION,
        referees=referees,
        blockers={referee.id: services.why_not_released(referee, len(questions)) for referee in referees},
        form=form,
        accept_form=accept_form,
        wrong=wrong,
    )


def _referee_form(recruitment: Recruitment, *, empty: bool = False) -> RefereeForm:
    form = RefereeForm(formdata=None) if empty else RefereeForm()
    form.candidate.choices = options_or_none((candidate.id, candidate.name) for candidate in _handled(recruitment))
    return form


@bp.get("/recruitments/<int:recruitment_id>/references")
@needs(Permission.MANAGE_RECRUITMENT, recruitments.find_recruitment)
def guide(recruitment: Recruitment) -> Response:
    return _page(recruitment, _referee_form(recruitment), AcceptForm(formdata=None))


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
        return _page(recruitment, form, AcceptForm(formdata=None), status=422)
    candidate = next(c for c in recruitment.candidates if str(c.id) == form.candidate.data)

    def make() -> str:
        name, relation, phone = form.name.data, form.relation.data, form.phone.data or ""
        employer = form.current_employer.data
        services.add_referee(candidate, name=name, relation=relation, phone=phone, current_employer=employer)
        flash(_("%(name)s has been added. Record the applicant’s accept before you call.", name=name), "success")
        return url_for("references.guide", recruitment_id=recruitment.id)

    return make_once(form, make)


@bp.post("/referees/<int:referee_id>/accept")
@needs(Permission.HANDLE_REFERENCES, queries.find_referee, of="candidate")
def record_accept(referee: Referee) -> Response:
    form = AcceptForm()
    if not form.validate_on_submit():
        return _page(referee.recruitment, _referee_form(referee.recruitment, empty=True), form, referee.id, 422)
    with unit_of_work():
        services.record_accept(referee, current_user.person, given_on=form.given_on.data, how=form.how.data)
    flash(_("The accept has been recorded. The guide for %(name)s is free.", name=referee.name), "success")
    return redirect_to(url_for("references.guide", recruitment_id=referee.recruitment.id))


def _introduction(referee: Referee, questions: int) -> str:
    """What the caller says first, with the candidate's name and the time that this guide takes."""
    text = find_script("reference_introduction").replace("[kandidatens navn]", referee.candidate.name)
    return text.replace("[antal]", str(questions * MINUTES_PER_QUESTION))


def _document(referee: Referee, questions: list[GuideQuestion]) -> exports.Guide:
    return exports.Guide(
        language=language(),
        title=_("Reference guide"),
        facts=(
            (_("Position"), referee.recruitment.title),
            (_("Candidate"), referee.candidate.name),
            (_("Referee"), f"{referee.name}, {referee.relation}"),
            (_("Phone"), referee.phone or "–"),
            (_("The applicant’s accept"), f"{long_date(referee.accepts[0].given_on)}, {referee.accepts[0].how}"),
            (_("Printed"), long_date(today())),
            (_("Call made by, date and time"), "…"),
        ),
        introduction_title=_("Say first"),
        introduction=_introduction(referee, len(questions)),
        questions_title=_("Questions"),
        questions=tuple(
            exports.Question(q.competency.text if q.competency else _("General"), q.text, tuple(q.probes))
            for q in questions
        ),
        answer_label=_("Notes: what did the referee see or hear?"),
        closing_title=_("Say last"),
        closing=find_script("reference_closing"),
    )


def _send(referee: Referee, suffix: str) -> Response:
    """The document is made first: the log tells what has left the portal, not what was tried."""
    document = _document(referee, services.released(referee))
    content, mimetype = (
        (exports.as_pdf(document), exports.PDF) if suffix == "pdf" else (exports.as_docx(document), exports.DOCX)
    )
    with unit_of_work():
        services.note_export(referee, suffix)
    name = file_name([_("reference guide"), referee.candidate.name, referee.name])
    return send_file(io.BytesIO(content), mimetype, as_attachment=True, download_name=f"{name}.{suffix}")


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
