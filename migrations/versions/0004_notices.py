"""The tables of notices."""

import sqlalchemy as sa
from alembic import op

from models import base

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "notice",
        sa.Column("title", sa.String(length=36), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("sender", sa.String(length=20), nullable=False),
        sa.Column("audience", sa.JSON(), nullable=False),
        sa.Column("must_confirm", sa.Boolean(), nullable=False),
        sa.Column("is_urgent", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("author_id", base.Id, nullable=False),
        sa.Column("preview_person_id", base.Id, nullable=True),
        sa.Column("expected", sa.Integer(), nullable=False),
        sa.Column("scheduled_at", base.UTCDateTime(), nullable=True),
        sa.Column("sent_at", base.UTCDateTime(), nullable=True),
        sa.Column("nudged_at", base.UTCDateTime(), nullable=True),
        sa.Column("recalled_at", base.UTCDateTime(), nullable=True),
        sa.Column("id", base.Id, nullable=False),
        sa.Column("created_at", base.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_notice_author_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
    )
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.create_index("ix_notice_created", ["created_at", "id"], unique=False)
        batch_op.create_index("ix_notice_state", ["state", "sent_at"], unique=False)

    op.create_table(
        "notice_call",
        sa.Column("notice_id", base.Id, nullable=False),
        sa.Column("after", base.Id, nullable=False),
        sa.Column("last", base.Id, nullable=False),
        sa.Column("receivers", sa.Integer(), nullable=False),
        sa.Column("msgid", base.Key(128), nullable=True),
        sa.Column("settled_at", base.UTCDateTime(), nullable=True),
        sa.Column("id", base.Id, nullable=False),
        sa.Column("created_at", base.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_notice_call_notice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_call")),
    )
    with op.batch_alter_table("notice_call", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notice_call_notice_id"), ["notice_id"], unique=False)

    op.create_table(
        "notice_receipt",
        sa.Column("notice_id", base.Id, nullable=False),
        sa.Column("person_id", base.Id, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("sent_at", base.UTCDateTime(), nullable=False),
        sa.Column("opened_at", base.UTCDateTime(), nullable=True),
        sa.Column("confirmed_at", base.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_notice_receipt_notice_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_notice_receipt_person_id")),
        sa.PrimaryKeyConstraint("notice_id", "person_id", name=op.f("pk_notice_receipt")),
    )
    with op.batch_alter_table("notice_receipt", schema=None) as batch_op:
        batch_op.create_index("ix_notice_receipt_person", ["person_id", "sent_at", "notice_id"], unique=False)
        batch_op.create_index("ix_notice_receipt_state", ["notice_id", "state", "person_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("notice_receipt", schema=None) as batch_op:
        batch_op.drop_index("ix_notice_receipt_state")
        batch_op.drop_index("ix_notice_receipt_person")

    op.drop_table("notice_receipt")
    with op.batch_alter_table("notice_call", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_notice_call_notice_id"))

    op.drop_table("notice_call")
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.drop_index("ix_notice_state")
        batch_op.drop_index("ix_notice_created")

    op.drop_table("notice")
