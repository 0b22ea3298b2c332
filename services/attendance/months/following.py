"""Sheets follow their days: whoever changes a day changes the sheet in the same transaction, until the month closes."""

from collections.abc import Iterable, Mapping
from datetime import date

from models.enums import MonthState
from services.attendance.months import asking, gate, sheets


def months_of(first: date, last: date) -> list[date]:
    """The months that these days lie in."""
    return sorted({date(n // 12, n % 12 + 1, 1) for n in range(_number(first), _number(last) + 1)})


def _number(day: date) -> int:
    return day.year * 12 + day.month - 1


def follow(written: Iterable[tuple[str, date]], states: Mapping[date, MonthState]) -> None:
    """Sums the sheets of these people anew where their month is being closed; who may have confirmed is asked again."""
    by_month: dict[date, set[str]] = {}
    for person_id, day in written:
        by_month.setdefault(day.replace(day=1), set()).add(person_id)
    for month, ids in sorted(by_month.items()):
        if states[month] in gate.COUNTED:
            changed = sheets.write(month, sorted(ids))
            if states[month] == MonthState.CONFIRMING:
                asking.tell(month, changed, "changed")
