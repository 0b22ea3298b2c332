"""The tables of forms: versions of definitions, and what people filled in."""

import sqlalchemy as sa
from alembic import op

from models import base

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "form_version",
        sa.Column("code", base.Key(26), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("definition", sa.JSON(), nullable=False),
        sa.Column("created_by", base.Id, nullable=True),
        sa.Column("id", base.Id, nullable=False),
        sa.Column("created_at", base.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_version")),
        sa.UniqueConstraint("code", "version", name=op.f("uq_form_version_code_version")),
    )
    op.create_table(
        "form_request",
        sa.Column("version_id", base.Id, nullable=False),
        sa.Column("code", base.Key(26), nullable=False),
        sa.Column("person_id", base.Id, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("submitted_at", base.UTCDateTime(), nullable=True),
        sa.Column("decided_at", base.UTCDateTime(), nullable=True),
        sa.Column("id", base.Id, nullable=False),
        sa.Column("created_at", base.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_form_request_person_id")),
        sa.ForeignKeyConstraint(["version_id"], ["form_version.id"], name=op.f("fk_form_request_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_request")),
    )
    with op.batch_alter_table("form_request", schema=None) as batch_op:
        batch_op.create_index("ix_form_request_code", ["code", "submitted_at", "id"], unique=False)
        batch_op.create_index("ix_form_request_person", ["person_id", "state", "created_at", "id"], unique=False)
        batch_op.create_index("ix_form_request_submitted", ["submitted_at", "id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("form_request", schema=None) as batch_op:
        batch_op.drop_index("ix_form_request_submitted")
        batch_op.drop_index("ix_form_request_person")
        batch_op.drop_index("ix_form_request_code")

    op.drop_table("form_request")
    op.drop_table("form_version")
