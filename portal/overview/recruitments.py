"""One recruitment on one page: what is done, what is next, and what each person owes."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Response
from flask_babel import gettext as _
from flask_login import current_user

from portal.access import Permission
from portal.interviews import queries as interviews
from portal.interviews.models import Assessment
from portal.overview.blueprint import bp
from portal.recruitment import queries as recruitments
from portal.recruitment.models import Candidate, Recruitment
from portal.references import queries as references
from portal.web import needs, page

OWED = ("declare", "assess")  # the states of a seat in which something awaits its holder


@dataclass(frozen=True)
class Step:
    """A step of setting a recruitment up; `missing` says what it still lacks, or is empty when it is done."""

    title: str
    endpoint: str
    status: str
    missing: str = ""


@dataclass(frozen=True)
class Seat:
    """What one panel member owes for one candidate."""

    candidate: Candidate
    state: str  # declare, assess, submitted or out


def steps_of(recruitment: Recruitment) -> list[Step]:
    """The recruiter's steps in order, from profile to references."""
    questions = interviews.scorecard(recruitment)
    covered = {question.competency_id for question in questions}
    bare = [row for row in recruitment.profile if row.competency_id not in covered]
    guide = references.guide(recruitment)
    accepts = sum(1 for referee in references.referees(recruitment) if referee.accepts)
    profile, panel, candidates = len(recruitment.profile), len(recruitment.panel), len(recruitment.candidates)
    people_missing = "" if panel > 1 and candidates else _("At least two on the panel, and a candidate")
    return [
        Step(
            _("Requirement profile"),
            "recruitment.choose_profile",
            _("%(count)s competencies", count=profile),
            "" if profile else _("Choose competencies"),
        ),
        Step(
            _("Scorecard"),
            "interviews.scorecard",
            _("%(count)s questions", count=len(questions)),
            "" if questions and not bare else _("A question for each competency"),
        ),
        Step(
            _("Panel and candidates"),
            "recruitment.panel_and_candidates",
            _("%(panel)s on the panel, %(candidates)s candidates", panel=panel, candidates=candidates),
            people_missing,
        ),
        Step(
            _("References"),
            "references.guide",
            _("%(questions)s questions, %(accepts)s accepts", questions=len(guide), accepts=accepts),
            "" if guide else _("Build the guide"),
        ),
    ]


def seats_of(recruitment: Recruitment, person_id: int, own: Mapping[int, Assessment]) -> list[Seat]:
    """What this person owes on the panel, by candidate; empty for those who do not sit on it.

    `own` are the person's assessments by candidate id.
    """
    member = recruitments.member_of(recruitment, person_id)
    if member is None:
        return []
    seats = []
    for candidate in recruitment.candidates:
        word = recruitments.declaration_of(candidate, member)
        assessment = own.get(candidate.id)
        if word is None:
            state = "declare"
        elif not word.impartial:
            state = "out"
        else:
            state = "submitted" if assessment and assessment.submitted_at else "assess"
        seats.append(Seat(candidate, state))
    return seats


@bp.get("/recruitments")
@needs(Permission.SIGNED_IN)
def recruitments_list() -> Response:
    found = recruitments.recruitments_visible_to(current_user.actor)
    own = interviews.assessments_of(current_user.person_id)
    owed = {r.id: sum(1 for s in seats_of(r, current_user.person_id, own) if s.state in OWED) for r in found}
    return page("overview/recruitments.html", recruitments=found, owed=owed)


@bp.get("/recruitments/<int:recruitment_id>")
@needs(Permission.SEE_RECRUITMENT, recruitments.find_recruitment)
def recruitment(found: Recruitment) -> Response:
    """Progress of the others is shown only to one who does not sit on the panel themselves."""
    seats = seats_of(found, current_user.person_id, interviews.assessments_of(current_user.person_id))
    submitted = interviews.submitted_by_candidate(found)
    progress = {c.id: (len(submitted[c.id]), len(recruitments.assessors_of(c))) for c in found.candidates}
    steps = steps_of(found)
    return page(
        "overview/recruitment.html",
        recruitment=found,
        steps=steps,
        next_step=next((step for step in steps if step.missing), None),
        seats=seats,
        progress={} if seats else progress,
        open_ids={c.id for c in interviews.open_candidates_for(found, current_user.person_id)},
        profile=recruitments.in_framework_order(found),
    )
