"""What a form asks for: a day, the time at which it begins, how long, and what for."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from kit import clock
from kit.errors import Invalid
from models.enums import DayKind, OvertimeKind, OvertimePay
from services.attendance.overtime.rules.classes import kind_of
from services.attendance.rules import Span

HOUR = 60
LONGEST = 24 * HOUR
TIME_OFF = "调休"
TITLES = {OvertimeKind.WORKDAY: "工作日", OvertimeKind.REST_DAY: "休息日", OvertimeKind.HOLIDAY: "法定节假日"}
_CLOCK = re.compile(r"^\s*([01]?\d|2[0-3])\s*[:：]\s*([0-5]\d)\s*$")


@dataclass(frozen=True, slots=True)
class Ask:
    """Overtime from a minute of a day, for so many minutes."""

    day: date
    begins: int
    minutes: int
    wants: OvertimePay
    reason: str = ""

    def span(self, zone: str) -> Span:
        """From instant to instant, where the clock is that of the zone."""
        start = clock.at_local(self.day, self.begins, zone)
        return Span(start, start + timedelta(minutes=self.minutes))


def ask_of(values: Mapping[str, Any]) -> Ask:
    """What was filled in; `Invalid` when it does not say from when or how long."""
    begins = _minute_of(str(values.get("begins") or ""))
    if begins is None:
        raise Invalid("开始时间请写成 18:30 这样的时刻")
    minutes = int(Decimal(values.get("hours") or 0) * HOUR)
    if not 0 < minutes <= LONGEST:
        raise Invalid("一次加班要大于零，不能超过 24 小时")
    wants = OvertimePay.TIME_OFF if values.get("wants") == TIME_OFF else OvertimePay.PAY
    return Ask(date.fromisoformat(values["day"]), begins, minutes, wants, str(values.get("reason") or ""))


def check_day(typed: object, kind: DayKind) -> None:
    """The day is what the applicant says it is, by their own calendar."""
    title = TITLES[kind_of(kind)]
    if typed in TITLES.values() and typed != title:
        raise Invalid(f"这一天按公司日历是{title}，请改“日期类型”")


def _minute_of(text: str) -> int | None:
    found = _CLOCK.match(text)
    return int(found[1]) * HOUR + int(found[2]) if found else None
