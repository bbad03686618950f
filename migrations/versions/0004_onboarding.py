"""Checklist templates, onboarding plans and deputies"""

import sqlalchemy as sa
from alembic import op

import portal.db
from portal.triggers import DELETE, INSERT, UPDATE, append_only, drop, refuse

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "checklist_template",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=True),
        sa.Column("framework_slug", sa.String(length=60), nullable=False),
        sa.Column("retired_at", portal.db.Moment(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checklist_template")),
        sa.UniqueConstraint("slug", name=op.f("uq_checklist_template_slug")),
    )
    op.create_table(
        "checklist_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("template_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("phase_days", sa.JSON(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", portal.db.Moment(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("published_at", portal.db.Moment(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["created_by_id"], ["person.id"], name=op.f("fk_checklist_version_created_by_id")),
        sa.ForeignKeyConstraint(
            ["template_id"], ["checklist_template.id"], name=op.f("fk_checklist_version_template_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checklist_version")),
        sa.UniqueConstraint("template_id", "number", name=op.f("uq_checklist_version_template_id_number")),
    )
    op.create_table(
        "checklist_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("bank_version_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("documentation", sa.Text(), nullable=False),
        sa.Column("phase", sa.String(length=20), nullable=False),
        sa.Column("responsible", sa.String(length=20), nullable=False),
        sa.Column("offset_days", sa.Integer(), nullable=False),
        sa.Column("working_days", sa.Boolean(), nullable=False),
        sa.Column("theme", sa.String(length=20), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("competency_keys", sa.JSON(), nullable=False),
        sa.Column("behaviour_keys", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["bank_version_id"], ["bank_version.id"], name=op.f("fk_checklist_item_bank_version_id")
        ),
        sa.ForeignKeyConstraint(["version_id"], ["checklist_version.id"], name=op.f("fk_checklist_item_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checklist_item")),
    )
    op.create_index(op.f("ix_checklist_item_bank_version_id"), "checklist_item", ["bank_version_id"], unique=False)
    op.create_index(op.f("ix_checklist_item_version_id"), "checklist_item", ["version_id"], unique=False)
    op.create_table(
        "office_deputy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("named_by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("until >= since", name=op.f("ck_office_deputy_until_after_since")),
        sa.ForeignKeyConstraint(["named_by_id"], ["person.id"], name=op.f("fk_office_deputy_named_by_id")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_office_deputy_office_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_office_deputy_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office_deputy")),
    )
    op.create_index(op.f("ix_office_deputy_office_id"), "office_deputy", ["office_id"], unique=False)
    op.create_index(op.f("ix_office_deputy_person_id"), "office_deputy", ["person_id"], unique=False)
    op.create_table(
        "onboarding_plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("template_title", sa.String(length=120), nullable=False),
        sa.Column("template_version_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("souschef_id", sa.Integer(), nullable=False),
        sa.Column("buddy_id", sa.Integer(), nullable=True),
        sa.Column("start_date", sa.Date(), nullable=False),
        sa.Column("contract", sa.String(length=20), nullable=False),
        sa.Column("open_from", sa.Date(), nullable=True),
        sa.Column("created_at", portal.db.Moment(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", portal.db.Moment(timezone=True), nullable=True),
        sa.Column("ended_reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["buddy_id"], ["person.id"], name=op.f("fk_onboarding_plan_buddy_id")),
        sa.ForeignKeyConstraint(["created_by_id"], ["person.id"], name=op.f("fk_onboarding_plan_created_by_id")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_onboarding_plan_office_id")),
        sa.ForeignKeyConstraint(["souschef_id"], ["person.id"], name=op.f("fk_onboarding_plan_souschef_id")),
        sa.ForeignKeyConstraint(
            ["template_version_id"], ["checklist_version.id"], name=op.f("fk_onboarding_plan_template_version_id")
        ),
        sa.ForeignKeyConstraint(["version_id"], ["framework_version.id"], name=op.f("fk_onboarding_plan_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_onboarding_plan")),
    )
    op.create_index(op.f("ix_onboarding_plan_buddy_id"), "onboarding_plan", ["buddy_id"], unique=False)
    op.create_index(op.f("ix_onboarding_plan_office_id"), "onboarding_plan", ["office_id"], unique=False)
    op.create_index(
        "ix_onboarding_plan_open_from",
        "onboarding_plan",
        ["open_from", "id"],
        unique=False,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(op.f("ix_onboarding_plan_souschef_id"), "onboarding_plan", ["souschef_id"], unique=False)
    op.create_index("ix_onboarding_plan_start_date", "onboarding_plan", ["start_date", "id"], unique=False)
    op.create_index(
        op.f("ix_onboarding_plan_template_version_id"), "onboarding_plan", ["template_version_id"], unique=False
    )
    op.create_index(
        "uq_onboarding_plan_running",
        "onboarding_plan",
        ["office_id", "souschef_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "onboarding_milestone_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("phase", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", portal.db.Moment(timezone=True), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("snapshot", sa.JSON(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_onboarding_milestone_event_by_id")),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["onboarding_plan.id"], name=op.f("fk_onboarding_milestone_event_plan_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_onboarding_milestone_event")),
    )
    op.create_index(
        "ix_onboarding_milestone_event_plan_phase",
        "onboarding_milestone_event",
        ["plan_id", "phase", "id"],
        unique=False,
    )
    op.create_table(
        "onboarding_plan_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("bank_version_id", sa.Integer(), nullable=True),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("documentation", sa.Text(), nullable=False),
        sa.Column("phase", sa.String(length=20), nullable=False),
        sa.Column("responsible", sa.String(length=20), nullable=False),
        sa.Column("offset_days", sa.Integer(), nullable=False),
        sa.Column("working_days", sa.Boolean(), nullable=False),
        sa.Column("due_date", sa.Date(), nullable=False),
        sa.Column("theme", sa.String(length=20), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("competency_keys", sa.JSON(), nullable=False),
        sa.Column("behaviour_keys", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["added_by_id"], ["person.id"], name=op.f("fk_onboarding_plan_item_added_by_id")),
        sa.ForeignKeyConstraint(
            ["bank_version_id"], ["bank_version.id"], name=op.f("fk_onboarding_plan_item_bank_version_id")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["onboarding_plan.id"], name=op.f("fk_onboarding_plan_item_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_onboarding_plan_item")),
    )
    op.create_index(
        "ix_onboarding_plan_item_bank_version_id", "onboarding_plan_item", ["bank_version_id"], unique=False
    )
    op.create_index(
        "ix_onboarding_plan_item_plan_state", "onboarding_plan_item", ["plan_id", "state", "due_date"], unique=False
    )
    op.create_index(
        "ix_onboarding_plan_item_hr",
        "onboarding_plan_item",
        ["due_date", "id"],
        unique=False,
        sqlite_where=sa.text("responsible = 'hr' AND state = 'open'"),
        postgresql_where=sa.text("responsible = 'hr' AND state = 'open'"),
    )
    op.create_table(
        "onboarding_plan_milestone",
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("phase", sa.String(length=20), nullable=False),
        sa.Column("due_date", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["onboarding_plan.id"], name=op.f("fk_onboarding_plan_milestone_plan_id")),
        sa.PrimaryKeyConstraint("plan_id", "phase", name=op.f("pk_onboarding_plan_milestone")),
    )
    op.create_table(
        "onboarding_trial_review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", portal.db.Moment(timezone=True), nullable=False),
        sa.Column("strengths", sa.Text(), nullable=False),
        sa.Column("concerns", sa.Text(), nullable=False),
        sa.Column("actions", sa.Text(), nullable=False),
        sa.Column("remarks", sa.Text(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_onboarding_trial_review_by_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["onboarding_plan.id"], name=op.f("fk_onboarding_trial_review_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_onboarding_trial_review")),
    )
    op.create_index(op.f("ix_onboarding_trial_review_plan_id"), "onboarding_trial_review", ["plan_id"], unique=False)
    op.create_table(
        "onboarding_item_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", portal.db.Moment(timezone=True), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_onboarding_item_event_by_id")),
        sa.ForeignKeyConstraint(
            ["item_id"], ["onboarding_plan_item.id"], name=op.f("fk_onboarding_item_event_item_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_onboarding_item_event")),
    )
    op.create_index(op.f("ix_onboarding_item_event_item_id"), "onboarding_item_event", ["item_id"], unique=False)
    _protect()


APPEND_ONLY = ("onboarding_item_event", "onboarding_milestone_event", "onboarding_trial_review")
PUBLISHED = "EXISTS (SELECT 1 FROM checklist_version v WHERE v.id = {row}.version_id AND v.published_at IS NOT NULL)"


def _protect() -> None:
    dialect = op.get_bind().dialect.name
    reason = "a published template does not change"
    append_only(op.execute, dialect, *APPEND_ONLY)
    is_published = "{row}.published_at IS NOT NULL"
    refuse(op.execute, dialect, "checklist_version", (UPDATE, DELETE), is_published, reason, may_enter=True)
    refuse(op.execute, dialect, "checklist_item", (INSERT, UPDATE, DELETE), PUBLISHED, reason)


def downgrade() -> None:
    dialect = op.get_bind().dialect.name
    drop(op.execute, dialect, *APPEND_ONLY, "checklist_version", "checklist_item")
    op.drop_index(op.f("ix_onboarding_item_event_item_id"), table_name="onboarding_item_event")
    op.drop_table("onboarding_item_event")
    op.drop_index(op.f("ix_onboarding_trial_review_plan_id"), table_name="onboarding_trial_review")
    op.drop_table("onboarding_trial_review")
    op.drop_table("onboarding_plan_milestone")
    op.drop_index(
        "ix_onboarding_plan_item_hr",
        table_name="onboarding_plan_item",
        sqlite_where=sa.text("responsible = 'hr' AND state = 'open'"),
        postgresql_where=sa.text("responsible = 'hr' AND state = 'open'"),
    )
    op.drop_index("ix_onboarding_plan_item_plan_state", table_name="onboarding_plan_item")
    op.drop_index("ix_onboarding_plan_item_bank_version_id", table_name="onboarding_plan_item")
    op.drop_table("onboarding_plan_item")
    op.drop_index("ix_onboarding_milestone_event_plan_phase", table_name="onboarding_milestone_event")
    op.drop_table("onboarding_milestone_event")
    op.drop_index(
        "uq_onboarding_plan_running",
        table_name="onboarding_plan",
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.drop_index(op.f("ix_onboarding_plan_template_version_id"), table_name="onboarding_plan")
    op.drop_index("ix_onboarding_plan_start_date", table_name="onboarding_plan")
    op.drop_index(op.f("ix_onboarding_plan_souschef_id"), table_name="onboarding_plan")
    op.drop_index(
        "ix_onboarding_plan_open_from",
        table_name="onboarding_plan",
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.drop_index(op.f("ix_onboarding_plan_office_id"), table_name="onboarding_plan")
    op.drop_index(op.f("ix_onboarding_plan_buddy_id"), table_name="onboarding_plan")
    op.drop_table("onboarding_plan")
    op.drop_index(op.f("ix_office_deputy_person_id"), table_name="office_deputy")
    op.drop_index(op.f("ix_office_deputy_office_id"), table_name="office_deputy")
    op.drop_table("office_deputy")
    op.drop_index(op.f("ix_checklist_item_version_id"), table_name="checklist_item")
    op.drop_index(op.f("ix_checklist_item_bank_version_id"), table_name="checklist_item")
    op.drop_table("checklist_item")
    op.drop_table("checklist_version")
    op.drop_table("checklist_template")
