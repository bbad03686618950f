"""The steps of a recruitment: one function for each says how far it is and what it still lacks.

A further step is a function of a Standing and its line in STEPS.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask_babel import gettext as _
from flask_babel import ngettext

from portal.decisions.rules import Stage
from portal.decisions.texts import STAGE_LABELS
from portal.i18n import long_date
from portal.interviews.rules import SetUpGap
from portal.jobads import rules as jobads
from portal.jobads.texts import FIELD_LABELS

if TYPE_CHECKING:
    from portal.overview.progress import Standing


@dataclass(frozen=True)
class Step:
    """A step of a recruitment; `missing` says what it still lacks, and it is ticked when it is `done`.

    `endpoint` is the page on which it is taken; empty where there is none yet. `others`: what it lacks is for others
    than the recruiter to do. `next` is what there is to do there, where that is not what the step is called.
    """

    title: str
    endpoint: str
    status: str
    missing: str
    done: bool
    next: str = ""
    others: bool = False


def _profile(standing: Standing) -> Step:
    count = len(standing.recruitment.profile)
    status = ngettext("%(num)s competency", "%(num)s competencies", count)
    missing = "" if count else _("Choose competencies")
    return Step(_("Requirement profile"), "recruitment.choose_profile", status, missing, not missing)


def _scorecard(standing: Standing) -> Step:
    count = sum(standing.questions.values())
    status = ngettext("%(num)s question", "%(num)s questions", count)
    missing = _("A question for each competency") if SetUpGap.QUESTIONS in standing.gaps else ""
    return Step(_("Scorecard"), "interviews.scorecard", status, missing, not missing)


def _people(standing: Standing) -> Step:
    panel, candidates = len(standing.recruitment.panel), len(standing.recruitment.candidates)
    status = _("%(panel)s on the panel, %(candidates)s candidates", panel=panel, candidates=candidates)
    there = SetUpGap.PANEL not in standing.gaps and candidates
    missing = "" if there else _("At least two on the panel, and a candidate")
    return Step(_("Panel and candidates"), "recruitment.panel_and_candidates", status, missing, not missing)


def _ad(standing: Standing) -> Step:
    """Once assessing has begun it is too late to ask for an ad, though not to see that there is none."""
    ad = standing.ad
    status = _("version %(number)s", number=ad.number) if ad else _("not drafted")
    gaps = ", ".join(str(FIELD_LABELS[name]).lower() for name in jobads.lacking(ad.says)) if ad else ""
    missing = (_("Fill in: %(what)s", what=gaps) if gaps else "") if ad else _("Draft the job ad")
    return Step(_("Job ad"), "jobads.ad", status, "" if standing.recruitment.locked else missing, not missing)


def _interviews(standing: Standing) -> Step:
    """One who sits on the panel hears of nobody's progress but their own."""
    every = standing.interviews
    finished = bool(every) and len(standing.open_ids) == len(every)
    if standing.seats:
        states = [seat.state for seat in standing.seats if seat.state != "out"]
        done, total = states.count("submitted"), len(states)
        status = _("%(done)s of %(total)s of your assessments submitted", done=done, total=total)
    else:
        counts = [standing.progress(interview) for interview in every]
        done, total = (sum(count[n] for count in counts) for n in (0, 1))
        status = _("%(done)s of %(total)s assessments submitted", done=done, total=total)
    missing = "" if finished else _("All assessors submit their assessments")
    return Step(_("Interviews"), "interviews.schedule", status, missing, finished, others=True)


def _comparison(standing: Standing) -> Step:
    every = standing.interviews
    finished = bool(every) and len(standing.open_ids) == len(every)
    status = _("ready") if finished else _("not open yet")
    missing = "" if finished else _("The scores open when all have submitted")
    return Step(_("Debrief and comparison"), "comparison.comparison" if finished else "", status, missing, finished)


def _references(standing: Standing) -> Step:
    """Without an accept nobody can be called, but nothing needs doing yet either; a hearing has to be closed."""
    status = _("%(questions)s questions, %(accepts)s accepts", questions=standing.guide, accepts=standing.accepts)
    missing = _hearings(standing) if standing.guide else _("Build the guide")
    return Step(_("References"), "references.guide", status, missing, not missing and bool(standing.accepts))


def _hearings(standing: Standing) -> str:
    """That the recommendation waits for hearings, and when the first answer is due."""
    count = len(standing.hearings)
    deadlines = [step.deadline for hearing in standing.hearings for step in hearing.steps if step.deadline]
    if not count:
        return ""
    text: str = ngettext("%(num)s hearing is open", "%(num)s hearings are open", count)
    return _("%(hearings)s, answer by %(day)s", hearings=text, day=long_date(min(deadlines))) if deadlines else text


def _recommendation(standing: Standing) -> Step:
    """It is next when all interviews are open, or as soon as someone has begun."""
    end, every = standing.end, standing.interviews
    ready = end.begun or (bool(every) and len(standing.open_ids) == len(every))
    submitted = end.stage is not Stage.DRAFTING
    written = _("draft saved") if end.begun else _("not begun")
    status = str(STAGE_LABELS[end.stage]) if submitted else written
    missing = _("Write and submit the recommendation") if ready and not submitted else ""
    return Step(_("Recommendation"), "decisions.recommendation", status, missing, submitted)


def _decision(standing: Standing) -> Step:
    """Done when every candidate has an answer, too."""
    end = standing.end
    submitted, decided = end.stage is not Stage.DRAFTING, end.stage is Stage.DECIDED
    lacking = len(standing.unanswered) if decided else 0
    status = str(STAGE_LABELS[end.stage]) if submitted else _("not made")
    missing = ngettext("%(num)s candidate lacks an answer", "%(num)s candidates lack an answer", lacking)
    endpoint = "decisions.refusals" if decided else "decisions.recommendation"
    act = _("Answers to the candidates") if decided else ""
    return Step(_("Decision"), endpoint, status, missing if lacking else "", decided and not lacking, act)


STEPS: tuple[Callable[[Standing], Step], ...] = (
    _profile,
    _scorecard,
    _people,
    _ad,
    _interviews,
    _comparison,
    _references,
    _recommendation,
    _decision,
)


def steps_of(standing: Standing) -> list[Step]:
    """All steps in their order, from profile to decision."""
    return [step(standing) for step in STEPS]
