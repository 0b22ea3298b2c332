"""Reminders of many domains: notices to confirm, balances that expire, a calendar that is missing.

Punches, approvals and payslips are reminded of by their own domains. Nobody hears of anything in the quiet hours, on a
day off or on leave; once for each slot.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, Field

from kit import clock
from models.enums import Role
from services import leave, notices, people, platform, schedule
from templates_msg import Message

HALF_A_DAY_SECONDS = 12 * 3600
NOVEMBER = 11


class Warnings(BaseModel):
    """How many days before its end people hear of a balance."""

    days_before: list[int] = Field([30, 7, 1], max_length=10, title="到期前几天")


SETTING = platform.declare("assistant.balance_warnings", "假期余额到期前几天提醒", Warnings())


def remind_notices(payload: dict[str, Any]) -> None:
    """Reminds of notices that wait for a confirmation."""
    if _is_in_time(payload["slot"]):
        for notice_id, message, behind in notices.unconfirmed():
            notices.notify(at_work(behind, clock.today()), message, key=notices.nudge_key(notice_id, payload["slot"]))


def remind_balances(payload: dict[str, Any]) -> None:
    """Reminds of balances that end in 30 days, 7 days or tomorrow, unless set otherwise."""
    if not _is_in_time(payload["slot"]):
        return
    today, days = clock.today(), SETTING.get().days_before
    lots = [lot for lot in leave.expiring(max(days, default=0)) if (lot.expires_on - today).days in days]
    here = set(at_work({lot.person_id for lot in lots}, today))
    for lot in lots:
        if lot.person_id in here:
            facts = {"kind": lot.kind_name, "length": lot.length, "expires_on": lot.expires_on}
            key = f"remind:{lot.lot_id}:{payload['slot']}"
            notices.notify(lot.person_id, Message("assistant/balance_expiring", facts), key=key)


def remind_calendar(payload: dict[str, Any]) -> None:
    """Tells HR that a year's holidays are not known yet: from November on next year's, in January this year's."""
    year = clock.today().year + (clock.today().month >= NOVEMBER)
    if _is_in_time(payload["slot"]) and not schedule.year_view(year).is_confirmed:
        message = Message("assistant/calendar_missing", {"year": year})
        notices.notify(people.holders_of(Role.HR), message, key=f"calendar:{year}:{payload['slot']}")


def _is_in_time(slot: str) -> bool:
    """A run that comes half a day late, or at night, reminds nobody."""
    is_fresh = (clock.now() - datetime.fromisoformat(slot)).total_seconds() < HALF_A_DAY_SECONDS
    return is_fresh and not notices.is_quiet_now()


def at_work(person_ids: Iterable[str], day: date) -> list[str]:
    """Those of them who work on the day and are not on leave for all of it."""
    wanted = sorted(set(person_ids))
    plans = schedule.days(wanted, day, day) if wanted else {}
    away = leave.on_days(wanted, day, day) if wanted else {}
    absent = {one: sum(part.minutes for part in away.get((one, day), []) if not part.is_work) for one in wanted}
    return [one for one in wanted if (plan := plans[one, day]).is_working and absent[one] < plan.minutes]
