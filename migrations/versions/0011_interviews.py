"""Rounds and interviews, what became of candidates, amendments, closings, agreed ratings and dropped questions"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import portal.db
from portal.triggers import DELETE, INSERT, UPDATE, append_only, drop, refuse, refuse_when

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

APPEND_ONLY = ("candidate_event", "question_drop", "rating_amendment", "interview_closing", "agreed_rating")
REBUILT = ("rating", "assessment", "scorecard_question")  # children first
SUBMITTED = "EXISTS (SELECT 1 FROM assessment a WHERE a.id = {row}.assessment_id AND a.submitted_at IS NOT NULL)"
UNSUBMITTED = (
    "NOT EXISTS (SELECT 1 FROM rating r JOIN assessment a ON a.id = r.assessment_id "
    "WHERE r.id = NEW.rating_id AND a.submitted_at IS NOT NULL)"
)
# a question of the round that still counts without a rating, or with a rating that says nothing
UNRATED = (
    "NEW.submitted_at IS NOT NULL AND EXISTS (SELECT 1 FROM interview i "
    "JOIN scorecard_question q ON q.round_id = i.round_id "
    "LEFT JOIN question_drop d ON d.question_id = q.id "
    "LEFT JOIN rating r ON r.question_id = q.id AND r.assessment_id = NEW.id "
    "WHERE i.id = NEW.interview_id AND d.id IS NULL "
    "AND (r.id IS NULL OR (r.score IS NULL AND NOT r.not_covered)))"
)
OLD_UNRATED = (
    "NEW.submitted_at IS NOT NULL AND EXISTS (SELECT 1 FROM candidate c "
    "JOIN scorecard_question q ON q.recruitment_id = c.recruitment_id "
    "LEFT JOIN rating r ON r.question_id = q.id AND r.assessment_id = NEW.id "
    "WHERE c.id = NEW.candidate_id AND (r.id IS NULL OR (r.score IS NULL AND NOT r.not_covered)))"
)
ROUND_LOCKED = "EXISTS (SELECT 1 FROM interview_round x WHERE x.id = {row}.round_id AND x.locked_at IS NOT NULL)"
OLD_LOCKED = "EXISTS (SELECT 1 FROM recruitment x WHERE x.id = {row}.recruitment_id AND x.locked_at IS NOT NULL)"
UNLOCKING = "OLD.locked_at IS NOT NULL AND (NEW.locked_at IS NULL OR NEW.locked_at <> OLD.locked_at)"
BEGUN = "the first assessment has begun: profile and questions stay the same for all"
FROZEN = "a submitted assessment does not change"


def _moment(name: str, *, nullable: bool = False) -> "sa.Column[object]":
    return sa.Column(name, portal.db.Moment(timezone=True), nullable=nullable)


def _id() -> "sa.Column[int]":
    return sa.Column("id", sa.Integer(), nullable=False)


def _to(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def _int(name: str, *, nullable: bool = False) -> "sa.Column[int]":
    return sa.Column(name, sa.Integer(), nullable=nullable)


def upgrade() -> None:
    op.execute(
        "ALTER TABLE recruitment ADD COLUMN authority_id INTEGER "
        "CONSTRAINT fk_recruitment_authority_id REFERENCES person (id)"
    )
    op.add_column("recruitment", _moment("deadline", nullable=True))
    op.add_column("recruitment", sa.Column("starts_on", sa.Date(), nullable=True))
    op.create_index(op.f("ix_recruitment_authority_id"), "recruitment", ["authority_id"])
    _create_candidate_tables()
    op.execute(
        "INSERT INTO interview_round (recruitment_id, number, locked_at) SELECT id, 1, locked_at FROM recruitment"
    )
    op.execute(
        "INSERT INTO interview (candidate_id, round_id, minutes, place) SELECT c.id, r.id, 60, '' "
        "FROM candidate c JOIN interview_round r ON r.recruitment_id = c.recruitment_id"
    )
    _set_aside(
        rating="SELECT * FROM rating",
        assessment=(
            "SELECT a.*, i.id AS interview_id FROM assessment a JOIN interview i ON i.candidate_id = a.candidate_id"
        ),
        scorecard_question=(
            "SELECT q.*, r.id AS round_id, 6 AS minutes FROM scorecard_question q "
            "JOIN interview_round r ON r.recruitment_id = q.recruitment_id"
        ),
    )
    _create_questions("round_id", _int("round_id"), _int("minutes"), nullable_bank=True)
    op.create_index(op.f("ix_scorecard_question_round_id"), "scorecard_question", ["round_id"])
    _create_assessments("interview_id", "interview")
    _bring_back(
        scorecard_question=(
            "id, recruitment_id, round_id, competency_id, position, minutes, bank_version_id, kind, text, probes, "
            "anchors"
        ),
        assessment="id, interview_id, member_id, started_at, submitted_at, version, saved_from",
        rating="id, assessment_id, question_id, score, not_covered, evidence",
    )
    _create_facts()
    _protect(ROUND_LOCKED, UNRATED)
    dialect = op.get_bind().dialect.name
    append_only(op.execute, dialect, *APPEND_ONLY)
    refuse(op.execute, dialect, "interview_round", (DELETE,), "{row}.locked_at IS NOT NULL", BEGUN)
    refuse_when(op.execute, dialect, "interview_round", UPDATE, UNLOCKING, BEGUN)
    unsubmitted = "only a submitted assessment is amended"
    refuse_when(op.execute, dialect, "rating_amendment", INSERT, UNSUBMITTED, unsubmitted, "amend")


def _create_candidate_tables() -> None:
    op.create_table(
        "candidate_event",
        _id(),
        _int("candidate_id"),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        _int("by_id"),
        _moment("at"),
        _to("candidate_event", "by_id", "person"),
        _to("candidate_event", "candidate_id", "candidate"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_candidate_event")),
    )
    op.create_index(op.f("ix_candidate_event_candidate_id"), "candidate_event", ["candidate_id"])
    op.create_table(
        "interview_round",
        _id(),
        _int("recruitment_id"),
        _int("number"),
        _moment("locked_at", nullable=True),
        _to("interview_round", "recruitment_id", "recruitment"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interview_round")),
        sa.UniqueConstraint("recruitment_id", "number", name=op.f("uq_interview_round_recruitment_id_number")),
    )
    op.create_table(
        "interview",
        _id(),
        _int("candidate_id"),
        _int("round_id"),
        _moment("starts_at", nullable=True),
        _int("minutes"),
        sa.Column("place", sa.String(length=200), nullable=False),
        _to("interview", "candidate_id", "candidate"),
        _to("interview", "round_id", "interview_round"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interview")),
        sa.UniqueConstraint("candidate_id", "round_id", name=op.f("uq_interview_candidate_id_round_id")),
    )
    op.create_index(op.f("ix_interview_round_id"), "interview", ["round_id"])


def _set_aside(**contents: str) -> None:
    """Keep the rows of the tables that are built anew; neither database can change their columns and rules in place."""
    for table, query in contents.items():
        op.execute(f"CREATE TABLE kept_{table} AS {query}")
    dialect = op.get_bind().dialect.name
    drop(op.execute, dialect, *REBUILT)
    drop(op.execute, dialect, "assessment", name="complete")
    for table in REBUILT:
        op.drop_table(table)


def _bring_back(**columns: str) -> None:
    """The rows back into the new tables, parents first, before their triggers are there."""
    for table, names in columns.items():
        op.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM kept_{table}")
        op.drop_table(f"kept_{table}")
        if op.get_bind().dialect.name != "sqlite":
            sequence = f"pg_get_serial_sequence('{table}', 'id')"
            op.execute(f"SELECT setval({sequence}, (SELECT coalesce(max(id), 0) + 1 FROM {table}), false)")


def _create_questions(unique_in: str, *more: "sa.Column[int]", nullable_bank: bool) -> None:
    table = "scorecard_question"
    links = [("bank_version_id", "bank_version"), ("competency_id", "competency"), ("recruitment_id", "recruitment")]
    links += [("round_id", "interview_round")] if more else []
    op.create_table(
        table,
        _id(),
        _int("recruitment_id"),
        *more,
        _int("competency_id"),
        _int("position"),
        _int("bank_version_id", nullable=nullable_bank),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("probes", sa.JSON(), nullable=False),
        sa.Column("anchors", sa.JSON(), nullable=False),
        *(_to(table, column, target) for column, target in links),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scorecard_question")),
        sa.UniqueConstraint(
            unique_in, "bank_version_id", name=op.f(f"uq_scorecard_question_{unique_in}_bank_version_id")
        ),
    )
    op.create_index(op.f("ix_scorecard_question_bank_version_id"), table, ["bank_version_id"])
    op.create_index(op.f("ix_scorecard_question_recruitment_id"), table, ["recruitment_id"])


def _create_assessments(column: str, target: str) -> None:
    """Assessments of what `column` points to, and their ratings."""
    op.create_table(
        "assessment",
        _id(),
        _int(column),
        _int("member_id"),
        _moment("started_at"),
        _moment("submitted_at", nullable=True),
        _int("version"),
        sa.Column("saved_from", sa.String(length=32), nullable=False),
        _to("assessment", column, target),
        _to("assessment", "member_id", "panel_member"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment")),
        sa.UniqueConstraint(column, "member_id", name=op.f(f"uq_assessment_{column}_member_id")),
    )
    op.create_index(op.f("ix_assessment_member_id"), "assessment", ["member_id"])
    op.create_table(
        "rating",
        _id(),
        _int("assessment_id"),
        _int("question_id"),
        _int("score", nullable=True),
        sa.Column("not_covered", sa.Boolean(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.CheckConstraint("score is null or not not_covered", name=op.f("ck_rating_scored_or_not_covered")),
        sa.CheckConstraint("score is null or score between 1 and 5", name=op.f("ck_rating_score")),
        _to("rating", "assessment_id", "assessment"),
        _to("rating", "question_id", "scorecard_question"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rating")),
        sa.UniqueConstraint("assessment_id", "question_id", name=op.f("uq_rating_assessment_id_question_id")),
    )
    op.create_index(op.f("ix_rating_question_id"), "rating", ["question_id"])


def _score_rules(table: str) -> Sequence[sa.CheckConstraint]:
    return (
        sa.CheckConstraint("(score is null) = not_covered", name=op.f(f"ck_{table}_scored_or_not_covered")),
        sa.CheckConstraint("score is null or score between 1 and 5", name=op.f(f"ck_{table}_score")),
    )


def _create_facts() -> None:
    op.create_table(
        "question_drop",
        _id(),
        _int("question_id"),
        sa.Column("reason", sa.Text(), nullable=False),
        _int("by_id"),
        _moment("at"),
        _to("question_drop", "by_id", "person"),
        _to("question_drop", "question_id", "scorecard_question"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_drop")),
        sa.UniqueConstraint("question_id", name=op.f("uq_question_drop_question_id")),
    )
    op.create_table(
        "rating_amendment",
        _id(),
        _int("rating_id"),
        _int("score", nullable=True),
        sa.Column("not_covered", sa.Boolean(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        _moment("at"),
        *_score_rules("rating_amendment"),
        _to("rating_amendment", "rating_id", "rating"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rating_amendment")),
    )
    op.create_index(op.f("ix_rating_amendment_rating_id"), "rating_amendment", ["rating_id"])
    op.create_table(
        "interview_closing",
        _id(),
        _int("interview_id"),
        sa.Column("closes", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        _int("by_id"),
        _moment("at"),
        _to("interview_closing", "by_id", "person"),
        _to("interview_closing", "interview_id", "interview"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interview_closing")),
    )
    op.create_index(op.f("ix_interview_closing_interview_id"), "interview_closing", ["interview_id"])
    op.create_table(
        "agreed_rating",
        _id(),
        _int("interview_id"),
        _int("question_id"),
        _int("score", nullable=True),
        sa.Column("not_covered", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        _int("by_id"),
        _moment("at"),
        *_score_rules("agreed_rating"),
        _to("agreed_rating", "by_id", "person"),
        _to("agreed_rating", "interview_id", "interview"),
        _to("agreed_rating", "question_id", "scorecard_question"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreed_rating")),
    )
    op.create_index(op.f("ix_agreed_rating_interview_id"), "agreed_rating", ["interview_id"])
    op.create_index(op.f("ix_agreed_rating_question_id"), "agreed_rating", ["question_id"])


def _protect(locked: str, unrated: str) -> None:
    """What 0003 keeps on the tables that were built anew."""
    dialect = op.get_bind().dialect.name
    frozen = "{row}.submitted_at IS NOT NULL"
    refuse(op.execute, dialect, "assessment", (UPDATE, DELETE), frozen, FROZEN, may_enter=True)
    refuse(op.execute, dialect, "rating", (INSERT, UPDATE, DELETE), SUBMITTED, FROZEN)
    for verb in (INSERT, UPDATE):
        lacking = "an assessment is submitted with every question rated"
        refuse_when(op.execute, dialect, "assessment", verb, unrated, lacking, "complete")
    refuse(op.execute, dialect, "scorecard_question", (INSERT, UPDATE, DELETE), locked, BEGUN)


def downgrade() -> None:
    """Back to one round: what belongs to later rounds, and the new facts, is given up."""
    dialect = op.get_bind().dialect.name
    drop(op.execute, dialect, *APPEND_ONLY, "interview_round")
    drop(op.execute, dialect, "rating_amendment", name="amend")
    for table in ("agreed_rating", "interview_closing", "rating_amendment", "question_drop"):
        op.drop_table(table)
    first = "JOIN interview_round r ON r.id = {}.round_id AND r.number = 1"
    of_bank = f"SELECT q.* FROM scorecard_question q {first.format('q')} WHERE q.bank_version_id IS NOT NULL"
    in_first = (
        f"SELECT a.*, i.candidate_id FROM assessment a JOIN interview i ON i.id = a.interview_id {first.format('i')}"
    )
    _set_aside(
        rating=(
            f"SELECT t.* FROM rating t JOIN ({of_bank}) q ON q.id = t.question_id "
            f"JOIN ({in_first}) a ON a.id = t.assessment_id"
        ),
        assessment=in_first,
        scorecard_question=of_bank,
    )
    _create_questions("recruitment_id", nullable_bank=False)
    _create_assessments("candidate_id", "candidate")
    _bring_back(
        scorecard_question="id, recruitment_id, competency_id, position, bank_version_id, kind, text, probes, anchors",
        assessment="id, candidate_id, member_id, started_at, submitted_at, version, saved_from",
        rating="id, assessment_id, question_id, score, not_covered, evidence",
    )
    _protect(OLD_LOCKED, OLD_UNRATED)
    for table in ("interview", "interview_round", "candidate_event"):
        op.drop_table(table)
    op.drop_index(op.f("ix_recruitment_authority_id"), table_name="recruitment")
    if dialect != "sqlite":
        op.drop_constraint("fk_recruitment_authority_id", "recruitment")
    for column in ("starts_on", "deadline", "authority_id"):
        op.drop_column("recruitment", column)
