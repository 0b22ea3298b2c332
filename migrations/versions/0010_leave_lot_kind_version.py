"""A lot of leave remembers which version of its kind's rules gave it."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("leave_lot", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kind_version", sa.Integer(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("leave_lot", schema=None) as batch_op:
        batch_op.drop_column("kind_version")
