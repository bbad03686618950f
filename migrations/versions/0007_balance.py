"""Balance and focus areas that chef and souschef agree on"""

import sqlalchemy as sa
from alembic import op

import portal.db
from portal.triggers import INSERT, append_only, drop, refuse_when

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TABLES = ("balance_version", "balance_answer")
OWN_YES = (
    "NEW.kind = 'confirmed' AND EXISTS "
    "(SELECT 1 FROM balance_version v WHERE v.id = NEW.version_id AND v.proposed_by_id = NEW.by_id)"
)


def upgrade() -> None:
    op.create_table(
        "balance_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("souschef_id", sa.Integer(), nullable=False),
        sa.Column("framework_version_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("weights", sa.JSON(), nullable=False),
        sa.Column("focus", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=False),
        sa.Column("at", portal.db.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["framework_version_id"], ["framework_version.id"], name=op.f("fk_balance_version_framework_version_id")
        ),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_balance_version_office_id")),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["person.id"], name=op.f("fk_balance_version_proposed_by_id")),
        sa.ForeignKeyConstraint(["souschef_id"], ["person.id"], name=op.f("fk_balance_version_souschef_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_balance_version")),
        sa.UniqueConstraint(
            "office_id", "souschef_id", "number", name=op.f("uq_balance_version_office_id_souschef_id_number")
        ),
    )
    op.create_index(op.f("ix_balance_version_souschef_id"), "balance_version", ["souschef_id"], unique=False)
    op.create_table(
        "balance_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", portal.db.Moment(timezone=True), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_balance_answer_by_id")),
        sa.ForeignKeyConstraint(["version_id"], ["balance_version.id"], name=op.f("fk_balance_answer_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_balance_answer")),
        sa.UniqueConstraint("version_id", name=op.f("uq_balance_answer_version_id")),
    )
    dialect = op.get_bind().dialect.name
    append_only(op.execute, dialect, *TABLES)
    refuse_when(op.execute, dialect, "balance_answer", INSERT, OWN_YES, "nobody agrees with themselves")


def downgrade() -> None:
    drop(op.execute, op.get_bind().dialect.name, *TABLES)
    op.drop_table("balance_answer")
    op.drop_index(op.f("ix_balance_version_souschef_id"), table_name="balance_version")
    op.drop_table("balance_version")
