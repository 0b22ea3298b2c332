"""Forms that act: business trips, moves agreed for a day, shifts given for a day by a decision."""

import sqlalchemy as sa
from alembic import op

from models import base

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "business_trip",
        sa.Column("person_id", base.Id, nullable=False),
        sa.Column("cause", base.Id, nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("from_half", sa.String(length=4), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("to_half", sa.String(length=4), nullable=False),
        sa.Column("id", base.Id, nullable=False),
        sa.Column("created_at", base.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_business_trip_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_business_trip")),
        sa.UniqueConstraint("cause", name=op.f("uq_business_trip_cause")),
    )
    with op.batch_alter_table("business_trip", schema=None) as batch_op:
        batch_op.create_index("ix_business_trip_person", ["person_id", "last_day"], unique=False)

    op.create_table(
        "person_move",
        sa.Column("person_id", base.Id, nullable=False),
        sa.Column("cause", base.Id, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("department_id", base.Id, nullable=False),
        sa.Column("position", sa.String(length=128), nullable=False),
        sa.Column("from_department_id", base.Id, nullable=True),
        sa.Column("from_position", sa.String(length=128), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("id", base.Id, nullable=False),
        sa.Column("created_at", base.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_person_move_department_id")),
        sa.ForeignKeyConstraint(
            ["from_department_id"], ["department.id"], name=op.f("fk_person_move_from_department_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_person_move_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_move")),
        sa.UniqueConstraint("cause", name=op.f("uq_person_move_cause")),
    )
    with op.batch_alter_table("person_move", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_move_day"), ["day"], unique=False)
        batch_op.create_index(batch_op.f("ix_person_move_person_id"), ["person_id"], unique=False)

    with op.batch_alter_table("day_result", schema=None) as batch_op:
        batch_op.add_column(sa.Column("trip_minutes", sa.Integer(), server_default="0", nullable=False))

    with op.batch_alter_table("shift_assignment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("cause", base.Id, nullable=True))
        batch_op.add_column(sa.Column("slot", base.Key(40), nullable=True))
        batch_op.create_index(batch_op.f("ix_shift_assignment_cause"), ["cause"], unique=False)
        batch_op.create_unique_constraint(batch_op.f("uq_shift_assignment_slot"), ["slot"])


def downgrade() -> None:
    with op.batch_alter_table("shift_assignment", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_shift_assignment_slot"), type_="unique")
        batch_op.drop_index(batch_op.f("ix_shift_assignment_cause"))
        batch_op.drop_column("slot")
        batch_op.drop_column("cause")

    with op.batch_alter_table("day_result", schema=None) as batch_op:
        batch_op.drop_column("trip_minutes")

    op.drop_table("person_move")
    op.drop_table("business_trip")
