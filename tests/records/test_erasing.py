"""What a deletion leaves: nothing of the candidate in any table or in the file, and the others as they were."""

from pathlib import Path

import pytest
from sqlalchemy import func, inspect, select, text
from sqlalchemy.exc import IntegrityError

from portal.db import Base, db, empty_write_ahead_log, unit_of_work
from portal.decisions.documents import whole_case
from portal.decisions.models import Submission
from portal.i18n import speaking
from portal.interviews.models import Assessment, Rating
from portal.records import queries, services
from portal.records.models import Deletion
from portal.recruitment.models import Candidate
from tests.decisions.case import FIRST, SECOND, Opened
from tests.factories import World
from tests.records.case import NAMED, OTHERS, RECOMMENDING, WORDS, ended

REASON = "Opbevaringsfristen er udløbet."


def erase(case: Opened, *candidate_ids: int) -> None:
    with speaking("da"), unit_of_work():
        services.delete_candidates(candidate_ids, case.world.people["hr"], REASON)
    empty_write_ahead_log()
    db.session.expire_all()


def everything() -> dict[str, str]:
    """All that stands in the database, by table: every column of every row."""
    found = {}
    for table in inspect(db.engine).get_table_names():
        rows = db.session.execute(text(f"SELECT * FROM {table}"))
        found[table] = "\n".join(str(value) for row in rows for value in row)
    db.session.rollback()
    return found


def traces(words: tuple[str, ...]) -> list[str]:
    return [f"{word} in {table}" for table, held in everything().items() for word in words if word in held]


def in_files(words: tuple[str, ...]) -> list[str]:
    """Those words that stand in SQLite's file, in used or free pages, or in its write-ahead log."""
    db.session.remove()
    path = Path(str(db.engine.url.database))
    content = b"".join(p.read_bytes() for p in path.parent.glob(f"{path.name}*"))
    return [word for word in words if word.encode() in content]


def test_the_case_has_something_in_every_table_that_leads_to_a_candidate(world: World) -> None:
    case = ended(world)
    held = everything()
    assert [word for word in (*NAMED, *WORDS, *RECOMMENDING) if not any(word in rows for rows in held.values())] == []
    counts = queries.holdings([case.first])[case.first]
    kept = {lead.class_.__tablename__ for lead in queries.KEPT}
    assert set(counts) == (set(queries.LEADS) - kept) | {"outgoing_mail"}


def test_every_table_that_leads_to_a_candidate_is_known(world: World) -> None:
    """A table that is added later and leads to a candidate, through whatever others, has to be deleted from, too."""
    reached, before = {"candidate"}, set()
    while reached != before:
        before = set(reached)
        for table in Base.metadata.tables.values():
            if any(key.column.table.name in before for key in table.foreign_keys):
                reached.add(table.name)
    assert reached - {"candidate", "candidate_deletion"} == set(queries.LEADS)


def test_nothing_of_a_deleted_candidate_is_left_in_any_table(world: World) -> None:
    case = ended(world)
    erase(case, case.first)
    assert traces((*NAMED, *WORDS, *RECOMMENDING)) == []
    held = everything()
    assert f"Slettet kandidat {case.first}" in held["candidate"]
    assert "AFGOERELSE" not in held["hiring_decision"]
    assert f"AFGOERELSE: […] eller {SECOND}." in held["candidate_event"], "why the other was hired stays with them"


def test_nothing_of_a_deleted_candidate_is_left_in_the_file(world: World) -> None:
    case = ended(world)
    if db.engine.dialect.name != "sqlite":
        return
    assert set(in_files((*NAMED, *WORDS, *RECOMMENDING))) == {*NAMED, *WORDS, *RECOMMENDING}
    erase(case, case.first)
    assert in_files((*NAMED, *WORDS, *RECOMMENDING)) == []
    assert in_files((OTHERS,)) == [OTHERS]


