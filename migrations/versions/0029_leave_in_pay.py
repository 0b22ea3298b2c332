"""What leave means for pay, day by day, and the months that pay has taken over."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from models import base

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

KINDS = sa.table("leave_kind", sa.column("code", base.Key(32)), sa.column("rules", sa.JSON()))
PAID_AS = {"sick": "sick", "maternity": "fund", "miscarriage": "fund", "maternity_ext": "fund"}
"""How the kinds that the product comes with are paid; all others as before, the normal wage or nothing."""


def upgrade() -> None:
    op.create_table(
        "leave_pay_close",
        sa.Column("key", base.Key(16), nullable=False),
        sa.Column("first", sa.Date(), nullable=True),
        sa.Column("through", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_leave_pay_close")),
    )
    op.create_table(
        "leave_pay_entry",
        sa.Column("seq", base.Sequence, autoincrement=True, nullable=False),
        sa.Column("person_id", base.Id, nullable=False),
        sa.Column("request_id", base.Id, nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("day_minutes", sa.Integer(), nullable=False),
        sa.Column("is_workday", sa.Boolean(), nullable=False),
        sa.Column("kind_code", base.Key(32), nullable=False),
        sa.Column("kind_version", sa.Integer(), nullable=False),
        sa.Column("treatment", sa.String(length=16), nullable=False),
        sa.Column("share", sa.Integer(), nullable=False),
        sa.Column("floor", sa.Integer(), nullable=False),
        sa.Column("method", sa.String(length=16), nullable=True),
        sa.Column("rule", base.Key(300), nullable=False),
        sa.Column("cause", sa.String(length=200), nullable=False),
        sa.Column("created_at", base.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_leave_pay_entry_person_id")),
        sa.ForeignKeyConstraint(["request_id"], ["leave_request.id"], name=op.f("fk_leave_pay_entry_request_id")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_leave_pay_entry")),
    )
    with op.batch_alter_table("leave_pay_entry", schema=None) as batch_op:
        batch_op.create_index("ix_leave_pay_entry_month", ["month", "person_id"], unique=False)
        batch_op.create_index("ix_leave_pay_entry_person_id", ["person_id"], unique=False)
        batch_op.create_index("ix_leave_pay_entry_request_id", ["request_id"], unique=False)

    op.create_table(
        "leave_pay_posting",
        sa.Column("seq", base.Sequence, autoincrement=True, nullable=False),
        sa.Column("settlement_id", base.Id, nullable=False),
        sa.Column("person_id", base.Id, nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("hundredths", sa.Integer(), nullable=False),
        sa.Column("created_at", base.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_leave_pay_posting_person_id")),
        sa.ForeignKeyConstraint(
            ["settlement_id"], ["leave_settlement.id"], name=op.f("fk_leave_pay_posting_settlement_id")
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_leave_pay_posting")),
    )
    with op.batch_alter_table("leave_pay_posting", schema=None) as batch_op:
        batch_op.create_index("ix_leave_pay_posting_month", ["month", "person_id"], unique=False)
        batch_op.create_index("ix_leave_pay_posting_person_id", ["person_id"], unique=False)
        batch_op.create_index("ix_leave_pay_posting_settlement_id", ["settlement_id"], unique=False)

    for code, rules in _shipped():
        op.execute(KINDS.update().where(KINDS.c.code == code).values(rules={"paid_as": PAID_AS[code], **rules}))


def _shipped() -> list[Any]:
    """The rules of these kinds say nothing of it yet: it is added to the version that holds."""
    return list(op.get_bind().execute(sa.select(KINDS.c.code, KINDS.c.rules).where(KINDS.c.code.in_(PAID_AS))))


def downgrade() -> None:
    op.drop_table("leave_pay_posting")
    op.drop_table("leave_pay_entry")
    op.drop_table("leave_pay_close")
    new = ("paid_as", "pay_share", "pay_method")
    for code, rules in list(op.get_bind().execute(sa.select(KINDS.c.code, KINDS.c.rules))):
        kept = {name: value for name, value in rules.items() if name not in new}
        if kept != rules:
            op.execute(KINDS.update().where(KINDS.c.code == code).values(rules=kept))
