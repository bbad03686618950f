"""How far recruitments are: one reading for all of them, and the words that every page says it with."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from flask_babel import gettext as _
from flask_babel import ngettext

from portal.decisions import queries as decisions
from portal.decisions.rules import Stage
from portal.decisions.texts import STAGE_LABELS
from portal.interviews import queries as interviews
from portal.interviews.models import Assessment
from portal.interviews.rules import SetUpGap, scores_are_open, set_up_gaps
from portal.interviews.texts import SET_UP_NAMES, SET_UP_TEXTS
from portal.recruitment import queries as recruitments
from portal.recruitment.models import Candidate, Interview, Recruitment
from portal.references import queries as references

SETTING_UP, ASSESSING, READY = "setting_up", "assessing", "ready"
OWED = ("declare", "assess")
NOT_BEGUN = decisions.Progress()


@dataclass(frozen=True)
class Step:
    """A step of a recruitment; `missing` says what it still lacks, and it is ticked when it is `done`."""

    title: str
    endpoint: str
    status: str
    missing: str
    done: bool


@dataclass(frozen=True)
class Seat:
    """What one panel member owes for one candidate in one round."""

    interview: Interview
    state: str  # declare, assess, submitted or out

    @property
    def candidate(self) -> Candidate:
        return self.interview.candidate


@dataclass(frozen=True)
class Status:
    """Where a recruitment stands, in words; `code` is what lists filter by."""

    code: str
    text: str
    tone: str


@dataclass(frozen=True)
class Standing:
    """A recruitment with everything that is counted about it; `seats` are those of the reader on its panel."""

    recruitment: Recruitment
    questions: Counter[int]
    submitted: Mapping[int, set[int]]
    closed: Collection[int]
    guide: int
    accepts: int
    seats: Sequence[Seat]
    end: decisions.Progress = NOT_BEGUN

    @cached_property
    def gaps(self) -> list[SetUpGap]:
        """What keeps the panel from beginning; nothing any more once it has begun."""
        if self.recruitment.locked:
            return []
        profile = [row.competency_id for row in self.recruitment.profile]
        return set_up_gaps(profile, self.questions, len(self.recruitment.panel))

    @property
    def gap_texts(self) -> list[str]:
        return [str(SET_UP_TEXTS[gap]) for gap in self.gaps]

    @property
    def interviews(self) -> list[Interview]:
        return [interview for candidate in self.recruitment.candidates for interview in candidate.interviews]

    def progress(self, interview: Interview) -> tuple[int, int]:
        """Assessments submitted, and how many there are to be."""
        assessors = {member.id for member in recruitments.assessors_of(interview.candidate)}
        return len(self.submitted[interview.id] & assessors), len(assessors)

    @cached_property
    def open_ids(self) -> set[int]:
        """The interviews whose assessors have all submitted, or that the chair has closed."""
        return {
            interview.id
            for interview in self.interviews
            if scores_are_open(
                [m.id for m in recruitments.assessors_of(interview.candidate)],
                self.submitted[interview.id],
                closed=interview.id in self.closed,
            )
        }

    @cached_property
    def steps(self) -> list[Step]:
        return _steps(self)

    @property
    def next_step(self) -> Step | None:
        return next((step for step in self.steps if step.missing), None)

    @property
    def owed(self) -> int:
        return sum(1 for seat in self.seats if seat.state in OWED)

    @cached_property
    def status(self) -> Status:
        """What is missing, how far the panel is, or that all is ready; a panel member hears only of their own part."""
        missing = [str(SET_UP_NAMES[gap]) for gap in self.gaps]
        candidates = self.recruitment.candidates
        missing += [] if candidates else [_("candidates")]
        if missing:
            return Status(SETTING_UP, _("Set-up lacks: %(what)s", what=", ".join(missing)), "warning")
        if len(self.open_ids) == len(self.interviews):
            return Status(READY, _("Ready to compare"), "success")
        counts = [self.progress(interview) for interview in self.interviews]
        done, total = sum(count[0] for count in counts), sum(count[1] for count in counts)
        if self.seats:
            own = [seat.state for seat in self.seats if seat.state != "out"]
            done, total = own.count("submitted"), len(own)
            text = ngettext(
                "You have submitted %(done)s of %(num)s assessment",
                "You have submitted %(done)s of %(num)s assessments",
                total,
                done=done,
            )
            return Status(ASSESSING, text, "info")
        text = _("%(done)s of %(total)s assessments submitted", done=done, total=total)
        return Status(ASSESSING, text, "info")


def _steps(standing: Standing) -> list[Step]:
    """The recruiter's steps in order, from profile to decision."""
    recruitment, gaps = standing.recruitment, standing.gaps
    profile, panel, candidates = len(recruitment.profile), len(recruitment.panel), len(recruitment.candidates)
    people_there = SetUpGap.PANEL not in gaps and candidates
    questions = sum(standing.questions.values())
    found = [
        (
            _("Requirement profile"),
            "recruitment.choose_profile",
            ngettext("%(num)s competency", "%(num)s competencies", profile),
            "" if profile else _("Choose competencies"),
        ),
        (
            _("Scorecard"),
            "interviews.scorecard",
            ngettext("%(num)s question", "%(num)s questions", questions),
            _("A question for each competency") if SetUpGap.QUESTIONS in gaps else "",
        ),
        (
            _("Panel and candidates"),
            "recruitment.panel_and_candidates",
            _("%(panel)s on the panel, %(candidates)s candidates", panel=panel, candidates=candidates),
            "" if people_there else _("At least two on the panel, and a candidate"),
        ),
        (
            _("References"),
            "references.guide",
            _("%(questions)s questions, %(accepts)s accepts", questions=standing.guide, accepts=standing.accepts),
            "" if standing.guide else _("Build the guide"),
        ),
    ]
    steps = [Step(*row, done=not row[-1]) for row in found]
    if not standing.accepts:  # without an accept nobody can be called, but nothing needs doing yet either
        last = steps[-1]
        steps[-1] = Step(last.title, last.endpoint, last.status, last.missing, done=False)
    return steps + _last_steps(standing)


