"""Settled days no longer keep sentences; they are told from the facts."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("day_result", schema=None) as batch_op:
        batch_op.drop_column("explanation")


def downgrade() -> None:
    with op.batch_alter_table("day_result", schema=None) as batch_op:
        batch_op.add_column(sa.Column("explanation", sa.JSON(), nullable=True))
    op.execute("""UPDATE day_result SET explanation = '{"sentences": []}'""")
    with op.batch_alter_table("day_result", schema=None) as batch_op:
        batch_op.alter_column("explanation", existing_type=sa.JSON(), nullable=False)
