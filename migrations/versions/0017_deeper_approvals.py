"""Requests that are sent back and change, steps side by side, tasks in turn and with deadlines, delegation by kind."""

import sqlalchemy as sa
from alembic import op

from models import base

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("approval_delegation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("subject", base.Key(32), nullable=True))

    with op.batch_alter_table("approval_history", schema=None) as batch_op:
        batch_op.add_column(sa.Column("file_id", base.Id, nullable=True))

    with op.batch_alter_table("approval_instance", schema=None) as batch_op:
        batch_op.add_column(sa.Column("version", sa.Integer(), server_default="1", nullable=False))
        batch_op.add_column(sa.Column("round", sa.Integer(), server_default="1", nullable=False))
        batch_op.add_column(sa.Column("counts_from", sa.Integer(), server_default="1", nullable=False))
        batch_op.add_column(sa.Column("choices", sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column("part", sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column("paused_at", base.UTCDateTime(), nullable=True))

    with op.batch_alter_table("approval_step", schema=None) as batch_op:
        batch_op.add_column(sa.Column("policies", sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column("round", sa.Integer(), server_default="1", nullable=False))
        batch_op.add_column(sa.Column("stage", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("branch", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("needed", sa.Integer(), nullable=True))
    # until now every step was a stage of its own
    op.execute("UPDATE approval_step SET stage = position")

    with op.batch_alter_table("approval_task", schema=None) as batch_op:
        batch_op.add_column(sa.Column("is_added", sa.Boolean(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("weight", sa.Integer(), server_default="1", nullable=False))
        batch_op.add_column(sa.Column("waits_for", base.Id, nullable=True))
        batch_op.add_column(sa.Column("due", sa.String(length=16), nullable=True))
        batch_op.add_column(sa.Column("due_at", base.UTCDateTime(), nullable=True))
        batch_op.create_index("ix_approval_task_due", ["state", "due_at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("approval_task", schema=None) as batch_op:
        batch_op.drop_index("ix_approval_task_due")
        batch_op.drop_column("due_at")
        batch_op.drop_column("due")
        batch_op.drop_column("waits_for")
        batch_op.drop_column("weight")
        batch_op.drop_column("is_added")

    with op.batch_alter_table("approval_step", schema=None) as batch_op:
        batch_op.drop_column("needed")
        batch_op.drop_column("branch")
        batch_op.drop_column("stage")
        batch_op.drop_column("round")
        batch_op.drop_column("policies")

    with op.batch_alter_table("approval_instance", schema=None) as batch_op:
        batch_op.drop_column("paused_at")
        batch_op.drop_column("part")
        batch_op.drop_column("choices")
        batch_op.drop_column("counts_from")
        batch_op.drop_column("round")
        batch_op.drop_column("version")

    with op.batch_alter_table("approval_history", schema=None) as batch_op:
        batch_op.drop_column("file_id")

    with op.batch_alter_table("approval_delegation", schema=None) as batch_op:
        batch_op.drop_column("subject")
