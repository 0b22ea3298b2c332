"""Writes that decide something: the first insert wins, a conditional UPDATE says how many rows it changed."""

from functools import cache
from typing import Any, cast

from sqlalchemy import CursorResult, Delete, Insert, Table, Update, bindparam, insert, update
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from models.base import Base, db


def first(table: type[Base], **values: Any) -> bool:
    """Inserts the row unless one with the same key exists; says whether it did."""
    return first_of_many(table, [values]) == 1


def first_of_many(table: type[Base], rows: list[dict[str, Any]]) -> int:
    """Inserts those rows whose keys are new; the count of rows inserted. All rows name the same columns."""
    if not rows:
        return 0
    statement = _unless_there(table, db.engine.dialect.name)
    return _executed(statement, rows if len(rows) > 1 else rows[0]).rowcount


def _executed(statement: Insert | Update, parameters: Any) -> CursorResult[Any]:
    """Runs a statement over a bare table past the session: half the work of its own `execute`."""
    return db.session.connection().execute(statement, parameters)


@cache
def _unless_there(table: type[Base], dialect: str) -> Insert:
    if dialect == "sqlite":
        return sqlite_insert(table_of(table)).on_conflict_do_nothing()
    return insert(table_of(table)).prefix_with("IGNORE")


def add(table: type[Base], **values: Any) -> None:
    """Inserts a row at once, past the unit of work: for rows nobody touches again, at a quarter of the cost."""
    add_many(table, [values])


def add_many(table: type[Base], rows: list[dict[str, Any]]) -> None:
    """Inserts rows at once, past the unit of work; all of them name the same columns."""
    if rows:
        _executed(_plain(table), rows if len(rows) > 1 else rows[0])


@cache
def _plain(table: type[Base]) -> Insert:
    return insert(table_of(table))


def table_of(table: type[Base]) -> Table:
    """The bare table: statements over it skip the unit of work."""
    target = table.__table__
    assert isinstance(target, Table)
    return target


def moved(table: type[Base], row_id: str, was: str, **values: Any) -> bool:
    """Changes the row if its state is still what it was; says whether it did. Of any number of movers one hears yes."""
    return _executed(_still(table), {"which": row_id, "was": was, **values}).rowcount == 1


@cache
def _still(table: type[Base]) -> Update:
    columns = table_of(table).c
    return update(table_of(table)).where(columns.id == bindparam("which"), columns.state == bindparam("was"))


def changed(statement: Update | Delete | Insert, parameters: dict[str, Any] | None = None) -> int:
    """Executes a write and counts the rows it changed; decisions are taken by this count.

    An UPDATE without values sets the columns that `parameters` name, so that it can be built once.
    """
    result = db.session.execute(statement, parameters, execution_options={"synchronize_session": False})
    return cast(CursorResult[Any], result).rowcount
