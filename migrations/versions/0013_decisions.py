"""Recommendations, decisions, refusals and filing; all of them append-only"""

import sqlalchemy as sa
from alembic import op

import portal.db
from portal.triggers import append_only, drop

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

TABLES = (
    "recommendation",
    "minority_opinion",
    "recommendation_submission",
    "hiring_decision",
    "refusal_text",
    "refusal_event",
    "filing",
)


def _int(name: str, *, nullable: bool = False) -> "sa.Column[int]":
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _text(name: str) -> "sa.Column[str]":
    return sa.Column(name, sa.Text(), nullable=False)


def _string(name: str, length: int) -> "sa.Column[str]":
    return sa.Column(name, sa.String(length=length), nullable=False)


def _to(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def _unique(table: str, *columns: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(*columns, name=op.f(f"uq_{table}_{'_'.join(columns)}"))


def _table(table: str, *parts: "sa.Column[object] | sa.Constraint") -> None:
    """A table of things that someone did at a moment."""
    op.create_table(
        table,
        _int("id"),
        *parts,
        _int("by_id"),
        sa.Column("at", portal.db.Moment(timezone=True), nullable=False),
        _to(table, "by_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )


def _index(table: str, column: str) -> None:
    op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def upgrade() -> None:
    _recommending()
    _answering()
    append_only(op.execute, op.get_bind().dialect.name, *TABLES)


def _recommending() -> None:
    _table(
        "recommendation",
        _int("recruitment_id"),
        _int("number"),
        _int("candidate_id", nullable=True),
        _text("reason"),
        sa.Column("reasons", sa.JSON(), nullable=False),
        _text("must_have_reason"),
        _to("recommendation", "recruitment_id", "recruitment"),
        _to("recommendation", "candidate_id", "candidate"),
        _unique("recommendation", "recruitment_id", "number"),
    )
    _index("recommendation", "candidate_id")
    _table(
        "minority_opinion",
        _int("recruitment_id"),
        _text("text"),
        _to("minority_opinion", "recruitment_id", "recruitment"),
    )
    _index("minority_opinion", "recruitment_id")
    _table(
        "recommendation_submission",
        _int("recruitment_id"),
        _int("recommendation_id"),
        sa.Column("snapshot", sa.JSON(), nullable=False),
        _string("digest", 64),
        _to("recommendation_submission", "recruitment_id", "recruitment"),
        _to("recommendation_submission", "recommendation_id", "recommendation"),
        _unique("recommendation_submission", "recommendation_id"),
    )
    _index("recommendation_submission", "recruitment_id")
    _table(
        "hiring_decision",
        _int("submission_id"),
        _string("ruling", 20),
        _int("candidate_id", nullable=True),
        _text("reason"),
        _to("hiring_decision", "submission_id", "recommendation_submission"),
        _to("hiring_decision", "candidate_id", "candidate"),
        _unique("hiring_decision", "submission_id"),
    )
    _index("hiring_decision", "candidate_id")


def _answering() -> None:
    _table(
        "refusal_text",
        _int("candidate_id"),
        _int("number"),
        _text("text"),
        _to("refusal_text", "candidate_id", "candidate"),
        _unique("refusal_text", "candidate_id", "number"),
    )
    _table(
        "refusal_event",
        _int("text_id"),
        _string("kind", 20),
        sa.Column("sent_on", sa.Date(), nullable=True),
        _to("refusal_event", "text_id", "refusal_text"),
        sa.CheckConstraint("(kind = 'sent') = (sent_on is not null)", name=op.f("ck_refusal_event_day")),
    )
    _index("refusal_event", "text_id")
    _table(
        "filing",
        _int("recruitment_id"),
        _string("case_number", 40),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        _string("digest", 64),
        _to("filing", "recruitment_id", "recruitment"),
    )
    _index("filing", "recruitment_id")


def downgrade() -> None:
    """What was recommended, decided, answered and filed is given up."""
    drop(op.execute, op.get_bind().dialect.name, *TABLES)
    for table in reversed(TABLES):
        op.drop_table(table)
