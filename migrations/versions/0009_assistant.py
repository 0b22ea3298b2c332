"""The tables of assistant."""

import sqlalchemy as sa
from alembic import op

from models import base

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "leave_draft",
        sa.Column("person_id", base.Id, nullable=False),
        sa.Column("wish", sa.JSON(), nullable=False),
        sa.Column("gap", sa.String(length=8), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("heard_at", base.UTCDateTime(), nullable=False),
        sa.Column("id", base.Id, nullable=False),
        sa.Column("created_at", base.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_leave_draft_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leave_draft")),
    )
    with op.batch_alter_table("leave_draft", schema=None) as batch_op:
        batch_op.create_index("ix_leave_draft_person", ["person_id", "state", "heard_at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("leave_draft", schema=None) as batch_op:
        batch_op.drop_index("ix_leave_draft_person")

    op.drop_table("leave_draft")
