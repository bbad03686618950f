"""Pages of the job ad: the ad with what is pointed out in it, its form, its versions, and the files."""

from dataclasses import dataclass

from flask import flash, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.access import Permission
from portal.db import unit_of_work
from portal.filenames import file_name
from portal.framework.queries import outline
from portal.interviews import queries as interviews
from portal.jobads import exports, queries, services
from portal.jobads.forms import AdForm, Competency, ad_form
from portal.jobads.models import JobAd
from portal.jobads.rules import Content, Finding, findings
from portal.jobads.services import Overtaken
from portal.jobads.texts import CHECK_TITLES, finding_text
from portal.recruitment.models import Recruitment
from portal.recruitment.queries import find_recruitment
from portal.references import queries as references
from portal.web import attachment, feature, logs_reading, needs, page, redirect_to

bp = feature("jobads", "/recruitments/<int:recruitment_id>/ad")
WRITERS = {
    "docx": (exports.as_docx, exports.DOCX),
    "pdf": (exports.as_pdf, exports.PDF),
    "md": (exports.as_markdown, exports.MARKDOWN),
}


@dataclass(frozen=True)
class Pointed:
    """One thing that is pointed out: under which title, in which words, and the field that it is about."""

    title: str
    text: str
    field: str


def _competencies(recruitment: Recruitment) -> list[Competency]:
    """All of the framework version in its order: (number, key, wording). It never changes, and is read only once."""
    known = outline(recruitment.version_id)
    return [(n, key, known.text_of(key)) for n, key in enumerate(known.competency_keys, 1)]


def _asked(recruitment: Recruitment) -> set[str]:
    """The keys of what the scorecard or the reference guide asks about."""
    questions = [question for question in interviews.scorecard(recruitment) if not question.dropped]
    found = {question.competency.key for question in questions}
    return found | {q.competency.key for q in references.guide(recruitment) if q.competency}


def _pointed_out(recruitment: Recruitment, content: Content) -> list[Pointed]:
    known, asked = _competencies(recruitment), _asked(recruitment)
    wordings, numbers = {key: text for _n, key, text in known}, {key: n for n, key, _text in known}
    in_order = [key for key in wordings if key in asked]
    found = findings(content, in_order, services.in_minutes(recruitment.deadline))
    return [Pointed(str(CHECK_TITLES[f.check]), finding_text(f, wordings), _field_of(f, numbers)) for f in found]


def _field_of(finding: Finding, numbers: dict[str, int]) -> str:
    """The id of the form's field in which it is put right."""
    if finding.field == "lines":
        return f"lines_{numbers[finding.detail]}" if finding.detail in numbers else "lines"
    return "deadline_day" if finding.field == "deadline" else finding.field


@bp.get("")
@needs(Permission.SEE_RECRUITMENT, find_recruitment)
def ad(recruitment: Recruitment) -> Response:
    found = queries.newest(recruitment)
    return page(
        "jobads/ad.html",
        recruitment=recruitment,
        ad=found,
        paper=exports.outline(found) if found else None,
        pointed=_pointed_out(recruitment, found.says) if found else [],
    )


@bp.post("/draft")
@needs(Permission.MANAGE_RECRUITMENT, find_recruitment)
def draft(recruitment: Recruitment) -> Response:
    with unit_of_work():
        services.draft(recruitment, current_user.person)
    return redirect_to(url_for("jobads.change_ad", recruitment_id=recruitment.id))


def _form(recruitment: Recruitment, found: JobAd) -> AdForm:
    """A field for each competency of the profile, and for those that the ad or the sent form has lines about anyway."""
    wanted = {row.competency.key for row in recruitment.profile} | found.says.advertised
    known = [c for c in _competencies(recruitment) if c[1] in wanted or f"lines_{c[0]}" in request.form]
    return ad_form(found.says, found.number, known)


def _edit_page(recruitment: Recruitment, form: AdForm, status: int, newer: JobAd | None = None) -> Response:
    suggested = services.suggested_lines(recruitment)
    return page(
        "jobads/edit.html",
        status,
        recruitment=recruitment,
        form=form,
        fields=[(form[f"lines_{n}"], suggested.get(key, [])) for n, key in form.competencies.items()],
        newer=newer,
        theirs=exports.outline(newer) if newer else None,
    )


@bp.route("/edit", methods=["GET", "POST"])
@needs(Permission.MANAGE_RECRUITMENT, find_recruitment)
def change_ad(recruitment: Recruitment) -> Response:
    found = queries.newest(recruitment)
    if found is None:
        return redirect_to(url_for("jobads.ad", recruitment_id=recruitment.id))
    form = _form(recruitment, found)
    if not form.validate_on_submit():
        return _edit_page(recruitment, form, 422 if form.is_submitted() else 200)
    try:
        with unit_of_work():
            changed = services.save(recruitment, form.content(), current_user.person, form.seen)
    except Overtaken as overtaken:
        return _overtaken(recruitment, form, overtaken.newest)
    flash(_("The job ad has been saved.") if changed else _("Nothing was changed."), "success" if changed else "info")
    return redirect_to(url_for("jobads.ad", recruitment_id=recruitment.id))


def _overtaken(recruitment: Recruitment, form: AdForm, newer: JobAd) -> Response:
    """The other's version beside one's own text, which the next saving makes the newest."""
    form.number.data = form.number.raw_data = None
    form.number.process_data(str(newer.number))
    return _edit_page(recruitment, form, 409, newer)


@bp.get("/history")
@needs(Permission.SEE_RECRUITMENT, find_recruitment)
def history(recruitment: Recruitment) -> Response:
    return page("jobads/history.html", recruitment=recruitment, versions=queries.versions(recruitment))


@bp.get("/versions/<int:number>")
@needs(Permission.SEE_RECRUITMENT, queries.find_version, of="recruitment")
def version(found: JobAd) -> Response:
    recruitment = found.recruitment
    newest, paper = queries.newest(recruitment), exports.outline(found)
    return page("jobads/version.html", recruitment=recruitment, ad=found, paper=paper, newest=newest)


def _send(recruitment: Recruitment, suffix: str) -> Response:
    """The newest version; the document is made first, so that the log tells what has left the portal."""
    found = queries.newest(recruitment)
    if found is None:
        return redirect_to(url_for("jobads.ad", recruitment_id=recruitment.id))
    writer, mimetype = WRITERS[suffix]
    content = writer(exports.outline(found))
    with unit_of_work():
        services.note_export(found, suffix)
    name = file_name([_("job ad"), found.says.title])
    return attachment(content, mimetype, f"{name}.{suffix}")


@bp.get("/ad.docx")
@needs(Permission.SEE_RECRUITMENT, find_recruitment)
@logs_reading
def ad_docx(recruitment: Recruitment) -> Response:
    return _send(recruitment, "docx")


@bp.get("/ad.pdf")
@needs(Permission.SEE_RECRUITMENT, find_recruitment)
@logs_reading
def ad_pdf(recruitment: Recruitment) -> Response:
    return _send(recruitment, "pdf")


@bp.get("/ad.md")
@needs(Permission.SEE_RECRUITMENT, find_recruitment)
@logs_reading
def ad_markdown(recruitment: Recruitment) -> Response:
    return _send(recruitment, "md")
