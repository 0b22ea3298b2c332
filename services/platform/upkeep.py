"""Nightly upkeep of the plumbing's own tables."""

from typing import Any

from sqlalchemy import text

from models.base import db
from services.platform import idempotency, inbox, meter, tokens


def tidy(_payload: dict[str, Any]) -> None:
    """Deletes what nobody can ask for any more."""
    inbox.forget_old()
    idempotency.forget_old()
    meter.forget_old()
    tokens.forget_old()
    learn_sizes()


def learn_sizes() -> None:
    """Lets SQLite sample its tables: without that it takes an index that matches half of a table for a good one.

    Servers do so by themselves.
    """
    if db.engine.dialect.name == "sqlite":
        db.session.execute(text("PRAGMA analysis_limit=1000"))
        db.session.execute(text("ANALYZE"))
