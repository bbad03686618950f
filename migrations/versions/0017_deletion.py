"""Retention, and deleting what a recruitment holds on a candidate: the one door in what is append-only"""

import sqlalchemy as sa
from alembic import op

import portal.db
from portal.triggers import DELETE, DOOR, INSERT, UPDATE, append_only, drop, refuse, refuse_when

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

OWN = ("retention_setting", "candidate_deletion")
APPEND_ONLY = (
    "impartiality_declaration", "candidate_event", "rating_amendment", "interview_closing", "agreed_rating",
    "question_drop", "applicant_accept", "accept_withdrawal", "reference_addendum", "hearing", "hearing_step",
    "recommendation", "minority_opinion", "recommendation_submission", "hiring_decision", "refusal_text",
    "refusal_event",
)  # fmt: skip
OF_CANDIDATE = (
    "impartiality_declaration", "candidate_event", "interview", "referee", "reference_probe", "refusal_text",
)  # fmt: skip
GONE = "EXISTS (SELECT 1 FROM candidate c WHERE c.id = NEW.candidate_id AND c.deleted_at IS NOT NULL)"
FROZEN = ("assessment", "rating", "reference_check", "reference_answer")
SUBMITTED = "EXISTS (SELECT 1 FROM assessment a WHERE a.id = {row}.assessment_id AND a.submitted_at IS NOT NULL)"
FINISHED = "EXISTS (SELECT 1 FROM reference_check c WHERE c.id = {row}.check_id AND c.finished_at IS NOT NULL)"


def _moment(name: str, *, nullable: bool = False) -> "sa.Column[object]":
    return sa.Column(name, portal.db.Moment(timezone=True), nullable=nullable)


def _int(name: str, *, nullable: bool = False) -> "sa.Column[int]":
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _text(name: str) -> "sa.Column[str]":
    return sa.Column(name, sa.Text(), nullable=False)


def _to(table: str, column: str, target: str, **options: object) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"), **options)


def upgrade() -> None:
    op.add_column("candidate", _moment("deleted_at", nullable=True))
    _create()
    dialect = op.get_bind().dialect.name
    drop(op.execute, dialect, *APPEND_ONLY, *FROZEN)
    _protect(DOOR)
    append_only(op.execute, dialect, "retention_setting")
    kept = "the deletion log is append-only"
    refuse(op.execute, dialect, "candidate_deletion", (DELETE,), "{row}.id IS NOT NULL", kept)
    refuse_when(op.execute, dialect, "candidate_deletion", UPDATE, "OLD.door IS NULL", kept)
    nothing = "nothing more is written about a deleted candidate"
    for table in OF_CANDIDATE:
        refuse_when(op.execute, dialect, table, INSERT, GONE, nothing, "gone")
    for verb in (UPDATE, DELETE):
        refuse_when(op.execute, dialect, "candidate", verb, "OLD.deleted_at IS NOT NULL", nothing, "gone")


def _create() -> None:
    op.create_table(
        "retention_setting",
        _int("id"),
        _int("months"),
        _text("reason"),
        _int("by_id"),
        _moment("at"),
        sa.CheckConstraint("months between 1 and 36", name=op.f("ck_retention_setting_months")),
        sa.CheckConstraint("months = 6 or reason <> ''", name=op.f("ck_retention_setting_reason")),
        _to("retention_setting", "by_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_setting")),
    )
    table = "candidate_deletion"
    op.create_table(
        table,
        _int("id"),
        _int("candidate_id"),
        _int("recruitment_id"),
        sa.Column("case_number", sa.String(length=40), nullable=False),
        _text("unfiled_reason"),
        _text("reason"),
        _int("months"),
        sa.Column("ended_on", sa.Date(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        _int("door", nullable=True),
        _int("by_id"),
        _moment("at"),
        sa.CheckConstraint("id > 0", name=op.f(f"ck_{table}_id")),
        sa.CheckConstraint("door < 0", name=op.f(f"ck_{table}_door")),
        sa.CheckConstraint("reason <> ''", name=op.f(f"ck_{table}_reason")),
        sa.CheckConstraint("case_number <> '' or unfiled_reason <> ''", name=op.f(f"ck_{table}_filed")),
        _to(table, "candidate_id", "candidate"),
        _to(table, "recruitment_id", "recruitment"),
        _to(table, "door", table, deferrable=True, initially="DEFERRED"),
        _to(table, "by_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("candidate_id", name=op.f(f"uq_{table}_candidate_id")),
    )
    for column in ("recruitment_id", "door", "at"):
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def _protect(unless: str = "") -> None:
    """What 0003 to 0014 keep on the tables with a candidate's data, but for a door."""
    dialect = op.get_bind().dialect.name
    append_only(op.execute, dialect, *APPEND_ONLY, unless=unless)
    for table, condition, reason in (
        ("assessment", "{row}.submitted_at IS NOT NULL", "a submitted assessment does not change"),
        ("reference_check", "{row}.finished_at IS NOT NULL", "a finished note does not change"),
    ):
        refuse(op.execute, dialect, table, (UPDATE, DELETE), condition, reason, may_enter=True, unless=unless)
    for table, condition, reason in (
        ("rating", SUBMITTED, "a submitted assessment does not change"),
        ("reference_answer", FINISHED, "a finished note does not change"),
    ):
        refuse(op.execute, dialect, table, (INSERT, UPDATE, DELETE), condition, reason, unless=unless)


def downgrade() -> None:
    """The log of what was deleted is given up; what was deleted stays so, under the name it was left with."""
    dialect = op.get_bind().dialect.name
    drop(op.execute, dialect, *OWN, *APPEND_ONLY, *FROZEN)
    drop(op.execute, dialect, *OF_CANDIDATE, "candidate", name="gone")
    for table in reversed(OWN):
        op.drop_table(table)
    op.drop_column("candidate", "deleted_at")
    _protect()
