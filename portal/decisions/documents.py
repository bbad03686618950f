"""All that the portal holds on a candidate or a recruitment, as plain content: what the exports are made of.

Assessments are those of open interviews alone. In the content about one candidate every free text is rid of the other
candidates' names; what people wrote about someone else at length must still be read through before it is handed out.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from portal.audit.queries import Wanted, all_events
from portal.decisions import queries
from portal.decisions.models import Filing, RefusalText, Submission
from portal.decisions.queries import Case
from portal.decisions.referring import Held, check_of, held_on
from portal.decisions.rules import without_names
from portal.i18n import sort_key
from portal.interviews.models import AgreedRating, Assessment, InterviewClosing, Rating, ScorecardQuestion
from portal.interviews.queries import not_yet_open_to, open_interviews_for, scorecard, submitted_assessments
from portal.people.queries import names_of
from portal.recruitment.models import Candidate, Interview, Recruitment
from portal.recruitment.queries import in_framework_order
from portal.references.models import Referee
from portal.references.queries import referees

Content = dict[str, Any]
Clean = Callable[[str], str]

# How an event of the log is told: the feature that has the sentences adds its own way here.
SENTENCES: list[Callable[[str, str], str]] = []


def _as_is(text: str) -> str:
    return text


def _at(moment: datetime | date | None) -> str:
    return moment.isoformat() if moment else ""


@dataclass(frozen=True)
class Material:
    """Everything about some candidates of a recruitment, read at once."""

    case: Case
    opened: frozenset[int]
    assessments: Mapping[int, Sequence[Assessment]]
    closings: Mapping[int, Sequence[InterviewClosing]]
    agreed: Mapping[int, Sequence[AgreedRating]]
    questions: Sequence[ScorecardQuestion]
    referees: Mapping[int, Sequence[Referee]]
    held: Held
    refusals: Mapping[int, Sequence[RefusalText]]
    names: Mapping[int, str]

    @property
    def recruitment(self) -> Recruitment:
        return self.case.recruitment


def _grouped(rows: Iterable[Any], attribute: str) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(getattr(row, attribute), []).append(row)
    return found


def material(recruitment: Recruitment, candidates: Sequence[Candidate], person_id: int) -> Material:
    """What this person may take out of the portal about these candidates; a fixed number of queries."""
    wanted = {candidate.id for candidate in candidates}
    opened = [i.id for i in open_interviews_for(recruitment, person_id) if i.candidate_id in wanted]
    persons = {event.by_id for candidate in candidates for event in candidate.events}
    return Material(
        case=queries.case_of(recruitment),
        opened=frozenset(opened),
        assessments=_grouped(submitted_assessments(opened), "interview_id"),
        closings=_grouped(queries.closings_in(opened), "interview_id"),
        agreed=_grouped(queries.all_agreed_in(opened), "interview_id"),
        questions=scorecard(recruitment),
        referees=_grouped((r for r in referees(recruitment) if r.candidate_id in wanted), "candidate_id"),
        held=held_on(recruitment, wanted),
        refusals=queries.texts_of(wanted),
        names=names_of(persons),
    )


def _rating(rating: Rating, clean: Clean) -> Content:
    return {
        "question": clean(rating.question.text),
        "competency": rating.question.competency.text,
        "score": rating.score,
        "not_covered": rating.not_covered,
        "evidence": clean(rating.evidence),
        "amendments": [
            {
                "score": found.score,
                "not_covered": found.not_covered,
                "evidence": clean(found.evidence),
                "reason": clean(found.reason),
                "at": _at(found.at),
            }
            for found in rating.amendments
        ],
    }


def _interview(material: Material, interview: Interview, clean: Clean) -> Content:
    """`open` says whether its assessments may be seen; without that there are none here, and no count of them."""
    asked = [question for question in material.questions if question.round_id == interview.round_id]
    texts = {question.id: clean(question.text) for question in asked}
    return {
        "round": interview.round.number,
        "starts_at": _at(interview.starts_at),
        "minutes": interview.minutes,
        "place": clean(interview.place),
        "questions": [
            {"text": texts[q.id], "competency": q.competency.text, "dropped": bool(q.dropped)} for q in asked
        ],
        "open": interview.id in material.opened,
        "assessments": [
            {
                "assessor": assessment.member.person.name,
                "submitted_at": _at(assessment.submitted_at),
                "ratings": [
                    _rating(rating, clean)
                    for rating in sorted(assessment.ratings, key=lambda r: (r.question.position, r.id))
                ],
            }
            for assessment in material.assessments.get(interview.id, [])
        ],
        "agreed": [
            {
                "question": texts.get(found.question_id, ""),
                "score": found.score,
                "not_covered": found.not_covered,
                "reason": clean(found.reason),
                "by": found.by.name,
                "at": _at(found.at),
            }
            for found in material.agreed.get(interview.id, [])
        ],
        "closings": [
            {"closed": found.closes, "reason": clean(found.reason), "by": found.by.name, "at": _at(found.at)}
            for found in material.closings.get(interview.id, [])
        ],
    }


def _referee(referee: Referee, held: Held, clean: Clean) -> Content:
    return {
        "name": clean(referee.name),
        "relation": clean(referee.relation),
        "period": clean(referee.period),
        "phone": referee.phone,
        "email": referee.email,
        "current_employer": referee.current_employer,
        "accepts": [
            {
                "given_on": _at(accept.given_on),
                "how": clean(accept.how),
                "recorded_by": accept.recorded_by.name,
                "recorded_at": _at(accept.recorded_at),
                "withdrawn_at": _at(accept.withdrawal.recorded_at) if accept.withdrawal else "",
                "withdrawn_how": clean(accept.withdrawal.how) if accept.withdrawal else "",
            }
            for accept in referee.accepts
        ],
        "talk": check_of(referee, held, clean, _at),
    }


def _refusal(text: RefusalText, clean: Clean) -> Content:
    return {
        "number": text.number,
        "text": clean(text.text),
        "written_by": text.by.name,
        "written_at": _at(text.at),
        "events": [
            {"kind": event.kind, "sent_on": _at(event.sent_on), "by": event.by.name, "at": _at(event.at)}
            for event in text.events
        ],
    }


def _about(material: Material, candidate: Candidate, clean: Clean) -> Content:
    """One candidate, whatever the document."""
    members = {member.id: member.person.name for member in material.recruitment.panel}
    rounds = sorted(candidate.interviews, key=lambda interview: interview.round.number)
    return {
        "name": candidate.name,
        "added_at": _at(candidate.added_at),
        "state": candidate.state.value,
        "events": [
            {"kind": e.kind, "reason": clean(e.reason), "by": material.names.get(e.by_id, ""), "at": _at(e.at)}
            for e in candidate.events
        ],
        "impartiality": [
            {"member": members[d.member_id], "impartial": d.impartial, "at": _at(d.at)} for d in candidate.declarations
        ],
        "interviews": [_interview(material, interview, clean) for interview in rounds],
        "referees": [_referee(referee, material.held, clean) for referee in material.referees.get(candidate.id, [])],
        "refusals": [_refusal(text, clean) for text in material.refusals.get(candidate.id, [])],
    }


def _submitted(submission: Submission, clean: Clean) -> Content:
    """What was submitted, and the decision on it."""
    found = submission.decision
    return {
        "submitted_by": submission.by.name,
        "submitted_at": _at(submission.at),
        "digest": submission.digest,
        "content": _cleaned(submission.snapshot, clean),
        "decision": {
            "ruling": found.ruling,
            "reason": clean(found.reason),
            "by": found.by.name,
            "at": _at(found.at),
        }
        if found
        else None,
    }


def _cleaned(value: Any, clean: Clean) -> Any:
    """The same content with every text changed."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {key: _cleaned(found, clean) for key, found in value.items()}
    return [_cleaned(found, clean) for found in value] if isinstance(value, list) else value


