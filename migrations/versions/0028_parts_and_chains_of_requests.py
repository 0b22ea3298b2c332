"""What each approver left of a request, and the chain of a request whose subject brings its own."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("approval_instance", schema=None) as batch_op:
        batch_op.add_column(sa.Column("chain", sa.JSON(), nullable=True))
    with op.batch_alter_table("approval_task", schema=None) as batch_op:
        batch_op.add_column(sa.Column("part", sa.JSON(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("approval_task", schema=None) as batch_op:
        batch_op.drop_column("part")
    with op.batch_alter_table("approval_instance", schema=None) as batch_op:
        batch_op.drop_column("chain")
