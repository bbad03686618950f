"""Writing recommendations, decisions and answers: all is appended, and every write is in the event log."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NoReturn

from flask_babel import gettext as _

from portal.audit.services import record
from portal.clock import now
from portal.db import db, lock_row
from portal.decisions import letters, queries
from portal.decisions.models import (
    Decision,
    Filing,
    MinorityOpinion,
    Recommendation,
    RefusalEvent,
    RefusalText,
    Submission,
)
from portal.decisions.queries import Case, Findings
from portal.decisions.rules import (
    Blocker,
    Ruling,
    Stage,
    answer_blockers,
    filing_blockers,
    names_in,
    placeholders,
    reason_blockers,
    ruling_blockers,
    stage_blockers,
    standing_blockers,
    words_of,
)
from portal.decisions.texts import BLOCKER_TEXTS
from portal.digests import digest
from portal.errors import Refused
from portal.hearings.queries import open_hearings
from portal.i18n import long_date
from portal.people.models import Person
from portal.recruitment.candidates import settle
from portal.recruitment.models import Candidate, Recruitment
from portal.recruitment.queries import in_framework_order
from portal.recruitment.rules import OUT, CandidateState
from portal.recruitment.services import AUTHORITY_STAYS
from portal.wording import Finding, protected


def refuse(blockers: Iterable[Blocker], *more: str) -> None:
    found = [*(str(BLOCKER_TEXTS[blocker]) for blocker in blockers), *more]
    if found:
        raise Refused(found)


def locked(recruitment: Recruitment) -> Case:
    """The case as it is now, while everyone else who writes to the recruitment waits."""
    lock_row(recruitment)
    queries.read_events_anew(recruitment)
    return queries.case_of(recruitment)


def _why_authority_stays(recruitment: Recruitment) -> list[str]:
    """Whoever has the recommendation before them decides on it, and whoever has decided stays on record."""
    return [str(BLOCKER_TEXTS[blocker]) for blocker in stage_blockers(queries.case_of(recruitment).stage)]


AUTHORITY_STAYS.append(_why_authority_stays)


def name_authority(recruitment: Recruitment, person: Person) -> None:
    refuse(stage_blockers(locked(recruitment).stage))
    recruitment.authority = person
    db.session.flush()
    record("decisions.name_authority", recruitment, person_id=person.id)


@dataclass(frozen=True)
class Wording:
    """A recommendation as someone writes it; without a candidate it recommends nobody."""

    candidate_id: int | None
    reason: str
    reasons: Mapping[int, str]
    must_have_reason: str = ""


def save_recommendation(recruitment: Recruitment, person: Person, wording: Wording, seen: int) -> Recommendation | None:
    """Keep a wording; None when someone has saved another since `seen`, which is then not written over."""
    case = locked(recruitment)
    refuse(stage_blockers(case.stage))
    if case.seen != seen:
        return None
    saved = Recommendation(
        recruitment_id=recruitment.id,
        number=case.seen + 1,
        candidate_id=wording.candidate_id,
        reason=wording.reason,
        reasons={str(key): text for key, text in wording.reasons.items()} if wording.candidate_id else {},
        must_have_reason=wording.must_have_reason if wording.candidate_id else "",
        by=person,
        at=now(),
    )
    db.session.add(saved)
    db.session.flush()
    record("decisions.save_recommendation", recruitment, number=saved.number)
    return saved


def candidate_blockers(candidate: Candidate, found: Findings) -> list[str]:
    """Why this candidate can neither be recommended nor hired now, in words."""
    held = [interview.id for interview in candidate.interviews]
    texts = [str(BLOCKER_TEXTS[b]) for b in standing_blockers(held, found.opened, out=candidate.state in OUT)]
    waiting = [_("A hearing of %(name)s is not closed.", name=candidate.name)] if open_hearings([candidate.id]) else []
    return texts + waiting


def findings_of(case: Case) -> Findings:
    """What the interviews say of the candidate whom the newest wording recommends, if it recommends one."""
    candidate = candidate_of(case.recruitment, case.latest.candidate_id if case.latest else None)
    return queries.findings(candidate) if candidate else Findings()


def recommendation_blockers(case: Case, findings: Findings, person_id: int) -> list[str]:
    """Why this person cannot submit the newest wording now, in words; `findings` are those of its candidate."""
    latest, recruitment = case.latest, case.recruitment
    blockers = stage_blockers(case.stage)
    if latest is None:
        return [str(BLOCKER_TEXTS[b]) for b in [*blockers, Blocker.NOTHING_SAVED]]
    if not blockers and case.submission and case.submission.recommendation_id == latest.id:
        blockers = [Blocker.UNCHANGED]
    blockers += [] if recruitment.authority_id else [Blocker.NO_AUTHORITY]
    candidate = candidate_of(recruitment, latest.candidate_id)
    blockers += reason_blockers(
        [row.competency_id for row in recruitment.profile] if candidate else [],
        {int(key): text for key, text in latest.reasons.items()},
        reason=latest.reason,
        failed=findings.failed,
        must_have_reason=latest.must_have_reason,
    )
    blockers += [Blocker.UNSAVED] if queries.unsaved_draft(recruitment, person_id) else []
    found = [str(BLOCKER_TEXTS[blocker]) for blocker in blockers]
    return found + (candidate_blockers(candidate, findings) if candidate else [])


def candidate_of(recruitment: Recruitment, candidate_id: int | None) -> Candidate | None:
    return next((c for c in recruitment.candidates if c.id == candidate_id), None)


def submit_recommendation(recruitment: Recruitment, person: Person, seen: int) -> Submission:
    """Hand the wording that was read to the authority, frozen with everything that belongs to it."""
    case = locked(recruitment)
    findings = findings_of(case)
    blockers = recommendation_blockers(case, findings, person.id)
    if not blockers and case.seen != seen:
        blockers = [_("The recommendation has been changed since you opened the page. Read it again.")]
    if blockers or case.latest is None:
        raise Refused(blockers)
    content = snapshot(case, case.latest, findings)
    submission = Submission(
        recruitment=recruitment,
        recommendation=case.latest,
        snapshot=content,
        digest=digest(content),
        by=person,
        at=now(),
    )
    db.session.add(submission)
    db.session.flush()
    record("decisions.submit_recommendation", recruitment, number=case.latest.number, digest=submission.digest)
    return submission


def snapshot(case: Case, latest: Recommendation, findings: Findings) -> dict[str, Any]:
    """What the authority is given: reasons in words, what is not met, and other opinions. No scores."""
    recruitment = case.recruitment
    candidate = candidate_of(recruitment, latest.candidate_id)
    return {
        "recruitment": recruitment.title,
        "case_number": recruitment.case_number,
        "version": latest.number,
        "candidate": {"id": candidate.id, "name": candidate.name} if candidate else None,
        "reason": latest.reason,
        "reasons": [
            {
                "competency": row.competency.text,
                "weight": row.weight,
                "must_have": row.minimum is not None,
                "not_met": row.competency_id in findings.failed,
                "text": latest.reason_for(row.competency_id),
            }
            for row in in_framework_order(recruitment)
            if candidate
        ],
        "must_have_reason": latest.must_have_reason,
        "minority": [
            {"by": opinion.by.name, "at": opinion.at.isoformat(), "text": opinion.text} for opinion in case.minority
        ],
        "written_by": latest.by.name,
        "panel": [member.person.name for member in recruitment.panel],
    }


def write_opinion(recruitment: Recruitment, person: Person, text: str) -> None:
    """A member's own view beside the recommendation, until it is submitted; an empty text takes it back."""
    refuse(stage_blockers(locked(recruitment).stage))
    db.session.add(MinorityOpinion(recruitment_id=recruitment.id, text=text, by=person, at=now()))
    db.session.flush()
    record("decisions.write_opinion" if text else "decisions.withdraw_opinion", recruitment)


