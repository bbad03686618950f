"""Mail: the outbox, and who wants the daily mail"""

import sqlalchemy as sa
from alembic import op

import portal.db

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "outgoing_mail",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", portal.db.Moment(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", portal.db.Moment(timezone=True), nullable=True),
        sa.Column("claimed_until", portal.db.Moment(timezone=True), nullable=True),
        sa.Column("sent_at", portal.db.Moment(timezone=True), nullable=True),
        sa.Column("failed_at", portal.db.Moment(timezone=True), nullable=True),
        sa.Column("last_error", sa.String(length=60), nullable=False),
        sa.CheckConstraint(
            "(next_attempt_at is null) = (sent_at is not null or failed_at is not null)",
            name=op.f("ck_outgoing_mail_settled"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outgoing_mail")),
        sa.UniqueConstraint("key", name=op.f("uq_outgoing_mail_key")),
    )
    op.create_index(op.f("ix_outgoing_mail_next_attempt_at"), "outgoing_mail", ["next_attempt_at"], unique=False)
    op.add_column("person", sa.Column("wants_digest", sa.Boolean(), server_default=sa.true(), nullable=False))


def downgrade() -> None:
    op.drop_column("person", "wants_digest")
    op.drop_index(op.f("ix_outgoing_mail_next_attempt_at"), table_name="outgoing_mail")
    op.drop_table("outgoing_mail")
