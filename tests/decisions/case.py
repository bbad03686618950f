"""A recruitment whose interviews are open, made by the services; what assessors and others write names the others."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from werkzeug.test import TestResponse

from portal.audit.services import acting_as
from portal.clock import now
from portal.db import db, unit_of_work
from portal.decisions import services
from portal.decisions.services import Wording
from portal.interviews import queries as interviews
from portal.interviews import services as assessing
from portal.interviews.models import AgreedRating, Rating, RatingAmendment
from portal.interviews.services import Draft
from portal.recruitment import services as recruitments
from portal.recruitment.models import Candidate, PanelMember, Recruitment
from portal.recruitment.queries import find_recruitment
from tests.factories import World
from tests.inspecting import InspectingClient

FIRST, SECOND = "Kandidat Kirkegaard", "Zenobia Wrzesniewska"


@dataclass
class Opened:
    """Ids, because every request has a session of its own."""

    world: World
    recruitment_id: int
    first: int
    second: int

    @property
    def recruitment(self) -> Recruitment:
        db.session.expire_all()
        found = find_recruitment(self.recruitment_id)
        assert found is not None
        return found

    def candidate(self, candidate_id: int) -> Candidate:
        return next(c for c in self.recruitment.candidates if c.id == candidate_id)

    @property
    def url(self) -> str:
        return f"/recruitments/{self.recruitment_id}"

    def submit(self, client: InspectingClient) -> TestResponse:
        """What the page that asks sends."""
        seen = services.queries.case_of(self.recruitment).seen
        return client.send(f"{self.url}/recommendation/submit", {"confirmed": "1", "seen": str(seen)})

    def wording(self, candidate_id: int | None, **changes: Any) -> dict[str, Any]:
        """The form of a recommendation that lacks nothing."""
        data = {"candidate": str(candidate_id or 0), "seen": "0", "reason": "Samlet den bedst egnede til stillingen."}
        for row in self.recruitment.profile if candidate_id else []:
            data[f"for_{row.competency_id}"] = f"Viste med eksempler det, kravet handler om ({row.competency_id})."
        return data | changes


def assess(
    candidate: Candidate, scores: dict[str, int], evidence: str, members: Sequence[PanelMember] | None = None
) -> None:
    """The members, or all of the panel, assess in the first round; `scores` by e-mail name."""
    questions = interviews.scorecard(candidate.recruitment)
    for member in members or candidate.recruitment.panel:
        score = scores[member.person.email.split("@")[0]]
        with acting_as(member.person_id):
            recruitments.declare_impartiality(candidate, member, True)
            drafts = {q.id: Draft(score, False, f"{evidence} ({score})") for q in questions}
            assessing.submit_assessment(assessing.save_draft(candidate.interviews[0], member, drafts))


def opened(world: World, *, first: int = 4, second: int = 2) -> Opened:
    """Two candidates, assessed by both members; the authority is the chef, and `member` chairs the panel."""
    with unit_of_work():
        recruitment = world.recruitment
        recruitment.panel[0].chair = True
        other = recruitments.add_candidate(recruitment, SECOND)
        mine = recruitment.candidates[0]
        assess(mine, {"member": first, "member2": first}, f"Roligere end {SECOND} og klarere end Wrzesniewskas svar.")
        assess(other, {"member": second, "member2": second}, f"UNIKT-ANDEN: {SECOND} fortalte om et møde.")
        services.name_authority(recruitment, world.people["chef"])
    return Opened(world, recruitment.id, mine.id, other.id)


def amend_and_agree(case: Opened) -> None:
    """An amendment and an agreed rating for each candidate, each with the other's name in its reason."""
    with unit_of_work():
        recruitment = case.recruitment
        for candidate in recruitment.candidates:
            other = next(c for c in recruitment.candidates if c.id != candidate.id)
            interview = candidate.interviews[0]
            rating = db.session.scalars(
                db.select(Rating).join(Rating.assessment).where(Rating.assessment.has(interview_id=interview.id))
            ).first()
            assert rating is not None
            db.session.add(
                RatingAmendment(
                    rating_id=rating.id,
                    score=3,
                    not_covered=False,
                    evidence=f"Set igen efter samtalen med {other.name}.",
                    reason=f"Jeg havde byttet om på {other.name} og den anden.",
                    at=now(),
                )
            )
            db.session.add(
                AgreedRating(
                    interview_id=interview.id,
                    question_id=rating.question_id,
                    score=4,
                    not_covered=False,
                    reason=f"Aftalt til forskel fra {other.name.split()[-1]}.",
                    by=recruitment.panel[0].person,
                    at=now(),
                )
            )


def recommend(case: Opened, candidate_id: int | None) -> None:
    """A submitted recommendation, by the chair."""
    recruitment, chair = case.recruitment, case.world.people["member"]
    reasons = {row.competency_id: "Eksemplerne fra samtalen viste det." for row in recruitment.profile}
    with unit_of_work(), acting_as(chair.id):
        wording = Wording(candidate_id, "Samlet den bedst egnede.", reasons, "Kravet kan læres på stillingen.")
        latest = services.queries.case_of(recruitment).seen
        assert services.save_recommendation(recruitment, chair, wording, latest) is not None
        services.submit_recommendation(recruitment, chair, latest + 1)
