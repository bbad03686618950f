"""Writing scorecards and assessments; every change is in the event log."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from portal.audit.services import record
from portal.clock import now
from portal.db import db, lock_row
from portal.errors import Refused
from portal.interviews import queries
from portal.interviews.models import Assessment, Rating, ScorecardQuestion
from portal.interviews.rules import Seen, gap, set_up_gaps
from portal.interviews.texts import SET_UP_TEXTS, out_text
from portal.recruitment.models import Interview, InterviewRound, PanelMember
from portal.recruitment.queries import declaration_of
from portal.recruitment.services import lock


def set_up_blockers(found: InterviewRound, questions: Sequence[ScorecardQuestion]) -> list[str]:
    """What the set-up lacks before anyone may assess in this round; nothing once it is locked.

    The first round asks about the whole profile, a later one about what is left to ask.
    """
    if found.locked:
        return []
    covered = {question.competency_id for question in questions}
    profile = [row.competency_id for row in found.recruitment.profile]
    wanted = profile if found.number == 1 else [n for n in profile if n in covered]
    gaps = set_up_gaps(wanted, covered, len(found.recruitment.panel))
    return [str(SET_UP_TEXTS[gap]) for gap in gaps]


def assessing_blockers(interview: Interview, member: PanelMember, questions: Sequence[ScorecardQuestion]) -> list[str]:
    """Why this member cannot assess in this interview now; empty when nothing is in the way."""
    lacking = set_up_blockers(interview.round, questions)
    if lacking:
        return lacking
    declaration, stands = declaration_of(interview.candidate, member), interview.candidate.awaits_assessment
    if declaration is None and not stands:  # what became of it is not for one who has yet to declare
        return [_("The candidate is no longer in the process, so there is nothing more to assess.")]
    if declaration is None:
        return [_("Declare first whether you are impartial to this candidate.")]
    if not declaration.impartial:
        return [_("You have declared that you are not impartial to this candidate.")]
    if not stands:
        return [out_text(interview.candidate.state)]
    if queries.is_closed(interview):
        return [_("The chair has closed the assessing of this interview. Your draft is kept as it is.")]
    return [] if questions else [_("The scorecard has no questions yet.")]


@dataclass(frozen=True)
class Draft:
    """What was put down for one question; without a rating, or with `evidence` None, that part stays as it is."""

    score: int | None
    not_covered: bool
    evidence: str | None


NOTHING_SEEN = Seen()


@dataclass(frozen=True)
class Saved:
    """A draft as saved in this unit of work, with the questions that it answers.

    `overtaken`: another page has changed the draft since this one was opened, so that nothing has been saved. `late`:
    the same page has saved something newer before.
    """

    assessment: Assessment
    questions: Sequence[ScorecardQuestion]
    overtaken: bool = False
    late: bool = False

    @property
    def missing(self) -> list[int]:
        """The ids of the questions that lack a rating or its reason, in their order."""
        answers = {rating.question_id: rating for rating in self.assessment.ratings}
        return [q.id for q in self.questions if not q.dropped and gap(answers.get(q.id))]

    @property
    def lacking(self) -> int:
        return len(self.missing)

    @property
    def next_missing(self) -> int | None:
        return next(iter(self.missing), None)

    @property
    def rated(self) -> list[ScorecardQuestion]:
        """The questions that need a rating: what has been dropped needs none, and keeps what was written."""
        return [question for question in self.questions if not question.dropped]

    @property
    def total(self) -> int:
        return len(self.rated)


def _own_draft(interview: Interview, member: PanelMember, seen: Seen) -> Saved:
    """The assessment to write to, begun when it is the first; others who write to the recruitment wait from here on."""
    lock_row(interview.recruitment)
    db.session.refresh(interview.round)
    db.session.expire(interview.candidate, ["declarations", "events"])
    questions = queries.scorecard(interview.round, fresh=True)
    blockers = assessing_blockers(interview, member, questions)
    assessment = queries.find_assessment(interview, member, fresh=True)
    if assessment is not None and assessment.submitted_at is not None:
        blockers = [_("You have submitted this assessment. You can still amend a rating, with a reason.")]
    if blockers:
        raise Refused(blockers)
    if assessment is None:
        lock(interview.round)
        assessment = Assessment(interview_id=interview.id, member_id=member.id, started_at=now(), version=0, ratings=[])
        db.session.add(assessment)
        db.session.flush()
        record("interviews.start_assessment", assessment)
    trace = assessment.saved_from
    passed_by = assessment.version > 0 and assessment.version != seen.version and not seen.goes_on_from(trace)
    return Saved(assessment, questions, overtaken=passed_by, late=seen.is_late(trace))


def save_draft(
    interview: Interview, member: PanelMember, drafts: Mapping[int, Draft], seen: Seen = NOTHING_SEEN
) -> Saved:
    """Keep the drafts by question id; begins the assessment when it is the first, and locks the recruitment.

    What another page has saved since `seen` is not written over: then nothing is saved, and the result says so.
    """
    saved = _own_draft(interview, member, seen)
    if saved.overtaken or saved.late:
        return saved
    assessment = saved.assessment
    existing = {rating.question_id: rating for rating in assessment.ratings}
    for question in saved.questions:
        draft = drafts.get(question.id)
        if draft is None:
            continue
        rating = existing.get(question.id)
        if rating is None:
            rating = Rating(question_id=question.id, score=None, not_covered=False, evidence="")
            assessment.ratings.append(rating)
        if draft.not_covered or draft.score is not None:
            rating.score, rating.not_covered = (None, True) if draft.not_covered else (draft.score, False)
        if draft.evidence is not None:
            rating.evidence = draft.evidence
    assessment.version += 1
    assessment.saved_from = seen.trace
    db.session.flush()
    return saved


def submit_assessment(saved: Saved) -> None:
    """Freeze what has just been saved, in the same unit of work, so that nothing gets in between.

    Refused while a question lacks a rating or its evidence; the database refuses an empty rating by itself.
    """
    if saved.lacking:
        raise Refused(
            [
                ngettext(
                    "%(num)s question still lacks a rating or its reason.",
                    "%(num)s questions still lack a rating or its reason.",
                    saved.lacking,
                )
            ]
        )
    saved.assessment.submitted_at = now()
    db.session.flush()
    record("interviews.submit_assessment", saved.assessment)