def check_ruling(case: Case, ruling: Ruling, candidate_id: int | None, reason: str) -> Candidate | None:
    """Who is hired by this ruling, if anyone; refused when it is not possible now."""
    recommended = case.submission.recommendation.candidate_id if case.submission else None
    refuse(ruling_blockers(case.stage, ruling, recommended=recommended, chosen=candidate_id, reason=reason))
    hired_id = {Ruling.FOLLOW: recommended, Ruling.OTHER: candidate_id}.get(ruling)
    hired = candidate_of(case.recruitment, hired_id)
    refuse([], *(candidate_blockers(hired, queries.findings(hired)) if hired else []))
    return hired


def decide(recruitment: Recruitment, person: Person, ruling: Ruling, candidate_id: int | None, reason: str) -> Decision:
    """The authority's answer to the recommendation that awaits one; whoever is hired is marked so."""
    case = locked(recruitment)
    hired = check_ruling(case, ruling, candidate_id, reason)
    assert case.submission is not None  # refused without one
    decision = Decision(
        submission=case.submission,
        ruling=ruling.value,
        candidate_id=hired.id if hired else None,
        reason=reason,
        by=person,
        at=now(),
    )
    db.session.add(decision)
    db.session.flush()
    record("decisions.decide", recruitment, ruling=ruling.value, candidate_id=decision.candidate_id)
    if hired:
        settle(hired, CandidateState.HIRED, reason or _("The panel’s recommendation was followed."), person)
    return decision


