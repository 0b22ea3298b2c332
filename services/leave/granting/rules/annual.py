"""How much statutory annual leave somebody has in a year. Pure; every path that grants goes through `entitlement`.

Sources: Paid Annual Leave Regulation (State Council Decree 514 of 2007) arts. 2, 3; its Implementing Measures (MOHRSS
Decree 1 of 2008) arts. 3, 4, 5; what the law leaves open follows china-hr-rules 1.2 and 1.3.
"""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from models.enums import Crossing
from services.leave.granting.rules import shares
from services.leave.granting.rules.shares import Part
from services.leave.rules import add_months

TIERS = ((20, 15), (10, 10), (1, 5))  # years of service with all employers together, days a year (Decree 514 art. 3)
SOURCE = "《职工带薪年休假条例》第三条"
SOURCE_PART = "《企业职工带薪年休假实施办法》第五条"
CROSSINGS = {Crossing.YEAR_START: "全年按跨档前计", Crossing.YEAR_END: "全年按跨档后计"}


@dataclass(frozen=True)
class Entitled:
    """Whole days for the year, from when they may be taken, the sentence that explains them, and their stretches."""

    days: int
    starts_on: date
    sentence: str
    parts: tuple[Part, ...] = ()


def tier(first_worked_on: date, on: date) -> int:
    """Days a year for the service completed on that day: 5, 10 or 15; none before twelve months of work."""
    return next((days for years, days in TIERS if add_months(first_worked_on, 12 * years) <= on), 0)


def entitlement(
    year: int, hired_on: date, first_worked_on: date | None, crossing: Crossing = Crossing.SEGMENTED
) -> Entitled:
    """The days of a year: each stretch by its tier and its share of 365 days, the sum cut to whole days.

    Without a date of first work, service begins with this employer. In the year in which somebody reaches a tier, each
    stretch counts by its own (`segmented`, the default of china-hr-rules 1.3) unless the company says otherwise; the
    threshold day belongs to the higher tier.
    """
    worked = min(first_worked_on or hired_on, hired_on)
    found = stretches(max(date(year, 1, 1), hired_on), date(year, 12, 31), worked, crossing)
    if not found:
        return Entitled(0, date(year, 1, 1), f"{year}年没有年休假：累计工作未满 12 个月（{SOURCE}）")
    exact, is_choice = shares.exact(found), _is_choice(found, worked, crossing)
    sentence = _sentence(year, found, exact) + (f"；年内跨档，按公司规定{CROSSINGS[crossing]}" if is_choice else "")
    return Entitled(int(exact), found[0].first_day, sentence, found)


def stretches(
    first: date, last: date, first_worked_on: date, crossing: Crossing = Crossing.SEGMENTED
) -> tuple[Part, ...]:
    """The stretches of service from first to last, each with its days a year."""
    thresholds = [add_months(first_worked_on, 12 * years) for years, _ in TIERS]
    return tuple(shares.parts(first, last, thresholds, lambda day: Fraction(tier(first_worked_on, day)), crossing))


def _is_choice(found: tuple[Part, ...], first_worked_on: date, crossing: Crossing) -> bool:
    """Whether the company's way of crossing a tier decided this year."""
    first, last = (tier(first_worked_on, day) for day in (found[0].first_day, found[-1].last_day))
    return crossing in CROSSINGS and first != last


def _sentence(year: int, found: tuple[Part, ...], exact: Fraction) -> str:
    days = int(exact)
    if len(found) == 1 and found[0].length >= shares.DIVISOR:
        return f"{year}年法定年休假 {days} 天：全年在职，按累计工龄每年 {days} 天（{SOURCE}）"
    total = shares.four_decimals(exact)
    return f"{year}年法定年休假 {days} 天：{shares.words(found)} = {total}，取整数（{SOURCE}、{SOURCE_PART}）"
