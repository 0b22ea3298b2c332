"""A question about a payslip remembers of which kind its item is: a deduction and a cost may have one name."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("payslip_dispute", schema=None) as batch_op:
        batch_op.add_column(sa.Column("item_kind", sa.String(length=16), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("payslip_dispute", schema=None) as batch_op:
        batch_op.drop_column("item_kind")
