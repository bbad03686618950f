"""Waivers: those that are asked for are found at once; what is locked no longer counts as behind"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0008"
branch_labels = None
depends_on = None

ASKED = sa.text("kind = 'waiver_asked'")
# the earliest open day of what can still be done: not of a milestone that is with the chef or signed off
BEHIND = """
UPDATE onboarding_plan SET open_from = (
  SELECT min(i.due_date) FROM onboarding_plan_item i
  WHERE i.plan_id = onboarding_plan.id AND i.state = 'open' AND NOT EXISTS (
    SELECT 1 FROM onboarding_milestone_event e
    WHERE e.plan_id = i.plan_id AND e.phase = i.phase AND e.kind IN ('requested', 'approved') AND NOT EXISTS (
      SELECT 1 FROM onboarding_milestone_event later
      WHERE later.plan_id = e.plan_id AND later.phase = e.phase AND later.id > e.id)))
"""


def upgrade() -> None:
    op.create_index(
        "ix_onboarding_item_event_asked", "onboarding_item_event", ["item_id", "id"], unique=False,
        sqlite_where=ASKED, postgresql_where=ASKED,
    )  # fmt: skip
    op.execute(BEHIND)


def downgrade() -> None:
    op.drop_index("ix_onboarding_item_event_asked", table_name="onboarding_item_event")
