"""The vocabulary of overtime and of working-time systems."""

from enum import StrEnum


class OvertimeKind(StrEnum):
    """What an hour of overtime is worth by the day it falls on (Labour Law art. 44)."""

    WORKDAY = "workday"  # 150 %
    REST_DAY = "rest_day"  # 200 %, or time off
    HOLIDAY = "holiday"  # 300 %, never time off


class OvertimePay(StrEnum):
    """What becomes of overtime that was counted."""

    PAY = "pay"
    TIME_OFF = "time_off"
    PERIOD = "period"  # comprehensive working time: it counts for the period, whose excess is paid
    NONE = "none"  # flexible working time: no premium


class WorkSystem(StrEnum):
    """How working time is reckoned (Labour Law arts. 36, 39)."""

    STANDARD = "standard"
    COMPREHENSIVE = "comprehensive"
    FLEXIBLE = "flexible"


class WorkPeriod(StrEnum):
    """The period over which comprehensive working time is reckoned ([1994] 503 art. 5)."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
