"""Reading scorecards and assessments; who may see what is decided before these are called."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import Select, bindparam, exists, func, select
from sqlalchemy.orm import contains_eager, joinedload, lazyload, selectinload

from portal.access import Actor
from portal.bank import queries as bank
from portal.bank.models import BankEntry, BankVersion
from portal.db import db, read
from portal.framework.models import Competency, FrameworkVersion
from portal.i18n import sort_key
from portal.interviews import rules
from portal.interviews.models import Assessment, InterviewClosing, Rating, ScorecardQuestion
from portal.interviews.rules import scores_are_open
from portal.listing import contains
from portal.recruitment.models import (
    Candidate,
    Interview,
    InterviewRound,
    PanelMember,
    Recruitment,
)
from portal.recruitment.queries import (
    WHOLE,
    assessors_of,
    declaration_of,
    find_interview,
    find_recruitment,
    member_of,
    stands,
    visible_to,
)
from portal.recruitment.rules import OUT

COPYABLE_PER_PAGE = 20


def bank_keys_on(recruitment: Recruitment) -> dict[str, set[int]]:
    """The bank's keys of the questions that the recruitment asks, each with the numbers of its rounds."""
    query = select(BankEntry.key, InterviewRound.number).join(BankEntry.versions)
    query = query.join(ScorecardQuestion, ScorecardQuestion.bank_version_id == BankVersion.id)
    query = query.join(ScorecardQuestion.round).where(ScorecardQuestion.recruitment_id == recruitment.id)
    found: dict[str, set[int]] = {}
    for key, number in db.session.execute(query):
        found.setdefault(key, set()).add(number)
    return found


@dataclass(frozen=True)
class Origin:
    """What the bank has for a question: the text to fetch today, whether the question says something else than the
    version it was taken from, and whether the bank has gone on since."""

    version: BankVersion
    changed: bool
    newer: bool
    retired: bool


def says_the_same(question: ScorecardQuestion, version: BankVersion) -> bool:
    content = version.content
    return (question.text, tuple(question.probes), question.anchors) == (content.text, content.probes, content.anchors)


def origins(questions: Collection[ScorecardQuestion]) -> dict[int, Origin]:
    """By question id; a question of one's own has none."""
    entries = bank.entries_of(n for question in questions if (n := question.bank_version_id))
    found = {}
    for question in questions:
        if question.bank_version_id is None:
            continue
        entry = entries[question.bank_version_id]
        taken = next(version for version in entry.versions if version.id == question.bank_version_id)
        now = taken if entry.retired_at else entry.current
        changed = not says_the_same(question, taken)
        found[question.id] = Origin(now, changed, now.id != taken.id, entry.retired_at is not None)
    return found


def question_counts(recruitments: Collection[Recruitment]) -> dict[int, int]:
    """How many questions each round of these recruitments asks, by round id; rounds without any are left out."""
    query = select(ScorecardQuestion.round_id, func.count()).group_by(ScorecardQuestion.round_id)
    query = query.where(ScorecardQuestion.recruitment_id.in_([recruitment.id for recruitment in recruitments]))
    return {row[0]: row[1] for row in db.session.execute(query)}


def copyable_rounds(found: InterviewRound, actor: Actor, search: str = "") -> Select[InterviewRound]:
    """The other rounds with questions that the actor may see, on the same framework and newest first; a `search` is
    for their titles."""
    asks = exists().where(ScorecardQuestion.round_id == InterviewRound.id)
    query = select(InterviewRound).join(InterviewRound.recruitment).join(Recruitment.version)
    query = query.where(FrameworkVersion.framework_id == found.recruitment.version.framework_id)
    query = query.where(InterviewRound.id != found.id, asks, visible_to(actor))
    if search:
        query = query.where(contains(search, Recruitment.title))
    whole = contains_eager(InterviewRound.recruitment)
    query = query.options(whole.joinedload(Recruitment.office), whole.selectinload(Recruitment.rounds))
    return query.order_by(Recruitment.id.desc(), InterviewRound.number)


def copyable_page(found: InterviewRound, actor: Actor, search: str, page: int) -> Pagination:
    query = copyable_rounds(found, actor, search)
    return db.paginate(query, page=page, per_page=COPYABLE_PER_PAGE, error_out=False)


def find_copyable(found: InterviewRound, actor: Actor, round_id: int) -> InterviewRound | None:
    return db.session.scalar(copyable_rounds(found, actor).where(InterviewRound.id == round_id))


