"""The declaration and the assessment of each panel member."""

from flask import flash, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.access import Permission, may
from portal.clock import now
from portal.confirm import ask, confirmed
from portal.db import unit_of_work
from portal.errors import error_response, wants_fragment
from portal.i18n import clock
from portal.interviews import queries, services
from portal.interviews.admissions import question_lines
from portal.interviews.blueprint import bp, own_seat
from portal.interviews.closings import closing_hindrances, reopening_hindrances
from portal.interviews.forms import EVIDENCE_LABEL, MAX_EVIDENCE, AssessmentForm, DeclarationForm, assessment_form
from portal.interviews.pieces import card_of
from portal.interviews.rules import gap
from portal.interviews.texts import out_text
from portal.recruitment import queries as recruitments
from portal.recruitment.models import Interview
from portal.recruitment.services import declare_impartiality
from portal.web import needs, page, reads_first, redirect_to


def _assessment_page(
    interview: Interview, form: AssessmentForm | None = None, status: int = 200, *, overtaken: bool = False
) -> Response:
    member = own_seat(interview)
    chairs = may(current_user.actor, Permission.CHAIR, interview.candidate)
    questions = queries.scorecard(interview.round)
    assessment = queries.find_assessment(interview, member, amended=True)
    given = {rating.question_id: rating for rating in assessment.ratings} if assessment else {}
    asked = [question for question in questions if not question.dropped]
    opening, declaration = queries.opening_of(interview), recruitments.declaration_of(interview.candidate, member)
    return page(
        "interviews/assessment.html",
        status,
        interview=interview,
        candidate=interview.candidate,
        questions=questions,
        assessment=assessment,
        given=given,
        gaps={question.id: gap(given.get(question.id)) for question in asked},
        member=member,
        opening=opening,
        can_close=chairs and not closing_hindrances(opening, member),
        can_reopen=chairs and not reopening_hindrances(opening, member),
        out=out_text(interview.candidate.state),
        declaration=declaration,
        declaration_form=None if declaration else DeclarationForm(formdata=None),
        form=form
        or assessment_form([question.id for question in asked], given, assessment.version if assessment else 0),
        cards={question.id: card_of(question) for question in asked},
        reason_label=EVIDENCE_LABEL,
        max_evidence=MAX_EVIDENCE,
        lacking_set_up=services.set_up_blockers(interview.round, {question.competency_id for question in questions}),
        show_gaps=status == 422,
        overtaken=overtaken,
    )


@bp.get("/interviews/<int:interview_id>/assessment")
@needs(Permission.ASSESS, recruitments.find_interview_to_assess, of="recruitment")
def assessment(interview: Interview) -> Response:
    return _assessment_page(interview)


@bp.post("/interviews/<int:interview_id>/declaration")
@needs(Permission.ASSESS, recruitments.find_interview_to_assess, of="recruitment")
def declare(interview: Interview) -> Response:
    form = DeclarationForm()
    if not form.validate_on_submit():
        return _assessment_page(interview, status=422)
    if form.impartial.data == "no" and not confirmed():
        return _ask_not_impartial(interview)
    with unit_of_work():
        declare_impartiality(interview.candidate, own_seat(interview), form.impartial.data == "yes")
    return redirect_to(url_for("interviews.assessment", interview_id=interview.id))


def _ask_not_impartial(interview: Interview) -> Response:
    return ask(
        _("You are not impartial to %(name)s?", name=interview.candidate.name),
        _("You then take no part for this candidate: you do not assess, and you never see the others’ scores."),
        _("Confirm that I am not impartial"),
        url_for("interviews.assessment", interview_id=interview.id),
    )


@bp.post("/interviews/<int:interview_id>/assessment")
@needs(Permission.ASSESS, recruitments.find_interview_to_assess, of="recruitment")
@reads_first
def save_assessment(interview: Interview) -> Response:
    """Keep the draft, also when it is to be submitted but lacks something: no text is ever lost."""
    form = assessment_form([question.id for question in question_lines(interview.round)], {})
    if not form.validate_on_submit():
        return _assessment_page(interview, form, 422)
    submits = "submit" in request.form
    with unit_of_work():
        saved = _save(interview, form, submits and confirmed())
    if saved.overtaken:
        return _both_texts(interview, form, saved.assessment.version)
    if not submits or saved.late:
        return _draft_saved(interview, saved)
    if saved.lacking:
        return _assessment_page(interview, status=422)
    return _submitted(interview) if confirmed() else _ask_to_submit(interview, saved)


def _submitted(interview: Interview) -> Response:
    flash(_("Your assessment of %(name)s has been submitted.", name=interview.candidate.name), "success")
    return redirect_to(url_for("overview.recruitment", recruitment_id=interview.candidate.recruitment_id))


def _ask_to_submit(interview: Interview, saved: services.Saved) -> Response:
    """The draft is saved; the page shows every rating once more before it becomes final."""
    scores = {rating.question_id: rating.score for rating in saved.assessment.ratings}
    levels = {n: _("Level %(level)s", level=score) if score else _("Not covered") for n, score in scores.items()}
    return ask(
        _("Submit your assessment of %(name)s?", name=interview.candidate.name),
        _("These are your ratings. The draft is saved; you can still go back and change it."),
        _("Submit the assessment"),
        url_for("interviews.assessment", interview_id=interview.id),
        lost=[f"{levels[question.id]}: {question.text}" for question in saved.rated],
    )


def _save(interview: Interview, form: AssessmentForm, submits: bool) -> services.Saved:
    """Save what was sent and, in the same unit of work, submit exactly that if nothing is lacking."""
    drafts = {n: services.Draft(*answer) for n, answer in form.answers().items()}
    saved = services.save_draft(interview, own_seat(interview), drafts, form.seen_draft)
    if submits and not saved.overtaken and not saved.late and not saved.lacking:
        services.submit_assessment(saved)
    return saved


def _both_texts(interview: Interview, form: AssessmentForm, version: int) -> Response:
    """The typed texts beside those of the other window; saving from here is a choice made with both in sight."""
    if wants_fragment():
        why = _("You have changed this draft in another window. Choose “Save the draft” to see both texts.")
        return error_response(409, [why])
    form.show_version(version)
    return _assessment_page(interview, form, 409, overtaken=True)


def _draft_saved(interview: Interview, saved: services.Saved) -> Response:
    if wants_fragment():
        return page(
            "interviews/_draft.html",
            lacking=saved.lacking,
            total=saved.total,
            next_missing=saved.next_missing,
            saved_at=now(),
        )
    flash(_("Draft saved %(when)s.", when=clock(now())) + " " + _("You can come back to it."), "success")
    return redirect_to(url_for("interviews.assessment", interview_id=interview.id))
