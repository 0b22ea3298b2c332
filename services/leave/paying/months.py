"""The months of pay: which are closed, and the gate that keeps entries from slipping into one behind its close."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from models.leave_pay import LeavePayClose
from services import platform

GATE = "company"
_COLUMNS = select(LeavePayClose.first, LeavePayClose.through).where(LeavePayClose.key == GATE)


@dataclass(frozen=True)
class Closed:
    """The first month that ever was closed and the last, by their first days; nothing before the first close."""

    first: date | None = None
    through: date | None = None

    def has(self, month: date) -> bool:
        return self.through is not None and month <= self.through


def known() -> Closed:
    """What is closed now."""
    rows = platform.rows(_COLUMNS)
    return Closed(*rows[0]) if rows else Closed()


def held(*, alone: bool) -> Closed:
    """What is closed, and nobody changes it before the transaction ends; who closes a month holds it `alone`."""
    rows = platform.rows(_COLUMNS.with_for_update(read=not alone))
    if not rows:
        platform.first(LeavePayClose, key=GATE, first=None, through=None)
        rows = platform.rows(_COLUMNS.with_for_update(read=not alone))
    return Closed(*rows[0])
