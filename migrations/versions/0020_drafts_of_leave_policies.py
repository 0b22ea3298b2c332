"""Policies that HR has saved and not released, and what they would have given whom."""

import sqlalchemy as sa
from alembic import op

from models import base

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "leave_policy_draft",
        sa.Column("kind_code", base.Key(32), nullable=False),
        sa.Column("form", sa.JSON(), nullable=False),
        sa.Column("saved_by", base.Key(64), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("run_id", base.Id, nullable=True),
        sa.Column("released_version", sa.Integer(), nullable=True),
        sa.Column("id", base.Id, nullable=False),
        sa.Column("created_at", base.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["leave_run.id"], name=op.f("fk_leave_policy_draft_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leave_policy_draft")),
    )
    with op.batch_alter_table("leave_policy_draft", schema=None) as batch_op:
        batch_op.create_index("ix_leave_policy_draft_newest", ["created_at", "id"], unique=False)

    op.create_table(
        "leave_policy_trial",
        sa.Column("run_id", base.Id, nullable=False),
        sa.Column("person_id", base.Id, nullable=False),
        sa.Column("department_id", base.Id, nullable=True),
        sa.Column("day_minutes", sa.Integer(), nullable=False),
        sa.Column("before", sa.Integer(), nullable=False),
        sa.Column("after", sa.Integer(), nullable=False),
        sa.Column("difference", sa.Integer(), nullable=False),
        sa.Column("sentence_before", sa.String(length=500), nullable=False),
        sa.Column("sentence_after", sa.String(length=500), nullable=False),
        sa.Column("id", base.Id, nullable=False),
        sa.Column("created_at", base.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_leave_policy_trial_person_id")),
        sa.ForeignKeyConstraint(["run_id"], ["leave_run.id"], name=op.f("fk_leave_policy_trial_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leave_policy_trial")),
        sa.UniqueConstraint("run_id", "person_id", name=op.f("uq_leave_policy_trial_run_id_person_id")),
    )
    with op.batch_alter_table("leave_policy_trial", schema=None) as batch_op:
        batch_op.create_index("ix_leave_policy_trial_difference", ["run_id", "difference", "id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("leave_policy_trial", schema=None) as batch_op:
        batch_op.drop_index("ix_leave_policy_trial_difference")

    op.drop_table("leave_policy_trial")
    with op.batch_alter_table("leave_policy_draft", schema=None) as batch_op:
        batch_op.drop_index("ix_leave_policy_draft_newest")

    op.drop_table("leave_policy_draft")
