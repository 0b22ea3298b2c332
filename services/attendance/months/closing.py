"""Closes a month, and opens it again."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import func, select, update

from kit.errors import Conflict
from models.attendance_months import AttendanceMonth, MonthAdjustment, MonthSheet
from models.base import db
from models.enums import MonthState, SheetState
from services import platform
from services.attendance.events import MonthReopened
from services.attendance.months import counting, gate, rules
from services.attendance.months.access import require_all
from services.attendance.months.schemas import CloseWish, ReopenWish
from services.people import Actor, Permission

A, M, S = MonthAdjustment, AttendanceMonth, MonthSheet
AT_ONCE = 5000


def close(actor: Actor, wish: CloseWish) -> None:
    """Closes the month: its days stand, what comes later is added to the next one.

    `Conflict` while somebody disputes their month, an earlier one is half closed, or more people have not confirmed
    than the page showed. Of any number who close at once one does.
    """
    require_all(actor, Permission.ATTENDANCE_MONTH_CLOSE)
    month = wish.first_day  # moved first: who reopens an earlier one meets us, and one of us begins anew
    if not gate.move(actor, month, (MonthState.CONFIRMING,), MonthState.CLOSED, version=wish.version, reason=None):
        raise Conflict("这个月的状态刚刚变了，请刷新后再操作")
    if said := refusal(month):
        raise Conflict(said)
    waiting = said_by(month).get(SheetState.SHOWN, 0)
    if waiting > wish.waiting:
        raise Conflict(f"现在有 {waiting} 人还没有确认，比您看到的多，请刷新核对后再结账")
    seal = rules.seal_of_month(_lines(month))
    db.session.execute(update(M).where(M.month == month).values(hash=seal))
    after = {"hash": seal, "waiting": waiting}
    platform.audit.record(actor, "attendance.month.close", wish.month, after=after)


def refusal(month: date) -> str | None:
    """Why a month cannot be closed yet, whoever asks."""
    half = select(func.min(M.month)).where(M.month < month, M.state.in_(gate.COUNTED)).with_for_update(read=True)
    if earlier := platform.scalar(half):
        return f"请先把 {earlier:%Y-%m} 结账"
    disputed = said_by(month).get(SheetState.DISPUTED, 0)
    return f"还有 {disputed} 人有异议，请先答复" if disputed else None


def said_by(month: date) -> dict[SheetState, int]:
    """How many have said what of their month."""
    rows = platform.rows(select(S.state, func.count()).where(S.month == month).group_by(S.state))
    return {SheetState(state): n for state, n in rows}


def _lines(month: date) -> Iterator[tuple[Any, ...]]:
    """What the seal covers: every sheet by person, then every row added from earlier months by its number."""
    sheets = select(S.person_id, S.hash, *(getattr(S, name) for name in rules.NAMES)).where(S.month == month)
    after = ""
    while rows := platform.rows(sheets.where(S.person_id > after).order_by(S.person_id).limit(AT_ONCE)):
        yield from map(tuple, rows)
        after = rows[-1].person_id
    added = select(A.person_id, A.day, A.number, *(getattr(A, name) for name in rules.NAMES)).where(A.month == month)
    yield from map(tuple, platform.rows(added.order_by(A.person_id, A.day, A.number)))


def reopen(actor: Actor, wish: ReopenWish) -> None:
    """Opens the month that was closed last again: it is counted anew, and what was added for its days is taken back.

    `Conflict` when a later one is closed: that one has already paid what came late for this one.
    """
    require_all(actor, Permission.ATTENDANCE_MONTH_REOPEN)
    month = wish.first_day
    before = platform.scalar(select(M.hash).where(M.month == month)) or ""
    values = {"version": wish.version, "reason": wish.reason, "hash": None}
    if not counting.start(actor, month, (MonthState.CLOSED,), **values):
        raise Conflict("这个月的状态刚刚变了，请刷新后再操作")
    closed_later = (
        select(func.max(M.month)).where(M.month > month, M.state == MonthState.CLOSED).with_for_update(read=True)
    )
    if later := platform.scalar(closed_later):
        raise Conflict(f"{later:%Y-%m} 已经结账，只能从最后结账的月份开始重开")
    said = {"reason": wish.reason, "hash": before}
    platform.audit.record(actor, "attendance.month.reopen", wish.month, before=said)
    platform.publish(MonthReopened(month, wish.version, before, wish.reason))
