"""The debrief of each interview, and the comparison of candidates."""

from collections.abc import Sequence
from typing import Any

from flask import abort
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.access import Permission
from portal.audit.services import record
from portal.comparison import queries
from portal.comparison.charts import chart, letter_of, means_of
from portal.comparison.rules import mean_of
from portal.db import unit_of_work
from portal.i18n import sort_key
from portal.interviews import queries as assessing
from portal.recruitment import queries as recruitments
from portal.recruitment.models import Candidate, Interview, Recruitment
from portal.web import feature, logs_reading, needs, page

bp = feature("comparison")


@bp.get("/recruitments/<int:recruitment_id>/comparison")
@needs(Permission.SEE_SCORES, recruitments.find_recruitment)
@logs_reading
def comparison(recruitment: Recruitment) -> Response:
    interviews = assessing.open_interviews_for(recruitment, current_user.person_id)
    candidates = list({interview.candidate_id: interview.candidate for interview in interviews}.values())
    with unit_of_work():
        record("interviews.see_comparison", recruitment, candidates=[candidate.id for candidate in candidates])
    return page(
        "comparison/comparison.html",
        recruitment=recruitment,
        hidden=len(recruitment.candidates) - len(candidates),
        profile=recruitments.in_framework_order(recruitment),
        **_compared(recruitment, sorted(candidates, key=lambda candidate: sort_key(candidate.name)), interviews),
    )


def _compared(
    recruitment: Recruitment, candidates: Sequence[Candidate], interviews: Sequence[Interview]
) -> dict[str, Any]:
    """The candidates with their results, each assessor's ratings, and the chart, all from one reading."""
    assessments = assessing.submitted_assessments([interview.id for interview in interviews])
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


@bp.get("/interviews/<int:interview_id>/debrief")
@needs(Permission.SEE_SCORES, recruitments.find_interview, of="recruitment")
@logs_reading
def debrief(interview: Interview) -> Response:
    """Each assessor's rating and evidence, largest spread first; not there before all have submitted."""
    if interview.id not in {i.id for i in assessing.open_interviews_for(interview.recruitment, current_user.person_id)}:
        abort(404)
    with unit_of_work():
        record("interviews.see_scores", interview.candidate)
    answers = queries.answers_by_question(interview)
    questions = assessing.scorecard(interview.round)
    given = {question.id: answers.get(question.id, []) for question in questions}
    rows = [(question, given[question.id], mean_of(r.in_force for r in given[question.id])) for question in questions]
    rows.sort(key=lambda row: -row[2].spread)
    opening = assessing.opening_of(interview)
    late = [
        a.member.person.name for a in assessing.submitted_assessments([interview.id]) if opening.late(a.submitted_at)
    ]
    return page("comparison/debrief.html", candidate=interview.candidate, rows=rows, opening=opening, late=late)
