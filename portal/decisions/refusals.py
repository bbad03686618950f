"""The answers to the candidates who are not hired: drafted by the portal, written and sent by a person."""

from collections.abc import Sequence

from flask import abort, flash, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from portal import stationery
from portal.access import Permission, may
from portal.audit.services import record
from portal.bank.texts import GROUND_LABELS
from portal.confirm import ask, confirmed
from portal.db import unit_of_work
from portal.decisions import exports, letters, queries, services
from portal.decisions.blueprint import bp
from portal.decisions.exports import DOCX, PDF, ZIP
from portal.decisions.forms import RefusalForm, ReviewForm, SentForm
from portal.decisions.models import RefusalText
from portal.decisions.queries import Answering
from portal.decisions.texts import BLOCKER_TEXTS, GROUND_TEXT, NAMED_TEXT
from portal.filenames import file_name
from portal.i18n import long_date, sort_key, today
from portal.recruitment.models import Candidate, Recruitment
from portal.recruitment.queries import find_recruitment
from portal.stationery import Letter
from portal.web import attachment, logs_reading, needs, page, redirect_to

TITLE = "Svar på din ansøgning"  # the letter is in Danish, whatever the reader's language


def _edit_url(candidate: Candidate) -> str:
    return url_for("decisions.refusal", recruitment_id=candidate.recruitment_id, candidate_id=candidate.id)


@bp.get("/recruitments/<int:recruitment_id>/refusals")
@needs(Permission.MANAGE_RECRUITMENT, find_recruitment)
def refusals(recruitment: Recruitment) -> Response:
    candidates = sorted(recruitment.candidates, key=lambda candidate: sort_key(candidate.name))
    case, found = queries.case_of(recruitment), queries.answering(candidates)
    mine = {a.candidate.id for a in found if may(current_user.actor, Permission.WRITE_REFUSAL, a.candidate)}
    return page(
        "decisions/refusals.html",
        recruitment=recruitment,
        case=case,
        found=found,
        mine=mine,
        lacking=sum(1 for answering in found if answering.awaits),
        ready=any(a.reviewed and a.candidate.id in mine for a in found),
        blockers={a.candidate.id: services.why_no_refusal(a, case) for a in found},
        texts=BLOCKER_TEXTS,
    )


def problems_of(candidate: Candidate, text: str) -> list[str]:
    """What must not stand in the letter, in words."""
    check = services.checked(candidate, text)
    named = [str(NAMED_TEXT) % {"what": ", ".join(check.names)}] if check.names else []
    return named + [
        str(GROUND_TEXT) % {"words": found.words, "ground": str(GROUND_LABELS[found.ground]), "law": found.law}
        for found in check.grounds
    ]


def _form(found: Answering) -> RefusalForm:
    candidate = found.candidate
    form = RefusalForm(letter=found.text.text if found.text else "", seen=found.seen)
    if not found.text and not form.is_submitted():
        form.letter.data = services.draft_refusal(candidate, current_user.person_id)
    form.problems = lambda words: problems_of(candidate, words)
    return form


def _page(
    found: Answering,
    form: RefusalForm,
    status: int = 200,
    *,
    sent: SentForm | None = None,
    overtaken: bool = False,
) -> Response:
    candidate, recruitment = found.candidate, found.candidate.recruitment
    with unit_of_work():
        record("decisions.see_grounds", candidate)
    saved = found.text.text if found.text else ""
    return page(
        "decisions/refusal.html",
        status,
        recruitment=recruitment,
        candidate=candidate,
        found=found,
        grounds=queries.grounds_for(candidate, current_user.person_id),
        blockers=services.why_no_refusal(found, queries.case_of(recruitment)),
        texts=BLOCKER_TEXTS,
        unfinished=services.checked(candidate, saved).unfinished,
        form=form,
        review_form=ReviewForm(formdata=None, seen=found.seen),
        sent_form=sent or SentForm(formdata=None, sent_on=today()),
        overtaken=overtaken,
    )


@bp.get("/recruitments/<int:recruitment_id>/candidates/<int:candidate_id>/refusal")
@needs(Permission.WRITE_REFUSAL, queries.find_answer, of="candidate")
@logs_reading
def refusal(found: Answering) -> Response:
    return _page(found, _form(found))


@bp.post("/recruitments/<int:recruitment_id>/candidates/<int:candidate_id>/refusal")
@needs(Permission.WRITE_REFUSAL, queries.find_answer, of="candidate")
def save_refusal(found: Answering) -> Response:
    form = _form(found)
    if not form.validate_on_submit():
        return _page(found, form, 422)
    candidate = found.candidate
    with unit_of_work():
        newest = services.save_refusal(candidate, current_user.person, form.letter.data, form.seen.data or 0)
    if newest is not None:
        form.show_version(newest.seen)
        return _page(newest, form, 409, overtaken=True)
    flash(_("The refusal to %(name)s has been saved. Read it through and mark it as reviewed.", name=candidate.name))
    return redirect_to(_edit_url(candidate))


