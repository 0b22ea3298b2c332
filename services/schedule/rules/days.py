"""What kind of day it is: the nation's calendar, and on top of it the days of a company, a region or a site.

The five kinds of day and their order follow the Holiday Measures (State Council Decree 795 of 2024, arts. 2, 3, 6) and
the yearly notice of the State Council's General Office, which says what weekdays are off and what weekends are worked.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from kit.errors import Invalid
from models.enums import WORKING_DAYS, DayKind

SATURDAY = 6


@dataclass(frozen=True)
class Year:
    """One year's calendar. `source` names the notice; without one the swapped days are unknown."""

    number: int
    statutory: frozenset[date] = frozenset()
    off: frozenset[date] = frozenset()
    work: frozenset[date] = frozenset()
    source: str = ""

    @property
    def is_confirmed(self) -> bool:
        return bool(self.source)

    def kind(self, day: date) -> DayKind:
        """The day's kind: statutory, then worked weekend, then weekend, then weekday off, then workday."""
        if day in self.statutory:
            return DayKind.STATUTORY_HOLIDAY
        if day in self.work:
            return DayKind.ADJUSTED_WORKDAY
        if day.isoweekday() >= SATURDAY:
            return DayKind.REST_DAY
        return DayKind.ADJUSTED_REST_DAY if day in self.off else DayKind.WORKDAY


@dataclass(frozen=True)
class LocalDays:
    """The days that the company, a region or a site has for itself, each with its name: some off, some worked."""

    off: Mapping[date, str] = field(default_factory=dict)
    work: Mapping[date, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Calendar:
    """The nation's years, and the local days that hold for somebody, the nearest first.

    No local day changes a statutory holiday: its wages are the law's (Labour Law art. 44), not the company's.
    """

    years: Mapping[int, Year]
    local: Sequence[LocalDays] = ()

    def kind(self, day: date) -> DayKind:
        """The day's kind where these people work."""
        national = self._year(day).kind(day)
        if national is DayKind.STATUTORY_HOLIDAY:
            return national
        for days in self.local:
            if day in days.work:
                return DayKind.ADJUSTED_WORKDAY
            if day in days.off:
                return DayKind.REST_DAY if national is DayKind.REST_DAY else DayKind.ADJUSTED_REST_DAY
        return national

    def note(self, day: date) -> str:
        """What the day is called here, if it has a name of its own."""
        return next((days.off.get(day) or days.work.get(day) or "" for days in self.local if self._has(days, day)), "")

    def is_confirmed(self, day: date) -> bool:
        """Is the notice of the day's year known?"""
        return self._year(day).is_confirmed

    def _year(self, day: date) -> Year:
        return self.years.get(day.year) or Year(day.year)

    @staticmethod
    def _has(days: LocalDays, day: date) -> bool:
        return day in days.off or day in days.work


def span(first: date, last: date) -> Iterator[date]:
    """Every day from first to last, both included."""
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def year_of(number: int, notice: Mapping[str, Sequence[str] | str]) -> Year:
    """A year from a notice: lists of `MM-DD` and `MM-DD..MM-DD`. What contradicts itself is `Invalid`."""
    parts = {name: frozenset(_days(number, notice[name])) for name in ("statutory", "off", "work")}
    year = Year(number, **parts, source=str(notice["source"]))
    _check(year)
    return year


def local_days_of(content: Mapping[str, Mapping[str, str]]) -> LocalDays:
    """Local days as they are stored: dates with names, under `off` and `work`."""
    parts = {
        name: {date.fromisoformat(day): said for day, said in content.get(name, {}).items()} for name in ("off", "work")
    }
    return LocalDays(**parts)


def _days(number: int, ranges: Iterable[str]) -> Iterator[date]:
    for text in ranges:
        first, _, last = text.partition("..")
        try:
            begin, end = (date.fromisoformat(f"{number}-{part.strip()}") for part in (first, last or first))
        except ValueError:
            raise Invalid(f"“{text}”不是 {number} 年的日期，请写成 05-01 或 05-01..05-05") from None
        if end < begin:
            raise Invalid(f"“{text}”的结束日期早于开始日期")
        yield from span(begin, end)


def _check(year: Year) -> None:
    if both := year.off & year.work:
        raise Invalid(f"{min(both):%m-%d} 既是放假日又是上班日，请核对通知")
    if weekdays := [day for day in year.work if day.isoweekday() < SATURDAY]:
        raise Invalid(f"{min(weekdays):%m-%d} 不是周末，不能作为调休上班日")
    if worked := year.statutory - year.off:
        raise Invalid(f"法定节假日 {min(worked):%m-%d} 不在放假日内，请核对通知")


def workdays_by_month(year: Year) -> list[int]:
    """How many days of each month the nation works, January to December."""
    counts = [0] * 12
    for day in span(date(year.number, 1, 1), date(year.number, 12, 31)):
        counts[day.month - 1] += year.kind(day) in WORKING_DAYS
    return counts