def about_candidate(candidate: Candidate, person_id: int) -> Content:
    """All that the portal holds on one candidate, without a trace of the others.

    Of the recommendations only those that recommend this candidate belong here: the others are about someone else.
    """
    recruitment = candidate.recruitment
    found = material(recruitment, [candidate], person_id)
    others = [other.name for other in recruitment.candidates if other.id != candidate.id]

    def clean(text: str) -> str:
        return without_names(text, candidate.name, others)

    mine = [s for s in found.case.submissions if s.recommendation.candidate_id == candidate.id]
    return {
        "recruitment": {
            "title": clean(recruitment.title),
            "case_number": recruitment.case_number,
            "office": recruitment.office.name,
            "recruiter": recruitment.recruiter.name,
            "profile": _profile(recruitment, clean),
        },
        "candidate": _about(found, candidate, clean),
        "recommendations": [_submitted(submission, clean) for submission in mine],
    }


def _profile(recruitment: Recruitment, clean: Clean) -> list[Content]:
    return [
        {
            "part": row.competency.part.title,
            "competency": row.competency.text,
            "weight": row.weight,
            "minimum": row.minimum,
            "reason": clean(row.reason),
        }
        for row in in_framework_order(recruitment)
    ]


def _round(material: Material, number: int) -> list[Content]:
    return [
        {
            "competency": question.competency.text,
            "kind": question.kind,
            "text": question.text,
            "probes": list(question.probes),
            "anchors": dict(question.anchors),
            "minutes": question.minutes,
            "dropped": question.drop.reason if question.drop else "",
        }
        for question in material.questions
        if question.round.number == number
    ]


