"""Everybody's sheet of a month: the sum of their settled days, kept equal to it until the month is closed.

Sheets are locked before the days are summed: of two who change different days of a person, the second sums both.
"""

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select, update

from kit import clock
from kit.ids import new_id
from models.attendance import DayResult
from models.attendance_months import MonthSheet
from models.base import db
from models.enums import SheetState, Verdict
from services import people, platform
from services.attendance.months import rules

D = DayResult
UNSUMMED = "0" * 64
SHOWN_AGAIN = {"state": SheetState.SHOWN, "said_by": None, "said_at": None}


def _times(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))


def _said(verdict: Verdict) -> ColumnElement[bool]:
    return D.verdicts.contains(f"|{verdict}|", autoescape=True)


SUMS = {
    "work_days": _times(or_(D.expected_minutes > 0, D.leave_minutes > 0, D.trip_minutes > 0)),
    "attended_days": _times(and_(D.expected_minutes > 0, or_(D.first_in.is_not(None), D.last_out.is_not(None)))),
    "late_times": _times(_said(Verdict.LATE)),
    "early_times": _times(_said(Verdict.EARLY)),
    "missing_times": _times(_said(Verdict.MISSING_IN)) + _times(_said(Verdict.MISSING_OUT)),
    "absent_days": _times(_said(Verdict.ABSENT)),
    "trip_days": _times(_said(Verdict.TRIP)),
    **{
        f"{name}_minutes": func.sum(getattr(D, f"{name}_minutes"))
        for name in ("late", "early", "absent", "leave", "trip", "worked", "expected")
    },
}
"""Each number of a month as SQL over its days: the same as `rules.totals`, without fetching a day."""


def write(month: date, ids: Sequence[str]) -> list[str]:
    """Sums the days of these people anew; the ids of the people whose sheet is new or changed."""
    wanted = sorted(set(ids))
    _make(month, wanted)
    before = {row.person_id: row for row in platform.rows(_locked(month, wanted))}
    after = _summed(month, wanted)
    employed = people.employed(wanted)
    changed = []
    for person_id, row in before.items():
        values = after.get(person_id, {"days": 0, "hash": rules.seal_of_days([]), **dict.fromkeys(rules.NAMES, 0)})
        span = employed[person_id]
        values["open_days"] = rules.open_days(month, span.hired_on, span.left_on, values["days"])
        if (row.hash, row.open_days) != (values["hash"], values["open_days"]):
            changed.append({"id": row.id, "person_id": person_id, **values, **SHOWN_AGAIN})
    if changed:
        db.session.execute(update(MonthSheet), changed)
    return [row["person_id"] for row in changed]


def _make(month: date, ids: Sequence[str]) -> None:
    there = select(MonthSheet.person_id).where(MonthSheet.month == month, MonthSheet.person_id.in_(ids))
    known = {row.person_id for row in platform.rows(there)}
    common = {"month": month, "created_at": clock.now(), "hash": UNSUMMED, "state": SheetState.SHOWN}
    zeros = dict.fromkeys((*rules.NAMES, "days", "open_days"), 0)
    new = [{"id": new_id(), "person_id": one, **common, **zeros} for one in ids if one not in known]
    platform.first_of_many(MonthSheet, new)


def _locked(month: date, ids: Sequence[str]) -> Any:
    columns = select(MonthSheet.id, MonthSheet.person_id, MonthSheet.hash, MonthSheet.open_days)
    wanted = columns.where(MonthSheet.month == month, MonthSheet.person_id.in_(ids))
    return wanted.order_by(MonthSheet.person_id).with_for_update()


def _summed(month: date, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    here = (D.person_id.in_(ids), D.day.between(month, rules.last_day(month)))
    sums = [column.label(name) for name, column in SUMS.items()]
    summed = select(D.person_id, func.count().label("days"), *sums).where(*here).group_by(D.person_id)
    found = {row.person_id: _numbers(row) for row in platform.rows(summed)}
    days = select(D.person_id, D.day, D.fingerprint).where(*here).order_by(D.person_id, D.day)
    for person_id, theirs in groupby(platform.rows(days), key=lambda row: row.person_id):
        found[person_id]["hash"] = rules.seal_of_days((row.day, row.fingerprint) for row in theirs)
    return found


def _numbers(row: Any) -> dict[str, Any]:
    """The sums as whole numbers: MariaDB's are decimals."""
    return {name: int(getattr(row, name)) for name in ("days", *SUMS)}
