"""The schema's version: is the database at the head of the migrations, and bringing it there.

Every process asks both when it starts. Alembic is imported only by what changes or compares the schema: it is 14 MiB.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import inspect, text

from models import tables
from models.base import Base, db

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).parents[2] / "migrations"
assert tables  # imported for its effect: the metadata is complete


def _config() -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


def head() -> str:
    """The newest migration of this code; they are numbered without gaps."""
    return f"{_count():04d}"


def _count() -> int:
    return len(list((MIGRATIONS / "versions").glob("[0-9]*.py")))


def current() -> str | None:
    """The migration the database is at; `None` when it is empty."""
    with db.engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        version: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        return version


def upgrade(revision: str = "head") -> None:
    """Brings the database to a migration."""
    from alembic import command

    command.upgrade(_config(), revision)


def differences() -> list[str]:
    """What the tables in the code have and the database lacks, or the reverse; empty when they agree."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with db.engine.connect() as connection:
        found = compare_metadata(MigrationContext.configure(connection), Base.metadata)
    return [str(difference) for difference in found]


def revise(message: str) -> str:
    """Writes the next numbered migration from what differs; its path."""
    from alembic import command

    script = command.revision(_config(), message, autogenerate=True, rev_id=f"{_count() + 1:04d}")
    assert script is not None
    return str(getattr(script, "path", script))
