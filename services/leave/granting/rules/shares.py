"""Days a year, shared out: stretches of a year with one entitlement each, and what they come to. Pure.

Every proration of the product is this one (lesson 6 of other systems): calendar days divided by 365, also in leap
years, cut once at the end.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from models.enums import Crossing, Rounding

DIVISOR = 365
ONE_DAY = timedelta(days=1)
STEPS = {Rounding.DAY: 1, Rounding.HALF_DAY: 2}


@dataclass(frozen=True)
class Part:
    """A stretch of the year with one entitlement."""

    first_day: date
    last_day: date
    days_a_year: Fraction

    @property
    def length(self) -> int:
        return (self.last_day - self.first_day).days + 1

    @property
    def share(self) -> Fraction:
        """The days this stretch brings, exact."""
        return self.length * self.days_a_year / DIVISOR


def parts(
    first: date, last: date, thresholds: Iterable[date], rate: Callable[[date], Fraction], crossing: Crossing
) -> list[Part]:
    """The stretches from first to last, cut where the rate changes; those without any entitlement are left out.

    A threshold day belongs to the stretch it begins. Other crossings than `segmented` take one rate for the whole,
    the first or the last; time before any entitlement stays without one.
    """
    starts = sorted({first, *(day for day in thresholds if first < day <= last)}) if first <= last else []
    ends = [day - ONE_DAY for day in starts[1:]] + [last]
    found = [Part(begin, end, rate(begin)) for begin, end in zip(starts, ends, strict=False)]
    counted = [part for part in found if part.days_a_year]
    if crossing is Crossing.SEGMENTED or len(counted) < 2:
        return counted
    chosen = counted[0 if crossing is Crossing.YEAR_START else -1].days_a_year
    return [Part(counted[0].first_day, counted[-1].last_day, chosen)]


def exact(found: Sequence[Part], until: date = date.max) -> Fraction:
    """What the stretches come to by that day (included), at most the highest yearly number."""
    begun = [replace(part, last_day=min(part.last_day, until)) for part in found if part.first_day <= until]
    most = max((part.days_a_year for part in begun), default=Fraction())
    return min(most, sum((part.share for part in begun), Fraction()))


def cut(days: Fraction, rounding: Rounding) -> Fraction:
    """Days cut down to whole or half ones; minutes are cut where days become minutes."""
    step = STEPS.get(rounding)
    return Fraction(int(days * step), step) if step else days


def in_minutes(days: Fraction, day_minutes: int) -> int:
    """Days as whole minutes of a working day, cut."""
    return int(days * day_minutes)


def words(found: Sequence[Part]) -> str:
    """1月1日起 243 天÷365×10 天 + 9月1日起 122 天÷365×15 天."""
    return " + ".join(
        f"{part.first_day.month}月{part.first_day.day}日起 {part.length} 天÷{DIVISOR}×{plain(part.days_a_year)} 天"
        for part in found
    )


def plain(days: Fraction) -> str:
    """Days as people write them, at most two decimals, cut: 5, 2.5, 0.41."""
    cents = int(days * 100)
    return f"{cents // 100}.{cents % 100:02d}".rstrip("0").rstrip(".")


def written(days: Fraction) -> str:
    """The same without cutting anything, so that whoever reckons again gets the same: 2.5, 7/3."""
    return plain(days) if (days * 100).denominator == 1 else str(days)


def four_decimals(days: Fraction) -> str:
    """A fraction with four decimals, cut, as the worked examples of the law show it."""
    sign, tenths = "-" if days < 0 else "", int(abs(days) * 10_000)
    return f"{sign}{tenths // 10_000}.{tenths % 10_000:04d}"


def decimal(days: Fraction) -> Decimal:
    """Days to a hundredth, cut, as they are stored."""
    return Decimal(int(days * 100)) / 100