def _last_steps(standing: Standing) -> list[Step]:
    """Recommendation and decision; they are next when all interviews are open, or as soon as someone has begun."""
    end, recruitment = standing.end, standing.recruitment
    ready = end.begun or (bool(standing.interviews) and len(standing.open_ids) == len(standing.interviews))
    written = _("draft saved") if end.begun else _("not begun")
    submitted = end.stage is not Stage.DRAFTING
    found = Step(
        _("Recommendation"),
        "decisions.recommendation",
        str(STAGE_LABELS[end.stage]) if submitted else written,
        _("Write and submit the recommendation") if ready and not submitted else "",
        done=submitted,
    )
    decided = end.stage is Stage.DECIDED
    waiting = [c for c in recruitment.candidates if c.state == "applied" and c.id not in end.answered]
    lacking = len(waiting) if decided else 0
    status = str(STAGE_LABELS[end.stage]) if submitted else _("not made")
    missing = ngettext("%(num)s candidate lacks an answer", "%(num)s candidates lack an answer", lacking)
    endpoint = "decisions.refusals" if decided else "decisions.recommendation"
    return [found, Step(_("Decision"), endpoint, status, missing if lacking else "", done=decided and not lacking)]


def standings(found: Sequence[Recruitment], person_id: int) -> list[Standing]:
    """Where each of these stands, as this person may know it; a handful of queries for all together."""
    ids = [recruitment.id for recruitment in found]
    scorecards, submitted = interviews.scorecards(ids), interviews.submitted_in(found)
    guides, accepts = references.guide_sizes(ids), references.accept_counts(ids)
    own, closed = interviews.assessments_of(person_id), interviews.closed_in(found)
    ends = decisions.progress_of(ids)
    return [
        Standing(
            recruitment,
            scorecards[recruitment.id],
            {i.id: submitted[i.id] for candidate in recruitment.candidates for i in candidate.interviews},
            closed,
            guides.get(recruitment.id, 0),
            accepts[recruitment.id],
            seats_of(recruitment, person_id, own),
            ends.get(recruitment.id, NOT_BEGUN),
        )
        for recruitment in found
    ]


def standing(recruitment: Recruitment, person_id: int) -> Standing:
    return standings([recruitment], person_id)[0]


def seats_of(recruitment: Recruitment, person_id: int, own: Mapping[int, Assessment]) -> list[Seat]:
    """What this person owes on the panel, by candidate; empty for those who do not sit on it."""
    member = recruitments.member_of(recruitment, person_id)
    if member is None:
        return []
    seats = []
    for interview in (i for candidate in recruitment.candidates for i in candidate.interviews):
        word, assessment = recruitments.declaration_of(interview.candidate, member), own.get(interview.id)
        if word is None:
            state = "declare"
        elif not word.impartial:
            state = "out"
        else:
            state = "submitted" if assessment and assessment.submitted_at else "assess"
        seats.append(Seat(interview, state))
    return seats
