"""The gate between who writes days and who moves a month on.

Whoever writes days of a month holds its row shared to the end of the transaction, and makes it first if there is none;
whoever moves the month on changes that row. So no day slips into a month behind its close, and no sum is taken of days
that somebody is about to change without noticing.
"""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from sqlalchemy import select, update

from kit import clock
from models.attendance_months import AttendanceMonth
from models.enums import MonthState
from services import platform
from services.attendance.months import rules
from services.people import AnyActor

M = AttendanceMonth
COUNTED = (MonthState.COUNTING, MonthState.REVIEW, MonthState.CONFIRMING)
"""States in which sheets follow their days."""


def held(months: Collection[date]) -> dict[date, MonthState]:
    """The states of these months and of all after them; nobody moves any of them on before we are done."""
    found = _held(months)
    for month in sorted(set(months) - found.keys()):
        platform.first(M, month=month, state=MonthState.OPEN, version=0, people=0, counted=0)
    return found if found.keys() >= set(months) else _held(months)


def _held(months: Collection[date]) -> dict[date, MonthState]:
    rows = select(M.month, M.state).where(M.month >= min(months)).order_by(M.month).with_for_update(read=True)
    return {row.month: MonthState(row.state) for row in platform.rows(rows)}


def belonging(states: Mapping[date, MonthState]) -> dict[date, date]:
    """For each closed month of those held, the first open one after it, now held too: it takes what comes too late."""
    closed = {month for month, state in states.items() if state == MonthState.CLOSED}
    found = {month: rules.first_open(month, closed) for month in closed}
    if new := set(found.values()) - states.keys():
        held(new)
    return found


def move(doer: AnyActor, month: date, was: Collection[MonthState], to: MonthState, **values: Any) -> bool:
    """Moves a month on by one conditional UPDATE; of any number of movers one hears yes.

    A `version` among the values is what the page showed, and has to hold still.
    """
    seen = values.pop("version", None)
    still = [M.month == month, M.state.in_(was)] + [M.version == seen] * (seen is not None)
    new = {"state": to, "version": M.version + 1, "moved_by": doer.label, "moved_at": clock.now(), **values}
    return platform.changed(update(M).where(*still).values(**new)) == 1


def state(month: date) -> MonthState:
    """How far a month is at this moment; nothing keeps it from moving on."""
    return MonthState(platform.scalar(select(M.state).where(M.month == month)) or MonthState.OPEN)
