"""Pages on which the reference guide's questions are changed, and the guides as files."""

import io
import zipfile
from collections.abc import Iterator

from flask import flash, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from portal import tables
from portal.access import Permission, may
from portal.bank import queries as bank
from portal.bank.rules import Use
from portal.confirm import ask, confirmed
from portal.db import unit_of_work
from portal.errors import Refused
from portal.filenames import file_name
from portal.formfields import options_or_none
from portal.once import make_once
from portal.recruitment import queries as recruitments
from portal.recruitment.models import Recruitment
from portal.references import checks, exports, outlines, queries, questions, services
from portal.references.blueprint import bp
from portal.references.forms import BankQuestionForm, OwnQuestionForm, QuestionForm
from portal.references.models import GuideQuestion, Referee
from portal.web import attachment, logs_reading, needs, page, redirect_to

ZIP = "application/zip"
DATA = {"csv": tables.CSV, "xlsx": tables.XLSX, "json": "application/json"}


def _guide(recruitment_id: int) -> str:
    return url_for("references.guide", recruitment_id=recruitment_id)


def _bank_form(recruitment: Recruitment) -> BankQuestionForm:
    form = BankQuestionForm()
    there = {question.bank_version_id for question in queries.guide(recruitment)}
    keys = {row.competency.key for row in recruitment.profile}
    found = bank.entries(recruitment.version.framework.slug, Use.REFERENCE)
    free = [q for q in found if q.id not in there and (not q.competency_key or q.competency_key in keys)]
    form.question.choices = options_or_none((question.id, question.text) for question in free)
    return form


def _own_form(recruitment: Recruitment) -> OwnQuestionForm:
    form = OwnQuestionForm()
    rows = recruitments.in_framework_order(recruitment)
    form.competency.choices = options_or_none(((row.competency_id, row.competency.text) for row in rows), _("General"))
    return form


def _add_page(recruitment: Recruitment, from_bank: BankQuestionForm, own: OwnQuestionForm, status: int) -> Response:
    return page("references/add_question.html", status, recruitment=recruitment, from_bank=from_bank, own=own)


@bp.get("/recruitments/<int:recruitment_id>/references/questions/add")
@needs(Permission.MANAGE_RECRUITMENT, recruitments.find_recruitment)
def add_question(recruitment: Recruitment) -> Response:
    return _add_page(recruitment, _bank_form(recruitment), _own_form(recruitment), 200)


@bp.post("/recruitments/<int:recruitment_id>/references/questions/from-bank")
@needs(Permission.MANAGE_RECRUITMENT, recruitments.find_recruitment)
def add_from_bank(recruitment: Recruitment) -> Response:
    form = _bank_form(recruitment)
    question = bank.find_version(int(form.question.data)) if form.validate_on_submit() else None
    if question is None:
        return _add_page(recruitment, form, _own_form(recruitment), 422)
    with unit_of_work():
        questions.add_from_bank(recruitment, question)
    return redirect_to(_guide(recruitment.id))


@bp.post("/recruitments/<int:recruitment_id>/references/questions/own")
@needs(Permission.MANAGE_RECRUITMENT, recruitments.find_recruitment)
def add_own(recruitment: Recruitment) -> Response:
    form = _own_form(recruitment)
    if not form.validate_on_submit():
        return _add_page(recruitment, _bank_form(recruitment), form, 422)

    def make() -> str:
        competency_id = int(form.competency.data) if form.competency.data else None
        questions.add_own(recruitment, competency_id, form.text.data, form.lines())
        return _guide(recruitment.id)

    return make_once(form, make)


@bp.route("/recruitments/<int:recruitment_id>/references/questions/<int:question_id>", methods=["GET", "POST"])
@needs(Permission.MANAGE_RECRUITMENT, queries.find_guide_question, of="recruitment")
def change_question(question: GuideQuestion) -> Response:
    form = QuestionForm(text=question.text, probes="\n".join(question.probes), minutes=question.minutes)
    if not form.validate_on_submit():
        return page("references/question.html", 422 if form.is_submitted() else 200, question=question, form=form)
    with unit_of_work():
        questions.change_question(question, text=form.text.data, probes=form.lines(), minutes=form.minutes.data)
    return redirect_to(f"{_guide(question.recruitment_id)}#question-{question.id}")