@bp.post("/recruitments/<int:recruitment_id>/candidates/<int:candidate_id>/refusal/review")
@needs(Permission.WRITE_REFUSAL, queries.find_answer, of="candidate")
def review_refusal(found: Answering) -> Response:
    form = ReviewForm()
    if not form.validate_on_submit():
        abort(400)
    with unit_of_work():
        services.review_refusal(found.candidate, current_user.person, form.seen.data or 0)
    flash(_("The refusal to %(name)s has been reviewed.", name=found.candidate.name), "success")
    return redirect_to(_edit_url(found.candidate))


@bp.post("/recruitments/<int:recruitment_id>/candidates/<int:candidate_id>/refusal/sent")
@needs(Permission.WRITE_REFUSAL, queries.find_answer, of="candidate")
def send_refusal(found: Answering) -> Response:
    form, name = SentForm(), found.candidate.name
    if not form.validate_on_submit():
        return _page(found, _form(found), 422, sent=form)
    if not confirmed() and found.reviewed and not found.sent:
        title = _("Has the refusal to %(name)s been sent?", name=name)
        text = _("The portal sends nothing itself. It notes the day, and %(name)s counts as refused.", name=name)
        return ask(title, text, _("Yes, it has been sent"), _edit_url(found.candidate))
    with unit_of_work():
        services.send_refusal(found.candidate, current_user.person, form.sent_on.data)
    flash(_("%(name)s has had an answer.", name=name), "success")
    return redirect_to(url_for("decisions.refusals", recruitment_id=found.candidate.recruitment_id))


def _letter(candidate: Candidate, text: RefusalText) -> Letter:
    recruitment = candidate.recruitment
    reference = f"Sagsnr. {recruitment.case_number}" if recruitment.case_number else ""
    parts = stationery.parts_of(text.text, letters.headings())
    return Letter(TITLE, recruitment.office.name, long_date(today()), reference, parts)


def _reviewed(found: Answering) -> RefusalText:
    """The wording that may leave the portal: one that a person has read through."""
    if found.text is None or found.reviewed is None:
        services.refuse_unreviewed()
    return found.text


def _send(found: Answering, suffix: str) -> Response:
    """The document is made first: the log tells what has left the portal, not what was tried."""
    letter = _letter(found.candidate, _reviewed(found))
    content = stationery.as_pdf(letter) if suffix == "pdf" else stationery.as_docx(letter)
    with unit_of_work():
        record("decisions.export_refusal", found.candidate, format=suffix)
    name = f"{file_name([_('refusal'), found.candidate.name])}.{suffix}"
    return attachment(content, PDF if suffix == "pdf" else DOCX, name)


@bp.get("/recruitments/<int:recruitment_id>/candidates/<int:candidate_id>/refusal.pdf")
@needs(Permission.WRITE_REFUSAL, queries.find_answer, of="candidate")
@logs_reading
def refusal_pdf(found: Answering) -> Response:
    return _send(found, "pdf")


@bp.get("/recruitments/<int:recruitment_id>/candidates/<int:candidate_id>/refusal.docx")
@needs(Permission.WRITE_REFUSAL, queries.find_answer, of="candidate")
@logs_reading
def refusal_docx(found: Answering) -> Response:
    return _send(found, "docx")


@bp.get("/recruitments/<int:recruitment_id>/refusals.zip")
@needs(Permission.MANAGE_RECRUITMENT, find_recruitment)
@logs_reading
def refusals_zip(recruitment: Recruitment) -> Response:
    """Every reviewed refusal that this person may handle, for Word and as PDF."""
    actor = current_user.actor
    mine = [candidate for candidate in recruitment.candidates if may(actor, Permission.WRITE_REFUSAL, candidate)]
    ready = [found for found in queries.answering(mine) if found.reviewed]
    if not ready:
        services.refuse_unreviewed()
    content = exports.as_zip(_files(ready))
    with unit_of_work():
        for found in ready:
            record("decisions.export_refusal", found.candidate, format="zip")
    name = f"{file_name([_('refusals'), recruitment.title])}.zip"
    return attachment(content, ZIP, name)


def _files(ready: Sequence[Answering]) -> dict[str, bytes]:
    """Two files a letter; the number in front tells candidates of the same name apart."""
    files: dict[str, bytes] = {}
    for number, found in enumerate(ready, 1):
        letter = _letter(found.candidate, _reviewed(found))
        name = file_name([f"{number:02}", _("refusal"), found.candidate.name])
        files |= {f"{name}.pdf": stationery.as_pdf(letter), f"{name}.docx": stationery.as_docx(letter)}
    return files
