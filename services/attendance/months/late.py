"""Facts that come after a month was closed: differences of its days, added to the first month that is still open."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from types import SimpleNamespace
from typing import Any

from sqlalchemy import select

from kit import clock
from models.attendance import DayResult
from models.attendance_months import MonthAdjustment, MonthSheet
from services import platform
from services.attendance.months import rules
from services.attendance.rules import Totals

A, D = MonthAdjustment, DayResult
PART = 500
LATE, FOLDED = "结账后的新事实", "重开月份，并入原月"

Day = tuple[str, date]


def add(judged: Mapping[Day, dict[str, Any]], belonging: Mapping[date, date]) -> int:
    """Adds what these days, judged now, differ from what is kept and was added before; the count of new rows.

    `judged` are rows of days as they would be kept; `belonging` the open month that takes what is late for a closed
    one. A day that has come back to what is known adds nothing, so saying it twice adds once.
    """
    if not judged:
        return 0
    known = _known(judged)
    rows = [row for key, day in judged.items() if (row := _row(key, day, known[key], belonging))]
    platform.add_many(A, rows)
    return len(rows)


class _Known:
    """What is known of a closed day: its result and what was added, and how many rows that took."""

    def __init__(self) -> None:
        self.parts: list[Totals] = []
        self.number = 0


def _known(judged: Mapping[Day, dict[str, Any]]) -> Mapping[Day, _Known]:
    found: defaultdict[Day, _Known] = defaultdict(_Known)
    ids, days = sorted({person_id for person_id, _ in judged}), [day for _, day in judged]
    _lock(ids, {day.replace(day=1) for day in days})
    for kept in platform.rows(select(*D.__table__.c).where(D.person_id.in_(ids), D.day.between(min(days), max(days)))):
        found[kept.person_id, kept.day].parts.append(rules.of_day(kept))
    for row in of_days(ids, min(days), max(days)):
        known = found[row.person_id, row.day]
        known.parts.append(numbers(row))
        known.number = row.number
    return found


def _lock(ids: Sequence[str], months: set[date]) -> None:
    """Others who reckon for these people wait: what they are about to add must be known first."""
    sheets = select(MonthSheet.id).where(MonthSheet.month.in_(months), MonthSheet.person_id.in_(ids))
    platform.rows(sheets.order_by(MonthSheet.person_id).with_for_update())


def of_days(ids: Sequence[str], first: date, last: date) -> Sequence[Any]:
    """What was added for these days, in the order in which it was."""
    theirs = select(*A.__table__.c).where(A.person_id.in_(ids), A.day.between(first, last))
    return platform.rows(theirs.order_by(A.person_id, A.day, A.number))


def numbers(row: Any) -> Totals:
    """The numbers of a sheet or of an adjustment."""
    return Totals(**{name: getattr(row, name) for name in rules.NAMES})


def _row(key: Day, day: dict[str, Any], known: _Known, belonging: Mapping[date, date]) -> dict[str, Any] | None:
    difference = rules.minus(rules.of_day(SimpleNamespace(**day)), rules.plus(known.parts))
    if difference == rules.NOTHING:
        return None
    month = belonging[key[1].replace(day=1)]
    return _adjustment(key, difference, month=month, number=known.number + 1, why=(LATE, day["fingerprint"]))


def _adjustment(key: Day, difference: Totals, *, month: date, number: int, why: tuple[str, str]) -> dict[str, Any]:
    cause, fingerprint = why
    of = {"person_id": key[0], "day": key[1], "month": month, "number": number, "cause": cause}
    return {**of, "fingerprint": fingerprint, "created_at": clock.now(), **asdict(difference)}


def fold(ids: Sequence[str], first: date, last: date) -> set[Day]:
    """Takes back, by opposite rows, what was added for days of a month that is open again; the days it was for.

    Each opposite belongs to the month of what it takes back: reopening made sure that none of these is closed.
    """
    by_day: defaultdict[Day, list[Any]] = defaultdict(list)
    for row in of_days(ids, first, last):
        by_day[row.person_id, row.day].append(row)
    found = [row for key, rows in by_day.items() for row in _opposites(key, rows)]
    platform.add_many(A, found)
    return {(row["person_id"], row["day"]) for row in found}


def _opposites(key: Day, rows: Sequence[Any]) -> list[dict[str, Any]]:
    by_month: defaultdict[date, list[Totals]] = defaultdict(list)
    for row in rows:
        by_month[row.month].append(numbers(row))
    owed = {month: rules.plus(parts) for month, parts in by_month.items()}
    standing = [(month, total) for month, total in sorted(owed.items()) if total != rules.NOTHING]
    return [
        _adjustment(
            key,
            rules.minus(rules.NOTHING, total),
            month=month,
            number=rows[-1].number + n,
            why=(FOLDED, rows[-1].fingerprint),
        )
        for n, (month, total) in enumerate(standing, 1)
    ]
