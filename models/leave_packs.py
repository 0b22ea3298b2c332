"""Tables of what places give for leave, as HR has read it there."""

from datetime import date
from typing import Any

from sqlalchemy import Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Key, Record


class LeavePack(Record):
    """What a place gives for a kind of leave from a day on; append-only, a newer version replaces it.

    `rules` holds the formula of days and what goes with it, `source` the text it comes from.
    """

    __tablename__ = "leave_pack"
    place: Mapped[str] = mapped_column(String(20))
    kind_code: Mapped[str] = mapped_column(Key(32))
    version: Mapped[int] = mapped_column(Integer)
    valid_from: Mapped[date]
    source: Mapped[str] = mapped_column(String(200))
    rules: Mapped[dict[str, Any]]
    added_by: Mapped[str] = mapped_column(Key(64))

    __table_args__ = (UniqueConstraint("place", "kind_code", "version"),)
