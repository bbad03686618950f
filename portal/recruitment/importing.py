"""Candidates from a file: an empty one to fill in, a look at what it holds, and then all of it or nothing."""

from collections.abc import Sequence

from flask import Response as FlaskResponse
from flask import flash, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from portal import tables
from portal.access import Permission
from portal.once import make_once
from portal.recruitment import queries, workbooks
from portal.recruitment.candidates import add_many, row_problems
from portal.recruitment.documents import BadFile, as_payload, of_payload, rows_of
from portal.recruitment.forms import ConfirmImportForm, ImportForm
from portal.recruitment.models import Recruitment
from portal.recruitment.rules import CandidateRow, doubled
from portal.recruitment.views import bp
from portal.web import accepts_files, attachment, needs, page


def _checked(rows: list[CandidateRow]) -> list[CandidateRow]:
    problems = row_problems(rows)
    if problems:
        raise BadFile(problems)
    return rows


def _import_page(
    recruitment: Recruitment, form: ImportForm, status: int = 200, problems: Sequence[str] = ()
) -> Response:
    return page("recruitment/import.html", status, recruitment=recruitment, form=form, problems=problems)


@bp.route("/<int:recruitment_id>/candidates/import", methods=["GET", "POST"])
@needs(Permission.MANAGE_RECRUITMENT, queries.find_recruitment)
@accepts_files
def import_candidates(recruitment: Recruitment) -> Response:
    """Read a file and show whom it would add; nothing is written before that has been confirmed."""
    form = ImportForm()
    if not form.validate_on_submit():
        return _import_page(recruitment, form, 422 if form.is_submitted() else 200)
    try:
        rows = _checked(rows_of(workbooks.read_table(form.file.data.read())))
    except BadFile as error:
        more = row_problems(error.rows) if error.rows else []
        return _import_page(recruitment, form, 422, [*error.problems, *more])
    return page(
        "recruitment/import_preview.html",
        recruitment=recruitment,
        rows=rows,
        doubled=doubled(rows, [candidate.name for candidate in recruitment.candidates]),
        timed=any(row.starts_at for row in rows),
        form=ConfirmImportForm(formdata=None, payload=as_payload(rows)),
    )


@bp.post("/<int:recruitment_id>/candidates/import/confirm")
@needs(Permission.MANAGE_RECRUITMENT, queries.find_recruitment)
def confirm_import(recruitment: Recruitment) -> Response:
    form = ConfirmImportForm()
    try:
        rows = _checked(of_payload(form.payload.data if form.validate_on_submit() else ""))
    except BadFile as error:
        return _import_page(recruitment, ImportForm(formdata=None), 422, error.problems)

    def make() -> str:
        count = len(add_many(recruitment, rows))
        flash(ngettext("%(num)s candidate has been added.", "%(num)s candidates have been added.", count), "success")
        return url_for("recruitment.panel_and_candidates", recruitment_id=recruitment.id)

    return make_once(form, make)


def _send(content: bytes, mimetype: str, suffix: str) -> FlaskResponse:
    name = f"{_('candidates')}.{suffix}"
    return attachment(content, mimetype, name)


@bp.get("/<int:recruitment_id>/candidates/template.csv")
@needs(Permission.MANAGE_RECRUITMENT, queries.find_recruitment)
def template_csv(recruitment: Recruitment) -> FlaskResponse:
    return _send(workbooks.empty_csv(), tables.CSV, "csv")


@bp.get("/<int:recruitment_id>/candidates/template.xlsx")
@needs(Permission.MANAGE_RECRUITMENT, queries.find_recruitment)
def template_xlsx(recruitment: Recruitment) -> FlaskResponse:
    return _send(workbooks.empty_xlsx(), tables.XLSX, "xlsx")
