"""The day for which HR has chosen the release of a draft of a kind, and what a draft would have refused."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("leave_kind_draft", schema=None) as batch_op:
        batch_op.add_column(sa.Column("releases_on", sa.Date(), nullable=True))
    with op.batch_alter_table("leave_kind_trial", schema=None) as batch_op:
        batch_op.add_column(sa.Column("refusal", sa.String(length=300), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("leave_kind_trial", schema=None) as batch_op:
        batch_op.drop_column("refusal")
    with op.batch_alter_table("leave_kind_draft", schema=None) as batch_op:
        batch_op.drop_column("releases_on")
