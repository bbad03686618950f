"""The scorecard of a round: what everyone is asked."""

from collections import Counter

from flask import request, url_for
from werkzeug.wrappers import Response

from portal.access import Permission
from portal.bank import queries as bank
from portal.bank.rules import Use
from portal.db import unit_of_work
from portal.formfields import options_or_none
from portal.interviews import queries, questions
from portal.interviews.blueprint import bp
from portal.interviews.forms import AddQuestionForm
from portal.interviews.models import ScorecardQuestion
from portal.interviews.rules import MINUTES_PER_QUESTION
from portal.recruitment import queries as recruitments
from portal.recruitment.models import Recruitment
from portal.web import needs, page, redirect_to


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
    found = queries.scorecard(recruitment)
    covered = Counter(question.competency_id for question in found)
    profile = recruitments.in_framework_order(recruitment)
    return page(
        "interviews/scorecard.html",
        status,
        recruitment=recruitment,
        questions=found,
        profile=profile,
        covered=covered,
        uncovered=[row.competency for row in profile if row.competency_id not in covered],
        scripts={name: bank.find_script(f"interview_{name}") for name in ("opening", "closing")},
        minutes=len(found) * MINUTES_PER_QUESTION,
        form=_add_form(recruitment),
    )


@bp.post("/recruitments/<int:recruitment_id>/scorecard/suggest")
@needs(Permission.MANAGE_RECRUITMENT, recruitments.find_recruitment)
def suggest_questions(recruitment: Recruitment) -> Response:
    with unit_of_work():
        questions.suggest_questions(recruitment.rounds[0])
    return redirect_to(url_for("interviews.scorecard", recruitment_id=recruitment.id))


@bp.post("/recruitments/<int:recruitment_id>/scorecard/questions")
@needs(Permission.MANAGE_RECRUITMENT, recruitments.find_recruitment)
def add_question(recruitment: Recruitment) -> Response:
    form = _add_form(recruitment)
    question = bank.find_version(int(form.question.data)) if form.validate_on_submit() else None
    if question is None:
        return _scorecard_page(recruitment, 422)
    with unit_of_work():
        questions.add_question(recruitment.rounds[0], question)
    return redirect_to(url_for("interviews.scorecard", recruitment_id=recruitment.id))


@bp.post("/recruitments/<int:recruitment_id>/scorecard/questions/<int:question_id>/remove")
@needs(Permission.MANAGE_RECRUITMENT, queries.find_question, of="recruitment")
def remove_question(question: ScorecardQuestion) -> Response:
    recruitment_id = question.recruitment_id
    with unit_of_work():
        questions.remove_question(question)
    return redirect_to(url_for("interviews.scorecard", recruitment_id=recruitment_id))


@bp.post("/recruitments/<int:recruitment_id>/scorecard/questions/<int:question_id>/move")
@needs(Permission.MANAGE_RECRUITMENT, queries.find_question, of="recruitment")
def move_question(question: ScorecardQuestion) -> Response:
    with unit_of_work():
        questions.move_question(question, up=request.form.get("direction") == "up")
    card = url_for("interviews.scorecard", recruitment_id=question.recruitment_id)
    return redirect_to(f"{card}#question-{question.id}")
