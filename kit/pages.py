"""Cursor pagination: a page of items and an opaque cursor to the next; no counting of whole tables."""

import base64
import binascii
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from kit.errors import Invalid

T = TypeVar("T")
R = TypeVar("R")

LONE_SURROGATE = re.compile("[\ud800-\udfff]")
DEFAULT_LIMIT, LARGEST_LIMIT = 20, 100


class PageQuery(BaseModel):
    """What a list accepts besides its own filters: how many, and from where."""

    model_config = ConfigDict(extra="forbid")
    limit: int = Field(DEFAULT_LIMIT, ge=1, le=LARGEST_LIMIT)
    cursor: str | None = Field(None, max_length=400)


class Page(BaseModel, Generic[T]):
    """Items in order, and where the next page begins; `None` at the end."""

    items: list[T]
    next_cursor: str | None = None


@dataclass(frozen=True)
class Cut(Generic[R]):
    """Rows of one page cut out of `limit + 1` fetched rows."""

    rows: Sequence[R]
    next_cursor: str | None


def cut(rows: Sequence[R], limit: int, key: Callable[[R], list[Any]]) -> Cut[R]:
    """Cuts `limit + 1` fetched rows into a page; `key` gives the position of a row (JSON values)."""
    if len(rows) <= limit:
        return Cut(rows, None)
    return Cut(rows[:limit], encode(key(rows[limit - 1])))


def encode(position: list[Any]) -> str:
    """An opaque cursor for a position."""
    return base64.urlsafe_b64encode(json.dumps(position, separators=(",", ":")).encode()).decode().rstrip("=")


def decode(cursor: str, *types: type) -> list[Any]:
    """The position in a cursor, checked against the expected types; a foreign or cut cursor is `Invalid`."""
    try:
        position = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error, RecursionError) as error:
        raise Invalid("页码已失效，请从第一页重新打开") from error
    if (
        not isinstance(position, list)
        or [type(part) for part in position] != list(types)
        or not _can_be_asked(position)
    ):
        raise Invalid("页码已失效，请从第一页重新打开")
    return position


def _can_be_asked(position: list[Any]) -> bool:
    """Could a database be asked for it: whole numbers of 64 bits, text that is text?"""
    numbers = (part for part in position if isinstance(part, int))
    texts = (part for part in position if isinstance(part, str))
    return all(abs(number) < 2**63 for number in numbers) and not any(map(LONE_SURROGATE.search, texts))
