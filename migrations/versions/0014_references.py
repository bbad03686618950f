"""References: reworded guides, follow-ups, checks with notes, links for referees, and hearings"""

import sqlalchemy as sa
from alembic import op

import portal.db
from portal.triggers import DELETE, INSERT, UPDATE, append_only, drop, refuse, refuse_when

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

GUIDE = "reference_guide_question"
APPEND_ONLY = ("reference_addendum", "hearing", "hearing_step")
FINISHED = "EXISTS (SELECT 1 FROM reference_check c WHERE c.id = {row}.check_id AND c.finished_at IS NOT NULL)"
FROZEN = "a finished note does not change"
UNFINISHED = "NOT EXISTS (SELECT 1 FROM reference_check c WHERE c.id = NEW.check_id AND c.finished_at IS NOT NULL)"
OLD_COLUMNS = "id, recruitment_id, competency_id, position, bank_version_id, text, probes"


def _id() -> "sa.Column[int]":
    return sa.Column("id", sa.Integer(), nullable=False)


def _int(name: str, *, nullable: bool = False) -> "sa.Column[int]":
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _text(name: str) -> "sa.Column[str]":
    return sa.Column(name, sa.Text(), nullable=False)


def _string(name: str, length: int) -> "sa.Column[str]":
    return sa.Column(name, sa.String(length=length), nullable=False)


def _moment(name: str, *, nullable: bool = False) -> "sa.Column[object]":
    return sa.Column(name, portal.db.Moment(timezone=True), nullable=nullable)


def _create(table: str, *parts: "sa.schema.SchemaItem", links: dict[str, str], indexed: tuple[str, ...] = ()) -> None:
    """A table with its key, what it points to, and the indexes that go with that."""
    op.create_table(
        table,
        _id(),
        *parts,
        *(
            sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))
            for column, target in links.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    for column in indexed:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def upgrade() -> None:
    op.add_column("referee", sa.Column("period", sa.String(length=80), nullable=False, server_default=""))
    op.add_column("referee", sa.Column("email", sa.String(length=254), nullable=False, server_default=""))
    _rebuild_guide(_int("minutes"), keeps=f"{OLD_COLUMNS}, 3 AS minutes", nullable_bank=True)
    _create_checks()
    _create_hearings()
    dialect = op.get_bind().dialect.name
    append_only(op.execute, dialect, *APPEND_ONLY)
    finished = "{row}.finished_at IS NOT NULL"
    refuse(op.execute, dialect, "reference_check", (UPDATE, DELETE), finished, FROZEN, may_enter=True)
    refuse(op.execute, dialect, "reference_answer", (INSERT, UPDATE, DELETE), FINISHED, FROZEN)
    only = "only a finished note has addenda"
    refuse_when(op.execute, dialect, "reference_addendum", INSERT, UNFINISHED, only, "addend")


def _rebuild_guide(*more: "sa.Column[int]", keeps: str, nullable_bank: bool) -> None:
    """Neither database changes whether a column may be empty in place on both; the rows are set aside meanwhile."""
    op.execute(f"CREATE TABLE kept_guide AS SELECT {keeps} FROM {GUIDE}")
    op.drop_table(GUIDE)
    _create(
        GUIDE,
        _int("recruitment_id"),
        _int("competency_id", nullable=True),
        _int("position"),
        *more,
        _int("bank_version_id", nullable=nullable_bank),
        _text("text"),
        sa.Column("probes", sa.JSON(), nullable=False),
        sa.UniqueConstraint(
            "recruitment_id", "bank_version_id", name=op.f(f"uq_{GUIDE}_recruitment_id_bank_version_id")
        ),
        links={"bank_version_id": "bank_version", "competency_id": "competency", "recruitment_id": "recruitment"},
        indexed=("bank_version_id", "recruitment_id"),
    )
    names = OLD_COLUMNS + (", minutes" if more else "")
    op.execute(f"INSERT INTO {GUIDE} ({names}) SELECT {names} FROM kept_guide")
    op.drop_table("kept_guide")
    if op.get_bind().dialect.name != "sqlite":
        highest = f"(SELECT coalesce(max(id), 0) + 1 FROM {GUIDE})"
        op.execute(f"SELECT setval(pg_get_serial_sequence('{GUIDE}', 'id'), {highest}, false)")


