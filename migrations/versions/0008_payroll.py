"""The tables of payroll."""

import sqlalchemy as sa
from alembic import op

from models import base

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "payslip_batch",
        sa.Column("family", base.Key(64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("title", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("is_correction", sa.Boolean(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("published", sa.Integer(), nullable=False),
        sa.Column("content", base.Hash, nullable=True),
        sa.Column("sealed_totals", base.LargeSealed, nullable=False),
        sa.Column("prepared_by", base.Id, nullable=False),
        sa.Column("released_by", base.Id, nullable=True),
        sa.Column("released_at", base.UTCDateTime(), nullable=True),
        sa.Column("publish_at", base.UTCDateTime(), nullable=True),
        sa.Column("published_at", base.UTCDateTime(), nullable=True),
        sa.Column("recalled_by", base.Id, nullable=True),
        sa.Column("recalled_at", base.UTCDateTime(), nullable=True),
        sa.Column("id", base.Id, nullable=False),
        sa.Column("created_at", base.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["prepared_by"], ["person.id"], name=op.f("fk_payslip_batch_prepared_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payslip_batch")),
        sa.UniqueConstraint("content", name=op.f("uq_payslip_batch_content")),
        sa.UniqueConstraint("family", "version", name=op.f("uq_payslip_batch_family_version")),
    )
    with op.batch_alter_table("payslip_batch", schema=None) as batch_op:
        batch_op.create_index("ix_payslip_batch_list", ["month", "id"], unique=False)

    op.create_table(
        "payslip",
        sa.Column("batch_id", base.Id, nullable=False),
        sa.Column("person_id", base.Id, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("sealed", base.LargeSealed, nullable=False),
        sa.Column("published_at", base.UTCDateTime(), nullable=True),
        sa.Column("replaced_at", base.UTCDateTime(), nullable=True),
        sa.Column("opened_at", base.UTCDateTime(), nullable=True),
        sa.Column("confirmed_at", base.UTCDateTime(), nullable=True),
        sa.Column("reminded_at", base.UTCDateTime(), nullable=True),
        sa.Column("id", base.Id, nullable=False),
        sa.Column("created_at", base.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["payslip_batch.id"], name=op.f("fk_payslip_batch_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_payslip_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payslip")),
        sa.UniqueConstraint("batch_id", "person_id", name=op.f("uq_payslip_batch_id_person_id")),
        sa.UniqueConstraint("batch_id", "position", name=op.f("uq_payslip_batch_id_position")),
    )
    with op.batch_alter_table("payslip", schema=None) as batch_op:
        batch_op.create_index("ix_payslip_person", ["person_id", "published_at"], unique=False)
        batch_op.create_index("ix_payslip_unread", ["opened_at", "reminded_at", "published_at"], unique=False)

    op.create_table(
        "payslip_dispute",
        sa.Column("payslip_id", base.Id, nullable=False),
        sa.Column("person_id", base.Id, nullable=False),
        sa.Column("item", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("closed_at", base.UTCDateTime(), nullable=True),
        sa.Column("id", base.Id, nullable=False),
        sa.Column("created_at", base.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["payslip_id"], ["payslip.id"], name=op.f("fk_payslip_dispute_payslip_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_payslip_dispute_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payslip_dispute")),
    )
    with op.batch_alter_table("payslip_dispute", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_payslip_dispute_payslip_id"), ["payslip_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_payslip_dispute_person_id"), ["person_id"], unique=False)
        batch_op.create_index("ix_payslip_dispute_state", ["state", "created_at"], unique=False)

    op.create_table(
        "payslip_reading",
        sa.Column("payslip_id", base.Id, nullable=False),
        sa.Column("viewer_id", base.Id, nullable=False),
        sa.Column("purpose", sa.String(length=16), nullable=False),
        sa.Column("id", base.Id, nullable=False),
        sa.Column("created_at", base.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["payslip_id"], ["payslip.id"], name=op.f("fk_payslip_reading_payslip_id")),
        sa.ForeignKeyConstraint(["viewer_id"], ["person.id"], name=op.f("fk_payslip_reading_viewer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payslip_reading")),
    )
    with op.batch_alter_table("payslip_reading", schema=None) as batch_op:
        batch_op.create_index("ix_payslip_reading_of", ["payslip_id", "created_at"], unique=False)

    op.create_table(
        "payslip_dispute_word",
        sa.Column("dispute_id", base.Id, nullable=False),
        sa.Column("author_id", base.Id, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sealed", base.LargeSealed, nullable=False),
        sa.Column("id", base.Id, nullable=False),
        sa.Column("created_at", base.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_payslip_dispute_word_author_id")),
        sa.ForeignKeyConstraint(
            ["dispute_id"], ["payslip_dispute.id"], name=op.f("fk_payslip_dispute_word_dispute_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payslip_dispute_word")),
        sa.UniqueConstraint("dispute_id", "number", name=op.f("uq_payslip_dispute_word_dispute_id_number")),
    )


def downgrade() -> None:
    op.drop_table("payslip_dispute_word")
    with op.batch_alter_table("payslip_reading", schema=None) as batch_op:
        batch_op.drop_index("ix_payslip_reading_of")

    op.drop_table("payslip_reading")
    with op.batch_alter_table("payslip_dispute", schema=None) as batch_op:
        batch_op.drop_index("ix_payslip_dispute_state")
        batch_op.drop_index(batch_op.f("ix_payslip_dispute_person_id"))
        batch_op.drop_index(batch_op.f("ix_payslip_dispute_payslip_id"))

    op.drop_table("payslip_dispute")
    with op.batch_alter_table("payslip", schema=None) as batch_op:
        batch_op.drop_index("ix_payslip_unread")
        batch_op.drop_index("ix_payslip_person")

    op.drop_table("payslip")
    with op.batch_alter_table("payslip_batch", schema=None) as batch_op:
        batch_op.drop_index("ix_payslip_batch_list")

    op.drop_table("payslip_batch")
