"""How dates, lengths and long words are written in messages; the same words on every card."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from kit import clock
from kit.text import clip

WEEKDAYS = "一二三四五六日"
MINUTES_PER_HOUR = 60


def day(value: date) -> str:
    """3月4日（周三）."""
    return f"{value.month}月{value.day}日（周{WEEKDAYS[value.weekday()]}）"


def month(value: date) -> str:
    """2026年3月."""
    return f"{value.year}年{value.month}月"


def moment(value: datetime) -> str:
    """3月4日 09:30, as the company's clock shows the instant."""
    local = clock.local(value)
    return f"{local.month}月{local.day}日 {local:%H:%M}"


def hour(value: datetime) -> str:
    """09:30, as the company's clock shows the instant."""
    return f"{clock.local(value):%H:%M}"


def days(value: Decimal | int) -> str:
    """1天, 0.5天."""
    return f"{Decimal(value).normalize():f}天"


def duration(minutes: int) -> str:
    """90 minutes are 1小时30分."""
    hours, rest = divmod(minutes, MINUTES_PER_HOUR)
    return f"{hours}小时" * bool(hours) + f"{rest}分" * bool(rest or not hours)


FILTERS: dict[str, Any] = {
    "clip": clip,
    "day": day,
    "days": days,
    "duration": duration,
    "hour": hour,
    "moment": moment,
    "month": month,
}
