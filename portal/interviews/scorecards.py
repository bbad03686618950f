"""The scorecard of a round: what everyone is asked, in which order, and how long it takes."""

from collections import Counter
from typing import Any

from flask import abort, flash, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.access import Permission
from portal.bank import queries as bank
from portal.bank.models import BankVersion
from portal.bank.rules import Use, folded
from portal.bank.texts import KIND_LABELS
from portal.confirm import ask, confirmed
from portal.db import unit_of_work
from portal.errors import wants_fragment
from portal.formfields import options_or_none
from portal.interviews import queries, questions
from portal.interviews.blueprint import bp
from portal.interviews.forms import BankFilterForm, assessment_form
from portal.interviews.models import ScorecardQuestion
from portal.interviews.pieces import card_of
from portal.interviews.rules import length
from portal.recruitment import queries as recruitments
from portal.recruitment.models import InterviewRound, Recruitment
from portal.recruitment.rules import OUT
from portal.web import needs, page, redirect_to


def asked_round(recruitment: Recruitment) -> InterviewRound:
    """The round that ?round= names, the first when it names none."""
    asked = request.args.get("round", "1")
    found = next((round_ for round_ in recruitment.rounds if str(round_.number) == asked), None)
    return found or abort(404)


def round_argument(found: InterviewRound) -> int | None:
    """What stands in addresses after ?round=: nothing for the first."""
    return found.number if found.number > 1 else None


def card_url(found: InterviewRound, anchor: str | None = None) -> str:
    number = round_argument(found)
    return url_for("interviews.scorecard", recruitment_id=found.recruitment_id, round=number, _anchor=anchor)


def _shortest(found: InterviewRound) -> int | None:
    """The minutes of the shortest interview of the round; None while it has none."""
    candidates = [candidate for candidate in found.recruitment.candidates if candidate.state not in OUT]
    minutes = [i.minutes for candidate in candidates for i in candidate.interviews if i.round_id == found.id]
    return min(minutes, default=None)


def _card(found: InterviewRound) -> dict[str, Any]:
    """What the page of a scorecard shows, whole or as a fragment."""
    listed = queries.scorecard(found)
    asked = [question for question in listed if not question.dropped]
    profile = recruitments.in_framework_order(found.recruitment)
    covered = Counter(question.competency_id for question in asked)
    lacking = [row.competency for row in profile if row.competency_id not in covered] if found.number == 1 else []
    return {
        "recruitment": found.recruitment,
        "round": found,
        "asked_round": round_argument(found),
        "questions": listed,
        "asked": asked,
        "cards": {question.id: card_of(question) for question in listed},
        "profile": profile,
        "uncovered": lacking,
        "origins": queries.origins(listed),
        "minutes": length(question.minutes for question in asked),
        "shortest": _shortest(found),
        "guided": queries.guided_interviews(found, current_user.person_id),
    }


@bp.get("/recruitments/<int:recruitment_id>/scorecard")
@needs(Permission.SEE_RECRUITMENT, recruitments.find_recruitment)
def scorecard(recruitment: Recruitment) -> Response:
    scripts = {name: bank.find_script(f"interview_{name}") for name in ("opening", "closing")}
    return page("interviews/scorecard.html", scripts=scripts, **_card(asked_round(recruitment)))


@bp.get("/recruitments/<int:recruitment_id>/scorecard/preview")
@needs(Permission.SEE_RECRUITMENT, recruitments.find_recruitment)
def preview(recruitment: Recruitment) -> Response:
    """The page on which the panel will assess, without a candidate and with nothing to send."""
    found = asked_round(recruitment)
    listed = queries.scorecard(found)
    return page(
        "interviews/preview.html",
        recruitment=recruitment,
        round=found,
        questions=listed,
        form=assessment_form([question.id for question in listed], {}),
        cards={question.id: card_of(question) for question in listed},
        back=card_url(found),
    )


@bp.post("/recruitments/<int:recruitment_id>/scorecard/suggest")
@needs(Permission.MANAGE_RECRUITMENT, recruitments.find_recruitment)
def suggest_questions(recruitment: Recruitment) -> Response:
    found = asked_round(recruitment)
    with unit_of_work():
        questions.suggest_questions(found)
    return redirect_to(card_url(found))