def uses_of_bank(version_ids: Collection[int]) -> dict[int, int]:
    """How many scorecards use each of these versions of the bank."""
    query = select(ScorecardQuestion.bank_version_id, func.count()).group_by(ScorecardQuestion.bank_version_id)
    query = query.where(ScorecardQuestion.bank_version_id.in_(version_ids))
    return {row[0]: row[1] for row in db.session.execute(query) if row[0] is not None}


def scorecard(found: Recruitment | InterviewRound, *, fresh: bool = False) -> list[ScorecardQuestion]:
    """The questions of a round, or of all rounds, in the order in which every candidate gets them.

    `fresh` reads them anew, also when they have been read before: what others have done since is seen.
    """
    query, anew = _questions(isinstance(found, Recruitment)), {"populate_existing": fresh}
    return list(db.session.scalars(query, {"id": found.id}, execution_options=anew))


@cache
def _questions(of_all_rounds: bool) -> Select[ScorecardQuestion]:
    whose = ScorecardQuestion.recruitment_id if of_all_rounds else ScorecardQuestion.round_id
    query = select(ScorecardQuestion).join(ScorecardQuestion.round).where(whose == bindparam("id"))
    query = query.order_by(InterviewRound.number, ScorecardQuestion.position, ScorecardQuestion.id)
    competency = joinedload(ScorecardQuestion.competency, innerjoin=True)
    return query.options(competency.joinedload(Competency.part, innerjoin=True))


def scorecards(recruitment_ids: Collection[int]) -> dict[int, Counter[int]]:
    """How many questions each of these recruitments asks, by competency."""
    query = select(ScorecardQuestion.recruitment_id, ScorecardQuestion.competency_id, func.count())
    query = query.where(ScorecardQuestion.recruitment_id.in_(recruitment_ids))
    found: dict[int, Counter[int]] = {recruitment_id: Counter() for recruitment_id in recruitment_ids}
    for recruitment_id, competency_id, count in db.session.execute(
        query.group_by(ScorecardQuestion.recruitment_id, ScorecardQuestion.competency_id)
    ):
        found[recruitment_id][competency_id] = count
    return found


def rounds_without_questions(recruitment_ids: Collection[int]) -> set[int]:
    """The ids of those later rounds of these recruitments in which nothing is asked yet, so that nobody can begin."""
    asked = exists().where(ScorecardQuestion.round_id == InterviewRound.id)
    query = select(InterviewRound.id).where(InterviewRound.number > 1, ~asked)
    return set(db.session.scalars(query.where(InterviewRound.recruitment_id.in_(recruitment_ids))))


def find_question(recruitment_id: int, question_id: int) -> ScorecardQuestion | None:
    """A question of that recruitment's scorecard, with the recruitment and the round."""
    if find_recruitment(recruitment_id) is None:
        return None
    query = select(ScorecardQuestion).where(
        ScorecardQuestion.id == question_id, ScorecardQuestion.recruitment_id == recruitment_id
    )
    return db.session.scalar(
        query.options(joinedload(ScorecardQuestion.recruitment), joinedload(ScorecardQuestion.round))
    )


def find_assessment(
    interview: Interview, member: PanelMember, *, fresh: bool = False, amended: bool = False
) -> Assessment | None:
    """The member's assessment with its ratings, and their amendments when `amended`; a draft has none.

    `fresh` reads all of it anew, also when it has been read before.
    """
    keys, anew = {"interview": interview.id, "member": member.id}, {"populate_existing": fresh or amended}
    found = db.session.scalars(_with_ratings(), keys, execution_options=anew).unique().one_or_none()
    if found is not None and amended and found.submitted_at is not None:
        _read_amendments(found)
    return found


@cache
def _with_ratings() -> Select[Assessment]:
    query = select(Assessment).where(
        Assessment.interview_id == bindparam("interview"), Assessment.member_id == bindparam("member")
    )
    ratings = joinedload(Assessment.ratings).lazyload(Rating.question)
    return query.options(lazyload(Assessment.member), ratings)


def _read_amendments(found: Assessment) -> None:
    query = select(Rating).where(Rating.assessment_id == found.id)
    query = query.options(lazyload(Rating.question), selectinload(Rating.amendments))
    db.session.scalars(query.execution_options(populate_existing=True)).all()


@dataclass(frozen=True)
class Asked:
    """A question in an interview; the policy is asked about the recruitment."""

    interview: Interview
    question: ScorecardQuestion

    @property
    def recruitment(self) -> Recruitment:
        return self.interview.recruitment


