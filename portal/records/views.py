"""Pages of HR: the deletion list, its review, the deletion log, and how long applicants' data is kept."""

import io
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from flask import flash, request, send_file, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.access import Permission
from portal.audit.services import record
from portal.db import empty_write_ahead_log, unit_of_work
from portal.decisions.documents import whole_case
from portal.decisions.forms import FilingForm
from portal.decisions.services import file_record
from portal.filenames import file_name
from portal.formfields import options_or_none
from portal.i18n import today
from portal.listing import Order
from portal.once import make_once
from portal.records import exports, lists, queries, services
from portal.records.forms import DeletionFilter, RetentionForm, ReviewForm
from portal.records.lists import Filter, Row
from portal.records.rules import DEFAULT_MONTHS
from portal.records.texts import BLOCKER_TEXTS, STANDINGS, counted
from portal.recruitment.models import Recruitment
from portal.recruitment.queries import find_recruitment
from portal.recruitment.texts import STATE_LABELS, STATE_TONES
from portal.tables import CSV, XLSX, as_csv, as_xlsx
from portal.web import feature, logs_reading, needs, page, page_number, redirect_to

bp = feature("records", "/records")
PER_PAGE = 20
MOST_CHOSEN = 100


def _filter_form() -> DeletionFilter:
    form = DeletionFilter(request.args)
    form.standing.choices = options_or_none([(key, label) for key, (label, _tone) in STANDINGS.items()], _("All"))
    form.validate()
    return form


def _asked(form: DeletionFilter) -> dict[str, str]:
    """What the address asks for; what it asks for wrongly is left out."""
    return {field.name: field.data for field in (form.q, form.standing) if field.data and not field.errors}


def _wanted(asked: dict[str, str]) -> Filter:
    return Filter(queries.months_kept(), today(), asked.get("q", ""), asked.get("standing", ""))


def _order() -> Order:
    return Order.asked(request.args.get("sort", ""), lists.SORTS)


def _held(rows: Sequence[Row]) -> dict[int, list[str]]:
    """By candidate what the portal holds on them, in words."""
    return {candidate_id: counted(found) for candidate_id, found in queries.holdings([r.id for r in rows]).items()}


@bp.get("")
@needs(Permission.MANAGE_RECORDS)
def deletion_list() -> Response:
    form, order = _filter_form(), _order()
    asked = _asked(form)
    wanted = _wanted(asked)
    found = lists.page_of(wanted, order, page_number(), PER_PAGE)
    return page(
        "records/deletion_list.html",
        fragment="records/_deletion_list.html",
        form=form,
        wanted=order,
        found=found,
        kept=asked,
        held=_held(found.items),
        months=wanted.months,
        all_chosen="all" in request.args,
        **_words(),
    )


def _words() -> dict[str, Any]:
    return {"standings": STANDINGS, "state_labels": STATE_LABELS, "state_tones": STATE_TONES}


def _file(name: str, heading: Sequence[str], rows: Sequence[Sequence[object]], mimetype: str) -> Response:
    suffix = "csv" if mimetype == CSV else "xlsx"
    content = as_csv(heading, rows) if mimetype == CSV else as_xlsx(name, heading, rows)
    download = f"{file_name([name, today().isoformat()])}.{suffix}"
    return send_file(io.BytesIO(content), mimetype, as_attachment=True, download_name=download)


def _list_file(mimetype: str) -> Response:
    """The list as it is filtered and sorted, all of it."""
    rows = [exports.list_row(row) for row in lists.every_row(_wanted(_asked(_filter_form())), _order())]
    with unit_of_work():
        record("records.export_list", rows=len(rows))
    return _file(_("Deletion list"), exports.list_heading(), rows, mimetype)


@bp.get("/list.csv")
@needs(Permission.MANAGE_RECORDS)
@logs_reading
def list_csv() -> Response:
    return _list_file(CSV)


@bp.get("/list.xlsx")
@needs(Permission.MANAGE_RECORDS)
@logs_reading
def list_xlsx() -> Response:
    return _list_file(XLSX)


def _chosen(values: Sequence[str]) -> list[int]:
    """The ids that the form or address names; what is no id is left out."""
    found = {int(value) for value in values if value.isascii() and value.isdigit() and len(value) < 10}
    return sorted(found)[:MOST_CHOSEN]


