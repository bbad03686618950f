"""How far recruitments are: one reading for all of them, and the words that every page says it with."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from flask_babel import gettext as _
from flask_babel import ngettext

from portal.decisions import queries as decisions
from portal.decisions.rules import Stage
from portal.hearings.models import Hearing
from portal.hearings.queries import open_hearings
from portal.interviews import queries as interviews
from portal.interviews.models import Assessment
from portal.interviews.rules import SetUpGap, scores_are_open, set_up_gaps
from portal.interviews.texts import SET_UP_NAMES, SET_UP_TEXTS
from portal.jobads import queries as jobads
from portal.jobads.models import JobAd
from portal.overview.steps import Step, steps_of
from portal.recruitment import queries as recruitments
from portal.recruitment.models import Candidate, Interview, InterviewRound, PanelMember, Recruitment
from portal.recruitment.rules import CandidateState
from portal.references import queries as references

SETTING_UP, ASSESSING, READY, DECIDED = "setting_up", "assessing", "ready", "decided"
OWED = ("declare", "assess")
NOT_BEGUN = decisions.Progress()
NO_ANSWER = (CandidateState.HIRED, CandidateState.WITHDRAWN)


@dataclass(frozen=True)
class Seat:
    """What one panel member owes for one candidate in one round."""

    interview: Interview
    state: str  # declare, assess, submitted, closed by the chair, gone (the candidate), unready (no questions) or out

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
class Counted:
    """How many assessments are submitted, of all or (`own`) of the reader's."""

    done: int
    total: int
    own: bool


@dataclass(frozen=True)
class Ending:
    """Whether the appointment has been decided, and whether candidates still wait for their answer."""

    decided: bool
    lacks_answers: bool


UNDECIDED = Ending(False, False)


def status_of(
    gaps: Collection[SetUpGap], candidates: int, finished: bool, counted: Counted, end: Ending = UNDECIDED
) -> Status:
    """The words for where a recruitment stands, the same on its page and in lists.

    `candidates` is how many there are to assess, or have been.
    """
    if end.decided:
        lacking = Status(DECIDED, _("Decided, answers are lacking"), "warning")
        return lacking if end.lacks_answers else Status(DECIDED, _("Decided"), "success")
    missing = [str(SET_UP_NAMES[gap]) for gap in gaps]
    missing += [] if candidates else [_("candidates")]
    if missing:
        return Status(SETTING_UP, _("Set-up lacks: %(what)s", what=", ".join(missing)), "warning")
    if finished:
        return Status(READY, _("Ready to compare"), "success")
    if counted.own:
        text = ngettext(
            "You have submitted %(done)s of %(num)s assessment",
            "You have submitted %(done)s of %(num)s assessments",
            counted.total,
            done=counted.done,
        )
        return Status(ASSESSING, text, "info")
    text = _("%(done)s of %(total)s assessments submitted", done=counted.done, total=counted.total)
    return Status(ASSESSING, text, "info")


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
    ad: JobAd | None = None
    end: decisions.Progress = NOT_BEGUN
    hearings: Sequence[Hearing] = ()
    erased: bool = False

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

    @property
    def awaited(self) -> list[Interview]:
        """The interviews of those applications that still stand: the others owe nobody anything."""
        return [interview for interview in self.interviews if interview.candidate.awaits_assessment]

    @property
    def unanswered(self) -> list[Candidate]:
        """Who has a claim to an answer and has not got it: all but those who are hired or have withdrawn."""
        candidates = self.recruitment.candidates
        return [c for c in candidates if c.state not in NO_ANSWER and c.id not in self.end.answered]

    @property
    def rounds(self) -> list[tuple[InterviewRound, list[Interview]]]:
        """Each round with its interviews, in the order of the candidates."""
        held = {found.id: list[Interview]() for found in self.recruitment.rounds}
        for interview in self.interviews:
            held[interview.round_id].append(interview)
        return [(found, held[found.id]) for found in self.recruitment.rounds]

    def seats_in(self, found: InterviewRound) -> list[Seat]:
        return [seat for seat in self.seats if seat.interview.round_id == found.id]

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
        """None any more, once there is nobody left to take them for."""
        return [] if self.erased else steps_of(self)

    @property
    def next_step(self) -> Step | None:
        """The first step that lacks something which the recruiter can do."""
        return next((step for step in self.steps if step.missing and step.endpoint and not step.others), None)

    @property
    def current_step(self) -> Step | None:
        """How far the recruitment has come: the first step that lacks something, else the first that is not done."""
        return next((step for step in (*(s for s in self.steps if s.missing), *self.steps) if not step.done), None)

    @property
    def owed(self) -> int:
        return sum(1 for seat in self.seats if seat.state in OWED)

    @cached_property
    def status(self) -> Status:
        """What is missing, how far the panel is, or that all is ready; a panel member hears only of their own part."""
        awaited, opened = self.awaited, self.open_ids
        counts = [self.progress(interview) for interview in awaited]
        done, total = sum(count[0] for count in counts), sum(count[1] for count in counts)
        if self.seats:
            own = [seat.state for seat in self.seats if seat.state in (*OWED, "submitted")]
            done, total = own.count("submitted"), len(own)
        finished = all(interview.id in opened for interview in awaited)
        counted = Counted(done, total, bool(self.seats))
        end = Ending(self.end.stage is Stage.DECIDED, bool(self.unanswered))
        return status_of(self.gaps, len(awaited) or len(opened), finished, counted, end)


