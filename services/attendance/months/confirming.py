"""What somebody says of their own month: confirmed or disputed, each by one conditional UPDATE; and HR's answer."""

from datetime import date
from typing import Any

from sqlalchemy import select, update

from kit import clock
from kit.errors import Conflict, NotFound
from models.attendance_months import MonthSheet
from models.enums import MonthState, SheetState
from services import people, platform
from services.attendance.months import asking, gate
from services.attendance.months.board import adjustments, sheet_views
from services.attendance.months.schemas import Answer, Confirm, Dispute, MonthQuery, MySheet
from services.people import Actor, Permission

S = MonthSheet
SHOWN = (MonthState.CONFIRMING, MonthState.CLOSED)


def my_sheet(actor: Actor, query: MonthQuery) -> MySheet:
    """My month, while it is to be confirmed and once it is closed; `NotFound` before."""
    month = query.first_day
    row, state = _mine(actor, S.month == month), gate.state(month)
    if state not in SHOWN:
        raise NotFound("这个月的考勤还没有开始确认")
    (view,) = sheet_views([row])
    return MySheet(
        sheet=view,
        adjustments=adjustments(actor.person_id, month),
        may_decide=state == MonthState.CONFIRMING,
    )


def _mine(actor: Actor, *which: Any) -> Any:
    rows = platform.rows(select(*S.__table__.c).where(S.person_id == actor.person_id, *which))
    if not rows:
        raise NotFound("这个月没有您的考勤")
    return rows[0]


def confirm(actor: Actor, wish: Confirm) -> None:
    """My month is right. `Conflict` when it is no longer what I saw, or no longer to be confirmed."""
    _say(actor, _mine(actor, S.month == wish.first_day), wish.seen, SheetState.CONFIRMED)


def dispute(actor: Actor, wish: Dispute) -> None:
    """My month is not right; HR is told and answers."""
    row = _mine(actor, S.month == wish.first_day)
    _say(actor, row, wish.seen, SheetState.DISPUTED, said=wish.reason, answer=None, answered_by=None)
    asking.tell_hr(actor.person_id, row.month, f"month-disputed:{row.id}:{clock.now():%Y%m%d%H%M%S%f}")


def tap(actor: Actor, action_id: str, _chosen: str) -> str:
    """The button of the card: its id names the sheet and what it said; the words that replace the button."""
    sheet_id, _, seen = action_id.partition(".")
    _say(actor, _mine(actor, S.id == sheet_id), seen, SheetState.CONFIRMED)
    return "已确认"


def _say(actor: Actor, row: Any, seen: str, state: SheetState, **values: Any) -> None:
    if seen != row.hash[: asking.SEEN]:
        raise Conflict("这个月的考勤刚刚有变化，请刷新后再确认")
    if row.state == state == SheetState.CONFIRMED:
        return
    _require_open(row.month)
    new = {"state": state, "said_by": actor.label, "said_at": clock.now(), **values}
    still = (S.id == row.id, S.hash == row.hash, S.state == row.state)
    if not platform.changed(update(S).where(*still).values(**new)):
        raise Conflict("这个月的考勤刚刚有变化，请刷新后再操作")
    after = {"month": f"{row.month:%Y-%m}", "hash": row.hash}
    platform.audit.record(actor, f"attendance.sheet.{state}", row.id, person_id=row.person_id, after=after)


def _require_open(month: date) -> None:
    if gate.held([month])[month] != MonthState.CONFIRMING:
        raise Conflict("这个月已经不在确认中；如有疑问请联系人事")


def answer(actor: Actor, sheet_id: str, wish: Answer) -> None:
    """HR's answer to a dispute: the sheet is shown again with it. `Conflict` when it is not disputed any more."""
    reach = people.within(actor, Permission.ATTENDANCE_MONTH_CLOSE)
    rows = platform.rows(select(S.month, S.person_id).where(S.id == sheet_id, S.person_id.in_(reach)))
    if not rows:
        raise NotFound
    if rows[0].person_id == actor.person_id:
        raise Conflict("这是您本人的异议，请由其他人事答复")
    _require_open(rows[0].month)
    new = {"state": SheetState.SHOWN, "answer": wish.answer, "answered_by": actor.label}
    if not platform.changed(update(S).where(S.id == sheet_id, S.state == SheetState.DISPUTED).values(**new)):
        raise Conflict("这条异议已经处理，请刷新")
    asking.tell(rows[0].month, [rows[0].person_id], f"answer:{clock.now():%Y%m%d%H%M%S%f}")
    platform.audit.record(actor, "attendance.sheet.answer", sheet_id, person_id=rows[0].person_id)
