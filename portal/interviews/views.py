"""The scorecard, the declaration and the assessment of each panel member, and the comparison of candidates."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from flask import abort, flash, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.access import Permission
from portal.audit.services import record
from portal.bank import queries as bank
from portal.bank.rules import Use
from portal.confirm import ask, confirmed
from portal.db import unit_of_work
from portal.errors import error_response, wants_fragment
from portal.formfields import options_or_none
from portal.i18n import sort_key
from portal.interviews import queries, services
from portal.interviews.charts import chart, letter_of, means_of
from portal.interviews.forms import AddQuestionForm, AssessmentForm, DeclarationForm, assessment_form
from portal.interviews.models import ScorecardQuestion
from portal.interviews.rules import MINUTES_PER_QUESTION, gap, mean_of
from portal.interviews.texts import scale_of
from portal.recruitment import queries as recruitments
from portal.recruitment.models import Candidate, Interview, PanelMember, Recruitment
from portal.recruitment.services import declare_impartiality
from portal.web import feature, logs_reading, needs, page, redirect_to

bp = feature("interviews")


def _add_form(recruitment: Recruitment) -> AddQuestionForm:
    form = AddQuestionForm()
    on_it = queries.bank_keys_on(recruitment)
    keys = [row.competency.key for row in recruitments.in_framework_order(recruitment)]
    free = [q for q in bank.entries(recruitment.version.framework.slug, Use.INTERVIEW, keys) if q.key not in on_it]
    groups = {row.competency.key: row.competency.text for row in recruitment.profile}
    form.question.choices = options_or_none((question.id, question.text) for question in free)
    for choice, question in zip(form.question.choices[1:], free, strict=True):
        choice.optgroup = groups[question.competency_key]
    return form


@bp.get("/recruitments/<int:recruitment_id>/scorecard")
@needs(Permission.SEE_RECRUITMENT, recruitments.find_recruitment)
def scorecard(recruitment: Recruitment) -> Response:
    return _scorecard_page(recruitment)


def _scorecard_page(recruitment: Recruitment, status: int = 200) -> Response:
    questions = queries.scorecard(recruitment)
    covered = Counter(question.competency_id for question in questions)
    profile = recruitments.in_framework_order(recruitment)
    return page(
        "interviews/scorecard.html",
        status,
        recruitment=recruitment,
        questions=questions,
        profile=profile,
        covered=covered,
        uncovered=[row.competency for row in profile if row.competency_id not in covered],
        scripts={name: bank.find_script(f"interview_{name}") for name in ("opening", "closing")},
        minutes=len(questions) * MINUTES_PER_QUESTION,
        form=_add_form(recruitment),
    )


@bp.post("/recruitments/<int:recruitment_id>/scorecard/suggest")
@needs(Permission.MANAGE_RECRUITMENT, recruitments.find_recruitment)
def suggest_questions(recruitment: Recruitment) -> Response:
    with unit_of_work():
        services.suggest_questions(recruitment.rounds[0])
    return redirect_to(url_for("interviews.scorecard", recruitment_id=recruitment.id))


@bp.post("/recruitments/<int:recruitment_id>/scorecard/questions")
@needs(Permission.MANAGE_RECRUITMENT, recruitments.find_recruitment)
def add_question(recruitment: Recruitment) -> Response:
    form = _add_form(recruitment)
    question = bank.find_version(int(form.question.data)) if form.validate_on_submit() else None
    if question is None:
        return _scorecard_page(recruitment, 422)
    with unit_of_work():
        services.add_question(recruitment.rounds[0], question)
    return redirect_to(url_for("interviews.scorecard", recruitment_id=recruitment.id))


@bp.post("/recruitments/<int:recruitment_id>/scorecard/questions/<int:question_id>/remove")
@needs(Permission.MANAGE_RECRUITMENT, queries.find_question, of="recruitment")
def remove_question(question: ScorecardQuestion) -> Response:
    recruitment_id = question.recruitment_id
    with unit_of_work():
        services.remove_question(question)
    return redirect_to(url_for("interviews.scorecard", recruitment_id=recruitment_id))


@bp.post("/recruitments/<int:recruitment_id>/scorecard/questions/<int:question_id>/move")
@needs(Permission.MANAGE_RECRUITMENT, queries.find_question, of="recruitment")
def move_question(question: ScorecardQuestion) -> Response:
    with unit_of_work():
        services.move_question(question, up=request.form.get("direction") == "up")
    card = url_for("interviews.scorecard", recruitment_id=question.recruitment_id)
    return redirect_to(f"{card}#question-{question.id}")


def _own_seat(interview: Interview) -> PanelMember:
    member = recruitments.member_of(interview.recruitment, current_user.person_id)
    assert member is not None  # ASSESS is granted to panel members alone
    return member


def _assessment_page(
    interview: Interview, form: AssessmentForm | None = None, status: int = 200, *, overtaken: bool = False
) -> Response:
    member = _own_seat(interview)
    questions = queries.scorecard(interview.round)
    assessment = queries.find_assessment(interview, member)
    given = {rating.question_id: rating for rating in assessment.ratings} if assessment else {}
    return page(
        "interviews/assessment.html",
        status,
        interview=interview,
        candidate=interview.candidate,
        questions=questions,
        assessment=assessment,
        given=given,
        gaps={question.id: gap(given.get(question.id)) for question in questions},
        declaration=recruitments.declaration_of(interview.candidate, member),
        declaration_form=DeclarationForm(formdata=None),
        form=form
        or assessment_form([question.id for question in questions], given, assessment.version if assessment else 0),
        scales={question.id: scale_of(question.anchors) for question in questions},
        lacking_set_up=services.set_up_blockers(interview.round, questions),
        show_gaps=status == 422,
        overtaken=overtaken,
    )


@bp.get("/interviews/<int:interview_id>/assessment")
@needs(Permission.ASSESS, recruitments.find_interview, of="recruitment")
def assessment(interview: Interview) -> Response:
    return _assessment_page(interview)


@bp.post("/interviews/<int:interview_id>/declaration")
@needs(Permission.ASSESS, recruitments.find_interview, of="recruitment")
def declare(interview: Interview) -> Response:
    form = DeclarationForm()
    if not form.validate_on_submit():
        return _assessment_page(interview, status=422)
    if form.impartial.data == "no" and not confirmed():
        return _ask_not_impartial(interview)
    with unit_of_work():
        declare_impartiality(interview.candidate, _own_seat(interview), form.impartial.data == "yes")
    return redirect_to(url_for("interviews.assessment", interview_id=interview.id))


def _ask_not_impartial(interview: Interview) -> Response:
    return ask(
        _("You are not impartial to %(name)s?", name=interview.candidate.name),
        _("You then take no part for this candidate: you do not assess, and you never see the others’ scores."),
        _("Confirm that I am not impartial"),
        url_for("interviews.assessment", interview_id=interview.id),
    )


@bp.post("/interviews/<int:interview_id>/assessment")
@needs(Permission.ASSESS, recruitments.find_interview, of="recruitment")
def save_assessment(interview: Interview) -> Response:
    """Keep the draft, also when it is to be submitted but lacks something: no text is ever lost."""
    questions = queries.scorecard(interview.round)
    form = assessment_form([question.id for question in questions], {})
    if not form.validate_on_submit():
        return _assessment_page(interview, form, 422)
    submits = "submit" in request.form
    with unit_of_work():
        saved = _save(interview, form, submits and confirmed())
    if saved.overtaken:
        return _both_texts(interview, form, saved.assessment.version)
    if not submits:
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
        lost=[f"{levels[question.id]}: {question.text}" for question in saved.questions],
    )


def _save(interview: Interview, form: AssessmentForm, submits: bool) -> services.Saved:
    """Save what was sent and, in the same unit of work, submit exactly that if nothing is lacking."""
    drafts = {n: services.Draft(*answer) for n, answer in form.answers().items()}
    seen = services.Seen(form.version.data or 0, form.page.data or "")
    saved = services.save_draft(interview, _own_seat(interview), drafts, seen)
    if submits and not saved.overtaken and not saved.lacking:
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
        total = len(saved.questions)
        return page("interviews/_draft.html", lacking=saved.lacking, total=total, saved_at=datetime.now(UTC))
    flash(_("The draft has been saved. You can come back to it."), "success")
    return redirect_to(url_for("interviews.assessment", interview_id=interview.id))


@bp.get("/recruitments/<int:recruitment_id>/comparison")
@needs(Permission.SEE_SCORES, recruitments.find_recruitment)
@logs_reading
def comparison(recruitment: Recruitment) -> Response:
    interviews = queries.open_interviews_for(recruitment, current_user.person_id)
    candidates = list({interview.candidate_id: interview.candidate for interview in interviews}.values())
    with unit_of_work():
        record("interviews.see_comparison", recruitment, candidates=[candidate.id for candidate in candidates])
    return page(
        "interviews/comparison.html",
        recruitment=recruitment,
        hidden=len(recruitment.candidates) - len(candidates),
        profile=recruitments.in_framework_order(recruitment),
        **_compared(recruitment, sorted(candidates, key=lambda candidate: sort_key(candidate.name)), interviews),
    )


def _compared(
    recruitment: Recruitment, candidates: Sequence[Candidate], interviews: Sequence[Interview]
) -> dict[str, Any]:
    """The candidates with their results, each assessor's ratings, and the chart, all from one reading."""
    assessments = queries.submitted_assessments([interview.id for interview in interviews])
    results = queries.results(recruitment, candidates, assessments)
    criteria = queries.criteria_of(recruitment)
    return {
        "candidates": candidates,
        "latest": {interview.candidate_id: interview for interview in interviews},
        "letters": [letter_of(n) for n in range(len(candidates))],
        "results": results,
        "assessors": queries.by_assessor(assessments),
        "chart": chart(criteria, [means_of(results[candidate.id]) for candidate in candidates]),
    }


@bp.get("/interviews/<int:interview_id>/scores")
@needs(Permission.SEE_SCORES, recruitments.find_interview, of="recruitment")
@logs_reading
def scores(interview: Interview) -> Response:
    """Each assessor's rating and evidence, largest spread first; not there before all have submitted."""
    if interview.id not in {i.id for i in queries.open_interviews_for(interview.recruitment, current_user.person_id)}:
        abort(404)
    with unit_of_work():
        record("interviews.see_scores", interview.candidate)
    answers = queries.answers_by_question(interview)
    questions = queries.scorecard(interview.round)
    given = {question.id: answers.get(question.id, []) for question in questions}
    rows = [(question, given[question.id], mean_of(r.in_force for r in given[question.id])) for question in questions]
    rows.sort(key=lambda row: -row[2].spread)
    return page("interviews/scores.html", candidate=interview.candidate, rows=rows)
