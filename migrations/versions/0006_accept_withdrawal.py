"""A candidate may take an accept back"""

import sqlalchemy as sa
from alembic import op

import portal.db
from portal.triggers import append_only, drop

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "accept_withdrawal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("accept_id", sa.Integer(), nullable=False),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", portal.db.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["accept_id"], ["applicant_accept.id"], name=op.f("fk_accept_withdrawal_accept_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["person.id"], name=op.f("fk_accept_withdrawal_recorded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accept_withdrawal")),
        sa.UniqueConstraint("accept_id", name=op.f("uq_accept_withdrawal_accept_id")),
    )
    append_only(op.execute, op.get_bind().dialect.name, "accept_withdrawal")


def downgrade() -> None:
    drop(op.execute, op.get_bind().dialect.name, "accept_withdrawal")
    op.drop_table("accept_withdrawal")
