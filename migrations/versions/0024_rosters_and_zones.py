"""Days of the company's own, rotations, rosters, and the kind of day that a result was reached on."""

import sqlalchemy as sa
from alembic import op

from models import base

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "shift_rotation",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("id", base.Id, nullable=False),
        sa.Column("created_at", base.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift_rotation")),
        sa.UniqueConstraint("name", name=op.f("uq_shift_rotation_name")),
    )
    op.create_table(
        "local_calendar",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("department_id", base.Id, nullable=True),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("loaded_by", base.Id, nullable=False),
        sa.Column("id", base.Id, nullable=False),
        sa.Column("created_at", base.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_local_calendar_department_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_local_calendar")),
        sa.UniqueConstraint("number", name=op.f("uq_local_calendar_number")),
    )
    with op.batch_alter_table("local_calendar", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_local_calendar_department_id"), ["department_id"], unique=False)

    op.create_table(
        "roster_day",
        sa.Column("person_id", base.Id, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("shift_id", base.Id, nullable=True),
        sa.Column("department_id", base.Id, nullable=True),
        sa.Column("roster_id", base.Id, nullable=True),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_roster_day_department_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_roster_day_person_id")),
        sa.ForeignKeyConstraint(["shift_id"], ["shift.id"], name=op.f("fk_roster_day_shift_id")),
        sa.PrimaryKeyConstraint("person_id", "day", name=op.f("pk_roster_day")),
    )
    with op.batch_alter_table("roster_day", schema=None) as batch_op:
        batch_op.create_index("ix_roster_day_day", ["day", "department_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_roster_day_department_id"), ["department_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_roster_day_roster_id"), ["roster_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_roster_day_shift_id"), ["shift_id"], unique=False)

    with op.batch_alter_table("day_result", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kind", sa.String(length=24), server_default="workday", nullable=False))

    with op.batch_alter_table("shift_assignment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("rotation_id", base.Id, nullable=True))
        batch_op.add_column(sa.Column("position", sa.Integer(), server_default="0", nullable=False))
        batch_op.alter_column("shift_id", existing_type=base.Id, nullable=True)
        batch_op.create_index(batch_op.f("ix_shift_assignment_rotation_id"), ["rotation_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_shift_assignment_rotation_id"), "shift_rotation", ["rotation_id"], ["id"]
        )


def downgrade() -> None:
    op.execute("DELETE FROM shift_assignment WHERE shift_id IS NULL")
    with op.batch_alter_table("shift_assignment", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_shift_assignment_rotation_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_shift_assignment_rotation_id"))
        batch_op.alter_column("shift_id", existing_type=base.Id, nullable=False)
        batch_op.drop_column("position")
        batch_op.drop_column("rotation_id")

    with op.batch_alter_table("day_result", schema=None) as batch_op:
        batch_op.drop_column("kind")

    with op.batch_alter_table("roster_day", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_roster_day_shift_id"))
        batch_op.drop_index(batch_op.f("ix_roster_day_roster_id"))
        batch_op.drop_index(batch_op.f("ix_roster_day_department_id"))
        batch_op.drop_index("ix_roster_day_day")

    op.drop_table("roster_day")
    with op.batch_alter_table("local_calendar", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_local_calendar_department_id"))

    op.drop_table("local_calendar")
    op.drop_table("shift_rotation")
