"""Leave past its last day becomes pay like leave at leaving does; what employees gave up in writing."""

import sqlalchemy as sa
from alembic import op

from models import base

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

KEYS = ["person_id", "kind_code", "cause_key"]
OLD_KEYS = ["person_id", "kind_code", "hired_on"]
SETTLEMENT = sa.table(
    "leave_settlement",
    sa.column("hired_on", sa.Date()),
    sa.column("reason", sa.String()),
    sa.column("cause_key", sa.String()),
    sa.column("percent", sa.Integer()),
)


def upgrade() -> None:
    with op.batch_alter_table("leave_settlement", schema=None) as batch_op:
        batch_op.add_column(sa.Column("reason", sa.String(length=16), nullable=True))
        batch_op.add_column(sa.Column("cause_key", base.Key(96), nullable=True))
        batch_op.add_column(sa.Column("percent", sa.Integer(), nullable=True))
        batch_op.drop_index("ix_leave_settlement_left")
        batch_op.alter_column("left_on", new_column_name="due_on", existing_type=sa.Date(), existing_nullable=False)
    key = sa.literal("left:", sa.String()) + sa.cast(SETTLEMENT.c.hired_on, sa.String(10))
    op.execute(SETTLEMENT.update().values(reason="leaving", percent=200, cause_key=key))
    with op.batch_alter_table("leave_settlement", schema=None) as batch_op:
        batch_op.alter_column("reason", existing_type=sa.String(length=16), nullable=False)
        batch_op.alter_column("cause_key", existing_type=base.Key(96), nullable=False)
        batch_op.alter_column("percent", existing_type=sa.Integer(), nullable=False)
        batch_op.alter_column("hired_on", existing_type=sa.Date(), nullable=True)
        # the new key first: the foreign key to the person leans on whichever there is
        batch_op.create_unique_constraint(op.f("uq_leave_settlement_person_id_kind_code_cause_key"), KEYS)
        batch_op.drop_constraint(op.f("uq_leave_settlement_person_id_kind_code_hired_on"), type_="unique")
        batch_op.create_index("ix_leave_settlement_due", ["due_on", "id"], unique=False)

    op.create_table(
        "leave_waiver",
        sa.Column("person_id", base.Id, nullable=False),
        sa.Column("kind_code", base.Key(32), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("days", sa.Numeric(precision=5, scale=2), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("text_version", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("session_id", base.Id, nullable=False),
        sa.Column("signed", base.Hash, nullable=False),
        sa.Column("revokes_id", base.Id, nullable=True),
        sa.Column("id", base.Id, nullable=False),
        sa.Column("created_at", base.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_leave_waiver_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leave_waiver")),
        sa.UniqueConstraint("revokes_id", name=op.f("uq_leave_waiver_revokes_id")),
    )
    with op.batch_alter_table("leave_waiver", schema=None) as batch_op:
        batch_op.create_index("ix_leave_waiver_newest", ["created_at", "id"], unique=False)
        batch_op.create_index("ix_leave_waiver_person", ["person_id", "kind_code", "year"], unique=False)


def downgrade() -> None:
    op.drop_table("leave_waiver")
    op.execute(sa.text("DELETE FROM leave_settlement WHERE reason != 'leaving'"))
    with op.batch_alter_table("leave_settlement", schema=None) as batch_op:
        batch_op.alter_column("hired_on", existing_type=sa.Date(), nullable=False)
        batch_op.create_unique_constraint(op.f("uq_leave_settlement_person_id_kind_code_hired_on"), OLD_KEYS)
        batch_op.drop_constraint(op.f("uq_leave_settlement_person_id_kind_code_cause_key"), type_="unique")
        batch_op.drop_index("ix_leave_settlement_due")
        batch_op.alter_column("due_on", new_column_name="left_on", existing_type=sa.Date(), existing_nullable=False)
        batch_op.drop_column("percent")
        batch_op.drop_column("cause_key")
        batch_op.drop_column("reason")
    with op.batch_alter_table("leave_settlement", schema=None) as batch_op:
        batch_op.create_index("ix_leave_settlement_left", ["left_on", "id"], unique=False)
