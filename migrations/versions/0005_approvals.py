"""The tables of approvals."""

import sqlalchemy as sa
from alembic import op

from models import base

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "approval_flow",
        sa.Column("subject", base.Key(32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("definition", sa.JSON(), nullable=False),
        sa.Column("created_by", base.Id, nullable=True),
        sa.Column("id", base.Id, nullable=False),
        sa.Column("created_at", base.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval_flow")),
        sa.UniqueConstraint("subject", "version", name=op.f("uq_approval_flow_subject_version")),
    )
    op.create_table(
        "approval_delegation",
        sa.Column("from_id", base.Id, nullable=False),
        sa.Column("to_id", base.Id, nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("revoked_at", base.UTCDateTime(), nullable=True),
        sa.Column("id", base.Id, nullable=False),
        sa.Column("created_at", base.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["from_id"], ["person.id"], name=op.f("fk_approval_delegation_from_id")),
        sa.ForeignKeyConstraint(["to_id"], ["person.id"], name=op.f("fk_approval_delegation_to_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval_delegation")),
    )
    with op.batch_alter_table("approval_delegation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_approval_delegation_from_id"), ["from_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_approval_delegation_to_id"), ["to_id"], unique=False)

    op.create_table(
        "approval_instance",
        sa.Column("subject", base.Key(32), nullable=False),
        sa.Column("subject_id", base.Id, nullable=False),
        sa.Column("open_key", base.Key(64), nullable=True),
        sa.Column("applicant_id", base.Id, nullable=False),
        sa.Column("flow_version", sa.Integer(), nullable=False),
        sa.Column("template", base.Key(64), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("compared", sa.JSON(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("summary", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("decided_by", base.Id, nullable=True),
        sa.Column("ended_at", base.UTCDateTime(), nullable=True),
        sa.Column("urged_at", base.UTCDateTime(), nullable=True),
        sa.Column("id", base.Id, nullable=False),
        sa.Column("created_at", base.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["applicant_id"], ["person.id"], name=op.f("fk_approval_instance_applicant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval_instance")),
        sa.UniqueConstraint("open_key", name=op.f("uq_approval_instance_open_key")),
    )
    with op.batch_alter_table("approval_instance", schema=None) as batch_op:
        batch_op.create_index("ix_approval_instance_applicant", ["applicant_id", "created_at", "id"], unique=False)
        batch_op.create_index("ix_approval_instance_started", ["created_at", "id"], unique=False)
        batch_op.create_index("ix_approval_instance_state", ["state", "created_at", "id"], unique=False)
        batch_op.create_index("ix_approval_instance_subject", ["subject", "subject_id"], unique=False)

    op.create_table(
        "approval_history",
        sa.Column("seq", base.Sequence, autoincrement=True, nullable=False),
        sa.Column("instance_id", base.Id, nullable=False),
        sa.Column("at", base.UTCDateTime(), nullable=False),
        sa.Column("act", sa.String(length=16), nullable=False),
        sa.Column("step_name", sa.String(length=64), nullable=False),
        sa.Column("actor_id", base.Id, nullable=True),
        sa.Column("for_id", base.Id, nullable=True),
        sa.Column("to_id", base.Id, nullable=True),
        sa.Column("comment", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["instance_id"], ["approval_instance.id"], name=op.f("fk_approval_history_instance_id")
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_approval_history")),
    )
    with op.batch_alter_table("approval_history", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_approval_history_instance_id"), ["instance_id"], unique=False)

    op.create_table(
        "approval_step",
        sa.Column("instance_id", base.Id, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("mode", sa.String(length=16), nullable=False),
        sa.Column("node", sa.JSON(), nullable=False),
        sa.Column("fallback", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("opened_at", base.UTCDateTime(), nullable=True),
        sa.Column("closed_at", base.UTCDateTime(), nullable=True),
        sa.Column("id", base.Id, nullable=False),
        sa.Column("created_at", base.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["instance_id"], ["approval_instance.id"], name=op.f("fk_approval_step_instance_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval_step")),
        sa.UniqueConstraint("instance_id", "position", name=op.f("uq_approval_step_instance_id_position")),
    )
    with op.batch_alter_table("approval_step", schema=None) as batch_op:
        batch_op.create_index("ix_approval_step_state", ["state", "opened_at"], unique=False)

    op.create_table(
        "approval_task",
        sa.Column("step_id", base.Id, nullable=False),
        sa.Column("instance_id", base.Id, nullable=False),
        sa.Column("person_id", base.Id, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("is_passed_on", sa.Boolean(), nullable=False),
        sa.Column("action_id", base.Key(32), nullable=False),
        sa.Column("action_expires_at", base.UTCDateTime(), nullable=False),
        sa.Column("decided_by", base.Id, nullable=True),
        sa.Column("decided_at", base.UTCDateTime(), nullable=True),
        sa.Column("reminded_on", sa.Date(), nullable=True),
        sa.Column("id", base.Id, nullable=False),
        sa.Column("created_at", base.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["instance_id"], ["approval_instance.id"], name=op.f("fk_approval_task_instance_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_approval_task_person_id")),
        sa.ForeignKeyConstraint(["step_id"], ["approval_step.id"], name=op.f("fk_approval_task_step_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval_task")),
        sa.UniqueConstraint("action_id", name=op.f("uq_approval_task_action_id")),
    )
    with op.batch_alter_table("approval_task", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_approval_task_instance_id"), ["instance_id"], unique=False)
        batch_op.create_index("ix_approval_task_person", ["person_id", "state", "created_at", "id"], unique=False)
        batch_op.create_index("ix_approval_task_state", ["state", "created_at", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_approval_task_step_id"), ["step_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("approval_task", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_approval_task_step_id"))
        batch_op.drop_index("ix_approval_task_state")
        batch_op.drop_index("ix_approval_task_person")
        batch_op.drop_index(batch_op.f("ix_approval_task_instance_id"))

    op.drop_table("approval_task")
    with op.batch_alter_table("approval_step", schema=None) as batch_op:
        batch_op.drop_index("ix_approval_step_state")

    op.drop_table("approval_step")
    with op.batch_alter_table("approval_history", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_approval_history_instance_id"))

    op.drop_table("approval_history")
    with op.batch_alter_table("approval_instance", schema=None) as batch_op:
        batch_op.drop_index("ix_approval_instance_subject")
        batch_op.drop_index("ix_approval_instance_state")
        batch_op.drop_index("ix_approval_instance_started")
        batch_op.drop_index("ix_approval_instance_applicant")

    op.drop_table("approval_instance")
    with op.batch_alter_table("approval_delegation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_approval_delegation_to_id"))
        batch_op.drop_index(batch_op.f("ix_approval_delegation_from_id"))

    op.drop_table("approval_delegation")
    op.drop_table("approval_flow")
