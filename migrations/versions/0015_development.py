"""Development: strategic goals, development goals, the annual talk, counted needs, activities, and the handover"""

import sqlalchemy as sa
from alembic import op

import portal.db
from portal.triggers import DELETE, INSERT, UPDATE, append_only, drop, refuse, refuse_when

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

APPEND_ONLY = (
    "strategic_goal_version", "development_goal_version", "development_goal_answer", "development_goal_event",
    "annual_talk_event", "annual_talk_release", "annual_talk_summary", "annual_talk_confirmation",
    "annual_talk_record", "annual_talk_addendum", "annual_talk_sharing", "need_survey", "need_survey_group",
    "need_figure", "activity_event", "activity_participation_event", "activity_evaluation", "handover",
    "handover_focus", "handover_comment",
)  # fmt: skip
VIEW, SUMMARY = "annual_talk_view", "annual_talk_summary"
RELEASED = "EXISTS (SELECT 1 FROM annual_talk t WHERE t.id = {row}.talk_id AND t.released_at IS NOT NULL)"
FROZEN = "EXISTS (SELECT 1 FROM annual_talk t WHERE t.id = NEW.talk_id AND t.frozen_at IS NOT NULL)"
# in the order of their making; they are dropped from the end
TABLES = (
    "strategic_goal", "strategic_goal_version", "development_goal", "development_goal_event",
    "development_goal_version", "development_goal_answer", "annual_talk", "annual_talk_addendum",
    "annual_talk_event", "annual_talk_record", "annual_talk_release", "annual_talk_sharing", "annual_talk_summary",
    "annual_talk_view", "annual_talk_confirmation", "need_group", "need_group_office", "need_survey",
    "need_survey_group", "need_figure", "activity", "activity_competency", "activity_event",
    "activity_participation", "activity_evaluation", "activity_participation_event", "handover", "handover_comment",
    "handover_focus",
)  # fmt: skip

Column = sa.Column[object]


def _int(name: str, *, nullable: bool = False) -> Column:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _text(name: str) -> Column:
    return sa.Column(name, sa.Text(), nullable=False)


def _string(name: str, length: int, *, key: bool = False) -> Column:
    return sa.Column(name, sa.String(length=length), nullable=False, primary_key=key)


def _moment(name: str, *, nullable: bool = False) -> Column:
    return sa.Column(name, portal.db.Moment(timezone=True), nullable=nullable)


def _date(name: str, *, nullable: bool = False) -> Column:
    return sa.Column(name, sa.Date(), nullable=nullable)


def _bool(name: str) -> Column:
    return sa.Column(name, sa.Boolean(), nullable=False)


def _json(name: str) -> Column:
    return sa.Column(name, sa.JSON(), nullable=False)


def _to(name: str, target: str, *, nullable: bool = False, key: bool = False) -> Column:
    return sa.Column(name, sa.Integer(), sa.ForeignKey(f"{target}.id"), nullable=nullable, primary_key=key)


