"""What the database itself refuses, however it is asked."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from portal.db import db, unit_of_work
from portal.interviews import queries, services
from portal.interviews.models import Assessment, Rating
from portal.recruitment import services as recruitment_services
from portal.recruitment.models import Candidate
from tests.factories import World

RECORDS = ("audit_event", "impartiality_declaration", "onboarding_item_event", "assessment", "rating")
LOCKED = ("scorecard_question", "recruitment_competency")
PUBLISHED = ("framework_version", "part", "competency", "behaviour")


def assess(world: World) -> Assessment:
    """A submitted assessment of the candidate, and an open one of another candidate."""
    recruitment, questions = world.recruitment, queries.scorecard(world.recruitment)
    member = recruitment.panel[0]
    with unit_of_work():
        recruitment_services.add_candidate(recruitment, "En Anden")
        for candidate in recruitment.candidates:
            recruitment_services.declare_impartiality(candidate, member, True)
            drafts = {q.id: services.Draft(4, False, "Et eksempel fra samtalen.") for q in questions}
            saved = services.save_draft(candidate.interviews[0], member, drafts)
            if candidate is recruitment.candidates[0]:
                services.submit_assessment(saved)
    return saved.assessment


def refused(statement: str) -> None:
    with pytest.raises(IntegrityError):
        db.session.execute(text(statement))
    db.session.rollback()


def test_no_row_is_replaced(world: World) -> None:
    assess(world)
    if db.engine.dialect.name != "sqlite":
        return
    for table in ("audit_event", "impartiality_declaration", "competency", "framework_version", "scorecard_question"):
        refused(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table} LIMIT 1")
    refused("INSERT OR REPLACE INTO assessment SELECT * FROM assessment WHERE submitted_at IS NOT NULL")
    refused("UPDATE OR REPLACE audit_event SET id = 1 WHERE id = 2")


def test_nothing_is_emptied_at_once(world: World) -> None:
    assess(world)
    for table in (*RECORDS, *LOCKED, *PUBLISHED, "recruitment"):
        if db.engine.dialect.name == "postgresql":
            refused(f"TRUNCATE {table} CASCADE")


def test_no_row_is_moved_into_what_is_frozen(world: World) -> None:
    open_assessment = assess(world)
    submitted = db.session.scalars(db.select(Assessment.id).where(Assessment.submitted_at.is_not(None))).one()
    db.session.execute(db.delete(Rating).where(Rating.assessment_id == open_assessment.id, Rating.question_id > 1))
    db.session.commit()
    refused(f"UPDATE rating SET assessment_id = {submitted} WHERE assessment_id = {open_assessment.id}")
    refused("UPDATE part SET version_id = version_id")


def test_profile_scorecard_and_lock_stay_once_assessing_has_begun(world: World) -> None:
    assess(world)
    refused("UPDATE recruitment_competency SET weight = 3")
    refused("UPDATE recruitment_competency SET minimum = NULL")
    refused("DELETE FROM recruitment_competency")
    refused("UPDATE scorecard_question SET text = 'x'")
    refused("DELETE FROM scorecard_question")
    refused("UPDATE recruitment SET locked_at = NULL")
    refused("DELETE FROM recruitment")
    db.session.execute(text("UPDATE recruitment SET case_number = '26-7'"))
    other = db.session.scalars(db.select(Candidate).order_by(Candidate.id.desc())).first()
    assert other is not None
