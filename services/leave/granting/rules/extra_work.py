"""Pieces of overtime beside each other, and who may not be asked for any. Pure.

Sources: Labour Law art. 41 (three hours on a working day); Decree 619 arts. 6 and 9 (from the seventh month of
pregnancy, and while nursing a child under one year).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from kit.errors import AppError, Conflict, Invalid
from models.enums import WORKING_DAYS, DayKind
from services.leave.rules import DAY, HOUR, NotEligible, add_months

MOST_ON_WORKDAY = 3 * HOUR
SOURCE_MOST = "《劳动法》第四十一条"
KINDS = {
    DayKind.WORKDAY: "工作日", DayKind.ADJUSTED_WORKDAY: "工作日",
    DayKind.REST_DAY: "休息日", DayKind.ADJUSTED_REST_DAY: "休息日",
    DayKind.STATUTORY_HOLIDAY: "法定节假日",
}  # fmt: skip
SEVENTH_MONTH = timedelta(weeks=40 - 28)  # before the expected day; a month of pregnancy is four weeks (packs.toml)
NURSING_MONTHS = 12
SOURCE_PREGNANT, SOURCE_NURSING = "《女职工劳动保护特别规定》第六条", "《女职工劳动保护特别规定》第九条"
_CLOCK = re.compile(r"^\s*([01]?\d|2[0-3])\s*[:：]\s*([0-5]\d)\s*$")


@dataclass(frozen=True)
class Piece:
    """Overtime of so many minutes on a day; `begins` is the minute of the day, if it was said."""

    day: date
    minutes: int
    begins: int | None = None

    def meets(self, other: "Piece") -> bool:
        """Do they share a minute? Night work reaches into the next day."""
        if self.begins is None or other.begins is None:
            return False
        mine, theirs = self._start(self.begins), other._start(other.begins)
        return mine < theirs + other.minutes and theirs < mine + self.minutes

    def _start(self, begins: int) -> int:
        return self.day.toordinal() * DAY + begins


def minute_of(text: str) -> int | None:
    """18:30 as the minute of the day; `None` for what is no time."""
    found = _CLOCK.match(text)
    return int(found[1]) * HOUR + int(found[2]) if found else None


def check_begins(typed: str | None) -> None:
    """Where the form asks when it begins, it is a time."""
    if typed and minute_of(typed) is None:
        raise Invalid("开始时间请写成 18:30 这样的时刻")


def check_day(typed: str | None, kind: DayKind) -> None:
    """The day is what the applicant says it is, by the company's calendar."""
    if typed in KINDS.values() and typed != KINDS[kind]:
        raise Invalid(f"这一天按公司日历是{KINDS[kind]}，请改“日期类型”")


def check_hours(piece: Piece, others: Iterable[Piece]) -> None:
    """No hour is asked for twice."""
    if any(piece.meets(one) for one in others):
        raise Conflict(f"{piece.day.month}月{piece.day.day}日这段时间已经申请过加班，请改时间或先撤回那一次")


def check_sum(piece: Piece, kind: DayKind, others: Iterable[Piece]) -> None:
    """A working day is made longer by three hours at most, in all; no day has more than its hours."""
    before = sum(one.minutes for one in others if one.day == piece.day)
    if kind in WORKING_DAYS and before + piece.minutes > MOST_ON_WORKDAY:
        raise Conflict(f"工作日每天最多加班 3 小时，当天已申请 {before / HOUR:g} 小时（{SOURCE_MOST}）")
    if before + piece.minutes > DAY:
        raise Conflict("同一天的加班合计超过了 24 小时，请核对时长")


def protection(day: date, births: Iterable[date]) -> AppError | None:
    """Why a mother (of the children born, or to be born, on these days) may not work overtime on a day, if so."""
    for born in births:
        if born - SEVENTH_MONTH <= day < born:
            return NotEligible(f"怀孕 7 个月以上不得安排加班（{SOURCE_PREGNANT}）")
        if born <= day < add_months(born, NURSING_MONTHS):
            return NotEligible(f"孩子未满 1 周岁的哺乳期不得安排加班（{SOURCE_NURSING}）")
    return None
