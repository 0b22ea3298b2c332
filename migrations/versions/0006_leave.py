"""The tables of leave."""

import sqlalchemy as sa
from alembic import op

from models import base

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "leave_kind",
        sa.Column("code", base.Key(32), nullable=False),
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("sort", sa.Integer(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.Column("id", base.Id, nullable=False),
        sa.Column("created_at", base.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leave_kind")),
        sa.UniqueConstraint("code", name=op.f("uq_leave_kind_code")),
    )
    op.create_table(
        "leave_account",
        sa.Column("person_id", base.Id, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_leave_account_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_leave_account")),
    )
    op.create_table(
        "leave_lot",
        sa.Column("person_id", base.Id, nullable=False),
        sa.Column("kind_code", base.Key(32), nullable=False),
        sa.Column("grant_key", base.Key(96), nullable=False),
        sa.Column("title", sa.String(length=60), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("id", base.Id, nullable=False),
        sa.Column("created_at", base.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_leave_lot_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leave_lot")),
        sa.UniqueConstraint("grant_key", name=op.f("uq_leave_lot_grant_key")),
    )
    with op.batch_alter_table("leave_lot", schema=None) as batch_op:
        batch_op.create_index("ix_leave_lot_expiry", ["expires_on", "id"], unique=False)
        batch_op.create_index("ix_leave_lot_person", ["person_id", "kind_code"], unique=False)

    op.create_table(
        "leave_request",
        sa.Column("person_id", base.Id, nullable=False),
        sa.Column("kind_code", base.Key(32), nullable=False),
        sa.Column("kind_version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("from_half", sa.String(length=16), nullable=False),
        sa.Column("to_half", sa.String(length=16), nullable=False),
        sa.Column("from_minute", sa.Integer(), nullable=True),
        sa.Column("to_minute", sa.Integer(), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("days", sa.Numeric(precision=7, scale=2), nullable=False),
        sa.Column("is_confirmed", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("proof_id", base.Id, nullable=True),
        sa.Column("decided_at", base.UTCDateTime(), nullable=True),
        sa.Column("id", base.Id, nullable=False),
        sa.Column("created_at", base.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_leave_request_person_id")),
        sa.ForeignKeyConstraint(["proof_id"], ["file.id"], name=op.f("fk_leave_request_proof_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leave_request")),
    )
    with op.batch_alter_table("leave_request", schema=None) as batch_op:
        batch_op.create_index("ix_leave_request_first_day", ["first_day", "id"], unique=False)
        batch_op.create_index("ix_leave_request_person", ["person_id", "created_at", "id"], unique=False)
        batch_op.create_index("ix_leave_request_state", ["state", "created_at", "id"], unique=False)

    op.create_table(
        "leave_cancellation",
        sa.Column("request_id", base.Id, nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("decided_at", base.UTCDateTime(), nullable=True),
        sa.Column("id", base.Id, nullable=False),
        sa.Column("created_at", base.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["leave_request.id"], name=op.f("fk_leave_cancellation_request_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leave_cancellation")),
    )
    with op.batch_alter_table("leave_cancellation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_leave_cancellation_request_id"), ["request_id"], unique=False)

    op.create_table(
        "leave_entry",
        sa.Column("seq", base.Sequence, autoincrement=True, nullable=False),
        sa.Column("lot_id", base.Id, nullable=False),
        sa.Column("person_id", base.Id, nullable=False),
        sa.Column("kind_code", base.Key(32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("request_id", base.Id, nullable=True),
        sa.Column("cause", sa.String(length=300), nullable=False),
        sa.Column("made_by", base.Key(64), nullable=False),
        sa.Column("created_at", base.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["lot_id"], ["leave_lot.id"], name=op.f("fk_leave_entry_lot_id")),
        sa.ForeignKeyConstraint(["request_id"], ["leave_request.id"], name=op.f("fk_leave_entry_request_id")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_leave_entry")),
    )
    with op.batch_alter_table("leave_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_leave_entry_lot_id"), ["lot_id"], unique=False)
        batch_op.create_index("ix_leave_entry_person", ["person_id", "kind_code", "seq"], unique=False)
        batch_op.create_index(batch_op.f("ix_leave_entry_request_id"), ["request_id"], unique=False)

    op.create_table(
        "leave_segment",
        sa.Column("request_id", base.Id, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("person_id", base.Id, nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["leave_request.id"], name=op.f("fk_leave_segment_request_id")),
        sa.PrimaryKeyConstraint("request_id", "day", name=op.f("pk_leave_segment")),
    )
    with op.batch_alter_table("leave_segment", schema=None) as batch_op:
        batch_op.create_index("ix_leave_segment_person", ["person_id", "day"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("leave_segment", schema=None) as batch_op:
        batch_op.drop_index("ix_leave_segment_person")

    op.drop_table("leave_segment")
    with op.batch_alter_table("leave_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_leave_entry_request_id"))
        batch_op.drop_index("ix_leave_entry_person")
        batch_op.drop_index(batch_op.f("ix_leave_entry_lot_id"))

    op.drop_table("leave_entry")
    with op.batch_alter_table("leave_cancellation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_leave_cancellation_request_id"))

    op.drop_table("leave_cancellation")
    with op.batch_alter_table("leave_request", schema=None) as batch_op:
        batch_op.drop_index("ix_leave_request_state")
        batch_op.drop_index("ix_leave_request_person")
        batch_op.drop_index("ix_leave_request_first_day")

    op.drop_table("leave_request")
    with op.batch_alter_table("leave_lot", schema=None) as batch_op:
        batch_op.drop_index("ix_leave_lot_person")
        batch_op.drop_index("ix_leave_lot_expiry")

    op.drop_table("leave_lot")
    op.drop_table("leave_account")
    op.drop_table("leave_kind")
