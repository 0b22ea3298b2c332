"""The tables of schedule."""

import sqlalchemy as sa
from alembic import op

from models import base

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "holiday_notice",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("loaded_by", base.Id, nullable=False),
        sa.Column("id", base.Id, nullable=False),
        sa.Column("created_at", base.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holiday_notice")),
        sa.UniqueConstraint("number", name=op.f("uq_holiday_notice_number")),
        sa.UniqueConstraint("year", "version", name=op.f("uq_holiday_notice_year_version")),
    )
    op.create_table(
        "shift",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("id", base.Id, nullable=False),
        sa.Column("created_at", base.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift")),
        sa.UniqueConstraint("name", name=op.f("uq_shift_name")),
    )
    op.create_table(
        "shift_assignment",
        sa.Column("shift_id", base.Id, nullable=False),
        sa.Column("scope", sa.String(length=16), nullable=False),
        sa.Column("department_id", base.Id, nullable=True),
        sa.Column("person_id", base.Id, nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("id", base.Id, nullable=False),
        sa.Column("created_at", base.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_shift_assignment_department_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_shift_assignment_person_id")),
        sa.ForeignKeyConstraint(["shift_id"], ["shift.id"], name=op.f("fk_shift_assignment_shift_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift_assignment")),
    )
    with op.batch_alter_table("shift_assignment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_shift_assignment_department_id"), ["department_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_shift_assignment_person_id"), ["person_id"], unique=False)
        batch_op.create_index("ix_shift_assignment_scope", ["scope", "starts_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_shift_assignment_shift_id"), ["shift_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("shift_assignment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_shift_assignment_shift_id"))
        batch_op.drop_index("ix_shift_assignment_scope")
        batch_op.drop_index(batch_op.f("ix_shift_assignment_person_id"))
        batch_op.drop_index(batch_op.f("ix_shift_assignment_department_id"))

    op.drop_table("shift_assignment")
    op.drop_table("shift")
    op.drop_table("holiday_notice")
