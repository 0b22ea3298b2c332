"""What payroll takes of a closed month: everybody's sheet with what was added from earlier months."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import select

from models.attendance_months import AttendanceMonth, MonthSheet
from models.enums import MonthState
from services import platform
from services.attendance.months import board, late, rules
from services.attendance.months.schemas import MonthFigures
from services.attendance.schemas import TotalsOut

M, S = AttendanceMonth, MonthSheet
PART = 900  # SQLite's parameters are limited


def figures(month: date, person_ids: Collection[str]) -> dict[str, MonthFigures]:
    """The closed month of these people, in three statements for every nine hundred; empty unless it is closed.

    People without a sheet, who did not work here then, are left out. `version` and `hash` say which close it was read
    from: `MonthReopened` carries the same, so that whoever kept them knows what is out of date.
    """
    closed = platform.rows(select(M.version, M.hash).where(M.month == month, M.state == MonthState.CLOSED))
    if not closed:
        return {}
    ((version, seal),) = closed
    ids, found = sorted(set(person_ids)), dict[str, MonthFigures]()
    for at in range(0, len(ids), PART):
        found |= _part(month, ids[at : at + PART], version, seal or "")
    return found


def _part(month: date, ids: list[str], version: int, seal: str) -> dict[str, MonthFigures]:
    added = board.added_to(month, ids)
    rows = platform.rows(select(*S.__table__.c).where(S.month == month, S.person_id.in_(ids)))
    found = {}
    for row in rows:
        own, more = late.numbers(row), added.get(row.person_id, rules.NOTHING)
        found[row.person_id] = MonthFigures(
            person_id=row.person_id,
            month=month,
            version=version,
            hash=seal,
            sheet=TotalsOut.model_validate(own),
            added=TotalsOut.model_validate(more),
            total=TotalsOut.model_validate(rules.plus([own, more])),
        )
    return found
