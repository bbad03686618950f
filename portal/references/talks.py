"""The talk with a referee: follow-ups, answers, the note and what comes after it."""

from datetime import UTC, datetime
from typing import Any

from flask import flash, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.access import Permission
from portal.confirm import ask, confirmed
from portal.db import unit_of_work
from portal.errors import Refused, error_response, wants_fragment
from portal.filenames import file_name
from portal.i18n import today
from portal.once import make_once
from portal.recruitment import queries as recruitments
from portal.recruitment.models import Candidate
from portal.references import checks, exports, outlines, queries
from portal.references.blueprint import bp
from portal.references.forms import AddendumForm, LinkForm, NoteForm, ProbeForm, TalkForm, talk_form
from portal.references.models import GuideProbe, Referee, ReferenceCheck
from portal.references.texts import CHANGED_ELSEWHERE, PROBE_REASONS
from portal.web import attachment, logs_reading, needs, page, redirect_to


def _guide_page(referee: Referee) -> str:
    return url_for("references.guide", recruitment_id=referee.recruitment.id)


def _talk(referee: Referee) -> str:
    return url_for("references.talk", referee_id=referee.id)


@bp.get("/candidates/<int:candidate_id>/follow-ups")
@needs(Permission.HANDLE_REFERENCES, recruitments.find_candidate)
def follow_ups(candidate: Candidate) -> Response:
    return _follow_ups(candidate)


def _follow_ups(candidate: Candidate, wrong: ProbeForm | None = None, wrong_id: int = 0) -> Response:
    probes = queries.probes_of([candidate.id])[candidate.id]
    return page(
        "references/follow_ups.html",
        422 if wrong else 200,
        candidate=candidate,
        probes=[
            (p, wrong if p.id == wrong_id and wrong else ProbeForm(formdata=None, data={"text": p.text}))
            for p in probes
        ],
        why=PROBE_REASONS,
        begun=checks.talks_begun(candidate),
    )


@bp.post("/candidates/<int:candidate_id>/follow-ups/propose")
@needs(Permission.HANDLE_REFERENCES, recruitments.find_candidate)
def propose_follow_ups(candidate: Candidate) -> Response:
    with unit_of_work():
        made = checks.propose_probes(candidate, current_user.person_id)
    if not made:
        flash(_("There is nothing more to propose: the interviews that you may see cover the profile well."), "info")
    return redirect_to(url_for("references.follow_ups", candidate_id=candidate.id))


@bp.post("/follow-ups/<int:probe_id>/decide")
@needs(Permission.HANDLE_REFERENCES, queries.find_probe, of="candidate")
def decide_follow_up(probe: GuideProbe) -> Response:
    form = ProbeForm()
    if not form.validate_on_submit():
        return _follow_ups(probe.candidate, form, probe.id)
    with unit_of_work():
        checks.decide_probe(
            probe, current_user.person, accepted=request.form.get("decision") == "accept", text=form.text.data
        )
    back = url_for("references.follow_ups", candidate_id=probe.candidate_id)
    return redirect_to(f"{back}#follow-up-{probe.id}")


@bp.post("/referees/<int:referee_id>/talk/start")
@needs(Permission.HANDLE_REFERENCES, queries.find_referee, of="candidate")
def start_talk(referee: Referee) -> Response:
    with unit_of_work():
        checks.start_check(referee, current_user.person)
    return redirect_to(_talk(referee))


def _begun(referee: Referee) -> ReferenceCheck:
    if referee.check is None:
        raise Refused([_("The talk with %(name)s has not begun.", name=referee.name)])
    return referee.check


@bp.get("/referees/<int:referee_id>/talk")
@needs(Permission.HANDLE_REFERENCES, queries.find_referee, of="candidate")
@logs_reading
def talk(referee: Referee) -> Response:
    """Everything on one page to talk and type in; finished, it is the note."""
    check = _begun(referee)
    with unit_of_work():
        checks.note_reading(referee)
    if check.finished or referee.accept is None:
        return _note_page(referee, check, AddendumForm(formdata=None))
    if checks.open_link(check):
        return page(
            "references/awaiting.html",
            referee=referee,
            link=checks.open_link(check),
            asked=checks.asked_of(referee),
            link_form=LinkForm(formdata=None),
        )
    return _talk_page(referee, check)


def _talk_page(
    referee: Referee, check: ReferenceCheck, form: TalkForm | None = None, status: int = 200, *, overtaken: bool = False
) -> Response:
    asked, answers, said = checks.asked_of(referee), checks.answers_of(check), outlines.script()
    if status != 200:
        _log_reading(referee)
    return page(
        "references/talk.html",
        status,
        referee=referee,
        check=check,
        asked=asked,
        answers=answers,
        overtaken=overtaken,
        form=form or talk_form(asked.names(), answers, check.version),
        introduction=outlines.introduction(said, referee, asked.minutes, current_user.person.name),
        closing=outlines.closing(said, current_user.person.email),
        lacking=checks.lacking(asked, answers),
        link_form=LinkForm(formdata=None),
    )


@bp.post("/referees/<int:referee_id>/talk")
@needs(Permission.HANDLE_REFERENCES, queries.find_referee, of="candidate")
def save_talk(referee: Referee) -> Response:
    check = _begun(referee)
    asked = checks.asked_of(referee)
    form = talk_form(asked.names(), {})
    if not form.validate_on_submit():
        return _talk_page(referee, check, form, 422)
    with unit_of_work():
        saved = checks.save_answers(check, form.answers(), checks.Seen(form.version.data or 0, form.page.data or ""))
    if not saved:
        return _both_texts(referee, check, form)
    if wants_fragment():
        lacking = checks.lacking(asked, checks.answers_of(check))
        return page("references/_saved.html", lacking=lacking, saved_at=datetime.now(UTC))
    flash(_("The answers have been saved."), "success")
    return redirect_to(url_for("references.note", referee_id=referee.id) if "on" in request.form else _talk(referee))


