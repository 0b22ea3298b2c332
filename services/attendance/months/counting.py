"""Adds up a month: five hundred people at a time, each part in a transaction of its own, going on where it stopped."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, exists, func, or_, select, update

from kit import clock
from kit.errors import Conflict
from models.attendance import DayResult
from models.attendance_months import AttendanceMonth
from models.base import db
from models.enums import MonthState
from services import people, platform
from services.attendance import settling
from services.attendance.months import gate, late, rules, sheets
from services.attendance.months.access import require_all
from services.attendance.months.schemas import MonthWish
from services.people import Actor, AnyActor, Permission

COUNT = "attendance.count_month"
M = AttendanceMonth


def begin(actor: Actor, wish: MonthWish) -> None:
    """Adds up a month that has ended, or does so again; `Conflict` before its end or when it moved on meanwhile."""
    require_all(actor, Permission.ATTENDANCE_MONTH_CLOSE)
    month = wish.first_day
    if clock.today() <= rules.last_day(month):
        raise Conflict("这个月还没有结束，结束后才能核算")
    _make(month)
    if not start(actor, month, (MonthState.OPEN, MonthState.REVIEW), version=wish.version):
        raise Conflict("这个月的状态刚刚变了，请刷新后再操作")
    platform.audit.record(actor, "attendance.month.count", wish.month)


def _make(month: date) -> None:
    if not platform.rows(select(M.month).where(M.month == month)):
        platform.first(M, month=month, state=MonthState.OPEN, version=0, people=0, counted=0)


def start(actor: AnyActor, month: date, was: Sequence[MonthState], **values: Any) -> bool:
    """Moves the month to being counted and promises the job; False when it is not where it was."""
    total = platform.scalar(select(func.count()).select_from(_everybody(month).subquery())) or 0
    if not gate.move(actor, month, was, MonthState.COUNTING, people=total, counted=0, **values):
        return False
    version = platform.scalar(select(M.version).where(M.month == month))
    _promise({"month": f"{month:%Y-%m}", "version": version, "after": ""})
    return True


def _promise(payload: dict[str, Any]) -> None:
    key = ":".join((COUNT, payload["month"], str(payload["version"]), payload["after"]))
    platform.promise(COUNT, payload, dedupe_key=key)


def _everybody(month: date) -> Select[str]:
    """Whoever works here or did so in the month, and whoever has a day in it."""
    (column, *_) = people.homes().selected_columns
    here = DayResult.day.between(month, rules.last_day(month))
    has_days = exists().where(DayResult.person_id == column, here)
    return select(column).where(or_(column.in_(people.worked_since(month)), has_days))


def count(payload: dict[str, Any]) -> None:
    """Settles what is still unsettled of the next people's month and sums it; the last part opens it to review."""
    month = date.fromisoformat(f"{payload['month']}-01")
    if not _is_current(month, payload["version"]):
        return
    ids = _next(month, payload["after"])
    _count(month, ids)
    db.session.execute(update(M).where(M.month == month).values(counted=M.counted + len(ids)))
    if len(ids) == settling.CHUNK:
        _promise({**payload, "after": ids[-1]})
    else:
        gate.move(people.System(COUNT), month, (MonthState.COUNTING,), MonthState.REVIEW)


def _is_current(month: date, version: int) -> bool:
    now = platform.rows(select(M.state, M.version).where(M.month == month))
    return bool(now) and (now[0].state, now[0].version) == (MonthState.COUNTING, version)


def _next(month: date, after: str) -> list[str]:
    wanted = _everybody(month)
    (column,) = wanted.selected_columns
    rows = platform.rows(wanted.where(column > after).order_by(column).limit(settling.CHUNK))
    return [row[0] for row in rows]


def _count(month: date, ids: Sequence[str]) -> None:
    last = rules.last_day(month)
    there = [
        one for one, span in people.employed(ids).items() if rules.open_days(month, span.hired_on, span.left_on, 0)
    ]
    if folded := late.fold(ids, month, last):
        days = {day for _, day in folded}
        settling.write(sorted({one for one, _ in folded}), min(days), max(days), days)
    settling.settle_new(there, month, last)
    sheets.write(month, there)
