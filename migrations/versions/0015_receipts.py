"""Receipts with their keys and daily roots; what asks when requests and steps ended is indexed."""

import sqlalchemy as sa
from alembic import op

from models import base

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "receipt",
        sa.Column("kind", base.Key(32), nullable=False),
        sa.Column("thing_id", base.Id, nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("leaf", base.Hash, nullable=False),
        sa.Column("key_id", base.Key(16), nullable=False),
        sa.Column("signature", base.Key(88), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("id", base.Id, nullable=False),
        sa.Column("created_at", base.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt")),
        sa.UniqueConstraint("kind", "thing_id", name=op.f("uq_receipt_kind_thing_id")),
    )
    with op.batch_alter_table("receipt", schema=None) as batch_op:
        batch_op.create_index("ix_receipt_day", ["day", "id"], unique=False)

    op.create_table(
        "receipt_key",
        sa.Column("id", base.Key(16), nullable=False),
        sa.Column("public", base.Key(44), nullable=False),
        sa.Column("first_used_at", base.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt_key")),
    )
    op.create_table(
        "receipt_root",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("root", base.Hash, nullable=False),
        sa.Column("receipts", sa.Integer(), nullable=False),
        sa.Column("key_id", base.Key(16), nullable=False),
        sa.Column("signature", base.Key(88), nullable=False),
        sa.Column("made_at", base.UTCDateTime(), nullable=False),
        sa.Column("anchored_at", base.UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_receipt_root")),
    )
    with op.batch_alter_table("approval_instance", schema=None) as batch_op:
        batch_op.create_index("ix_approval_instance_ended", ["ended_at", "id"], unique=False)
        batch_op.create_index("ix_approval_instance_subject_ended", ["subject", "ended_at"], unique=False)

    with op.batch_alter_table("approval_step", schema=None) as batch_op:
        batch_op.create_index("ix_approval_step_closed", ["closed_at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("approval_step", schema=None) as batch_op:
        batch_op.drop_index("ix_approval_step_closed")

    with op.batch_alter_table("approval_instance", schema=None) as batch_op:
        batch_op.drop_index("ix_approval_instance_subject_ended")
        batch_op.drop_index("ix_approval_instance_ended")

    op.drop_table("receipt_root")
    op.drop_table("receipt_key")
    with op.batch_alter_table("receipt", schema=None) as batch_op:
        batch_op.drop_index("ix_receipt_day")

    op.drop_table("receipt")
