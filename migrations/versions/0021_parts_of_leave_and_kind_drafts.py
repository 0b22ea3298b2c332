"""Days taken back inside leave, its entries in calendars, and drafts of kinds with what they would have charged."""

import sqlalchemy as sa
from alembic import op

from models import base

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "leave_event",
        sa.Column("request_id", base.Id, nullable=False),
        sa.Column("person_id", base.Id, nullable=False),
        sa.Column("starts_at", base.UTCDateTime(), nullable=False),
        sa.Column("ends_at", base.UTCDateTime(), nullable=False),
        sa.Column("is_whole_day", sa.Boolean(), nullable=False),
        sa.Column("summary", sa.String(length=128), nullable=False),
        sa.Column("schedule_id", base.Key(64), nullable=False),
        sa.Column("id", base.Id, nullable=False),
        sa.Column("created_at", base.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_leave_event_person_id")),
        sa.ForeignKeyConstraint(["request_id"], ["leave_request.id"], name=op.f("fk_leave_event_request_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leave_event")),
    )
    with op.batch_alter_table("leave_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_leave_event_request_id"), ["request_id"], unique=False)

    op.create_table(
        "leave_kind_draft",
        sa.Column("kind_code", base.Key(32), nullable=False),
        sa.Column("form", sa.JSON(), nullable=False),
        sa.Column("saved_by", base.Key(64), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("run_id", base.Id, nullable=True),
        sa.Column("released_version", sa.Integer(), nullable=True),
        sa.Column("id", base.Id, nullable=False),
        sa.Column("created_at", base.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["leave_run.id"], name=op.f("fk_leave_kind_draft_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leave_kind_draft")),
    )
    with op.batch_alter_table("leave_kind_draft", schema=None) as batch_op:
        batch_op.create_index("ix_leave_kind_draft_newest", ["created_at", "id"], unique=False)

    op.create_table(
        "leave_kind_trial",
        sa.Column("run_id", base.Id, nullable=False),
        sa.Column("request_id", base.Id, nullable=False),
        sa.Column("person_id", base.Id, nullable=False),
        sa.Column("department_id", base.Id, nullable=True),
        sa.Column("day_minutes", sa.Integer(), nullable=False),
        sa.Column("before", sa.Integer(), nullable=False),
        sa.Column("after", sa.Integer(), nullable=False),
        sa.Column("difference", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("id", base.Id, nullable=False),
        sa.Column("created_at", base.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["leave_request.id"], name=op.f("fk_leave_kind_trial_request_id")),
        sa.ForeignKeyConstraint(["run_id"], ["leave_run.id"], name=op.f("fk_leave_kind_trial_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leave_kind_trial")),
        sa.UniqueConstraint("run_id", "request_id", name=op.f("uq_leave_kind_trial_run_id_request_id")),
    )
    with op.batch_alter_table("leave_kind_trial", schema=None) as batch_op:
        batch_op.create_index("ix_leave_kind_trial_difference", ["run_id", "difference", "id"], unique=False)

    with op.batch_alter_table("leave_request", schema=None) as batch_op:
        batch_op.add_column(sa.Column("gaps", sa.JSON(), nullable=True))
    with op.batch_alter_table("leave_cancellation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("days", sa.JSON(), nullable=True))
    with op.batch_alter_table("leave_policy_trial", schema=None) as batch_op:
        batch_op.add_column(sa.Column("left_on", sa.Date(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("leave_policy_trial", schema=None) as batch_op:
        batch_op.drop_column("left_on")
    with op.batch_alter_table("leave_cancellation", schema=None) as batch_op:
        batch_op.drop_column("days")
    with op.batch_alter_table("leave_request", schema=None) as batch_op:
        batch_op.drop_column("gaps")

    with op.batch_alter_table("leave_kind_trial", schema=None) as batch_op:
        batch_op.drop_index("ix_leave_kind_trial_difference")

    op.drop_table("leave_kind_trial")
    with op.batch_alter_table("leave_kind_draft", schema=None) as batch_op:
        batch_op.drop_index("ix_leave_kind_draft_newest")

    op.drop_table("leave_kind_draft")
    with op.batch_alter_table("leave_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_leave_event_request_id"))

    op.drop_table("leave_event")