def _comparison(material: Material, candidates: Sequence[Candidate]) -> list[Content]:
    """The figures of the open interviews; alphabetical, because nobody is ranked."""
    recruitment = material.recruitment
    assessments = [found for rows in material.assessments.values() for found in rows]
    compared, profile = queries.results(recruitment, candidates, assessments), in_framework_order(recruitment)
    return [
        {
            "candidate": candidate.name,
            "means": [
                {
                    "competency": row.competency.text,
                    "mean": compared[candidate.id].means[row.competency_id].value,
                    "not_covered": compared[candidate.id].means[row.competency_id].not_covered,
                    "not_met": row.competency_id in compared[candidate.id].failed,
                }
                for row in profile
            ],
            "total": compared[candidate.id].total,
        }
        for candidate in candidates
    ]


def _log(recruitment: Recruitment, material: Material, person_id: int) -> list[Content]:
    """What has been done in the case, oldest first, as this person may know it."""
    interviews = [interview.id for candidate in recruitment.candidates for interview in candidate.interviews]
    about = {
        "recruitment": [recruitment.id],
        "candidate": [candidate.id for candidate in recruitment.candidates],
        "interview": interviews,
        "assessment": [found.id for rows in material.assessments.values() for found in rows],
        "referee": [referee.id for rows in material.referees.values() for referee in rows],
    }
    events = all_events(Wanted(about=about, hidden=not_yet_open_to(person_id)))
    names = names_of({event.actor_id for event in events if event.actor_id})
    candidates = {candidate.id: candidate.name for candidate in recruitment.candidates}
    of = {("candidate", n): n for n in candidates}
    of |= {("interview", i.id): i.candidate_id for candidate in recruitment.candidates for i in candidate.interviews}
    of |= {
        ("assessment", found.id): of["interview", found.interview_id]
        for rows in material.assessments.values()
        for found in rows
    }
    of |= {("referee", referee.id): referee.candidate_id for rows in material.referees.values() for referee in rows}
    return [
        {
            "at": _at(event.at),
            "what": _told(event.action, names.get(event.actor_id or 0, "–")),
            "about": candidates.get(of.get((event.subject_kind, event.subject_id or 0), 0), ""),
        }
        for event in reversed(events)
    ]


def _told(action: str, who: str) -> str:
    return SENTENCES[-1](action, who) if SENTENCES else f"{who}: {action}"


def _filed(filing: Filing) -> Content:
    return {
        "case_number": filing.case_number,
        "provisional": filing.provisional,
        "by": filing.by.name,
        "at": _at(filing.at),
        "digest": filing.digest,
    }


def whole_case(recruitment: Recruitment, person_id: int) -> Content:
    """The full record of a recruitment; the number of queries does not depend on how many candidates there are."""
    candidates = sorted(recruitment.candidates, key=lambda candidate: sort_key(candidate.name))
    found = material(recruitment, candidates, person_id)
    case = found.case
    return {
        "recruitment": {
            "title": recruitment.title,
            "case_number": recruitment.case_number,
            "office": recruitment.office.name,
            "framework": f"{recruitment.version.title} {recruitment.version.number}",
            "recruiter": recruitment.recruiter.name,
            "authority": recruitment.authority.name if recruitment.authority else "",
            "created_at": _at(recruitment.created_at),
            "deadline": _at(recruitment.deadline),
            "starts_on": _at(recruitment.starts_on),
            "locked_at": _at(recruitment.locked_at),
            "stage": case.stage.value,
        },
        "profile": _profile(recruitment, _as_is),
        "panel": [{"name": member.person.name, "chair": member.chair} for member in recruitment.panel],
        "rounds": [
            {"round": r.number, "locked_at": _at(r.locked_at), "questions": _round(found, r.number)}
            for r in recruitment.rounds
        ],
        "candidates": [_about(found, candidate, _as_is) for candidate in candidates],
        "comparison": _comparison(found, candidates),
        "recommendations": [_submitted(submission, _as_is) for submission in case.submissions],
        "filings": [_filed(filing) for filing in queries.filings_of(recruitment.id)],
        "log": _log(recruitment, found, person_id),
    }
