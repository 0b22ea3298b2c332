"""How much overtime is allowed: three hours a day, thirty-six a month (Labour Law art. 41).

What counts is overtime on workdays and hours of rest days that no time off makes up for; holiday hours are listed
separately, and so is what has no premium (china-hr-rules 3.1).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from models.enums import OvertimeKind, OvertimePay
from services.attendance.overtime.rules.classes import Piece

COUNTED = frozenset({OvertimePay.PAY, OvertimePay.PERIOD})
NEAR = 6  # sixths of the cap: five of them are near it


@dataclass(frozen=True, slots=True)
class Caps:
    """The minutes allowed; the law's own unless the company sets less."""

    day: int = 180
    month: int = 2160


@dataclass(frozen=True, slots=True)
class Load:
    """A month's minutes: those the cap is for, and those listed beside it."""

    counted: int = 0
    holiday: int = 0
    time_off: int = 0


def month_load(pieces: Iterable[Piece]) -> Load:
    """What the pieces of a month come to."""
    counted = holiday = time_off = 0
    for one in pieces:
        if one.kind is OvertimeKind.HOLIDAY:
            holiday += one.minutes
        elif one.pay in COUNTED:
            counted += one.minutes
        elif one.pay is OvertimePay.TIME_OFF:
            time_off += one.minutes
    return Load(counted, holiday, time_off)


def excess_of_day(pieces: Iterable[Piece], caps: Caps) -> Piece | None:
    """The first date whose workday overtime is beyond the cap, with all its minutes; nothing where none is."""
    days: dict[object, Piece] = {}
    for one in pieces:
        if one.kind is OvertimeKind.WORKDAY and one.pay in COUNTED:
            before = days[one.day].minutes if one.day in days else 0
            days[one.day] = Piece(one.day, one.kind, before + one.minutes, one.pay)
    over = [one for one in days.values() if one.minutes > caps.day]
    return min(over, key=lambda one: one.day, default=None)


def excess_of_month(load: Load, caps: Caps) -> int:
    """The minutes beyond the month's cap."""
    return max(0, load.counted - caps.month)


def nears(load: Load, caps: Caps) -> bool:
    """Is five sixths of the cap reached (thirty of thirty-six hours)?"""
    return load.counted * NEAR >= caps.month * (NEAR - 1)