@bp.post("/recruitments/<int:recruitment_id>/references/questions/<int:question_id>/move")
@needs(Permission.MANAGE_RECRUITMENT, queries.find_guide_question, of="recruitment")
def move_question(question: GuideQuestion) -> Response:
    with unit_of_work():
        questions.move_question(question, up=request.form.get("direction") == "up")
    return redirect_to(f"{_guide(question.recruitment_id)}#question-{question.id}")


@bp.post("/recruitments/<int:recruitment_id>/references/questions/<int:question_id>/remove")
@needs(Permission.MANAGE_RECRUITMENT, queries.find_guide_question, of="recruitment")
def remove_question(question: GuideQuestion) -> Response:
    back = _guide(question.recruitment_id)
    if not confirmed():
        title, text = _("Remove this question from the guide?"), question.text
        return ask(title, text, _("Remove the question"), back, final=question.bank_version_id is None)
    with unit_of_work():
        questions.remove_question(question)
    flash(_("The question has been removed."), "success")
    return redirect_to(back)


def _data(referee: Referee, suffix: str) -> Response:
    document = outlines.guide_of(referee, checks.asked_of(referee), outlines.script())
    content = exports.as_data(document, suffix)
    with unit_of_work():
        services.note_export(referee, suffix)
    name = file_name([_("reference guide"), referee.candidate.name, referee.name])
    return attachment(content, DATA[suffix], f"{name}.{suffix}")


@bp.get("/referees/<int:referee_id>/guide.csv")
@needs(Permission.HANDLE_REFERENCES, queries.find_referee, of="candidate")
@logs_reading
def guide_csv(referee: Referee) -> Response:
    return _data(referee, "csv")


@bp.get("/referees/<int:referee_id>/guide.xlsx")
@needs(Permission.HANDLE_REFERENCES, queries.find_referee, of="candidate")
@logs_reading
def guide_xlsx(referee: Referee) -> Response:
    return _data(referee, "xlsx")


@bp.get("/referees/<int:referee_id>/guide.json")
@needs(Permission.HANDLE_REFERENCES, queries.find_referee, of="candidate")
@logs_reading
def guide_json(referee: Referee) -> Response:
    return _data(referee, "json")


@bp.get("/recruitments/<int:recruitment_id>/references.zip")
@needs(Permission.MANAGE_RECRUITMENT, recruitments.find_recruitment)
@logs_reading
def all_guides(recruitment: Recruitment) -> Response:
    """The guides of the referees who may be called, and the finished notes, as Word and PDF.

    All of them, or those that `?referee=` names, as often as it stands there.
    """
    mine = [c.id for c in recruitment.candidates if may(current_user.actor, Permission.HANDLE_REFERENCES, c)]
    referees = [r for r in queries.referees(recruitment) if r.candidate_id in mine and r.accept]
    if "referee" in request.args:
        chosen = set(request.args.getlist("referee"))
        referees = [referee for referee in referees if str(referee.id) in chosen]
    if not referees or not queries.guide(recruitment):
        raise Refused([_("No referee may be called yet.")])
    asked, said, out = checks.asked_of_all(recruitment, referees), outlines.script(), io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, referee in enumerate(referees, 1):
            for name, content in _files(referee, asked[referee.id], said):
                archive.writestr(f"{number:02}-{name}", content)
    with unit_of_work():
        for referee in referees:
            services.note_export(referee, "zip")
            if referee.check is not None and referee.check.finished:
                checks.note_export(referee, "zip")
    name = file_name([_("references"), recruitment.title])
    return attachment(out.getvalue(), ZIP, f"{name}.zip")


def _files(referee: Referee, asked: checks.Asked, said: outlines.Script) -> Iterator[tuple[str, bytes]]:
    guide = outlines.guide_of(referee, asked, said)
    names = [referee.candidate.name, referee.name]
    yield f"{file_name([_('reference guide'), *names])}.docx", exports.as_docx(guide)
    yield f"{file_name([_('reference guide'), *names])}.pdf", exports.as_pdf(guide)
    if referee.check is not None and referee.check.finished:
        note = outlines.note_of(referee, referee.check, asked)
        yield f"{file_name([_('reference note'), *names])}.pdf", exports.as_pdf(note)
