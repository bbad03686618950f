"""Keeping the bank: adding, editing, retiring, and taking files in and out. The list and its use is the overview's."""

import json
from collections.abc import Mapping, Sequence

from flask import Response, flash, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from portal.access import Permission
from portal.audit.services import record
from portal.bank import documents, queries, services, workbooks
from portal.bank.documents import BadBank
from portal.bank.forms import Choice, ConfirmImportForm, EntryForm, ImportForm, entry_form, values_of
from portal.bank.models import BankEntry
from portal.bank.rules import QUESTIONS, Use, cleaned
from portal.bank.services import Keys, Row
from portal.bank.texts import FIELD_LABELS, context, problem_text
from portal.db import unit_of_work
from portal.framework.models import FrameworkVersion
from portal.framework.queries import find_version
from portal.web import accepts_files, attachment, feature, logs_reading, needs, page, redirect_to
from portal.wording import advice

bp = feature("bank", "/bank")
bp.app_context_processor(context)
FRAMEWORK = "souschef"
ADDABLE = (Use.INTERVIEW, Use.REFERENCE, Use.ONBOARDING, Use.AD, Use.TALK)


def _framework() -> FrameworkVersion:
    version = find_version(FRAMEWORK)
    assert version is not None  # it comes with the portal
    return version


def _competencies(version: FrameworkVersion) -> list[Choice]:
    return [(c.key, f"{part.title}: {c.text}") for part in version.parts for c in part.competencies]


def _behaviours(version: FrameworkVersion) -> list[Choice]:
    return [(b.key, f"{part.title}: {b.text}") for part in version.parts for b in part.behaviours]


def find_use(use: str) -> Use | None:
    """A use of which entries can be added."""
    return next((known for known in ADDABLE if known.value == use), None)


def _form(use: Use, version: FrameworkVersion, data: Mapping[str, object] | None = None) -> EntryForm:
    return entry_form(use, _competencies(version), _behaviours(version), data)


def _is_good(form: EntryForm, version: FrameworkVersion) -> bool:
    """Whether what was typed can be taken; what cannot is shown at its field."""
    if not form.validate_on_submit():
        return False
    problems = services.all_problems(cleaned(form.content()), Keys.of(version))
    form.show(problems)
    return not problems


def _point_out(form: EntryForm) -> None:
    """What is unwise in a question is said, not refused."""
    if form.use in QUESTIONS and advice(form.content().text):
        flash(_("The question is saved. Read it once more: the page says what could be better."), "warning")


@bp.route("/add/<use>", methods=["GET", "POST"])
@needs(Permission.MANAGE_BANK, find_use)
def add_entry(use: Use) -> BaseResponse:
    version = _framework()
    data = {"competencies": request.args.get("competency", "")} if use is not Use.ONBOARDING else None
    form = _form(use, version, data)
    if not _is_good(form, version):
        return page("bank/edit.html", 422 if form.is_submitted() else 200, form=form, use=use, entry=None)
    with unit_of_work():
        entry = services.add_entry(FRAMEWORK, form.content(), current_user.person)
    _point_out(form)
    flash(_("The entry has been added to the bank."), "success")
    return redirect_to(url_for("overview.bank_entry", entry_id=entry.id))


@bp.route("/<int:entry_id>/edit", methods=["GET", "POST"])
@needs(Permission.MANAGE_BANK, queries.find_entry)
def change_entry(entry: BankEntry) -> BaseResponse:
    use, current, version = Use(entry.use), entry.current, _framework()
    form = _form(use, version, values_of(current.content, current.number))
    if not _is_good(form, version):
        return page("bank/edit.html", 422 if form.is_submitted() else 200, form=form, use=use, entry=entry)
    if form.number.data != str(current.number):
        form.number.data = form.number.raw_data = None
        form.number.process_data(str(current.number))
        return page("bank/edit.html", 409, form=form, use=use, entry=entry, overtaken=current)
    with unit_of_work():
        changed = services.change_entry(entry, form.content(), current_user.person)
    _point_out(form)
    flash(_("Saved as version %(number)s.", number=entry.current.number) if changed else _("Nothing was changed."))
    return redirect_to(url_for("overview.bank_entry", entry_id=entry.id))


