"""How much of a kind may be taken in all: a year, for an event, in a child's year of age, once. Pure.

What was taken before comes in as days by date; a request of several years is measured against each year's limit.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from kit.errors import Conflict
from models.enums import Per
from services.leave import rules
from services.leave.rulebook.rules.kinds import KindRules
from services.leave.rulebook.rules.occasions import Told
from services.leave.rules import NotEligible, Portion

ONE_DAY = timedelta(days=1)
A_YEAR = 12


class OverLimit(Conflict):
    """More than may be taken in all; the title shows the numbers and names the source."""

    code = "leave.over_limit"


@dataclass(frozen=True)
class Taken:
    """Part of a day that is leave of the same kind already; `event_key` tells what for."""

    day: date
    days: Fraction
    event_key: str | None


@dataclass(frozen=True)
class Limit:
    """The most days between two dates, of one event if it says so."""

    title: str
    days: Decimal
    first_day: date = date.min
    last_day: date = date.max
    event_key: str | None = None
    source: str = ""

    def used(self, taken: Iterable[Taken]) -> Fraction:
        """What was taken before that counts against it."""
        return sum((one.days for one in taken if self._counts(one)), Fraction())

    def wanted(self, portions: Iterable[Portion]) -> Fraction:
        """What the request takes of it."""
        mine = [one for one in portions if self.first_day <= one.day <= self.last_day]
        return sum((Fraction(one.minutes, one.full_minutes) for one in mine), Fraction())

    def _counts(self, one: Taken) -> bool:
        is_event = self.event_key is None or one.event_key == self.event_key
        return is_event and self.first_day <= one.day <= self.last_day


@dataclass(frozen=True)
class Length:
    """The days an occasion brings: how many, how often, and by which rule."""

    days: Decimal
    per: Per
    source: str


def limits(
    rules_of: KindRules, name: str, told: Told, key: str | None, length: Length | None, days: Sequence[date]
) -> list[Limit]:
    """What the request must fit into, by the kind's rules and by what the occasion brings."""
    found = []
    if rules_of.max_days_year is not None:
        found += [_year(f"{year}年{name}", rules_of.max_days_year, year, rules_of.source) for year in _years(days)]
    if length is not None:
        found += _of_length(name, told, key, length, days)
    return found


def _years(days: Sequence[date]) -> list[int]:
    return sorted({day.year for day in days})


def _year(title: str, days: Decimal, year: int, source: str) -> Limit:
    return Limit(title, days, date(year, 1, 1), date(year, 12, 31), source=source)


def _of_length(name: str, told: Told, key: str | None, length: Length, days: Sequence[date]) -> Iterator[Limit]:
    if length.per is Per.YEAR:
        yield from (_year(f"{year}年{name}", length.days, year, length.source) for year in _years(days))
    elif length.per is Per.AGE_YEAR and told.event_on is not None:
        for first, last in age_years(told.event_on, days):
            title = f"孩子{first.isoformat()}至{last.isoformat()}这一岁的{name}"
            yield Limit(title, length.days, first, last, key, length.source)
    else:
        yield Limit(f"这一次的{name}", length.days, event_key=key, source=length.source)


def age_years(born: date, days: Iterable[date]) -> list[tuple[date, date]]:
    """The years of age that the days fall into, from one birthday to the eve of the next."""
    numbers = {_age(born, day) for day in days}
    return [
        (rules.add_months(born, n * A_YEAR), rules.add_months(born, (n + 1) * A_YEAR) - ONE_DAY)
        for n in sorted(numbers)
    ]


def _age(born: date, on: date) -> int:
    whole = on.year - born.year
    return whole - (rules.add_months(born, whole * A_YEAR) > on)


def check(limit: Limit, taken: Iterable[Taken], portions: Iterable[Portion]) -> None:
    """It fits, with what was taken before; `OverLimit` shows the numbers."""
    used, wanted = limit.used(taken), limit.wanted(portions)
    if used + wanted > Fraction(limit.days):
        before = f"已请 {plain(used)} 天，" if used else ""
        raise OverLimit(
            f"{limit.title}最多 {plain(Fraction(limit.days))} 天，{before}本次 {plain(wanted)} 天"
            + rules.sourced(limit.source)
        )


def note(limit: Limit, taken: Iterable[Taken], portions: Iterable[Portion]) -> str:
    """What is left of it afterwards, in words."""
    rest = Fraction(limit.days) - limit.used(taken) - limit.wanted(portions)
    return (
        f"{limit.title}共 {plain(Fraction(limit.days))} 天，本次之后还剩 {plain(rest)} 天{rules.sourced(limit.source)}"
    )


def check_once(name: str, taken: Iterable[Taken], key: str | None) -> None:
    """It was not taken for another event before."""
    others = [one.day for one in taken if one.event_key != key or key is None]
    if others:
        raise OverLimit(f"{name}在职期间只能请一次，您在 {min(others).isoformat()} 已经请过")


def check_within(rules_of: KindRules, name: str, told: Told, days: Sequence[date]) -> None:
    """The leave lies between the event and the end of the months that the kind gives for it."""
    last = last_day_for(rules_of, told)
    if told.event_on is None or last is None:
        return
    if days[0] < told.event_on or days[-1] > last:
        span = f"{told.event_on.isoformat()} 至 {last.isoformat()}"
        raise NotEligible(f"这次{name}只能在 {span} 之间休{rules.sourced(rules_of.source)}")


def last_day_for(rules_of: KindRules, told: Told) -> date | None:
    """Until when leave for the event may be taken; `None` when the kind does not say."""
    if told.event_on is None or rules_of.within_months is None:
        return None
    months = rules_of.within_months + (rules_of.extended_months if told.is_extended else 0)
    return rules.add_months(told.event_on, months) - ONE_DAY


def plain(days: Fraction) -> str:
    """Days as people write them, at most two decimals, half up: 5, 2.5, 0.41."""
    return f"{rules.in_days(days.numerator, days.denominator).normalize():f}"
