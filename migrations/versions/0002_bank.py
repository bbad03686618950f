"""The bank: entries, their versions and the competencies they spring from"""

import sqlalchemy as sa
from alembic import op

import portal.db
from portal.triggers import DELETE, UPDATE, append_only, drop, refuse

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bank_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("framework_slug", sa.String(length=60), nullable=False),
        sa.Column("use", sa.String(length=20), nullable=False),
        sa.Column("retired_at", portal.db.Moment(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_entry")),
        sa.UniqueConstraint("key", name=op.f("uq_bank_entry_key")),
    )
    op.create_index(op.f("ix_bank_entry_use"), "bank_entry", ["use"], unique=False)
    op.create_table(
        "bank_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("behaviour_keys", sa.JSON(), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("created_at", portal.db.Moment(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["created_by_id"], ["person.id"], name=op.f("fk_bank_version_created_by_id")),
        sa.ForeignKeyConstraint(["entry_id"], ["bank_entry.id"], name=op.f("fk_bank_version_entry_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_version")),
        sa.UniqueConstraint("entry_id", "number", name=op.f("uq_bank_version_entry_id_number")),
    )
    op.create_table(
        "bank_tie",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("competency_key", sa.String(length=80), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["version_id"], ["bank_version.id"], name=op.f("fk_bank_tie_version_id")),
        sa.PrimaryKeyConstraint("version_id", "competency_key", name=op.f("pk_bank_tie")),
    )
    op.create_index(op.f("ix_bank_tie_competency_key"), "bank_tie", ["competency_key"], unique=False)
    dialect = op.get_bind().dialect.name
    append_only(op.execute, dialect, "bank_version")
    refuse(op.execute, dialect, "bank_tie", (UPDATE, DELETE), "{row}.version_id IS NOT NULL", "bank_tie is append-only")


def downgrade() -> None:
    for table in ("bank_version", "bank_tie"):
        drop(op.execute, op.get_bind().dialect.name, table)
    op.drop_index(op.f("ix_bank_tie_competency_key"), table_name="bank_tie")
    op.drop_table("bank_tie")
    op.drop_table("bank_version")
    op.drop_index(op.f("ix_bank_entry_use"), table_name="bank_entry")
    op.drop_table("bank_entry")