def _both_texts(referee: Referee, check: ReferenceCheck, form: TalkForm) -> Response:
    """The typed texts beside those saved meanwhile; saving from here is a choice made with both in sight."""
    if wants_fragment():
        return error_response(409, [CHANGED_ELSEWHERE])
    form.show_version(check.version)
    return _talk_page(referee, check, form, 409, overtaken=True)


@bp.get("/referees/<int:referee_id>/note")
@needs(Permission.HANDLE_REFERENCES, queries.find_referee, of="candidate")
@logs_reading
def note(referee: Referee) -> Response:
    check = _begun(referee)
    if check.finished or checks.open_link(check) or referee.accept is None:
        return redirect_to(_talk(referee))
    with unit_of_work():
        checks.note_reading(referee)
    text = check.note or outlines.draft_note(referee, check, checks.asked_of(referee))
    data = {"held_on": check.held_on or today(), "minutes": check.minutes, "note": text}
    form = NoteForm(formdata=None, data={**data, "seen": checks.note_in(check).mark})
    return _draft_page(referee, check, form)


def _draft_page(
    referee: Referee, check: ReferenceCheck, form: NoteForm, status: int = 200, *, overtaken: bool = False
) -> Response:
    return page("references/note_draft.html", status, referee=referee, check=check, form=form, overtaken=overtaken)


@bp.post("/referees/<int:referee_id>/note")
@needs(Permission.HANDLE_REFERENCES, queries.find_referee, of="candidate")
def save_note(referee: Referee) -> Response:
    """Keep the draft of the note; with `finish` it is frozen, after the person has confirmed it."""
    check, form = _begun(referee), NoteForm()
    if not form.validate_on_submit():
        return _draft_page(referee, check, form, 422)
    finishes = "finish" in request.form
    with unit_of_work():
        written = checks.Note(form.held_on.data, form.minutes.data, form.note.data or "")
        finisher = current_user.person if finishes and confirmed() else None
        saved = checks.save_note(check, written, finisher, form.seen.data or "")
    if not saved:
        return _both_notes(referee, check, form)
    if not finishes:
        flash(_("The draft of the note has been saved."), "success")
        return redirect_to(url_for("references.note", referee_id=referee.id))
    if not confirmed():
        return _ask_to_finish(referee)
    flash(_("The note has been finished."), "success")
    return redirect_to(_talk(referee))


def _both_notes(referee: Referee, check: ReferenceCheck, form: NoteForm) -> Response:
    """The typed note beside the one saved meanwhile; saving from here is a choice made with both in sight."""
    form.show_seen(checks.note_in(check).mark)
    return _draft_page(referee, check, form, 409, overtaken=True)


def _ask_to_finish(referee: Referee) -> Response:
    return ask(
        _("Finish the note of the talk with %(name)s?", name=referee.name),
        _("Answers and note are then frozen. What is missing can be added as dated addenda."),
        _("Finish the note"),
        url_for("references.note", referee_id=referee.id),
    )


def _log_reading(referee: Referee) -> None:
    """A form that is refused shows what the referee said as well."""
    with unit_of_work():
        checks.note_reading(referee)


def _note_page(referee: Referee, check: ReferenceCheck, form: AddendumForm, status: int = 200) -> Response:
    if status != 200:
        _log_reading(referee)
    return page(
        "references/note.html",
        status,
        referee=referee,
        check=check,
        form=form,
        how=list(outlines.how_given(check)),
        asked=checks.asked_then(referee, check),
        answers=checks.answers_of(check),
    )


@bp.post("/referees/<int:referee_id>/addenda")
@needs(Permission.HANDLE_REFERENCES, queries.find_referee, of="candidate")
def add_addendum(referee: Referee) -> Response:
    check, form = _begun(referee), AddendumForm()
    if not form.validate_on_submit():
        return _note_page(referee, check, form, 422)

    def make() -> str:
        checks.add_addendum(check, current_user.person, form.text.data)
        flash(_("The addendum has been added."), "success")
        return _talk(referee)

    return make_once(form, make)


@bp.get("/referees/<int:referee_id>/note.pdf")
@needs(Permission.HANDLE_REFERENCES, queries.find_referee, of="candidate")
@logs_reading
def note_pdf(referee: Referee) -> Response:
    return _send(referee, exports.as_pdf, "pdf", exports.PDF)


@bp.get("/referees/<int:referee_id>/note.docx")
@needs(Permission.HANDLE_REFERENCES, queries.find_referee, of="candidate")
@logs_reading
def note_docx(referee: Referee) -> Response:
    return _send(referee, exports.as_docx, "docx", exports.DOCX)


def _send(referee: Referee, write: Any, suffix: str, mimetype: str) -> Response:
    check = _begun(referee)
    if not check.finished:
        raise Refused([_("The note is not finished yet.")])
    content = write(outlines.note_of(referee, check, checks.asked_then(referee, check)))
    with unit_of_work():
        checks.note_export(referee, suffix)
    name = file_name([_("reference note"), referee.candidate.name, referee.name])
    return attachment(content, mimetype, f"{name}.{suffix}")
