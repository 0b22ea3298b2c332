"""Rosters in the making, what they keep to, and shifts that colleagues offer each other."""

import sqlalchemy as sa
from alembic import op

from models import base

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "roster",
        sa.Column("department_id", base.Id, nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("published_at", base.UTCDateTime(), nullable=True),
        sa.Column("published_by", base.Id, nullable=True),
        sa.Column("id", base.Id, nullable=False),
        sa.Column("created_at", base.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_roster_department_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster")),
        sa.UniqueConstraint("department_id", "first_day", name=op.f("uq_roster_department_id_first_day")),
    )
    op.create_table(
        "roster_cell",
        sa.Column("roster_id", base.Id, nullable=False),
        sa.Column("person_id", base.Id, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("shift_id", base.Id, nullable=True),
        sa.Column("is_fixed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_roster_cell_person_id")),
        sa.ForeignKeyConstraint(["roster_id"], ["roster.id"], name=op.f("fk_roster_cell_roster_id")),
        sa.ForeignKeyConstraint(["shift_id"], ["shift.id"], name=op.f("fk_roster_cell_shift_id")),
        sa.PrimaryKeyConstraint("roster_id", "person_id", "day", name=op.f("pk_roster_cell")),
    )
    op.create_index("ix_roster_cell_person_id", "roster_cell", ["person_id", "day"], unique=False)
    op.create_index(op.f("ix_roster_cell_shift_id"), "roster_cell", ["shift_id"], unique=False)
    op.create_table(
        "roster_minimum",
        sa.Column("department_id", base.Id, nullable=False),
        sa.Column("at_least", sa.Integer(), nullable=False),
        sa.Column("shift_id", base.Id, nullable=True),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=True),
        sa.Column("on_day", sa.Date(), nullable=True),
        sa.Column("tag_id", base.Id, nullable=True),
        sa.Column("id", base.Id, nullable=False),
        sa.Column("created_at", base.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_roster_minimum_department_id")),
        sa.ForeignKeyConstraint(["shift_id"], ["shift.id"], name=op.f("fk_roster_minimum_shift_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_minimum")),
    )
    op.create_index(op.f("ix_roster_minimum_department_id"), "roster_minimum", ["department_id"], unique=False)
    op.create_index(op.f("ix_roster_minimum_shift_id"), "roster_minimum", ["shift_id"], unique=False)
    op.create_table(
        "roster_policy",
        sa.Column("department_id", base.Id, nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_roster_policy_department_id")),
        sa.PrimaryKeyConstraint("department_id", name=op.f("pk_roster_policy")),
    )
    op.create_table(
        "roster_solve",
        sa.Column("roster_id", base.Id, nullable=False),
        sa.Column("based_on", sa.Integer(), nullable=False),
        sa.Column("wish", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("stage", sa.String(length=60), nullable=False),
        sa.Column("outcome", sa.JSON(), nullable=True),
        sa.Column("asked_by", base.Id, nullable=False),
        sa.Column("ended_at", base.UTCDateTime(), nullable=True),
        sa.Column("id", base.Id, nullable=False),
        sa.Column("created_at", base.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["roster_id"], ["roster.id"], name=op.f("fk_roster_solve_roster_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_solve")),
    )
    op.create_index(op.f("ix_roster_solve_roster_id"), "roster_solve", ["roster_id"], unique=False)
    op.create_table(
        "shift_offer",
        sa.Column("person_id", base.Id, nullable=False),
        sa.Column("department_id", base.Id, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("shift_id", base.Id, nullable=False),
        sa.Column("wanted_day", sa.Date(), nullable=True),
        sa.Column("note", sa.String(length=100), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("taker_id", base.Id, nullable=True),
        sa.Column("slot", base.Key(length=40), nullable=True),
        sa.Column("ended_at", base.UTCDateTime(), nullable=True),
        sa.Column("id", base.Id, nullable=False),
        sa.Column("created_at", base.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_shift_offer_department_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_shift_offer_person_id")),
        sa.ForeignKeyConstraint(["shift_id"], ["shift.id"], name=op.f("fk_shift_offer_shift_id")),
        sa.ForeignKeyConstraint(["taker_id"], ["person.id"], name=op.f("fk_shift_offer_taker_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift_offer")),
        sa.UniqueConstraint("slot", name=op.f("uq_shift_offer_slot")),
    )
    op.create_index("ix_shift_offer_department_id", "shift_offer", ["department_id", "state", "day"], unique=False)
    op.create_index(op.f("ix_shift_offer_person_id"), "shift_offer", ["person_id"], unique=False)
    op.create_index(op.f("ix_shift_offer_shift_id"), "shift_offer", ["shift_id"], unique=False)
    op.create_index(op.f("ix_shift_offer_taker_id"), "shift_offer", ["taker_id"], unique=False)


def downgrade() -> None:
    for table in ("shift_offer", "roster_solve", "roster_policy", "roster_minimum", "roster_cell", "roster"):
        op.drop_table(table)
