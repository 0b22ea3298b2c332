"""Runs migrations over the engine of the running application."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import CHAR, String

from models import base, tables
from models.base import Base, db

assert tables
only = context.config.attributes.get("only")


def is_asked_for(_object: object, name: str | None, kind: str, *_rest: object) -> bool:
    """Compares only some tables when asked to: a domain begins with a migration of its own."""
    return kind != "table" or only is None or name in only


NAMES = ("Id", "Hash", "Sequence", "LargeSealed")


def rendered(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Writes our own column types by their names, so that a migration reads like the table it makes."""
    if kind != "type":
        return False
    if isinstance(item, String) and not isinstance(item, CHAR) and item._variant_mapping:
        return f"base.Key({item.length})"
    for name in NAMES:
        ours = getattr(base, name)
        if (repr(item), bool(item._variant_mapping)) == (repr(ours), bool(ours._variant_mapping)):
            return f"base.{name}"
    return False


with db.engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        include_object=is_asked_for,
        render_as_batch=True,
        compare_type=True,
        render_item=rendered,
        user_module_prefix="base.",
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