def _unique(*columns: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(*columns)


def _table(table: str, *parts: "Column | sa.Constraint") -> None:
    """A table with an id, unless its columns bring a key of their own."""
    own = any(isinstance(part, sa.Column) and part.primary_key for part in parts)
    ids = [] if own else [sa.Column("id", sa.Integer(), primary_key=True)]
    op.create_table(table, *ids, *parts)


def _index(name: str, table: str, *columns: str) -> None:
    op.create_index(op.f(name), table, list(columns))


def upgrade() -> None:
    _goals()
    _talks()
    _needs()
    _activities()
    _handover()
    dialect = op.get_bind().dialect.name
    append_only(op.execute, dialect, *APPEND_ONLY)
    refuse(op.execute, dialect, VIEW, (INSERT, UPDATE, DELETE), RELEASED, "what both have released does not change")
    refuse_when(op.execute, dialect, SUMMARY, INSERT, FROZEN, "a confirmed talk does not change")


def downgrade() -> None:
    drop(op.execute, op.get_bind().dialect.name, *APPEND_ONLY, VIEW)
    for table in reversed(TABLES):
        op.drop_table(table)


def _goals() -> None:
    _table(
        "strategic_goal",
        _int("position"),
    )
    _table(
        "strategic_goal_version",
        _to("goal_id", "strategic_goal"),
        _int("number"),
        _string("title", 120),
        _text("description"),
        _date("starts_on"),
        _date("ends_on"),
        _bool("retired"),
        _to("by_id", "person"),
        _moment("at"),
        _unique("goal_id", "number"),
        sa.CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
    )
    _table(
        "development_goal",
        _to("souschef_id", "person"),
        _to("framework_version_id", "framework_version"),
        _string("competency_key", 80),
        _to("focus_of_id", "balance_version", nullable=True),
        _string("state", 12),
        _date("follow_up_on", nullable=True),
        _moment("created_at"),
        _to("created_by_id", "person"),
    )
    _index("ix_development_goal_competency_key", "development_goal", "competency_key", "state")
    _index("ix_development_goal_follow_up_on", "development_goal", "follow_up_on")
    _index("ix_development_goal_souschef_id", "development_goal", "souschef_id", "state")
    _table(
        "development_goal_event",
        _to("goal_id", "development_goal"),
        _string("kind", 12),
        _string("status", 12),
        _text("words"),
        _date("follow_up_on", nullable=True),
        _to("by_id", "person"),
        _moment("at"),
    )
    _index("ix_development_goal_event_goal_id", "development_goal_event", "goal_id")
    _table(
        "development_goal_version",
        _to("goal_id", "development_goal"),
        _int("number"),
        _to("strategic_version_id", "strategic_goal_version", nullable=True),
        _string("direction", 12),
        _text("aim"),
        _text("activity"),
        _text("who"),
        _text("sign"),
        _date("follow_up_on"),
        _text("reason"),
        _to("proposed_by_id", "person"),
        _moment("at"),
        _unique("goal_id", "number"),
    )
    _index("ix_development_goal_version_strategic_version_id", "development_goal_version", "strategic_version_id")
    _table(
        "development_goal_answer",
        _to("version_id", "development_goal_version"),
        _string("kind", 12),
        _text("words"),
        _to("by_id", "person"),
        _moment("at"),
        _unique("version_id"),
    )


def _talks() -> None:
    _table(
        "annual_talk",
        _to("souschef_id", "person"),
        _to("chef_id", "person"),
        _to("office_id", "office"),
        _to("framework_version_id", "framework_version"),
        _moment("starts_at"),
        _int("minutes"),
        _string("place", 200),
        _json("competency_keys"),
        _int("revision"),
        _moment("released_at", nullable=True),
        _moment("frozen_at", nullable=True),
        _moment("cancelled_at", nullable=True),
    )
    _index("ix_annual_talk_chef_id", "annual_talk", "chef_id")
    _index("ix_annual_talk_office_id", "annual_talk", "office_id", "starts_at")
    _index("ix_annual_talk_souschef_id", "annual_talk", "souschef_id", "starts_at")
    _table(
        "annual_talk_addendum",
        _to("talk_id", "annual_talk"),
        _text("text"),
        _to("by_id", "person"),
        _moment("at"),
    )
    _index("ix_annual_talk_addendum_talk_id", "annual_talk_addendum", "talk_id")
    _table(
        "annual_talk_event",
        _to("talk_id", "annual_talk"),
        _string("kind", 12),
        _moment("starts_at", nullable=True),
        _text("words"),
        _to("by_id", "person"),
        _moment("at"),
    )
    _index("ix_annual_talk_event_talk_id", "annual_talk_event", "talk_id")
    _table(
        "annual_talk_record",
        _to("talk_id", "annual_talk"),
        _json("snapshot"),
        _string("digest", 64),
        _moment("at"),
        _unique("talk_id"),
    )
    _table(
        "annual_talk_release",
        _to("talk_id", "annual_talk"),
        _string("side", 10),
        _string("purpose", 10),
        _string("kind", 10),
        _to("by_id", "person"),
        _moment("at"),
    )
    _index("ix_annual_talk_release_talk_id", "annual_talk_release", "talk_id")
    _table(
        "annual_talk_sharing",
        _to("talk_id", "annual_talk"),
        _to("with_id", "person"),
        _string("kind", 10),
        _moment("at"),
    )
    _index("ix_annual_talk_sharing_talk_id", "annual_talk_sharing", "talk_id")
    _index("ix_annual_talk_sharing_with_id", "annual_talk_sharing", "with_id")
    _table(
        "annual_talk_summary",
        _to("talk_id", "annual_talk"),
        _int("number"),
        _text("text"),
        _to("by_id", "person"),
        _moment("at"),
        _unique("talk_id", "number"),
    )
    _table(
        "annual_talk_view",
        _to("talk_id", "annual_talk"),
        _string("side", 10),
        _string("competency_key", 80),
        _text("words"),
        _int("level", nullable=True),
        _bool("wants"),
        _int("revision"),
        _moment("saved_at"),
        _unique("talk_id", "side", "competency_key"),
        sa.CheckConstraint("level is null or level between 1 and 5", name="level_on_scale"),
    )
    _table(
        "annual_talk_confirmation",
        _to("summary_id", "annual_talk_summary"),
        _string("side", 10),
        _to("by_id", "person"),
        _moment("at"),
        _unique("summary_id", "side"),
    )


def _needs() -> None:
    _table(
        "need_group",
        _string("name", 120),
        _unique("name"),
    )
    _table(
        "need_group_office",
        _to("office_id", "office", key=True),
        _to("group_id", "need_group"),
    )
    _index("ix_need_group_office_group_id", "need_group_office", "group_id")
    _table(
        "need_survey",
        _to("framework_version_id", "framework_version"),
        _to("by_id", "person"),
        _moment("at"),
    )
    _index("ix_need_survey_at", "need_survey", "at")
    _table(
        "need_survey_group",
        _to("survey_id", "need_survey"),
        _int("position"),
        _string("name", 120),
        _bool("whole"),
        _int("people"),
        _json("office_ids"),
    )
    _index("ix_need_survey_group_survey_id", "need_survey_group", "survey_id")
    _table(
        "need_figure",
        _to("group_id", "need_survey_group"),
        _string("competency_key", 80),
        _int("at_least", nullable=True),
        _int("at_most", nullable=True),
        _unique("group_id", "competency_key"),
    )


def _activities() -> None:
    _table(
        "activity",
        _to("framework_version_id", "framework_version"),
        _to("strategic_version_id", "strategic_goal_version", nullable=True),
        _string("title", 120),
        _string("kind", 20),
        _text("description"),
        _moment("starts_at"),
        _int("minutes"),
        _string("place", 200),
        _int("seats"),
        _date("sign_up_until"),
        _string("state", 12),
        _int("revision"),
        _to("created_by_id", "person"),
        _moment("created_at"),
        sa.CheckConstraint("seats > 0", name="seats_above_zero"),
    )
    _index("ix_activity_starts_at", "activity", "starts_at")
    _index("ix_activity_strategic_version_id", "activity", "strategic_version_id")
    _table(
        "activity_competency",
        _to("activity_id", "activity", key=True),
        _string("competency_key", 80, key=True),
    )
    _index("ix_activity_competency_competency_key", "activity_competency", "competency_key")
    _table(
        "activity_event",
        _to("activity_id", "activity"),
        _string("kind", 12),
        _text("words"),
        _to("by_id", "person"),
        _moment("at"),
    )
    _index("ix_activity_event_activity_id", "activity_event", "activity_id")
    _table(
        "activity_participation",
        _to("activity_id", "activity"),
        _to("person_id", "person"),
        _string("state", 12),
        _moment("since"),
        _unique("activity_id", "person_id"),
    )
    _index("ix_activity_participation_person_id", "activity_participation", "person_id", "state")
    _table(
        "activity_evaluation",
        _to("participation_id", "activity_participation"),
        _string("competency_key", 80),
        _int("value"),
        _text("words"),
        _moment("at"),
        sa.CheckConstraint("value between 1 and 5", name="value_on_scale"),
        _unique("participation_id", "competency_key"),
    )
    _table(
        "activity_participation_event",
        _to("participation_id", "activity_participation"),
        _string("state", 12),
        _to("by_id", "person", nullable=True),
        _moment("at"),
    )
    _index("ix_activity_participation_event_participation_id", "activity_participation_event", "participation_id")


def _handover() -> None:
    _table(
        "handover",
        _to("candidate_id", "candidate"),
        _to("plan_id", "onboarding_plan"),
        _string("kind", 10),
        _text("note"),
        _to("by_id", "person"),
        _moment("at"),
        _unique("candidate_id"),
    )
    _index("ix_handover_plan_id", "handover", "plan_id")
    _table(
        "handover_comment",
        _to("handover_id", "handover"),
        _text("text"),
        _to("by_id", "person"),
        _moment("at"),
    )
    _index("ix_handover_comment_handover_id", "handover_comment", "handover_id")
    _table(
        "handover_focus",
        _to("handover_id", "handover"),
        _string("competency_key", 80),
        _string("ground", 20),
        _text("words"),
        _unique("handover_id", "competency_key"),
    )
