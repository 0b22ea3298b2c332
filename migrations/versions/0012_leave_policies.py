"""Policies of leave, runs over many people, and the settlement at leaving."""

import json
from datetime import date

import sqlalchemy as sa
from alembic import op

from kit import clock
from kit.ids import new_id
from models import base

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "leave_policy",
        sa.Column("kind_code", base.Key(32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.Column("released_by", base.Key(64), nullable=False),
        sa.Column("id", base.Id, nullable=False),
        sa.Column("created_at", base.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leave_policy")),
        sa.UniqueConstraint("kind_code", "version", name=op.f("uq_leave_policy_kind_code_version")),
    )
    op.create_table(
        "leave_run",
        sa.Column("key", base.Key(96), nullable=False),
        sa.Column("title", sa.String(length=60), nullable=False),
        sa.Column("wish", sa.JSON(), nullable=False),
        sa.Column("started_by", base.Key(64), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("made", sa.Integer(), nullable=False),
        sa.Column("after", base.Key(32), nullable=False),
        sa.Column("ended_at", base.UTCDateTime(), nullable=True),
        sa.Column("id", base.Id, nullable=False),
        sa.Column("created_at", base.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leave_run")),
        sa.UniqueConstraint("key", name=op.f("uq_leave_run_key")),
    )
    with op.batch_alter_table("leave_run", schema=None) as batch_op:
        batch_op.create_index("ix_leave_run_newest", ["created_at", "id"], unique=False)

    op.create_table(
        "leave_settlement",
        sa.Column("person_id", base.Id, nullable=False),
        sa.Column("kind_code", base.Key(32), nullable=False),
        sa.Column("hired_on", sa.Date(), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("days", sa.Numeric(precision=7, scale=2), nullable=False),
        sa.Column("trace", sa.JSON(), nullable=False),
        sa.Column("sealed_pay", base.LargeSealed, nullable=True),
        sa.Column("changed_by", base.Key(64), nullable=False),
        sa.Column("id", base.Id, nullable=False),
        sa.Column("created_at", base.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_leave_settlement_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leave_settlement")),
        sa.UniqueConstraint(
            "person_id", "kind_code", "hired_on", name=op.f("uq_leave_settlement_person_id_kind_code_hired_on")
        ),
    )
    with op.batch_alter_table("leave_settlement", schema=None) as batch_op:
        batch_op.create_index("ix_leave_settlement_left", ["left_on", "id"], unique=False)

    with op.batch_alter_table("leave_entry", schema=None) as batch_op:
        batch_op.add_column(sa.Column("policy_version", sa.Integer(), nullable=True))

    with op.batch_alter_table("leave_lot", schema=None) as batch_op:
        batch_op.add_column(sa.Column("day_minutes", sa.Integer(), nullable=True))

    _keep_what_kinds_granted()


def _keep_what_kinds_granted() -> None:
    """What a kind granted by its own rules becomes the first policy of that kind."""
    kinds = sa.table("leave_kind", sa.column("code", base.Key(32)), sa.column("rules", sa.JSON()))
    policies = sa.table(
        "leave_policy",
        sa.column("id", base.Id),
        sa.column("created_at", base.UTCDateTime()),
        sa.column("kind_code", base.Key(32)),
        sa.column("version", sa.Integer()),
        sa.column("valid_from", sa.Date()),
        sa.column("rules", sa.JSON()),
        sa.column("released_by", base.Key(64)),
    )
    for code, stored in op.get_bind().execute(sa.select(kinds.c.code, kinds.c.rules)).all():
        rules = json.loads(stored) if isinstance(stored, str) else stored
        if rules.get("entitlement") == "statutory_annual":
            first = {"basis": "statutory_annual", "carry_months": 12 * rules.get("carry_years", 0)}
            row = {"id": new_id(), "created_at": clock.now(), "kind_code": code, "version": 1, "rules": first}
            op.execute(
                sa.insert(policies).values(**row, valid_from=date(2008, 1, 1), released_by="system:leave.policies")
            )


def downgrade() -> None:
    with op.batch_alter_table("leave_lot", schema=None) as batch_op:
        batch_op.drop_column("day_minutes")

    with op.batch_alter_table("leave_entry", schema=None) as batch_op:
        batch_op.drop_column("policy_version")

    with op.batch_alter_table("leave_settlement", schema=None) as batch_op:
        batch_op.drop_index("ix_leave_settlement_left")

    op.drop_table("leave_settlement")
    with op.batch_alter_table("leave_run", schema=None) as batch_op:
        batch_op.drop_index("ix_leave_run_newest")

    op.drop_table("leave_run")
    op.drop_table("leave_policy")
