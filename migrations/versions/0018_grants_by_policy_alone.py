"""What a kind is granted stands in its policy alone."""

import json

import sqlalchemy as sa
from alembic import op

from models import base

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

MOVED = ("entitlement", "carry_years")
kinds = sa.table("leave_kind", sa.column("code", base.Key(32)), sa.column("rules", sa.JSON()))


def upgrade() -> None:
    for code, stored in op.get_bind().execute(sa.select(kinds.c.code, kinds.c.rules)).all():
        rules = json.loads(stored) if isinstance(stored, str) else stored
        kept = {name: value for name, value in rules.items() if name not in MOVED}
        op.execute(sa.update(kinds).where(kinds.c.code == code).values(rules=kept))


def downgrade() -> None:
    """The older rules have defaults for what is gone."""
