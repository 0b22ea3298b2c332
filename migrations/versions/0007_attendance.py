"""The tables of attendance."""

import sqlalchemy as sa
from alembic import op

from models import base

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "work_place",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("latitude_e6", sa.Integer(), nullable=False),
        sa.Column("longitude_e6", sa.Integer(), nullable=False),
        sa.Column("radius_m", sa.Integer(), nullable=False),
        sa.Column("department_id", base.Id, nullable=True),
        sa.Column("has_code", sa.Boolean(), nullable=False),
        sa.Column("code_version", sa.Integer(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("id", base.Id, nullable=False),
        sa.Column("created_at", base.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_work_place_department_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_place")),
        sa.UniqueConstraint("name", name=op.f("uq_work_place_name")),
    )
    with op.batch_alter_table("work_place", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_work_place_department_id"), ["department_id"], unique=False)

    op.create_table(
        "day_result",
        sa.Column("person_id", base.Id, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("verdicts", base.Key(80), nullable=False),
        sa.Column("expected_minutes", sa.Integer(), nullable=False),
        sa.Column("worked_minutes", sa.Integer(), nullable=False),
        sa.Column("late_minutes", sa.Integer(), nullable=False),
        sa.Column("early_minutes", sa.Integer(), nullable=False),
        sa.Column("absent_minutes", sa.Integer(), nullable=False),
        sa.Column("leave_minutes", sa.Integer(), nullable=False),
        sa.Column("first_in", base.UTCDateTime(), nullable=True),
        sa.Column("last_out", base.UTCDateTime(), nullable=True),
        sa.Column("explanation", sa.JSON(), nullable=False),
        sa.Column("fingerprint", base.Hash, nullable=False),
        sa.Column("settled_at", base.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_day_result_person_id")),
        sa.PrimaryKeyConstraint("person_id", "day", name=op.f("pk_day_result")),
    )
    with op.batch_alter_table("day_result", schema=None) as batch_op:
        batch_op.create_index("ix_day_result_day", ["day", "person_id"], unique=False)

    op.create_table(
        "punch",
        sa.Column("seq", base.Sequence, autoincrement=True, nullable=False),
        sa.Column("person_id", base.Id, nullable=False),
        sa.Column("at", base.UTCDateTime(), nullable=False),
        sa.Column("direction", sa.String(length=4), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("nonce", base.Key(64), nullable=True),
        sa.Column("place_id", base.Id, nullable=True),
        sa.Column("distance_m", sa.Integer(), nullable=True),
        sa.Column("accuracy_m", sa.Integer(), nullable=True),
        sa.Column("created_at", base.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_punch_person_id")),
        sa.ForeignKeyConstraint(["place_id"], ["work_place.id"], name=op.f("fk_punch_place_id")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_punch")),
        sa.UniqueConstraint(
            "person_id", "at", "direction", "source", name=op.f("uq_punch_person_id_at_direction_source")
        ),
        sa.UniqueConstraint("person_id", "nonce", name=op.f("uq_punch_person_id_nonce")),
    )
    op.create_table(
        "punch_correction",
        sa.Column("person_id", base.Id, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("direction", sa.String(length=4), nullable=False),
        sa.Column("at", base.UTCDateTime(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("evidence_id", base.Id, nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("number", base.Key(16), nullable=True),
        sa.Column("slot", base.Key(16), nullable=True),
        sa.Column("decided_at", base.UTCDateTime(), nullable=True),
        sa.Column("id", base.Id, nullable=False),
        sa.Column("created_at", base.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_punch_correction_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_punch_correction")),
        sa.UniqueConstraint("person_id", "number", name=op.f("uq_punch_correction_person_id_number")),
        sa.UniqueConstraint("person_id", "slot", name=op.f("uq_punch_correction_person_id_slot")),
    )
    with op.batch_alter_table("punch_correction", schema=None) as batch_op:
        batch_op.create_index("ix_punch_correction_created", ["created_at", "id"], unique=False)
        batch_op.create_index("ix_punch_correction_person", ["person_id", "created_at", "id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("punch_correction", schema=None) as batch_op:
        batch_op.drop_index("ix_punch_correction_person")
        batch_op.drop_index("ix_punch_correction_created")

    op.drop_table("punch_correction")
    op.drop_table("punch")
    with op.batch_alter_table("day_result", schema=None) as batch_op:
        batch_op.drop_index("ix_day_result_day")

    op.drop_table("day_result")
    with op.batch_alter_table("work_place", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_work_place_department_id"))

    op.drop_table("work_place")
