"""What a kind of leave was at a version that another has replaced."""

import sqlalchemy as sa
from alembic import op

from models import base

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "leave_kind_version",
        sa.Column("kind_code", base.Key(32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.Column("id", base.Id, nullable=False),
        sa.Column("created_at", base.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leave_kind_version")),
        sa.UniqueConstraint("kind_code", "version", name=op.f("uq_leave_kind_version_kind_code_version")),
    )


def downgrade() -> None:
    op.drop_table("leave_kind_version")