def test_the_name_goes_out_of_what_was_written_about_the_others_and_the_rest_stays(world: World) -> None:
    case = ended(world, recommended=False)
    others = select(func.count()).select_from(Rating).join(Rating.assessment).join(Assessment.interview)
    count = others.where(Candidate.id == case.second).join(Candidate)
    before = db.session.scalar(count)
    erase(case, case.first)
    words = tuple(word for word in WORDS if word != "AFSLAG")  # this time the other one has had the refusal
    assert traces((*NAMED, *words)) == []
    held = everything()
    assert db.session.scalar(count) == before
    assert OTHERS in held["rating"]
    assert "Set igen efter samtalen med […]." in held["rating_amendment"]
    assert f"INDSTILLET: […], {SECOND}." in held["recommendation"]
    submission = db.session.scalars(select(Submission)).one()
    assert submission.snapshot["reason"] == f"INDSTILLET: […], {SECOND}."
    assert submission.snapshot["panel"] == ["Member", "Member2"]
    assert submission.snapshot["candidate"]["name"] == SECOND


def test_a_recruitment_whose_candidates_are_all_deleted_still_says_how_it_ended(world: World) -> None:
    case = ended(world)
    erase(case, case.first, case.second)
    assert traces((*NAMED, *WORDS, *RECOMMENDING, OTHERS, "Wrzesniewska")) == []
    recruitment = case.recruitment
    assert recruitment.candidates == []
    with speaking("da"):
        content = whole_case(recruitment, world.people["recruiter"].id)
    assert content["recommendations"][0]["decision"]["ruling"] == "other"
    assert content["filings"][0]["case_number"] == "26-777"
    assert db.session.scalar(select(func.count()).select_from(Candidate)) == 2


def test_the_log_counts_what_went_and_names_nobody(world: World) -> None:
    case = ended(world)
    counts = queries.holdings([case.first])[case.first]
    erase(case, case.first)
    deletion = db.session.scalars(select(Deletion)).one()
    assert deletion.counts == counts
    assert counts["rating"] == 2 * counts["assessment"] * 3
    assert (deletion.reason, deletion.case_number, deletion.unfiled_reason) == (REASON, "26-777", "")
    assert deletion.by_id == world.people["hr"].id
    assert FIRST not in str(vars(deletion))


def refused(statement: str) -> None:
    with pytest.raises(IntegrityError):
        db.session.execute(text(statement))
    db.session.rollback()


GUARDED = (
    "impartiality_declaration", "candidate_event", "rating_amendment", "interview_closing", "agreed_rating",
    "question_drop", "applicant_accept", "accept_withdrawal", "reference_addendum", "hearing", "hearing_step",
    "recommendation", "minority_opinion", "recommendation_submission", "hiring_decision", "refusal_text",
    "refusal_event", "rating", "candidate_deletion", "audit_event",
)  # fmt: skip


def test_what_is_on_record_goes_through_the_door_alone(world: World) -> None:
    case = ended(world)
    erase(case, case.second)
    for table in GUARDED:
        refused(f"DELETE FROM {table}")
        refused(f"UPDATE {table} SET id = id")
        if db.engine.dialect.name == "postgresql":
            refused(f"TRUNCATE {table} CASCADE")
    refused("DELETE FROM assessment WHERE submitted_at IS NOT NULL")
    refused("DELETE FROM reference_check WHERE finished_at IS NOT NULL")


def test_a_door_that_is_left_open_is_not_committed(world: World) -> None:
    case = ended(world)
    row = (
        "INSERT INTO candidate_deletion (candidate_id, recruitment_id, case_number, unfiled_reason, reason, months, "
        f"ended_on, counts, door, by_id, at) VALUES ({case.first}, {case.recruitment_id}, '26-777', '', 'Uden lov', 6, "
        f"'2026-01-01', '{{}}', -1, {world.people['hr'].id}, '2026-11-25 10:00:00')"
    )
    db.session.execute(text(row))
    db.session.execute(text("DELETE FROM agreed_rating"))
    with pytest.raises(IntegrityError):
        db.session.commit()
    db.session.rollback()
    assert db.session.scalar(text("SELECT count(*) FROM agreed_rating")) == 2
    for other in ("1", "5"):
        refused(row.replace(", -1, ", f", {other}, "))


def test_a_door_that_is_shut_is_not_opened_again(world: World) -> None:
    case = ended(world)
    erase(case, case.first)
    refused("UPDATE candidate_deletion SET door = -1")
    refused("INSERT INTO agreed_rating SELECT * FROM agreed_rating")
