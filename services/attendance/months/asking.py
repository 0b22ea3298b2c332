"""Asks everybody to look at their month, and once more a day whoever has not said anything."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from kit import clock
from kit.errors import Conflict
from models.attendance_months import MonthSheet
from models.enums import MonthState, Role, SheetState
from services import notices, people, platform
from services.attendance.months import gate, late, words
from services.attendance.months.access import require_all
from services.attendance.months.schemas import MonthWish
from services.people import Actor, Permission
from templates_msg import Message

ASK = "attendance.ask_month"
CHUNK = 500
SEEN = 12
"""So many digits of a sheet's hash tell it from what it was before."""
S = MonthSheet


def ask(actor: Actor, wish: MonthWish) -> None:
    """Shows everybody their own month, to confirm or dispute it; `Conflict` when it moved on meanwhile."""
    require_all(actor, Permission.ATTENDANCE_MONTH_CLOSE)
    was = (MonthState.REVIEW,)
    if not gate.move(actor, wish.first_day, was, MonthState.CONFIRMING, version=wish.version):
        raise Conflict("这个月的状态刚刚变了，请刷新后再操作")
    _promise({"month": wish.month, "round": f"v{wish.version}"})
    platform.audit.record(actor, "attendance.month.ask", wish.month)


def remind(actor: Actor, wish: MonthWish) -> None:
    """Reminds whoever has not said anything; once a day, however often it is pressed."""
    require_all(actor, Permission.ATTENDANCE_MONTH_CLOSE)
    if gate.held([wish.first_day])[wish.first_day] != MonthState.CONFIRMING:
        raise Conflict("这个月不在员工确认中，不能提醒")
    _promise({"month": wish.month, "round": f"{clock.today()}"})
    platform.audit.record(actor, "attendance.month.remind", wish.month)


def keep_asking(payload: dict[str, Any]) -> None:
    """Sends the card to five hundred people who have not said anything, then to the next."""
    month = date.fromisoformat(f"{payload['month']}-01")
    if gate.held([month])[month] != MonthState.CONFIRMING:
        return
    waiting = select(S.person_id).where(
        S.month == month, S.state == SheetState.SHOWN, S.person_id > payload.get("after", "")
    )
    ids = [row.person_id for row in platform.rows(waiting.order_by(S.person_id).limit(CHUNK))]
    tell(month, ids, payload["round"])
    if len(ids) == CHUNK:
        _promise({**payload, "after": ids[-1]})


def _promise(payload: dict[str, Any]) -> None:
    key = ":".join((ASK, payload["month"], payload["round"], payload.get("after", "")))
    platform.promise(ASK, payload, dedupe_key=key)


def tell(month: date, ids: Sequence[str], of: str) -> None:
    """The card of these people's sheets as they are now; once for each sheet, content and round."""
    for row in platform.rows(select(*S.__table__.c).where(S.month == month, S.person_id.in_(ids))):
        seen = row.hash[:SEEN]
        said = {"month": month, "summary": words.summary(late.numbers(row)), "answer": row.answer or ""}
        key = f"month-sheet:{row.id}:{seen}:{of}"
        message = Message("attendance/month_sheet", said | {"link": f"/h5/attendance/sheet?month={month:%Y-%m}"})
        notices.notify(row.person_id, message, key=key, actions={"confirm_month": f"{row.id}.{seen}"})


def tell_hr(person_id: str, month: date, key: str) -> None:
    """HR hears that somebody disputes their month."""
    holders = [who for who in people.holders_of(Role.HR, person_id) if who != person_id]
    said = {"name": people.get(person_id).name, "month": month}
    link = f"/console/attendance/months/sheets?month={month:%Y-%m}&state=disputed"
    notices.notify(holders, Message("attendance/month_disputed", said | {"link": link}), key=key)
