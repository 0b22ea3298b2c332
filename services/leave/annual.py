"""How much statutory annual leave somebody has in a year. Pure; every path that grants goes through `entitlement`.

Sources: Paid Annual Leave Regulation (State Council Decree 514 of 2007) arts. 2, 3; its Implementing Measures (MOHRSS
Decree 1 of 2008) arts. 3, 4, 5; what the law leaves open follows china-hr-rules 1.2 and 1.3.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from services.leave.rules import add_months

DIVISOR = 365  # also in leap years
TIERS = ((20, 15), (10, 10), (1, 5))  # years of service with all employers together, days a year (Decree 514 art. 3)
SOURCE = "《职工带薪年休假条例》第三条"
SOURCE_PART = "《企业职工带薪年休假实施办法》第五条"


@dataclass(frozen=True)
class Part:
    """A stretch of the year with one entitlement."""

    first_day: date
    last_day: date
    days_a_year: int

    @property
    def length(self) -> int:
        return (self.last_day - self.first_day).days + 1


@dataclass(frozen=True)
class Entitled:
    """Whole days for the year, from when they may be taken, and the sentence that explains them."""

    days: int
    starts_on: date
    sentence: str


def tier(first_worked_on: date, on: date) -> int:
    """Days a year for the service completed on that day: 5, 10 or 15; none before twelve months of work."""
    return next((days for years, days in TIERS if add_months(first_worked_on, 12 * years) <= on), 0)


def entitlement(year: int, hired_on: date, first_worked_on: date | None) -> Entitled:
    """The days of a year: each stretch by its tier and its share of 365 days, the sum cut to whole days.

    Without a date of first work, service begins with this employer. Crossing a tier within the year counts both
    stretches (the default `segmented` of china-hr-rules 1.3); the threshold day belongs to the higher one.
    """
    parts = _parts(year, hired_on, min(first_worked_on or hired_on, hired_on))
    if not parts:
        return Entitled(0, date(year, 1, 1), f"{year}年没有年休假：累计工作未满 12 个月（{SOURCE}）")
    exact = sum((Fraction(part.length * part.days_a_year, DIVISOR) for part in parts), Fraction())
    days = min(int(exact), max(part.days_a_year for part in parts))
    return Entitled(days, parts[0].first_day, _sentence(year, parts, exact, days))


def _parts(year: int, hired_on: date, first_worked_on: date) -> list[Part]:
    first, last = max(date(year, 1, 1), hired_on), date(year, 12, 31)
    thresholds = [add_months(first_worked_on, 12 * years) for years, _ in reversed(TIERS)]
    starts = sorted({first, *(day for day in thresholds if first < day <= last)}) if first <= last else []
    ends = [day - timedelta(days=1) for day in starts[1:]] + [last]
    parts = [Part(begin, end, tier(first_worked_on, begin)) for begin, end in zip(starts, ends, strict=False)]
    return [part for part in parts if part.days_a_year]


def _sentence(year: int, parts: list[Part], exact: Fraction, days: int) -> str:
    if len(parts) == 1 and parts[0].first_day == date(year, 1, 1):
        return f"{year}年法定年休假 {days} 天：全年在职，按累计工龄每年 {days} 天（{SOURCE}）"
    shares = " + ".join(
        f"{part.first_day.month}月{part.first_day.day}日起 {part.length} 天÷{DIVISOR}×{part.days_a_year} 天"
        for part in parts
    )
    return f"{year}年法定年休假 {days} 天：{shares} = {float_free(exact)}，取整数（{SOURCE}、{SOURCE_PART}）"


def float_free(exact: Fraction) -> str:
    """A fraction with four decimals, cut, as the worked examples of the law show it."""
    cut = int(exact * 10_000)
    return f"{cut // 10_000}.{cut % 10_000:04d}"
