"""What places give for leave, as HR has read it there; a debt of leave has no beginning."""

import sqlalchemy as sa
from alembic import op

from models import base

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "leave_pack",
        sa.Column("place", sa.String(length=20), nullable=False),
        sa.Column("kind_code", base.Key(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.Column("added_by", base.Key(length=64), nullable=False),
        sa.Column("id", base.Id, nullable=False),
        sa.Column("created_at", base.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leave_pack")),
        sa.UniqueConstraint("place", "kind_code", "version", name=op.f("uq_leave_pack_place_kind_code_version")),
    )
    op.execute("UPDATE leave_lot SET starts_on = '1900-01-01' WHERE grant_key LIKE 'debt:%'")


def downgrade() -> None:
    op.drop_table("leave_pack")
