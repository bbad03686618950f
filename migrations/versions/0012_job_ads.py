"""Versions of job ads"""

import sqlalchemy as sa
from alembic import op

import portal.db
from portal.triggers import append_only, drop

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "job_ad",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recruitment_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", portal.db.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_job_ad_by_id")),
        sa.ForeignKeyConstraint(["recruitment_id"], ["recruitment.id"], name=op.f("fk_job_ad_recruitment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_ad")),
        sa.UniqueConstraint("recruitment_id", "number", name=op.f("uq_job_ad_recruitment_id_number")),
    )
    append_only(op.execute, op.get_bind().dialect.name, "job_ad")


def downgrade() -> None:
    drop(op.execute, op.get_bind().dialect.name, "job_ad")
    op.drop_table("job_ad")
