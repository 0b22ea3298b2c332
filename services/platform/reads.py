"""Reads that need rows and no objects."""

from collections.abc import Sequence
from typing import Any, TypeVar, TypeVarTuple

from sqlalchemy import CompoundSelect, Row, Select

from models.base import db

T = TypeVar("T")
Ts = TypeVarTuple("Ts")


def rows(statement: Select[*Ts] | CompoundSelect[*Ts], parameters: dict[str, Any] | None = None) -> Sequence[Row[*Ts]]:
    """What a statement over columns finds, past the session's objects: half the work of its own `execute`.

    What the session still holds back is written first, as it would do itself.
    """
    db.session.flush()
    return db.session.connection().execute(statement, parameters or {}).all()


def scalar(statement: Select[T], parameters: dict[str, Any] | None = None) -> T | None:
    """The first column of the first row found; `None` when there is no row."""
    found = rows(statement, parameters)
    return found[0][0] if found else None
