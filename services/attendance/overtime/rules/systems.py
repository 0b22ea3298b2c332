"""Working-time systems: standard, comprehensive over a period, flexible. Pure.

Standard hours of a period: 40 a week; 166.64 a month, 500 a quarter, 2,000 a year until 2024; 165.36, 496 and 1,984
since 2025 ([2008] 3; MOHRSS [2025] 2). Only the excess of a comprehensive period is overtime, at 150 %; hours on
statutory holidays are paid 300 % and are not counted a second time ([1994] 503; china-hr-rules 3.3).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from models.enums import WorkPeriod, WorkSystem

HOUR = 60
SINCE_2025 = date(2025, 1, 1)
HOURS = {
    WorkPeriod.WEEK: ("40", "40"),
    WorkPeriod.MONTH: ("166.64", "165.36"),
    WorkPeriod.QUARTER: ("500", "496"),
    WorkPeriod.YEAR: ("2000", "1984"),
}
MONTHS = {WorkPeriod.MONTH: 1, WorkPeriod.QUARTER: 3, WorkPeriod.YEAR: 12}


@dataclass(frozen=True, slots=True)
class System:
    """How somebody's working time is reckoned; `period` only where it is comprehensive."""

    kind: WorkSystem = WorkSystem.STANDARD
    period: WorkPeriod | None = None
    pays_holidays: bool = False


STANDARD = System()


@dataclass(frozen=True, slots=True)
class Hours:
    """Minutes worked on a date, on a statutory holiday or not."""

    day: date
    minutes: int
    is_holiday: bool = False


def period_around(day: date, period: WorkPeriod) -> tuple[date, date]:
    """The first and the last day of the period in which a day lies; weeks begin on Monday."""
    if period is WorkPeriod.WEEK:
        first = day - timedelta(days=day.isoweekday() - 1)
        return first, first + timedelta(days=6)
    months = MONTHS[period]
    first = day.replace(month=(day.month - 1) // months * months + 1, day=1)
    following = (first + timedelta(days=31 * months)).replace(day=1)
    return first, following - timedelta(days=1)


def standard_of(first: date, period: WorkPeriod) -> Fraction:
    """The standard minutes of the period that begins on this day, exact."""
    before, since = HOURS[period]
    return Fraction(since if first >= SINCE_2025 else before) * HOUR


def premium(worked: Iterable[Hours], standard: Fraction) -> tuple[int, int]:
    """Whole minutes at 150 % and at 300 %: what exceeds the standard without holidays, and the holidays."""
    total = holiday = 0
    for one in worked:
        total += one.minutes
        holiday += one.minutes if one.is_holiday else 0
    return max(0, int(total - holiday - standard)), holiday
