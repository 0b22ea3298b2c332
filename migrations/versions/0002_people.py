"""The tables of people."""

import sqlalchemy as sa
from alembic import op

from models import base

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "department",
        sa.Column("wecom_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("parent_id", base.Id, nullable=True),
        sa.Column("path", base.Key(500), nullable=False),
        sa.Column("sort", sa.Integer(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("id", base.Id, nullable=False),
        sa.Column("created_at", base.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["parent_id"], ["department.id"], name=op.f("fk_department_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_department")),
        sa.UniqueConstraint("wecom_id", name=op.f("uq_department_wecom_id")),
    )
    with op.batch_alter_table("department", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_department_path"), ["path"], unique=False)

    op.create_table(
        "login_state",
        sa.Column("state_hash", base.Hash, nullable=False),
        sa.Column("browser_hash", base.Hash, nullable=False),
        sa.Column("flow", sa.String(length=16), nullable=False),
        sa.Column("next_path", sa.String(length=500), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("expires_at", base.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("state_hash", name=op.f("pk_login_state")),
    )
    with op.batch_alter_table("login_state", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_login_state_expires_at"), ["expires_at"], unique=False)

    op.create_table(
        "tag",
        sa.Column("wecom_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("id", base.Id, nullable=False),
        sa.Column("created_at", base.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tag")),
        sa.UniqueConstraint("wecom_id", name=op.f("uq_tag_wecom_id")),
    )
    op.create_table(
        "person",
        sa.Column("userid", base.Key(64), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("department_id", base.Id, nullable=True),
        sa.Column("superior_id", base.Id, nullable=True),
        sa.Column("superior_userid", base.Key(64), nullable=True),
        sa.Column("is_manager", sa.Boolean(), nullable=False),
        sa.Column("position", sa.String(length=128), nullable=False),
        sa.Column("employee_number", base.Key(32), nullable=True),
        sa.Column("gender", sa.String(length=8), nullable=True),
        sa.Column("hired_on", sa.Date(), nullable=True),
        sa.Column("first_worked_on", sa.Date(), nullable=True),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("sealed_contact", base.LargeSealed, nullable=True),
        sa.Column("synced_at", base.UTCDateTime(), nullable=True),
        sa.Column("id", base.Id, nullable=False),
        sa.Column("created_at", base.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_person_department_id")),
        sa.ForeignKeyConstraint(["superior_id"], ["person.id"], name=op.f("fk_person_superior_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("employee_number", name=op.f("uq_person_employee_number")),
        sa.UniqueConstraint("userid", name=op.f("uq_person_userid")),
    )
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_department_id"), ["department_id"], unique=False)
        batch_op.create_index("ix_person_name", ["name", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_person_status"), ["status"], unique=False)
        batch_op.create_index(batch_op.f("ix_person_superior_id"), ["superior_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_person_superior_userid"), ["superior_userid"], unique=False)

    op.create_table(
        "tag_department",
        sa.Column("tag_id", base.Id, nullable=False),
        sa.Column("department_id", base.Id, nullable=False),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_tag_department_department_id")),
        sa.ForeignKeyConstraint(["tag_id"], ["tag.id"], name=op.f("fk_tag_department_tag_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("tag_id", "department_id", name=op.f("pk_tag_department")),
    )
    with op.batch_alter_table("tag_department", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tag_department_department_id"), ["department_id"], unique=False)

    op.create_table(
        "login_session",
        sa.Column("token_hash", base.Hash, nullable=False),
        sa.Column("person_id", base.Id, nullable=False),
        sa.Column("surface", sa.String(length=16), nullable=False),
        sa.Column("csrf", base.Key(64), nullable=False),
        sa.Column("seen_at", base.UTCDateTime(), nullable=False),
        sa.Column("expires_at", base.UTCDateTime(), nullable=False),
        sa.Column("stepped_up_at", base.UTCDateTime(), nullable=True),
        sa.Column("id", base.Id, nullable=False),
        sa.Column("created_at", base.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_login_session_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_login_session_token_hash")),
    )
    with op.batch_alter_table("login_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_login_session_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_login_session_person_id"), ["person_id"], unique=False)

    op.create_table(
        "membership",
        sa.Column("person_id", base.Id, nullable=False),
        sa.Column("department_id", base.Id, nullable=False),
        sa.Column("is_leader", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_membership_department_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_membership_person_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("person_id", "department_id", name=op.f("pk_membership")),
    )
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_membership_department_id"), ["department_id"], unique=False)

    op.create_table(
        "role_grant",
        sa.Column("person_id", base.Id, nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("department_id", base.Id, nullable=True),
        sa.Column("granted_by", base.Id, nullable=True),
        sa.Column("id", base.Id, nullable=False),
        sa.Column("created_at", base.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_role_grant_department_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_role_grant_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grant")),
        sa.UniqueConstraint(
            "person_id", "role", "department_id", name=op.f("uq_role_grant_person_id_role_department_id")
        ),
    )
    with op.batch_alter_table("role_grant", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_role_grant_person_id"), ["person_id"], unique=False)

    op.create_table(
        "step_up_secret",
        sa.Column("person_id", base.Id, nullable=False),
        sa.Column("sealed_pin", base.LargeSealed, nullable=True),
        sa.Column("sealed_totp", base.LargeSealed, nullable=True),
        sa.Column("last_totp_step", base.Sequence, nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("locked_until", base.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_step_up_secret_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_step_up_secret")),
    )
    op.create_table(
        "tagging",
        sa.Column("tag_id", base.Id, nullable=False),
        sa.Column("person_id", base.Id, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_tagging_person_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["tag_id"], ["tag.id"], name=op.f("fk_tagging_tag_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("tag_id", "person_id", name=op.f("pk_tagging")),
    )
    with op.batch_alter_table("tagging", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tagging_person_id"), ["person_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("tagging", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_tagging_person_id"))

    op.drop_table("tagging")
    op.drop_table("step_up_secret")
    with op.batch_alter_table("role_grant", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_role_grant_person_id"))

    op.drop_table("role_grant")
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_membership_department_id"))

    op.drop_table("membership")
    with op.batch_alter_table("login_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_login_session_person_id"))
        batch_op.drop_index(batch_op.f("ix_login_session_expires_at"))

    op.drop_table("login_session")
    with op.batch_alter_table("tag_department", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_tag_department_department_id"))

    op.drop_table("tag_department")
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_superior_userid"))
        batch_op.drop_index(batch_op.f("ix_person_superior_id"))
        batch_op.drop_index(batch_op.f("ix_person_status"))
        batch_op.drop_index("ix_person_name")
        batch_op.drop_index(batch_op.f("ix_person_department_id"))

    op.drop_table("person")
    op.drop_table("tag")
    with op.batch_alter_table("login_state", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_login_state_expires_at"))

    op.drop_table("login_state")
    with op.batch_alter_table("department", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_department_path"))

    op.drop_table("department")