def draft_refusal(candidate: Candidate, person_id: int) -> str:
    """How the portal would begin the refusal, from the requirements and what the panel found of this candidate."""
    recruitment, grounds = candidate.recruitment, queries.grounds_for(candidate, person_id)
    return letters.draft(
        letters.Facts(
            name=candidate.name,
            title=recruitment.title[:1].lower() + recruitment.title[1:],
            office=recruitment.office.name,
            interviews=len(candidate.interviews) if any(ground.ratings for ground in grounds) else 0,
            outcome=queries.case_of(recruitment).outcome,
            levels=[(ground.row.competency.text, ground.level) for ground in grounds],
        )
    )


def why_no_refusal(answering: queries.Answering, case: Case) -> list[Blocker]:
    return answer_blockers(
        hired=answering.candidate.state is CandidateState.HIRED,
        answered=answering.sent is not None,
        proposed=case.proposed_id == answering.candidate.id,
    )


def _answer_now(candidate: Candidate) -> queries.Answering:
    """Where the answer stands now, refused when the candidate is to have none."""
    case = locked(candidate.recruitment)
    found = queries.answering([candidate])[0]
    refuse(why_no_refusal(found, case))
    return found


def save_refusal(candidate: Candidate, person: Person, text: str, seen: int) -> queries.Answering | None:
    """Keep a wording of the refusal. What someone else has saved since `seen` is returned and not written over."""
    found = _answer_now(candidate)
    if found.seen != seen:
        return found
    saved = RefusalText(candidate_id=candidate.id, number=seen + 1, text=text, by=person, at=now(), events=[])
    db.session.add(saved)
    db.session.flush()
    record("decisions.save_refusal", candidate, number=saved.number)
    return None


@dataclass(frozen=True)
class TextCheck:
    """What is wrong with a wording: places left to fill in, other persons' names, and protected grounds."""

    unfinished: list[str]
    names: list[str]
    grounds: list[Finding]


def checked(candidate: Candidate, text: str) -> TextCheck:
    """The wording held against the persons of the case and the protected grounds; the case's own words are free."""
    recruitment = candidate.recruitment
    known = [recruitment.title, recruitment.office.name, *(row.competency.text for row in recruitment.profile)]
    left = text
    for words in known:
        left = re.sub(re.escape(words), " ", left, flags=re.IGNORECASE)
    free = letters.standing_words() | words_of(" ".join(known))
    named = names_in(text, candidate.name, queries.other_persons(candidate), free)
    return TextCheck(placeholders(text), named, protected(left))


def review_refusal(candidate: Candidate, person: Person, seen: int) -> None:
    """A person has read the wording that was shown and stands by it."""
    found = _answer_now(candidate)
    if found.text is None or found.seen != seen:
        raise Refused([_("The refusal has been changed since you opened the page. Read it again.")])
    refuse([Blocker.UNFINISHED] if checked(candidate, found.text.text).unfinished else [])
    _happened(found.text, queries.REVIEWED, person)
    record("decisions.review_refusal", candidate, number=seen)


def refuse_unreviewed() -> NoReturn:
    raise Refused([str(BLOCKER_TEXTS[Blocker.NOT_REVIEWED])])


def send_refusal(candidate: Candidate, person: Person, sent_on: date) -> None:
    """The reviewed refusal has left the house; from now on the candidate counts as refused."""
    found = _answer_now(candidate)
    if found.text is None or found.reviewed is None:
        refuse_unreviewed()
    _happened(found.text, queries.SENT, person, sent_on)
    record("decisions.send_refusal", candidate, number=found.seen, sent_on=sent_on.isoformat())
    if candidate.awaits_assessment:
        settle(candidate, CandidateState.REFUSED, _("Refusal sent %(day)s", day=long_date(sent_on)), person)


def _happened(text: RefusalText, kind: str, person: Person, sent_on: date | None = None) -> None:
    text.events.append(RefusalEvent(kind=kind, sent_on=sent_on, by=person, at=now()))
    db.session.flush()


def file_record(
    recruitment: Recruitment, person: Person, case_number: str, content: Mapping[str, Any], *, provisional: bool
) -> Filing:
    """Note that the record, with this content, has been put into the agency's filing system."""
    decided = locked(recruitment).stage is Stage.DECIDED
    refuse(filing_blockers(case_number=case_number, decided=decided, provisional=provisional))
    filing = Filing(
        recruitment_id=recruitment.id,
        case_number=case_number,
        provisional=not decided,
        digest=digest(content),
        by=person,
        at=now(),
    )
    db.session.add(filing)
    db.session.flush()
    record("decisions.file_record", recruitment, digest=filing.digest)
    return filing
