"""Overtime that was approved and what of it counts, and the working-time systems by which it is reckoned."""

import sqlalchemy as sa
from alembic import op

from models import base

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "overtime_request",
        sa.Column("person_id", base.Id, nullable=False),
        sa.Column("cause", base.Id, nullable=False),
        sa.Column("starts_at", base.UTCDateTime(), nullable=False),
        sa.Column("ends_at", base.UTCDateTime(), nullable=False),
        sa.Column("wants", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("stands", sa.Boolean(), nullable=False),
        sa.Column("id", base.Id, nullable=False),
        sa.Column("created_at", base.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_overtime_request_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_overtime_request")),
        sa.UniqueConstraint("cause", name=op.f("uq_overtime_request_cause")),
    )
    op.create_index("ix_overtime_request_person", "overtime_request", ["person_id", "ends_at"])
    op.create_table(
        "overtime_entry",
        sa.Column("seq", base.Sequence, autoincrement=True, nullable=False),
        sa.Column("person_id", base.Id, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("pay", sa.String(length=16), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("cause", base.Id, nullable=False),
        sa.Column("sentence", sa.String(length=300), nullable=False),
        sa.Column("created_at", base.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_overtime_entry_person_id")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_overtime_entry")),
    )
    op.create_index(op.f("ix_overtime_entry_cause"), "overtime_entry", ["cause"])
    op.create_index("ix_overtime_entry_day", "overtime_entry", ["day", "person_id"])
    op.create_index("ix_overtime_entry_person", "overtime_entry", ["person_id", "day"])
    op.create_table(
        "working_time",
        sa.Column("scope", sa.String(length=16), nullable=False),
        sa.Column("department_id", base.Id, nullable=True),
        sa.Column("person_id", base.Id, nullable=True),
        sa.Column("system", sa.String(length=16), nullable=False),
        sa.Column("period", sa.String(length=16), nullable=True),
        sa.Column("pays_holidays", sa.Boolean(), nullable=False),
        sa.Column("permit", sa.String(length=100), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("id", base.Id, nullable=False),
        sa.Column("created_at", base.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_working_time_department_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_working_time_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_working_time")),
    )
    op.create_index(op.f("ix_working_time_department_id"), "working_time", ["department_id"])
    op.create_index(op.f("ix_working_time_person_id"), "working_time", ["person_id"])


def downgrade() -> None:
    op.drop_table("working_time")
    op.drop_table("overtime_entry")
    op.drop_table("overtime_request")
