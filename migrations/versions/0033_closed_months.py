"""Closed months: how far each is, everybody's sheet, and what comes too late for it."""

import sqlalchemy as sa
from alembic import op

from models import base

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attendance_month",
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.Column("hash", base.Hash, nullable=True),
        sa.Column("moved_by", base.Key(64), nullable=True),
        sa.Column("moved_at", base.UTCDateTime(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.PrimaryKeyConstraint("month", name=op.f("pk_attendance_month")),
    )
    op.create_table(
        "month_adjustment",
        sa.Column("seq", base.Sequence, autoincrement=True, nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("person_id", base.Id, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("cause", sa.String(length=200), nullable=False),
        sa.Column("fingerprint", base.Hash, nullable=False),
        sa.Column("created_at", base.UTCDateTime(), nullable=False),
        sa.Column("work_days", sa.Integer(), nullable=False),
        sa.Column("attended_days", sa.Integer(), nullable=False),
        sa.Column("late_times", sa.Integer(), nullable=False),
        sa.Column("late_minutes", sa.Integer(), nullable=False),
        sa.Column("early_times", sa.Integer(), nullable=False),
        sa.Column("early_minutes", sa.Integer(), nullable=False),
        sa.Column("missing_times", sa.Integer(), nullable=False),
        sa.Column("absent_days", sa.Integer(), nullable=False),
        sa.Column("absent_minutes", sa.Integer(), nullable=False),
        sa.Column("leave_minutes", sa.Integer(), nullable=False),
        sa.Column("trip_days", sa.Integer(), nullable=False),
        sa.Column("trip_minutes", sa.Integer(), nullable=False),
        sa.Column("worked_minutes", sa.Integer(), nullable=False),
        sa.Column("expected_minutes", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_month_adjustment_person_id")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_month_adjustment")),
        sa.UniqueConstraint("person_id", "day", "number", name=op.f("uq_month_adjustment_person_id_day_number")),
    )
    with op.batch_alter_table("month_adjustment", schema=None) as batch_op:
        batch_op.create_index("ix_month_adjustment_month", ["month", "person_id"], unique=False)

    op.create_table(
        "month_sheet",
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("person_id", base.Id, nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("open_days", sa.Integer(), nullable=False),
        sa.Column("hash", base.Hash, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("said", sa.String(length=500), nullable=True),
        sa.Column("said_by", base.Key(64), nullable=True),
        sa.Column("said_at", base.UTCDateTime(), nullable=True),
        sa.Column("answer", sa.String(length=500), nullable=True),
        sa.Column("answered_by", base.Key(64), nullable=True),
        sa.Column("work_days", sa.Integer(), nullable=False),
        sa.Column("attended_days", sa.Integer(), nullable=False),
        sa.Column("late_times", sa.Integer(), nullable=False),
        sa.Column("late_minutes", sa.Integer(), nullable=False),
        sa.Column("early_times", sa.Integer(), nullable=False),
        sa.Column("early_minutes", sa.Integer(), nullable=False),
        sa.Column("missing_times", sa.Integer(), nullable=False),
        sa.Column("absent_days", sa.Integer(), nullable=False),
        sa.Column("absent_minutes", sa.Integer(), nullable=False),
        sa.Column("leave_minutes", sa.Integer(), nullable=False),
        sa.Column("trip_days", sa.Integer(), nullable=False),
        sa.Column("trip_minutes", sa.Integer(), nullable=False),
        sa.Column("worked_minutes", sa.Integer(), nullable=False),
        sa.Column("expected_minutes", sa.Integer(), nullable=False),
        sa.Column("id", base.Id, nullable=False),
        sa.Column("created_at", base.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_month_sheet_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_month_sheet")),
        sa.UniqueConstraint("month", "person_id", name=op.f("uq_month_sheet_month_person_id")),
    )
    with op.batch_alter_table("month_sheet", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_month_sheet_person_id"), ["person_id"], unique=False)
        batch_op.create_index("ix_month_sheet_state", ["month", "state", "person_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("month_sheet", schema=None) as batch_op:
        batch_op.drop_index("ix_month_sheet_state")
        batch_op.drop_index(batch_op.f("ix_month_sheet_person_id"))

    op.drop_table("month_sheet")
    with op.batch_alter_table("month_adjustment", schema=None) as batch_op:
        batch_op.drop_index("ix_month_adjustment_month")

    op.drop_table("month_adjustment")
    op.drop_table("attendance_month")
