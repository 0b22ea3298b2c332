"""leave compared with wecom."""

import sqlalchemy as sa
from alembic import op

from models import base

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "leave_drift_run",
        sa.Column("asked_by", base.Key(64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("slot", base.Key(16), nullable=True),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("compared", sa.Integer(), nullable=False),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.Column("problem", sa.String(length=300), nullable=True),
        sa.Column("ended_at", base.UTCDateTime(), nullable=True),
        sa.Column("id", base.Id, nullable=False),
        sa.Column("created_at", base.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leave_drift_run")),
        sa.UniqueConstraint("slot", name=op.f("uq_leave_drift_run_slot")),
    )
    op.create_table(
        "leave_vacation",
        sa.Column("vacation_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("is_hourly", sa.Boolean(), nullable=False),
        sa.Column("is_unlimited", sa.Boolean(), nullable=False),
        sa.Column("is_listed", sa.Boolean(), nullable=False),
        sa.Column("kind_code", base.Key(32), nullable=True),
        sa.Column("pushes", sa.Boolean(), nullable=False),
        sa.Column("read_at", base.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("vacation_id", name=op.f("pk_leave_vacation")),
        sa.UniqueConstraint("kind_code", name=op.f("uq_leave_vacation_kind_code")),
    )
    op.create_table(
        "leave_drift",
        sa.Column("run_id", base.Id, nullable=False),
        sa.Column("person_id", base.Id, nullable=False),
        sa.Column("kind_code", base.Key(32), nullable=True),
        sa.Column("vacation_id", sa.BigInteger(), nullable=True),
        sa.Column("vacation_name", sa.String(length=60), nullable=False),
        sa.Column("is_hourly", sa.Boolean(), nullable=False),
        sa.Column("ours", sa.BigInteger(), nullable=True),
        sa.Column("theirs", sa.BigInteger(), nullable=True),
        sa.Column("difference", sa.BigInteger(), nullable=False),
        sa.Column("cause", sa.String(length=16), nullable=False),
        sa.Column("push_state", sa.String(length=16), nullable=True),
        sa.Column("pushed_from", sa.BigInteger(), nullable=True),
        sa.Column("pushed_to", sa.BigInteger(), nullable=True),
        sa.Column("push_note", sa.String(length=300), nullable=True),
        sa.Column("pushed_at", base.UTCDateTime(), nullable=True),
        sa.Column("id", base.Id, nullable=False),
        sa.Column("created_at", base.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_leave_drift_person_id")),
        sa.ForeignKeyConstraint(["run_id"], ["leave_drift_run.id"], name=op.f("fk_leave_drift_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leave_drift")),
    )
    with op.batch_alter_table("leave_drift", schema=None) as batch_op:
        batch_op.create_index("ix_leave_drift_cause", ["run_id", "cause", "id"], unique=False)
        batch_op.create_index("ix_leave_drift_run", ["run_id", "difference", "id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("leave_drift", schema=None) as batch_op:
        batch_op.drop_index("ix_leave_drift_run")
        batch_op.drop_index("ix_leave_drift_cause")

    op.drop_table("leave_drift")
    op.drop_table("leave_vacation")
    op.drop_table("leave_drift_run")
