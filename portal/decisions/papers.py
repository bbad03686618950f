"""What leaves the portal about a candidate or a whole recruitment, and the note that it has been filed."""

from typing import Any

from flask import flash, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.access import Permission
from portal.audit.services import record
from portal.db import unit_of_work
from portal.decisions import documents, exports, outlines, queries, services
from portal.decisions.blueprint import bp
from portal.decisions.exports import JSON, PDF, ZIP
from portal.decisions.forms import FilingForm
from portal.decisions.rules import Blocker, Stage
from portal.decisions.texts import BLOCKER_TEXTS, STAGE_LABELS, STAGE_TONES
from portal.errors import Refused
from portal.filenames import file_name
from portal.recruitment.models import Candidate, Recruitment
from portal.recruitment.queries import find_candidate_of, find_recruitment
from portal.web import attachment, logs_reading, needs, page, redirect_to


def _file(content: bytes, mimetype: str, suffix: str, *words: str) -> Response:
    name = f"{file_name(words, _('record'))}.{suffix}"
    return attachment(content, mimetype, name)


@bp.get("/recruitments/<int:recruitment_id>/candidates/<int:candidate_id>/export.pdf")
@needs(Permission.EXPORT_CANDIDATE, find_candidate_of)
@logs_reading
def candidate_pdf(candidate: Candidate) -> Response:
    """The document is made first: the log tells what has left the portal, not what was tried."""
    content = documents.about_candidate(candidate, current_user.person_id)
    made = exports.paper_pdf(outlines.candidate_paper(content))
    with unit_of_work():
        record("decisions.export_candidate", candidate, format="pdf")
    return _file(made, PDF, "pdf", _("candidate"), candidate.name)


@bp.get("/recruitments/<int:recruitment_id>/candidates/<int:candidate_id>/export.json")
@needs(Permission.EXPORT_CANDIDATE, find_candidate_of)
@logs_reading
def candidate_json(candidate: Candidate) -> Response:
    made = exports.as_json(documents.about_candidate(candidate, current_user.person_id))
    with unit_of_work():
        record("decisions.export_candidate", candidate, format="json")
    return _file(made, JSON, "json", _("candidate"), candidate.name)


def _page(recruitment: Recruitment, form: FilingForm, status: int = 200) -> Response:
    case = queries.case_of(recruitment)
    return page(
        "decisions/filing.html",
        status,
        recruitment=recruitment,
        decided=case.stage is Stage.DECIDED,
        stage=(STAGE_LABELS[case.stage], STAGE_TONES[case.stage]),
        filings=queries.filings_of(recruitment.id),
        form=form,
    )


@bp.get("/recruitments/<int:recruitment_id>/filing")
@needs(Permission.FILE_RECRUITMENT, find_recruitment)
def filing(recruitment: Recruitment) -> Response:
    return _page(recruitment, FilingForm(filed_under=recruitment.case_number))


@bp.post("/recruitments/<int:recruitment_id>/filing")
@needs(Permission.FILE_RECRUITMENT, find_recruitment)
def file_record(recruitment: Recruitment) -> Response:
    form = FilingForm()
    if not form.validate_on_submit():
        return _page(recruitment, form, 422)
    number, provisional = form.filed_under.data, bool(form.provisional.data)
    content = documents.whole_case(recruitment, current_user.person_id)
    with unit_of_work():
        services.file_record(recruitment, current_user.person, number, content, provisional=provisional)
    flash(_("The record has been marked as filed under %(number)s.", number=number), "success")
    return redirect_to(url_for("decisions.filing", recruitment_id=recruitment.id))


def _record(recruitment: Recruitment) -> tuple[dict[str, Any], bytes]:
    """Content and PDF of the full record; before the decision only for one who asks for a provisional one."""
    provisional = queries.case_of(recruitment).stage is not Stage.DECIDED
    if provisional and "provisional" not in request.args:
        raise Refused([BLOCKER_TEXTS[Blocker.NOT_DECIDED]])
    content = documents.whole_case(recruitment, current_user.person_id)
    return content, exports.paper_pdf(outlines.case_paper(content, provisional=provisional))


@bp.get("/recruitments/<int:recruitment_id>/filing/record.pdf")
@needs(Permission.FILE_RECRUITMENT, find_recruitment)
@logs_reading
def record_pdf(recruitment: Recruitment) -> Response:
    _content, made = _record(recruitment)
    with unit_of_work():
        record("decisions.export_record", recruitment, format="pdf")
    return _file(made, PDF, "pdf", _("record"), recruitment.title)


@bp.get("/recruitments/<int:recruitment_id>/filing/record.zip")
@needs(Permission.FILE_RECRUITMENT, find_recruitment)
@logs_reading
def record_zip(recruitment: Recruitment) -> Response:
    content, made = _record(recruitment)
    name = file_name([_("record"), recruitment.title])
    files = {f"{name}.pdf": made, f"{name}.json": exports.as_json(content), **outlines.case_tables(content)}
    with unit_of_work():
        record("decisions.export_record", recruitment, format="zip")
    return _file(exports.as_zip(files), ZIP, "zip", _("record"), recruitment.title)