def _create_checks() -> None:
    _create(
        "reference_probe",
        _int("candidate_id"),
        _int("competency_id"),
        _text("text"),
        _string("why", 20),
        sa.Column("accepted", sa.Boolean(), nullable=True),
        _int("decided_by_id", nullable=True),
        _moment("decided_at", nullable=True),
        sa.UniqueConstraint(
            "candidate_id", "competency_id", name=op.f("uq_reference_probe_candidate_id_competency_id")
        ),
        links={"candidate_id": "candidate", "competency_id": "competency", "decided_by_id": "person"},
    )
    _create(
        "reference_check",
        _int("referee_id"),
        _int("caller_id"),
        _moment("started_at"),
        sa.Column("held_on", sa.Date(), nullable=True),
        _int("minutes", nullable=True),
        _text("note"),
        _int("version"),
        _string("saved_from", 32),
        _moment("finished_at", nullable=True),
        _int("finished_by_id", nullable=True),
        _string("digest", 64),
        sa.CheckConstraint("minutes is null or minutes between 1 and 600", name=op.f("ck_reference_check_minutes")),
        sa.UniqueConstraint("referee_id", name=op.f("uq_reference_check_referee_id")),
        links={"caller_id": "person", "finished_by_id": "person", "referee_id": "referee"},
    )
    _create(
        "reference_answer",
        _int("check_id"),
        _int("question_id", nullable=True),
        _int("probe_id", nullable=True),
        _text("text"),
        sa.CheckConstraint("(question_id is null) <> (probe_id is null)", name=op.f("ck_reference_answer_about_one")),
        sa.UniqueConstraint("check_id", "question_id", name=op.f("uq_reference_answer_check_id_question_id")),
        sa.UniqueConstraint("check_id", "probe_id", name=op.f("uq_reference_answer_check_id_probe_id")),
        links={"check_id": "reference_check", "question_id": GUIDE, "probe_id": "reference_probe"},
        indexed=("question_id", "probe_id"),
    )
    _create(
        "reference_addendum",
        _int("check_id"),
        _text("text"),
        _int("by_id"),
        _moment("at"),
        links={"check_id": "reference_check", "by_id": "person"},
        indexed=("check_id",),
    )
    _create(
        "reference_link",
        _int("check_id"),
        _string("secret_hash", 64),
        _string("language", 2),
        _moment("made_at"),
        _moment("expires_at"),
        _moment("ended_at", nullable=True),
        _string("ended_why", 12),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_reference_link_secret_hash")),
        links={"check_id": "reference_check"},
        indexed=("check_id",),
    )


def _create_hearings() -> None:
    _create(
        "hearing",
        _int("check_id"),
        _text("fact"),
        *(sa.Column(name, sa.Boolean(), nullable=False) for name in ("is_new", "unfavourable", "essential")),
        _text("reason"),
        _int("by_id"),
        _moment("at"),
        links={"check_id": "reference_check", "by_id": "person"},
        indexed=("check_id",),
    )
    _create(
        "hearing_step",
        _int("hearing_id"),
        _string("kind", 12),
        _text("text"),
        sa.Column("deadline", sa.Date(), nullable=True),
        _int("by_id"),
        _moment("at"),
        links={"hearing_id": "hearing", "by_id": "person"},
        indexed=("hearing_id",),
    )


def downgrade() -> None:
    """Back to guides alone: what referees said, and questions of one's own, are given up."""
    dialect = op.get_bind().dialect.name
    drop(op.execute, dialect, *APPEND_ONLY, "reference_check", "reference_answer")
    drop(op.execute, dialect, "reference_addendum", name="addend")
    checks = ("reference_link", "reference_addendum", "reference_answer", "reference_check", "reference_probe")
    for table in ("hearing_step", "hearing", *checks):
        op.drop_table(table)
    op.execute(f"DELETE FROM {GUIDE} WHERE bank_version_id IS NULL")
    _rebuild_guide(keeps=OLD_COLUMNS, nullable_bank=False)
    for column in ("email", "period"):
        op.drop_column("referee", column)