def standings(found: Sequence[Recruitment], person_id: int) -> list[Standing]:
    """Where each of these stands, as this person may know it; a handful of queries for all together."""
    if not found:
        return []
    ids = [recruitment.id for recruitment in found]
    scorecards, submitted = interviews.scorecards(ids), interviews.submitted_in(found)
    guides, accepts = references.guide_sizes(ids), references.accept_counts(ids)
    ads = jobads.newest_of(ids)
    own, closed = interviews.assessments_of(person_id), interviews.closed_in(found)
    ends = decisions.progress_of(ids)
    unready, erased = interviews.rounds_without_questions(ids), recruitments.erased_of(ids)
    waiting: dict[int, list[Hearing]] = {}
    for hearing in open_hearings([candidate.id for recruitment in found for candidate in recruitment.candidates]):
        waiting.setdefault(hearing.candidate.recruitment_id, []).append(hearing)
    return [
        Standing(
            recruitment,
            scorecards[recruitment.id],
            {i.id: submitted[i.id] for candidate in recruitment.candidates for i in candidate.interviews},
            closed,
            guides.get(recruitment.id, 0),
            accepts[recruitment.id],
            seats_of(recruitment, person_id, own, closed, unready),
            ads.get(recruitment.id),
            ends.get(recruitment.id, NOT_BEGUN),
            waiting.get(recruitment.id, ()),
            recruitment.id in erased,
        )
        for recruitment in found
    ]


def standing(recruitment: Recruitment, person_id: int) -> Standing:
    return standings([recruitment], person_id)[0]


def seats_of(
    recruitment: Recruitment,
    person_id: int,
    own: Mapping[int, Assessment],
    closed: Collection[int],
    unready: Collection[int] = (),
) -> list[Seat]:
    """What this person owes on the panel, by candidate; empty for those who do not sit on it.

    Nothing is owed where nothing is asked yet (`unready` are ids of rounds), where the chair has closed the assessing
    (`closed` are ids of interviews), nor where the application no longer stands; what was submitted stays.
    """
    member = recruitments.member_of(recruitment, person_id)
    if member is None:
        return []
    all_interviews = (interview for candidate in recruitment.candidates for interview in candidate.interviews)
    return [
        Seat(i, _state_of(i, member, own.get(i.id), unready=i.round_id in unready, closed=i.id in closed))
        for i in all_interviews
    ]


def _state_of(
    interview: Interview, member: PanelMember, assessment: Assessment | None, *, unready: bool, closed: bool
) -> str:
    word = recruitments.declaration_of(interview.candidate, member)
    if word is not None and not word.impartial:
        return "out"
    if assessment and assessment.submitted_at:
        return "submitted"
    if not interview.candidate.awaits_assessment:
        return "gone"
    if closed:
        return "closed"
    if unready:
        return "unready"
    return "declare" if word is None else "assess"