def find_asked(interview_id: int, question_id: int) -> Asked | None:
    """A question that is asked in that interview's round."""
    interview, question = find_interview(interview_id), db.session.get(ScorecardQuestion, question_id)
    if interview is None or question is None or question.round_id != interview.round_id:
        return None
    return Asked(interview, question)


def submitted_on(interview: Interview) -> dict[int, datetime]:
    """When each member submitted, by member id."""
    return {member_id: at for member_id, at in read(_SUBMITTED, {"interview": interview.id}) if at is not None}


_SUBMITTED = select(Assessment.member_id, Assessment.submitted_at).where(
    Assessment.interview_id == bindparam("interview")
)


def closings_of(interview: Interview) -> list[InterviewClosing]:
    """When the chair has closed the assessing, or reopened it, in order."""
    query = select(InterviewClosing).where(InterviewClosing.interview_id == interview.id)
    return list(db.session.scalars(query.options(joinedload(InterviewClosing.by)).order_by(InterviewClosing.id)))


@dataclass(frozen=True)
class Opening:
    """How the scores of an interview came to be open: what a page may tell of it to those who see the scores.

    `at` is the first time, `closings` all that the chair decided, `submitted` the ids of those who have, and `missing`
    the assessors who have not.
    """

    at: datetime | None
    closings: Sequence[InterviewClosing]
    submitted: Collection[int]
    assessors: Sequence[PanelMember]

    @property
    def missing(self) -> list[PanelMember]:
        return [member for member in self.assessors if member.id not in self.submitted]

    @property
    def closed(self) -> bool:
        return bool(self.closings) and self.closings[-1].closes

    def late(self, moment: datetime | None) -> bool:
        """Whether what was written then was written with the others' scores in sight."""
        return moment is not None and rules.came_after(moment, self.at)


def opening_of(interview: Interview) -> Opening:
    """Who is missing is progress: show it only where the scores are open."""
    submitted, closings = submitted_on(interview), closings_of(interview)
    out = {d.member_id: d.at for d in interview.candidate.declarations if not d.impartial}
    panel = [member.id for member in interview.recruitment.panel]
    at = rules.opened_at(panel, submitted, out, [c.at for c in closings if c.closes])
    return Opening(at, closings, submitted, assessors_of(interview.candidate))


def submitted_in(recruitments: Collection[Recruitment]) -> dict[int, set[int]]:
    """Which panel members have submitted, by interview id, for all interviews of these recruitments."""
    query = select(Assessment.interview_id, Assessment.member_id).join(Assessment.interview).join(Interview.candidate)
    ids = [recruitment.id for recruitment in recruitments]
    query = query.where(Candidate.recruitment_id.in_(ids), Assessment.submitted_at.is_not(None))
    candidates = [candidate for recruitment in recruitments for candidate in recruitment.candidates]
    found: dict[int, set[int]] = {interview.id: set() for c in candidates for interview in c.interviews}
    for interview_id, member_id in db.session.execute(query):
        found[interview_id].add(member_id)
    return found


def closed_in(recruitments: Collection[Recruitment]) -> set[int]:
    """The ids of the interviews whose assessing the chair has closed, and not reopened."""
    last = select(func.max(InterviewClosing.id)).join(Interview, Interview.id == InterviewClosing.interview_id)
    last = last.join(Interview.candidate).where(Candidate.recruitment_id.in_([r.id for r in recruitments]))
    query = select(InterviewClosing.interview_id).where(InterviewClosing.closes)
    query = query.where(InterviewClosing.id.in_(last.group_by(InterviewClosing.interview_id)))
    return set(db.session.scalars(query))


def submitted_assessments(interview_ids: Collection[int]) -> list[Assessment]:
    """Submitted assessments of these interviews with all ratings; call it only for interviews whose scores are open."""
    query = select(Assessment).where(Assessment.interview_id.in_(interview_ids), Assessment.submitted_at.is_not(None))
    ratings = selectinload(Assessment.ratings).options(joinedload(Rating.question), selectinload(Rating.amendments))
    query = query.options(ratings, joinedload(Assessment.member), joinedload(Assessment.interview))
    return list(db.session.scalars(query.order_by(Assessment.id)))


def assessments_of(person_id: int) -> dict[int, Assessment]:
    """The person's own assessments by interview id."""
    query = select(Assessment).join(Assessment.member).where(PanelMember.person_id == person_id)
    return {found.interview_id: found for found in db.session.scalars(query)}


