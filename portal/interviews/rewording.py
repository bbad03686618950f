"""Questions as this recruitment words them: changed from the bank, of one's own, and dropped for all."""

from typing import Any

from flask import flash
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.access import Permission
from portal.bank.rules import Content
from portal.bank.texts import ADVICE_TEXTS, KIND_LABELS
from portal.db import unit_of_work
from portal.errors import Refused
from portal.formfields import options, options_or_none
from portal.interviews import queries, questions
from portal.interviews.blueprint import bp
from portal.interviews.forms import DropForm, QuestionForm, values_of
from portal.interviews.models import ScorecardQuestion
from portal.interviews.scorecards import asked_round, card_url, round_argument
from portal.once import make_once
from portal.recruitment import queries as recruitments
from portal.recruitment.models import InterviewRound, Recruitment
from portal.web import needs, page, redirect_to
from portal.wording import advice


def _form(found: InterviewRound, question: ScorecardQuestion | None = None) -> QuestionForm:
    """As it was sent, or as the question is now; only a question of one's own has a competency to choose and a kind."""
    given: dict[str, Any] = {}
    if question is not None:
        given = values_of(questions.content_of(question), question.minutes, questions.stamp_of(question))
    form = QuestionForm(data=given)
    if question is None:
        profile = recruitments.in_framework_order(found.recruitment)
        form.competency.choices = options_or_none((row.competency.key, row.competency.text) for row in profile)
        form.kind.choices = options_or_none(KIND_LABELS.items())
        return form
    del form.competency
    if question.bank_version_id is None:
        form.kind.choices = options(KIND_LABELS.items())
    else:
        del form.kind
    return form


def _accepted(form: QuestionForm, question: ScorecardQuestion | None = None) -> bool:
    """Whether the form was sent and the bank's rules have nothing against it; the form tells what they have."""
    if not form.is_submitted():
        return False
    fits = form.validate()
    problems = questions.problems_of(_content(form, question))
    if not problems:
        return fits
    form.show(problems)
    return False


def _content(form: QuestionForm, question: ScorecardQuestion | None) -> Content:
    if question is None:
        return form.content()
    kind = question.kind if question.bank_version_id is not None else ""
    return form.content(question.competency.key, kind)


def _question_page(
    found: InterviewRound, form: QuestionForm, question: ScorecardQuestion | None, status: int = 200, **more: Any
) -> Response:
    return page(
        "interviews/question.html",
        status,
        recruitment=found.recruitment,
        round=found,
        asked_round=round_argument(found),
        form=form,
        question=question,
        origin=queries.origins([question]).get(question.id) if question else None,
        back=card_url(found),
        **{"overtaken": False, **more},
    )


def _saved(found: InterviewRound, text: str, said: str, anchor: str | None = None) -> str:
    """Tell that the question is saved, with what is unwise in it though nobody forbids it; the address to go to."""
    flash(said, "success")
    for kind in advice(text):
        flash(str(ADVICE_TEXTS[kind]), "info")
    return card_url(found, anchor)


@bp.route("/recruitments/<int:recruitment_id>/scorecard/own", methods=["GET", "POST"])
@needs(Permission.MANAGE_RECRUITMENT, recruitments.find_recruitment)
def add_own_question(recruitment: Recruitment) -> Response:
    found = asked_round(recruitment)
    form = _form(found)
    if not _accepted(form):
        return _question_page(found, form, None, 422 if form.is_submitted() else 200)

    def make() -> str:
        questions.add_own_question(found, form.content(), form.minutes.data)
        return _saved(found, form.text.data, _("Your question has been added."))

    return make_once(form, make)


@bp.route("/recruitments/<int:recruitment_id>/scorecard/questions/<int:question_id>/edit", methods=["GET", "POST"])
@needs(Permission.MANAGE_RECRUITMENT, queries.find_question, of="recruitment")
def change_question(question: ScorecardQuestion) -> Response:
    found, form = question.round, _form(question.round, question)
    if not _accepted(form, question):
        if found.locked:
            raise Refused([_("The first assessment of this round has begun. Its questions are the same for everyone.")])
        return _question_page(found, form, question, 422 if form.is_submitted() else 200)
    content = _content(form, question)
    with unit_of_work():
        saved = questions.change_question(question, content, form.minutes.data, form.seen.data)
    if not saved:
        form.seen.data = questions.stamp_of(question)
        return _question_page(found, form, question, 409, overtaken=True)
    return redirect_to(_saved(found, content.text, _("The question has been saved."), f"question-{question.id}"))


@bp.post("/recruitments/<int:recruitment_id>/scorecard/questions/<int:question_id>/restore")
@needs(Permission.MANAGE_RECRUITMENT, queries.find_question, of="recruitment")
def fetch_bank_text(question: ScorecardQuestion) -> Response:
    with unit_of_work():
        questions.restore_question(question)
    flash(_("The question has the bank’s text again."), "success")
    return redirect_to(card_url(question.round, f"question-{question.id}"))


@bp.route("/recruitments/<int:recruitment_id>/scorecard/questions/<int:question_id>/drop", methods=["GET", "POST"])
@needs(Permission.MANAGE_RECRUITMENT, queries.find_question, of="recruitment")
def drop_question(question: ScorecardQuestion) -> Response:
    """The page says what dropping means before it is done; there is no way back."""
    form, found = DropForm(), question.round
    listed = queries.scorecard(found)
    blockers = questions.why_not_dropped(question, listed)
    if blockers:
        raise Refused(blockers)
    if not form.validate_on_submit():
        same = [q for q in listed if q.competency_id == question.competency_id and not q.dropped]
        code, only = 422 if form.is_submitted() else 200, len(same) == 1
        return page("interviews/drop.html", code, form=form, question=question, only=only, back=card_url(found))
    with unit_of_work():
        questions.drop_question(question, current_user.person, form.reason.data)
    flash(_("The question has been dropped. It weighs nothing, for any candidate."), "success")
    return redirect_to(card_url(found, f"question-{question.id}"))
