"""What a request was for, what it goes on with or replaces, who covers; forms not sent, and where people work."""

import sqlalchemy as sa
from alembic import op

from models import base

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "leave_place",
        sa.Column("department_id", base.Id, nullable=True),
        sa.Column("place", sa.String(length=20), nullable=False),
        sa.Column("id", base.Id, nullable=False),
        sa.Column("created_at", base.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_leave_place_department_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leave_place")),
        sa.UniqueConstraint("department_id", name=op.f("uq_leave_place_department_id")),
    )
    op.create_table(
        "leave_saved",
        sa.Column("person_id", base.Id, nullable=False),
        sa.Column("kind_code", base.Key(32), nullable=False),
        sa.Column("form", sa.JSON(), nullable=False),
        sa.Column("changed_at", base.UTCDateTime(), nullable=False),
        sa.Column("id", base.Id, nullable=False),
        sa.Column("created_at", base.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_leave_saved_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leave_saved")),
    )
    with op.batch_alter_table("leave_saved", schema=None) as batch_op:
        batch_op.create_index("ix_leave_saved_person", ["person_id", "changed_at", "id"], unique=False)

    with op.batch_alter_table("leave_cancellation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("first_day", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("last_day", sa.Date(), nullable=True))

    with op.batch_alter_table("leave_request", schema=None) as batch_op:
        batch_op.add_column(sa.Column("proof_due_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("told", sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column("event_key", base.Key(64), nullable=True))
        batch_op.add_column(sa.Column("extends_id", base.Id, nullable=True))
        batch_op.add_column(sa.Column("replaces_id", base.Id, nullable=True))
        batch_op.add_column(sa.Column("cover_id", base.Id, nullable=True))
        batch_op.add_column(sa.Column("cover_state", sa.String(length=16), nullable=True))
        batch_op.create_index(batch_op.f("ix_leave_request_cover_id"), ["cover_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_leave_request_extends_id"), ["extends_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_leave_request_proof_due_on"), ["proof_due_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_leave_request_replaces_id"), ["replaces_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("leave_request", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_leave_request_replaces_id"))
        batch_op.drop_index(batch_op.f("ix_leave_request_proof_due_on"))
        batch_op.drop_index(batch_op.f("ix_leave_request_extends_id"))
        batch_op.drop_index(batch_op.f("ix_leave_request_cover_id"))
        batch_op.drop_column("cover_state")
        batch_op.drop_column("cover_id")
        batch_op.drop_column("replaces_id")
        batch_op.drop_column("extends_id")
        batch_op.drop_column("event_key")
        batch_op.drop_column("told")
        batch_op.drop_column("proof_due_on")

    with op.batch_alter_table("leave_cancellation", schema=None) as batch_op:
        batch_op.drop_column("last_day")
        batch_op.drop_column("first_day")

    with op.batch_alter_table("leave_saved", schema=None) as batch_op:
        batch_op.drop_index("ix_leave_saved_person")

    op.drop_table("leave_saved")
    op.drop_table("leave_place")
