"""What the comparison may ask of the database: the same few queries, however many candidates there are."""

from portal.clock import now
from portal.db import db, unit_of_work
from portal.interviews.models import Assessment, Rating, ScorecardQuestion
from portal.recruitment import services as recruitments
from portal.recruitment.models import ImpartialityDeclaration
from tests.comparison import filling
from tests.comparison.filling import whole
from tests.factories import World, make_person
from tests.inspecting import InspectingClient

COMPARISON = 9  # who is signed in and what they may takes one of them
CANDIDATES, ASSESSORS, QUESTIONS = 12, 5, 15


def widen(world: World) -> None:
    """Five assessors and fifteen questions."""
    with unit_of_work():
        recruitment = whole(world.recruitment.id)
        for n in range(ASSESSORS - len(recruitment.panel)):
            recruitments.add_member(recruitment, make_person(f"bedømmer_{n}"))
        found = list(db.session.scalars(db.select(ScorecardQuestion)))
        for n in range(QUESTIONS - len(found)):
            row = {c.key: getattr(found[n % len(found)], c.key) for c in ScorecardQuestion.__table__.columns}
            row |= {"id": None, "bank_version_id": None, "position": 100 + n}
            db.session.add(ScorecardQuestion(**row))


def assess_all(recruitment_id: int) -> None:
    """Everyone by everyone who has not been, written as rows: a service for each of them would take its time."""
    with unit_of_work():
        recruitment = whole(recruitment_id)
        questions = list(db.session.scalars(db.select(ScorecardQuestion.id)))
        for candidate in recruitment.candidates:
            if candidate.declarations:
                continue
            for n, member in enumerate(recruitment.panel):
                word = {"candidate_id": candidate.id, "member_id": member.id, "impartial": True}
                db.session.add(ImpartialityDeclaration(**word, at=now()))
                ratings = [
                    Rating(
                        question_id=q, score=1 + (q + n + candidate.id) % 5, not_covered=False, evidence="Sagde det."
                    )
                    for q in questions
                ]
                interview = candidate.interviews[0].id
                mine = Assessment(interview_id=interview, member_id=member.id, started_at=now(), ratings=ratings)
                db.session.add(mine)
                db.session.flush()
                mine.submitted_at = now()
        db.session.flush()


def test_twelve_candidates_take_as_many_queries_as_two(client: InspectingClient, world: World) -> None:
    widen(world)
    filling.add_candidates(world.recruitment.id, "Nummer to")
    assess_all(world.recruitment.id)
    client.sign_in("recruiter")
    url = f"/recruitments/{world.recruitment.id}/comparison"

    def taken(query: str) -> int:
        for _ in range(2):
            assert client.get(url + query).status_code == 200
        return client.selects

    queries = ("", "?order=total&blind=y", ".csv", ".xlsx")
    assert [taken(query) for query in queries] == [COMPARISON] * len(queries)
    filling.add_candidates(world.recruitment.id, *(f"Kandidat {n}" for n in range(CANDIDATES - 2)))
    assess_all(world.recruitment.id)
    assert [taken(query) for query in queries] == [COMPARISON] * len(queries)
    assert client.get(url).text.count('<td class="number') > CANDIDATES * 3
