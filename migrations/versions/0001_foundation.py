"""People, frameworks and the event log"""

import sqlalchemy as sa
from alembic import op

import portal.db
from portal.triggers import DELETE, INSERT, UPDATE, append_only, drop, refuse

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "framework",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_framework")),
        sa.UniqueConstraint("slug", name=op.f("uq_framework_slug")),
    )
    op.create_table(
        "sent_form",
        sa.Column("token", sa.String(length=32), nullable=False),
        sa.Column("at", portal.db.Moment(timezone=True), nullable=False),
        sa.Column("location", sa.String(length=300), nullable=False),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_sent_form")),
    )
    op.create_index(op.f("ix_sent_form_at"), "sent_form", ["at"], unique=False)
    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("job_title", sa.String(length=120), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("must_change_password", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", portal.db.Moment(timezone=True), nullable=False),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_person_email_lower")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("email", name=op.f("uq_person_email")),
    )
    op.create_index(op.f("ix_person_name"), "person", ["name"], unique=False)
    op.create_table(
        "audit_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", portal.db.Moment(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("address", sa.String(length=45), nullable=False),
        sa.Column("action", sa.String(length=80), nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"], name=op.f("fk_audit_event_actor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_event")),
    )
    op.create_index(op.f("ix_audit_event_action"), "audit_event", ["action"], unique=False)
    op.create_index(op.f("ix_audit_event_actor_id"), "audit_event", ["actor_id"], unique=False)
    op.create_index(op.f("ix_audit_event_at"), "audit_event", ["at"], unique=False)
    op.create_table(
        "framework_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("framework_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("introduction", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("published_at", portal.db.Moment(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["framework_id"], ["framework.id"], name=op.f("fk_framework_version_framework_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_framework_version")),
        sa.UniqueConstraint("framework_id", "number", name=op.f("uq_framework_version_framework_id_number")),
    )
    op.create_table(
        "office",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("chef_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["chef_id"], ["person.id"], name=op.f("fk_office_chef_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office")),
        sa.UniqueConstraint("name", name=op.f("uq_office_name")),
    )
    op.create_index(op.f("ix_office_chef_id"), "office", ["chef_id"], unique=False)
    op.create_table(
        "person_role",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_person_role_person_id")),
        sa.PrimaryKeyConstraint("person_id", "role", name=op.f("pk_person_role")),
    )
    op.create_table(
        "sign_in",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("started_at", portal.db.Moment(timezone=True), nullable=False),
        sa.Column("ended_at", portal.db.Moment(timezone=True), nullable=True),
        sa.Column("address", sa.String(length=45), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_sign_in_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in")),
    )
    op.create_index(op.f("ix_sign_in_person_id"), "sign_in", ["person_id"], unique=False)
    op.create_table(
        "office_souschef",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.CheckConstraint("until is null or until >= since", name=op.f("ck_office_souschef_until_after_since")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_office_souschef_office_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_office_souschef_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office_souschef")),
    )
    op.create_index(op.f("ix_office_souschef_office_id"), "office_souschef", ["office_id"], unique=False)
    op.create_index(op.f("ix_office_souschef_person_id"), "office_souschef", ["person_id"], unique=False)
    op.create_table(
        "part",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["version_id"], ["framework_version.id"], name=op.f("fk_part_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_part")),
        sa.UniqueConstraint("version_id", "position", name=op.f("uq_part_version_id_position")),
        sa.UniqueConstraint("version_id", "slug", name=op.f("uq_part_version_id_slug")),
    )
    op.create_table(
        "behaviour",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("part_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["part_id"], ["part.id"], name=op.f("fk_behaviour_part_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_behaviour")),
        sa.UniqueConstraint("part_id", "key", name=op.f("uq_behaviour_part_id_key")),
        sa.UniqueConstraint("part_id", "position", name=op.f("uq_behaviour_part_id_position")),
    )
    op.create_index(op.f("ix_behaviour_key"), "behaviour", ["key"], unique=False)
    op.create_table(
        "competency",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("part_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["part_id"], ["part.id"], name=op.f("fk_competency_part_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_competency")),
        sa.UniqueConstraint("part_id", "key", name=op.f("uq_competency_part_id_key")),
        sa.UniqueConstraint("part_id", "position", name=op.f("uq_competency_part_id_position")),
    )
    op.create_index(op.f("ix_competency_key"), "competency", ["key"], unique=False)
    _protect()


IN_PUBLISHED = (
    "EXISTS (SELECT 1 FROM part JOIN framework_version v ON v.id = part.version_id "
    "WHERE part.id = {row}.part_id AND v.published_at IS NOT NULL)"
)
PART_OF_PUBLISHED = (
    "EXISTS (SELECT 1 FROM framework_version v WHERE v.id = {row}.version_id AND v.published_at IS NOT NULL)"
)


def _protect() -> None:
    dialect = op.get_bind().dialect.name
    reason = "a published version of a framework does not change"
    append_only(op.execute, dialect, "audit_event")
    published = "{row}.published_at IS NOT NULL"
    refuse(op.execute, dialect, "framework_version", (UPDATE, DELETE), published, reason, may_enter=True)
    refuse(op.execute, dialect, "part", (INSERT, UPDATE, DELETE), PART_OF_PUBLISHED, reason)
    for table in ("competency", "behaviour"):
        refuse(op.execute, dialect, table, (INSERT, UPDATE, DELETE), IN_PUBLISHED, reason)


def downgrade() -> None:
    dialect = op.get_bind().dialect.name
    drop(op.execute, dialect, "audit_event", "framework_version", "part", "competency", "behaviour")
    op.drop_index(op.f("ix_competency_key"), table_name="competency")
    op.drop_table("competency")
    op.drop_index(op.f("ix_behaviour_key"), table_name="behaviour")
    op.drop_table("behaviour")
    op.drop_table("part")
    op.drop_index(op.f("ix_office_souschef_person_id"), table_name="office_souschef")
    op.drop_index(op.f("ix_office_souschef_office_id"), table_name="office_souschef")
    op.drop_table("office_souschef")
    op.drop_index(op.f("ix_sign_in_person_id"), table_name="sign_in")
    op.drop_table("sign_in")
    op.drop_table("person_role")
    op.drop_index(op.f("ix_office_chef_id"), table_name="office")
    op.drop_table("office")
    op.drop_table("framework_version")
    op.drop_index(op.f("ix_audit_event_at"), table_name="audit_event")
    op.drop_index(op.f("ix_audit_event_actor_id"), table_name="audit_event")
    op.drop_index(op.f("ix_audit_event_action"), table_name="audit_event")
    op.drop_table("audit_event")
    op.drop_index(op.f("ix_person_name"), table_name="person")
    op.drop_table("person")
    op.drop_index(op.f("ix_sent_form_at"), table_name="sent_form")
    op.drop_table("sent_form")
    op.drop_table("framework")
