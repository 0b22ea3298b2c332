"""What a row of WeCom's check-ins (page 90262) means here."""

from dataclasses import dataclass

from models.enums import Direction, PunchSource

MISSING = "未打卡"
ODD = ("地点异常", "wifi异常", "非常用设备")
"""Found odd by WeCom itself. 时间异常 is not among them: when somebody comes is judged by our own rules."""
COMMUTING = {"上班打卡": Direction.IN, "下班打卡": Direction.OUT}
OUTSIDE = frozenset({"外出打卡", "仅记录打卡时间和位置"})


@dataclass(frozen=True, slots=True)
class Told:
    """A row that is a punch. Without a direction it says only that somebody was there: the plan decides which it is."""

    source: PunchSource
    direction: Direction | None


def meaning(checkin_type: str, exception_type: str) -> Told | None:
    """The punch behind a row; nothing for one that was never made (未打卡) and for kinds unknown to us."""
    if MISSING in exception_type:
        return None
    if checkin_type in OUTSIDE:
        return Told(PunchSource.FIELD, None)
    direction = COMMUTING.get(checkin_type)
    return Told(PunchSource.WECOM, direction) if direction else None


def is_odd(exception_type: str) -> bool:
    """Does WeCom itself find where or with what it was made odd?"""
    return any(word in exception_type for word in ODD)