@bp.post("/<int:entry_id>/retire")
@needs(Permission.MANAGE_BANK, queries.find_entry)
def retire_entry(entry: BankEntry) -> BaseResponse:
    with unit_of_work():
        services.retire_entry(entry)
    flash(_("The entry is retired: what uses it keeps it, and it is offered no more."), "success")
    return redirect_to(url_for("overview.bank_entry", entry_id=entry.id))


@bp.post("/<int:entry_id>/restore")
@needs(Permission.MANAGE_BANK, queries.find_entry)
def restore_entry(entry: BankEntry) -> BaseResponse:
    with unit_of_work():
        services.restore_entry(entry)
    flash(_("The entry is offered again."), "success")
    return redirect_to(url_for("overview.bank_entry", entry_id=entry.id))


def _send(content: bytes, mimetype: str, suffix: str) -> Response:
    with unit_of_work():
        record("bank.export", format=suffix)
    name = f"{_('bank')}.{suffix}"
    return attachment(content, mimetype, name)


@bp.get("/bank.json")
@needs(Permission.SEE_BANK)
@logs_reading
def export_json() -> Response:
    return _send(documents.as_json(queries.all_entries()).encode(), "application/json", "json")


@bp.get("/bank.xlsx")
@needs(Permission.SEE_BANK)
@logs_reading
def export_xlsx() -> Response:
    return _send(workbooks.as_xlsx(queries.all_entries()), workbooks.XLSX, "xlsx")


def _read(data: bytes) -> list[Row]:
    """The rows of an uploaded file, whichever of the two kinds it is; raises BadBank."""
    if data[:2] == b"PK":
        return workbooks.read_xlsx(data)
    try:
        return documents.read_json(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise BadBank([_("The file is neither an Excel workbook nor a text in UTF-8.")]) from error


def _without_problems(rows: Sequence[Row]) -> None:
    """Raise BadBank with place, field and reason for everything that is wrong with the rows."""
    found = services.row_problems(rows, Keys.of(_framework()))
    if found:
        lines = [f"{row.place}: {FIELD_LABELS[problem.field]}: {problem_text(problem)}" for row, problem in found]
        raise BadBank(lines)


@bp.route("/import", methods=["GET", "POST"])
@needs(Permission.MANAGE_BANK)
@accepts_files
def import_bank() -> BaseResponse:
    """Read a file and show what it would change; nothing is written before that has been confirmed."""
    form = ImportForm()
    if not form.validate_on_submit():
        return page("bank/import.html", 422 if form.is_submitted() else 200, form=form, problems=[])
    try:
        rows = _read(form.file.data.read())
        _without_problems(rows)
    except BadBank as error:
        return page("bank/import.html", 422, form=form, problems=error.problems)
    changes = services.compare(rows)
    payload = json.dumps(documents.rows_as_plain([*changes.changed, *changes.new]), ensure_ascii=False)
    confirm = ConfirmImportForm(formdata=None, payload=payload)
    return page("bank/preview.html", changes=changes, form=confirm, known=queries.entries_by_key())


@bp.post("/import/confirm")
@needs(Permission.MANAGE_BANK)
def confirm_import() -> BaseResponse:
    form = ConfirmImportForm()
    if not form.validate_on_submit():
        return redirect_to(url_for("bank.import_bank"))
    try:
        rows = documents.read_json(form.payload.data)
        _without_problems(rows)
    except BadBank as error:
        return page("bank/import.html", 422, form=ImportForm(formdata=None), problems=error.problems)
    changes = services.compare(rows)
    with unit_of_work():
        services.take_in(FRAMEWORK, changes, current_user.person)
    new, changed = len(changes.new), len(changes.changed)
    flash(_("The file has been taken in: %(new)s new, %(changed)s changed.", new=new, changed=changed), "success")
    return redirect_to(url_for("overview.bank"))