def recruitments_lacking_assessments() -> list[Recruitment]:
    """Those where a panel member has not submitted on a candidate, with panel and candidates.

    One who is not impartial will never submit; what a member owes is worked out from these.
    """
    done = exists().where(
        Assessment.interview_id == Interview.id,
        Assessment.member_id == PanelMember.id,
        Assessment.submitted_at.is_not(None),
    )
    lacking = select(Candidate.recruitment_id).join(Candidate.interviews)
    lacking = lacking.where(PanelMember.recruitment_id == Candidate.recruitment_id, ~done, stands())
    query = select(Recruitment).where(Recruitment.id.in_(lacking)).order_by(Recruitment.id)
    panel = selectinload(Recruitment.panel).lazyload(PanelMember.person)
    candidates = selectinload(Recruitment.candidates).options(
        selectinload(Candidate.declarations), selectinload(Candidate.interviews), selectinload(Candidate.events)
    )
    return list(db.session.scalars(query.options(panel, candidates)))


def assessments_by_person(recruitments: Sequence[Recruitment]) -> dict[int, dict[int, Assessment]]:
    """The assessments in these recruitments by person id, and then by interview id."""
    ids = [recruitment.id for recruitment in recruitments]
    query = select(Assessment, PanelMember.person_id).join(Assessment.member).where(PanelMember.recruitment_id.in_(ids))
    found: dict[int, dict[int, Assessment]] = {}
    for assessment, person_id in db.session.execute(query):
        found.setdefault(person_id, {})[assessment.interview_id] = assessment
    return found


def open_interviews(recruitment: Recruitment) -> list[Interview]:
    """The interviews whose assessors have all submitted, or that the chair has closed; nobody sees other scores."""
    submitted, closed = submitted_in([recruitment]), closed_in([recruitment])
    return [
        interview
        for candidate in recruitment.candidates
        for interview in candidate.interviews
        if scores_are_open(
            [member.id for member in assessors_of(candidate)],
            submitted[interview.id],
            closed=interview.id in closed,
        )
    ]


def open_interviews_for(recruitment: Recruitment, person_id: int) -> list[Interview]:
    """The open interviews that this person may see: a panel member only those of candidates to whom they are declared
    impartial."""
    member = member_of(recruitment, person_id)
    found = open_interviews(recruitment)
    if member is None:
        return found
    declared = {interview.id: declaration_of(interview.candidate, member) for interview in found}
    return [interview for interview in found if (word := declared[interview.id]) is not None and word.impartial]


def not_yet_open_to(person_id: int) -> dict[str, list[int]]:
    """What the event log keeps from one who sits on a panel, as ids by kind, until the candidate's scores are open.

    Who has begun and who has submitted is progress, and progress of others is hidden from an assessor, also from one
    who reads the log as HR: their own assessments are left out with the rest, because a gap would tell as much. What
    concerns a whole recruitment (who compared) comes back when all of its candidates are open.
    """
    query = select(Recruitment).join(Recruitment.panel).where(PanelMember.person_id == person_id).options(*WHOLE)
    hidden: dict[str, list[int]] = {"recruitment": [], "candidate": [], "interview": [], "assessment": []}
    for recruitment in db.session.scalars(query):
        opened = {interview.id for interview in open_interviews(recruitment)}
        interviews = [interview for candidate in recruitment.candidates for interview in candidate.interviews]
        closed = [interview for interview in interviews if interview.id not in opened]
        ids = [interview.id for interview in closed]
        hidden["recruitment"] += [recruitment.id] if closed else []
        hidden["candidate"] += {interview.candidate_id for interview in closed}
        hidden["interview"] += ids
        hidden["assessment"] += db.session.scalars(select(Assessment.id).where(Assessment.interview_id.in_(ids)))
    return hidden


def guided_interviews(found: InterviewRound, person_id: int) -> list[Interview]:
    """The interviews of a round for which this person may have a guide, by the candidate's name."""
    member = member_of(found.recruitment, person_id)
    if member is None:
        return []
    mine = []
    for candidate in found.recruitment.candidates:
        word = declaration_of(candidate, member)
        if word is not None and word.impartial and candidate.state not in OUT:
            mine += [interview for interview in candidate.interviews if interview.round_id == found.id]
    return sorted(mine, key=lambda interview: sort_key(interview.candidate.name))
