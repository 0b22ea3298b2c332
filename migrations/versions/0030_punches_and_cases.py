"""What a punch rests on, field punches, remote days, cases to look at, files of machines, readings of check-ins."""

import sqlalchemy as sa
from alembic import op

from models import base

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

OLD_KEY, NEW_KEY = (
    "uq_punch_person_id_at_direction_source",
    "uq_punch_person_id_at_direction_source_device",
)


def upgrade() -> None:
    op.create_table(
        "field_report",
        sa.Column("person_id", base.Id, nullable=False),
        sa.Column("at", base.UTCDateTime(), nullable=False),
        sa.Column("direction", sa.String(length=4), nullable=False),
        sa.Column("place", sa.String(length=100), nullable=False),
        sa.Column("customer", sa.String(length=100), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("photo_id", base.Id, nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("decided_by", base.Id, nullable=True),
        sa.Column("decided_at", base.UTCDateTime(), nullable=True),
        sa.Column("id", base.Id, nullable=False),
        sa.Column("created_at", base.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_field_report_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_report")),
        sa.UniqueConstraint("person_id", "at", "direction", name=op.f("uq_field_report_person_id_at_direction")),
    )
    op.create_index("ix_field_report_created", "field_report", ["created_at", "id"])
    op.create_table(
        "remote_day",
        sa.Column("person_id", base.Id, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("cause", base.Id, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_remote_day_person_id")),
        sa.PrimaryKeyConstraint("person_id", "day", name=op.f("pk_remote_day")),
    )
    op.create_index(op.f("ix_remote_day_cause"), "remote_day", ["cause"])
    op.create_table(
        "review_case",
        sa.Column("person_id", base.Id, nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("key", base.Key(160), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("answer", sa.String(length=500), nullable=True),
        sa.Column("answered_at", base.UTCDateTime(), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("decided_by", base.Id, nullable=True),
        sa.Column("decided_at", base.UTCDateTime(), nullable=True),
        sa.Column("id", base.Id, nullable=False),
        sa.Column("created_at", base.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_review_case_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_case")),
        sa.UniqueConstraint("key", name=op.f("uq_review_case_key")),
    )
    op.create_index("ix_review_case_person", "review_case", ["person_id", "created_at", "id"])
    op.create_index("ix_review_case_created", "review_case", ["created_at", "id"])
    op.create_table(
        "machine_format",
        sa.Column("header", base.Hash, nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("changed_by", base.Id, nullable=False),
        sa.Column("changed_at", base.UTCDateTime(), nullable=False),
        sa.Column("id", base.Id, nullable=False),
        sa.Column("created_at", base.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_machine_format")),
        sa.UniqueConstraint("header", name=op.f("uq_machine_format_header")),
    )
    op.create_table(
        "checkin_pull",
        sa.Column("since", base.UTCDateTime(), nullable=False),
        sa.Column("until", base.UTCDateTime(), nullable=False),
        sa.Column("slot", base.Key(16), nullable=True),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("kept", sa.Integer(), nullable=False),
        sa.Column("ended_at", base.UTCDateTime(), nullable=True),
        sa.Column("problem", sa.String(length=300), nullable=True),
        sa.Column("id", base.Id, nullable=False),
        sa.Column("created_at", base.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checkin_pull")),
        sa.UniqueConstraint("slot", name=op.f("uq_checkin_pull_slot")),
    )
    op.create_index("ix_checkin_pull_created", "checkin_pull", ["created_at"])
    with op.batch_alter_table("work_place", schema=None) as batch_op:
        batch_op.add_column(sa.Column("networks", sa.JSON(none_as_null=True), nullable=True))
        batch_op.add_column(sa.Column("beacon_version", sa.Integer(), server_default="0", nullable=False))
    with op.batch_alter_table("punch", schema=None) as batch_op:
        batch_op.add_column(sa.Column("device", base.Hash, server_default="", nullable=False))
        batch_op.add_column(sa.Column("spot", sa.String(length=100), nullable=True))
        batch_op.add_column(sa.Column("wifi", base.Key(17), nullable=True))
        batch_op.add_column(sa.Column("beacon_step", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("is_mocked", sa.Boolean(), server_default="0", nullable=False))
    # the new key before the old one goes: on MariaDB the foreign key of a person needs one of them
    with op.batch_alter_table("punch", schema=None) as batch_op:
        batch_op.create_unique_constraint(op.f(NEW_KEY), ["person_id", "at", "direction", "source", "device"])
        batch_op.create_index("ix_punch_device", ["device", "at"])
        batch_op.create_index("ix_punch_wifi", ["wifi", "at"])
    with op.batch_alter_table("punch", schema=None) as batch_op:
        batch_op.drop_constraint(op.f(OLD_KEY), type_="unique")


def downgrade() -> None:
    # of punches that the old key calls the same, the first stays
    op.execute(
        "DELETE FROM punch WHERE seq NOT IN (SELECT first FROM (SELECT MIN(seq) AS first FROM punch"
        " GROUP BY person_id, at, direction, source) AS kept)"
    )
    with op.batch_alter_table("punch", schema=None) as batch_op:
        batch_op.create_unique_constraint(op.f(OLD_KEY), ["person_id", "at", "direction", "source"])
    with op.batch_alter_table("punch", schema=None) as batch_op:
        batch_op.drop_constraint(op.f(NEW_KEY), type_="unique")
        batch_op.drop_index("ix_punch_wifi")
        batch_op.drop_index("ix_punch_device")
    with op.batch_alter_table("punch", schema=None) as batch_op:
        for name in ("is_mocked", "beacon_step", "wifi", "spot", "device"):
            batch_op.drop_column(name)
    with op.batch_alter_table("work_place", schema=None) as batch_op:
        batch_op.drop_column("beacon_version")
        batch_op.drop_column("networks")
    op.drop_table("checkin_pull")
    op.drop_table("machine_format")
    op.drop_table("review_case")
    op.drop_table("remote_day")
    op.drop_table("field_report")