def _matching(entries: list[BankVersion], form: BankFilterForm) -> list[BankVersion]:
    """The entries that hold all words of the search; what is asked wrongly is left out."""
    given = {name: "" if form[name].errors else form[name].data or "" for name in ("q", "competency", "kind")}
    words = folded(given["q"]).split()
    return [
        entry
        for entry in entries
        if all(word in entry.search_text for word in words)
        and given["competency"] in ("", entry.competency_key)
        and given["kind"] in ("", entry.kind)
    ]


def _bank_page(found: InterviewRound, code: int = 200, wrong: str = "") -> Response:
    """The bank's questions for the profile by competency, those marked that the recruitment asks already."""
    recruitment, form = found.recruitment, BankFilterForm(request.args)
    profile = [row.competency for row in recruitments.in_framework_order(recruitment)]
    texts = [(competency.key, competency.text) for competency in profile]
    form.competency.choices = options_or_none(texts, _("All"))
    form.kind.choices = options_or_none(KIND_LABELS.items(), _("All"))
    form.validate()
    entries = bank.entries(recruitment.version.framework.slug, Use.INTERVIEW, [key for key, _text in texts])
    shown = _matching(entries, form)
    groups = [(competency, [e for e in shown if e.competency_key == competency.key]) for competency in profile]
    return page(
        "interviews/bank.html",
        code,
        fragment="interviews/_bank.html",
        recruitment=recruitment,
        round=found,
        asked_round=round_argument(found),
        form=form,
        groups=[(competency, mine) for competency, mine in groups if mine],
        total=len(shown),
        present=queries.bank_keys_on(recruitment),
        back=card_url(found),
        wrong=wrong,
    )


@bp.get("/recruitments/<int:recruitment_id>/scorecard/bank")
@needs(Permission.MANAGE_RECRUITMENT, recruitments.find_recruitment)
def choose_from_bank(recruitment: Recruitment) -> Response:
    return _bank_page(asked_round(recruitment))


@bp.post("/recruitments/<int:recruitment_id>/scorecard/questions")
@needs(Permission.MANAGE_RECRUITMENT, recruitments.find_recruitment)
def add_question(recruitment: Recruitment) -> Response:
    found, ticked = asked_round(recruitment), set(request.form.getlist("question"))
    keys = [row.competency.key for row in recruitment.profile]
    entries = bank.entries(recruitment.version.framework.slug, Use.INTERVIEW, keys)
    chosen = [entry for entry in entries if str(entry.id) in ticked]
    if not chosen:
        return _bank_page(found, 422, _("Choose at least one question."))
    with unit_of_work():
        count = questions.add_questions(found, chosen)
    flash(ngettext("%(num)s question has been added.", "%(num)s questions have been added.", count), "success")
    return redirect_to(card_url(found))


def _changed(found: InterviewRound, said: str, moved: int = 0) -> Response:
    """For htmx the scorecard as it is now; for others the page, at the question that moved."""
    if not wants_fragment():
        return redirect_to(card_url(found, f"question-{moved}" if moved else None))
    by = request.form.get("step", "")
    return page("interviews/_card.html", said=said, moved=moved, by=by, **_card(found))


@bp.post("/recruitments/<int:recruitment_id>/scorecard/questions/<int:question_id>/move")
@needs(Permission.MANAGE_RECRUITMENT, queries.find_question, of="recruitment")
def move_question(question: ScorecardQuestion) -> Response:
    found = question.round
    with unit_of_work():
        questions.move_question(question, request.form.get("place") or request.form.get("step", ""))
    ids = [other.id for other in queries.scorecard(found)]
    place = ids.index(question.id) + 1
    said = _("Question %(number)s of %(total)s: %(text)s", number=place, total=len(ids), text=question.text)
    return _changed(found, said, question.id)


@bp.post("/recruitments/<int:recruitment_id>/scorecard/questions/<int:question_id>/remove")
@needs(Permission.MANAGE_RECRUITMENT, queries.find_question, of="recruitment")
def remove_question(question: ScorecardQuestion) -> Response:
    """What the bank has can be added again; what was written here is gone, so that is asked first."""
    found, origin = question.round, queries.origins([question]).get(question.id)
    if (origin is None or origin.changed) and not found.locked and not confirmed():
        title, text = _("Remove this question?"), _("Its text was written for this recruitment, and is lost.")
        return ask(title, text, _("Remove the question"), card_url(found), lost=[question.text])
    with unit_of_work():
        questions.remove_question(question)
    said = _("The question has been removed.") + (" " + _("You can add it again from the bank.") if origin else "")
    if not wants_fragment():
        flash(said, "success")
    return _changed(found, said)