def _review_page(rows: Sequence[Row], form: ReviewForm, status: int = 200) -> Response:
    """Those who can be deleted, with everything that is lost, and of the others why not."""
    stuck = services.why_kept(rows, queries.months_kept())
    ready = [row for row in rows if row.id not in stuck]
    return page(
        "records/review.html",
        status,
        cases=[list(group) for _n, group in groupby(ready, key=lambda row: row.recruitment_id)],
        stuck=[(row, [BLOCKER_TEXTS[blocker] for blocker in stuck[row.id]]) for row in rows if row.id in stuck],
        held=_held(ready),
        form=form,
        unfiled=any(not row.filed_under for row in ready),
        count=len(ready),
        **_words(),
    )


@bp.get("/review")
@needs(Permission.MANAGE_RECORDS)
def review() -> Response:
    rows = lists.rows_of(_chosen(request.args.getlist("candidate")), queries.months_kept())
    if not rows:
        flash(_("Choose at least one candidate from the list."), "warning")
        return redirect_to(url_for("records.deletion_list"))
    return _review_page(rows, ReviewForm(formdata=None))


def _is_complete(form: ReviewForm, rows: Sequence[Row]) -> bool:
    """Whether the reasons suffice; what is wrong with them stands beside the fields."""
    form.validate_on_submit()
    for field in (form.deletion_reason, form.unfiled):
        if field.data and not field.errors:
            field.errors = [BLOCKER_TEXTS[blocker] for blocker in services.reason_blockers(rows, field.data)]
    if not form.unfiled.data and any(row.ended_on and not row.filed_under for row in rows):
        form.unfiled.errors = [_("Write why what has not been filed need not be, or mark it as filed first.")]
    return not form.errors


@bp.post("/delete")
@needs(Permission.MANAGE_RECORDS)
def delete_candidates() -> Response:
    """What was asked for by name on the page of the review is deleted, all or none."""
    ids, form = _chosen(request.form.getlist("candidate")), ReviewForm()
    rows = lists.rows_of(ids, queries.months_kept())
    if rows and not _is_complete(form, rows):
        return _review_page(rows, form, 422)
    with unit_of_work():
        services.delete_candidates(ids, current_user.person, form.deletion_reason.data or "", form.unfiled.data or "")
    empty_write_ahead_log()
    done = ngettext("The data of %(num)s candidate is deleted.", "The data of %(num)s candidates is deleted.", len(ids))
    flash(done, "success")
    return redirect_to(url_for("records.deletion_log"))


@bp.get("/log")
@needs(Permission.MANAGE_RECORDS)
def deletion_log() -> Response:
    found = queries.deletions(page_number(), PER_PAGE)
    return page("records/log.html", found=found, counted=counted)


def _log_file(mimetype: str) -> Response:
    rows = [exports.log_row(deletion) for deletion in queries.all_deletions()]
    with unit_of_work():
        record("records.export_log", rows=len(rows))
    return _file(_("Deletion log"), exports.log_heading(), rows, mimetype)


@bp.get("/log.csv")
@needs(Permission.MANAGE_RECORDS)
@logs_reading
def log_csv() -> Response:
    return _log_file(CSV)


@bp.get("/log.xlsx")
@needs(Permission.MANAGE_RECORDS)
@logs_reading
def log_xlsx() -> Response:
    return _log_file(XLSX)


@bp.route("/retention", methods=["GET", "POST"])
@needs(Permission.MANAGE_RECORDS)
def retention() -> Response:
    settings = queries.settings()
    form = RetentionForm(months=settings[0].months if settings else DEFAULT_MONTHS)
    if not form.validate_on_submit():
        status = 422 if form.is_submitted() else 200
        return page("records/retention.html", status, form=form, settings=settings, default=DEFAULT_MONTHS)

    def change() -> str:
        services.set_retention(form.months.data, form.retention_reason.data or "", current_user.person)
        flash(_("The period has been saved. It holds for everything on the deletion list."), "success")
        return url_for("records.retention")

    return make_once(form, change)


@bp.route("/recruitments/<int:recruitment_id>/filing", methods=["GET", "POST"])
@needs(Permission.MANAGE_RECORDS, find_recruitment)
def mark_filed(recruitment: Recruitment) -> Response:
    """HR notes what the recruiter has not: that the record is in the agency's filing system."""
    form = FilingForm(filed_under=recruitment.case_number)
    if not form.validate_on_submit():
        return page("records/filed.html", 422 if form.is_submitted() else 200, recruitment=recruitment, form=form)
    number = form.filed_under.data
    with unit_of_work():
        content = whole_case(recruitment, current_user.person_id)
        file_record(recruitment, current_user.person, number, content, provisional=False)
    flash(_("The record has been marked as filed under %(number)s.", number=number), "success")
    return redirect_to(url_for("records.deletion_list"))
