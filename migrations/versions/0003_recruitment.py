"""Recruitment, interviews and references"""

import sqlalchemy as sa
from alembic import op

import portal.db
from portal.triggers import DELETE, INSERT, UPDATE, append_only, drop, refuse, refuse_when

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "recruitment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("case_number", sa.String(length=40), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("recruiter_id", sa.Integer(), nullable=False),
        sa.Column("created_at", portal.db.Moment(timezone=True), nullable=False),
        sa.Column("locked_at", portal.db.Moment(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_recruitment_office_id")),
        sa.ForeignKeyConstraint(["recruiter_id"], ["person.id"], name=op.f("fk_recruitment_recruiter_id")),
        sa.ForeignKeyConstraint(["version_id"], ["framework_version.id"], name=op.f("fk_recruitment_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recruitment")),
    )
    op.create_index(op.f("ix_recruitment_recruiter_id"), "recruitment", ["recruiter_id"], unique=False)
    op.create_table(
        "candidate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recruitment_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("added_at", portal.db.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["recruitment_id"], ["recruitment.id"], name=op.f("fk_candidate_recruitment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_candidate")),
    )
    op.create_index(op.f("ix_candidate_recruitment_id"), "candidate", ["recruitment_id"], unique=False)
    op.create_table(
        "panel_member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recruitment_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("chair", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_panel_member_person_id")),
        sa.ForeignKeyConstraint(["recruitment_id"], ["recruitment.id"], name=op.f("fk_panel_member_recruitment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panel_member")),
        sa.UniqueConstraint("recruitment_id", "person_id", name=op.f("uq_panel_member_recruitment_id_person_id")),
    )
    op.create_index(op.f("ix_panel_member_person_id"), "panel_member", ["person_id"], unique=False)
    op.create_table(
        "assessment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("candidate_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("started_at", portal.db.Moment(timezone=True), nullable=False),
        sa.Column("submitted_at", portal.db.Moment(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("saved_from", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["candidate_id"], ["candidate.id"], name=op.f("fk_assessment_candidate_id")),
        sa.ForeignKeyConstraint(["member_id"], ["panel_member.id"], name=op.f("fk_assessment_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment")),
        sa.UniqueConstraint("candidate_id", "member_id", name=op.f("uq_assessment_candidate_id_member_id")),
    )
    op.create_index(op.f("ix_assessment_member_id"), "assessment", ["member_id"], unique=False)
    op.create_table(
        "impartiality_declaration",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("candidate_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("impartial", sa.Boolean(), nullable=False),
        sa.Column("at", portal.db.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["candidate_id"], ["candidate.id"], name=op.f("fk_impartiality_declaration_candidate_id")
        ),
        sa.ForeignKeyConstraint(["member_id"], ["panel_member.id"], name=op.f("fk_impartiality_declaration_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_impartiality_declaration")),
        sa.UniqueConstraint(
            "candidate_id", "member_id", name=op.f("uq_impartiality_declaration_candidate_id_member_id")
        ),
    )
    op.create_index(
        op.f("ix_impartiality_declaration_member_id"), "impartiality_declaration", ["member_id"], unique=False
    )
    op.create_table(
        "recruitment_competency",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recruitment_id", sa.Integer(), nullable=False),
        sa.Column("competency_id", sa.Integer(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("minimum", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "minimum is null or minimum between 1 and 5", name=op.f("ck_recruitment_competency_minimum")
        ),
        sa.CheckConstraint("weight between 1 and 5", name=op.f("ck_recruitment_competency_weight")),
        sa.ForeignKeyConstraint(
            ["competency_id"], ["competency.id"], name=op.f("fk_recruitment_competency_competency_id")
        ),
        sa.ForeignKeyConstraint(
            ["recruitment_id"], ["recruitment.id"], name=op.f("fk_recruitment_competency_recruitment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recruitment_competency")),
        sa.UniqueConstraint(
            "recruitment_id", "competency_id", name=op.f("uq_recruitment_competency_recruitment_id_competency_id")
        ),
    )
    op.create_index(
        op.f("ix_recruitment_competency_competency_id"), "recruitment_competency", ["competency_id"], unique=False
    )
    op.create_table(
        "referee",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("candidate_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("relation", sa.String(length=120), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("current_employer", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["candidate_id"], ["candidate.id"], name=op.f("fk_referee_candidate_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referee")),
    )
    op.create_index(op.f("ix_referee_candidate_id"), "referee", ["candidate_id"], unique=False)
    op.create_table(
        "reference_guide_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recruitment_id", sa.Integer(), nullable=False),
        sa.Column("competency_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("bank_version_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("probes", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["bank_version_id"], ["bank_version.id"], name=op.f("fk_reference_guide_question_bank_version_id")
        ),
        sa.ForeignKeyConstraint(
            ["competency_id"], ["competency.id"], name=op.f("fk_reference_guide_question_competency_id")
        ),
        sa.ForeignKeyConstraint(
            ["recruitment_id"], ["recruitment.id"], name=op.f("fk_reference_guide_question_recruitment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reference_guide_question")),
        sa.UniqueConstraint(
            "recruitment_id", "bank_version_id", name=op.f("uq_reference_guide_question_recruitment_id_bank_version_id")
        ),
    )
    op.create_index(
        op.f("ix_reference_guide_question_bank_version_id"),
        "reference_guide_question",
        ["bank_version_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_reference_guide_question_recruitment_id"), "reference_guide_question", ["recruitment_id"], unique=False
    )
    op.create_table(
        "scorecard_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recruitment_id", sa.Integer(), nullable=False),
        sa.Column("competency_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("bank_version_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("probes", sa.JSON(), nullable=False),
        sa.Column("anchors", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["bank_version_id"], ["bank_version.id"], name=op.f("fk_scorecard_question_bank_version_id")
        ),
        sa.ForeignKeyConstraint(["competency_id"], ["competency.id"], name=op.f("fk_scorecard_question_competency_id")),
        sa.ForeignKeyConstraint(
            ["recruitment_id"], ["recruitment.id"], name=op.f("fk_scorecard_question_recruitment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scorecard_question")),
        sa.UniqueConstraint(
            "recruitment_id", "bank_version_id", name=op.f("uq_scorecard_question_recruitment_id_bank_version_id")
        ),
    )
    op.create_index(
        op.f("ix_scorecard_question_bank_version_id"), "scorecard_question", ["bank_version_id"], unique=False
    )
    op.create_index(
        op.f("ix_scorecard_question_recruitment_id"), "scorecard_question", ["recruitment_id"], unique=False
    )
    op.create_table(
        "applicant_accept",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("referee_id", sa.Integer(), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", portal.db.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["person.id"], name=op.f("fk_applicant_accept_recorded_by_id")),
        sa.ForeignKeyConstraint(["referee_id"], ["referee.id"], name=op.f("fk_applicant_accept_referee_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_applicant_accept")),
    )
    op.create_index(op.f("ix_applicant_accept_referee_id"), "applicant_accept", ["referee_id"], unique=False)
    op.create_table(
        "rating",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("not_covered", sa.Boolean(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.CheckConstraint("score is null or not not_covered", name=op.f("ck_rating_scored_or_not_covered")),
        sa.CheckConstraint("score is null or score between 1 and 5", name=op.f("ck_rating_score")),
        sa.ForeignKeyConstraint(["assessment_id"], ["assessment.id"], name=op.f("fk_rating_assessment_id")),
        sa.ForeignKeyConstraint(["question_id"], ["scorecard_question.id"], name=op.f("fk_rating_question_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rating")),
        sa.UniqueConstraint("assessment_id", "question_id", name=op.f("uq_rating_assessment_id_question_id")),
    )
    op.create_index(op.f("ix_rating_question_id"), "rating", ["question_id"], unique=False)
    _protect()


APPEND_ONLY = (
    "impartiality_declaration",
    "applicant_accept",
)
SUBMITTED = "EXISTS (SELECT 1 FROM assessment a WHERE a.id = {row}.assessment_id AND a.submitted_at IS NOT NULL)"
# a question of the scorecard without a rating, or a rating that says nothing
UNRATED = (
    "NEW.submitted_at IS NOT NULL AND EXISTS (SELECT 1 FROM candidate c "
    "JOIN scorecard_question q ON q.recruitment_id = c.recruitment_id "
    "LEFT JOIN rating r ON r.question_id = q.id AND r.assessment_id = NEW.id "
    "WHERE c.id = NEW.candidate_id AND (r.id IS NULL OR (r.score IS NULL AND NOT r.not_covered)))"
)
LOCKED_WITH_RECRUITMENT = ("scorecard_question", "recruitment_competency")
LOCKED = "EXISTS (SELECT 1 FROM recruitment x WHERE x.id = {row}.recruitment_id AND x.locked_at IS NOT NULL)"
UNLOCKING = (
    "OLD.locked_at IS NOT NULL AND "
    "(NEW.locked_at IS NULL OR NEW.locked_at <> OLD.locked_at OR NEW.version_id <> OLD.version_id)"
)


def _protect() -> None:
    dialect = op.get_bind().dialect.name
    reason = "a submitted assessment does not change"
    append_only(op.execute, dialect, *APPEND_ONLY)
    refuse(
        op.execute, dialect, "assessment", (UPDATE, DELETE), "{row}.submitted_at IS NOT NULL", reason, may_enter=True
    )
    refuse(op.execute, dialect, "rating", (INSERT, UPDATE, DELETE), SUBMITTED, reason)
    for verb in (INSERT, UPDATE):
        lacking = "an assessment is submitted with every question rated"
        refuse_when(op.execute, dialect, "assessment", verb, UNRATED, lacking, "complete")
    begun = "the first assessment has begun: profile and questions stay the same for all"
    refuse(op.execute, dialect, "recruitment", (DELETE,), "{row}.locked_at IS NOT NULL", begun)
    refuse_when(op.execute, dialect, "recruitment", UPDATE, UNLOCKING, begun)
    for table in LOCKED_WITH_RECRUITMENT:
        refuse(op.execute, dialect, table, (INSERT, UPDATE, DELETE), LOCKED, begun)


def downgrade() -> None:
    dialect = op.get_bind().dialect.name
    drop(op.execute, dialect, *APPEND_ONLY, *LOCKED_WITH_RECRUITMENT, "assessment", "rating", "recruitment")
    drop(op.execute, dialect, "assessment", name="complete")
    op.drop_index(op.f("ix_rating_question_id"), table_name="rating")
    op.drop_table("rating")
    op.drop_index(op.f("ix_applicant_accept_referee_id"), table_name="applicant_accept")
    op.drop_table("applicant_accept")
    op.drop_index(op.f("ix_scorecard_question_bank_version_id"), table_name="scorecard_question")
    op.drop_index(op.f("ix_scorecard_question_recruitment_id"), table_name="scorecard_question")
    op.drop_table("scorecard_question")
    op.drop_index(op.f("ix_reference_guide_question_bank_version_id"), table_name="reference_guide_question")
    op.drop_index(op.f("ix_reference_guide_question_recruitment_id"), table_name="reference_guide_question")
    op.drop_table("reference_guide_question")
    op.drop_index(op.f("ix_referee_candidate_id"), table_name="referee")
    op.drop_table("referee")
    op.drop_index(op.f("ix_recruitment_competency_competency_id"), table_name="recruitment_competency")
    op.drop_table("recruitment_competency")
    op.drop_index(op.f("ix_impartiality_declaration_member_id"), table_name="impartiality_declaration")
    op.drop_table("impartiality_declaration")
    op.drop_index(op.f("ix_assessment_member_id"), table_name="assessment")
    op.drop_table("assessment")
    op.drop_index(op.f("ix_panel_member_person_id"), table_name="panel_member")
    op.drop_table("panel_member")
    op.drop_index(op.f("ix_candidate_recruitment_id"), table_name="candidate")
    op.drop_table("candidate")
    op.drop_index(op.f("ix_recruitment_recruiter_id"), table_name="recruitment")
    op.drop_table("recruitment")
