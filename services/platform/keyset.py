"""Pages of a sorted list by position, not by number: each costs the same, and rows that come or go shift nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, and_, bindparam, or_

from kit import pages
from kit.errors import Invalid
from kit.pages import Cut, PageQuery
from services.platform import reads


@dataclass(frozen=True)
class Order:
    """One way to sort: a named column that is never NULL, of this Python type, and a key that breaks ties."""

    by: Any
    kind: type
    tie: Any


class Listing:
    """A sorted list over columns, those of its order among them; where it never changes it is built once.

    Building a statement costs more than asking it.
    """

    def __init__(self, statement: Select[*tuple[Any, ...]], order: Order, *, is_down: bool) -> None:
        turned = (order.by.desc(), order.tie.desc()) if is_down else (order.by, order.tie)
        self._statement = statement.order_by(*turned).limit(bindparam("most", type_=Integer))
        self._order, self._is_down = order, is_down

    def page(self, query: PageQuery, **parameters: Any) -> Cut[Any]:
        """The rows behind the query's cursor, at most its limit."""
        statement = self._statement
        if query.cursor:
            statement = statement.where(_behind(self._order, query.cursor, self._is_down))
        rows = reads.rows(statement, {"most": query.limit + 1, **parameters})
        return pages.cut(rows, query.limit, self._position)

    def first(self, most: int, **parameters: Any) -> Sequence[Any]:
        """The first `most` rows, for a file."""
        return reads.rows(self._statement, {"most": most, **parameters})

    def _position(self, row: Any) -> list[Any]:
        return [_dumped(getattr(row, self._order.by.key)), getattr(row, self._order.tie.key)]


def listing(statement: Select[*tuple[Any, ...]], orders: Mapping[str, Order], sort: str) -> Listing:
    """The list in the order that a query names; a minus before the name turns it round."""
    return Listing(statement, orders[sort.removeprefix("-")], is_down=sort.startswith("-"))


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
