"""Pages of a sorted list by position, not by number: each costs the same, and rows that come or go shift nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_

from kit import pages
from kit.errors import Invalid
from kit.pages import Cut, PageQuery
from models.base import db


@dataclass(frozen=True)
class Order:
    """One way to sort: an expression that is never NULL, of this Python type, and a key that breaks ties."""

    by: Any
    kind: type
    tie: Any


def page(statement: Select[*tuple[Any, ...]], order: Order, query: PageQuery, *, is_down: bool) -> Cut[Any]:
    """The rows behind the query's cursor, at most its limit; each row ends with its position (two columns)."""
    if query.cursor:
        statement = statement.where(_behind(order, query.cursor, is_down))
    rows = rows_of(statement, order, query.limit + 1, is_down=is_down)
    return pages.cut(rows, query.limit, lambda row: [_dumped(row[-2]), row[-1]])


def rows_of(statement: Select[*tuple[Any, ...]], order: Order, most: int, *, is_down: bool) -> Sequence[Any]:
    """The first `most` rows in this order, for a file."""
    turned = (order.by.desc(), order.tie.desc()) if is_down else (order.by, order.tie)
    return db.session.execute(statement.add_columns(order.by, order.tie).order_by(*turned).limit(most)).all()


def _behind(order: Order, cursor: str, is_down: bool) -> ColumnElement[bool]:
    value, last = pages.decode(cursor, int if order.kind is int else str, str)
    at = _loaded(order.kind, value)
    further = order.by < at if is_down else order.by > at
    further_tie = order.tie < last if is_down else order.tie > last
    return or_(further, and_(order.by == at, further_tie))


def _dumped(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _loaded(kind: type, value: Any) -> Any:
    if not issubclass(kind, date):
        return value
    try:
        at = kind.fromisoformat(value)
    except ValueError as error:
        raise Invalid("页码已失效，请从第一页重新打开") from error
    if isinstance(at, datetime) and at.tzinfo is None:
        raise Invalid("页码已失效，请从第一页重新打开")
    return at
