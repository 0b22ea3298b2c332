"""What kind of day it is, and how long somebody works on it. Pure: dates and values in, values out.

The five kinds of day and their order follow the Holiday Measures (State Council Decree 795 of 2024, arts. 2, 3, 6) and
the yearly notice of the State Council's General Office, which says what weekdays are off and what weekends are worked.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from kit.errors import Invalid
from models.enums import WORKING_DAYS, DayKind

SATURDAY = 6
DAY = 24 * 60
LONGEST_SHIFT = 24 * 60


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of work: minutes from local midnight of the shift's day. An end past 1440 is on the next day."""

    start: int
    end: int

    @property
    def minutes(self) -> int:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Shift:
    """A day's work: its stretches (what lies between them is break) and the minutes of grace at both ends.

    `weekdays` (1 is Monday) are the days it is worked; `None` leaves that to the national calendar. A shift with
    weekdays of its own rests on statutory holidays unless `works_holidays`.
    """

    id: str | None
    name: str
    segments: tuple[Segment, ...]
    late_grace: int = 0
    early_grace: int = 0
    weekdays: frozenset[int] | None = None
    works_holidays: bool = False

    @property
    def minutes(self) -> int:
        """Working minutes of the whole shift."""
        return sum(segment.minutes for segment in self.segments)

    @property
    def start(self) -> int:
        return self.segments[0].start

    @property
    def end(self) -> int:
        return self.segments[-1].end


# eight hours a day, forty a week (Labour Law art. 36; State Council Decree 146 as revised 1995, art. 3)
STANDARD = Shift(None, "标准工时", (Segment(9 * 60, 12 * 60), Segment(13 * 60, 18 * 60)))


@dataclass(frozen=True, slots=True)
class DayPlan:
    """One person's day: its kind, whether they work, and when. `confirmed` is false while the notice is missing."""

    day: date
    kind: DayKind
    is_working: bool
    shift: Shift
    confirmed: bool

    @property
    def segments(self) -> tuple[Segment, ...]:
        """The stretches to be worked; none on a day off."""
        return self.shift.segments if self.is_working else ()

    @property
    def minutes(self) -> int:
        """Minutes to be worked: zero on a day off."""
        return self.shift.minutes if self.is_working else 0

    @property
    def full_minutes(self) -> int:
        """Minutes of the person's working day, also when this one is off."""
        return self.shift.minutes


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


def span(first: date, last: date) -> Iterator[date]:
    """Every day from first to last, both included."""
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def year_of(number: int, notice: Mapping[str, Sequence[str] | str]) -> Year:
    """A year from a notice: lists of `MM-DD` and `MM-DD..MM-DD`. What contradicts itself is `Invalid`."""
    parts = {name: frozenset(_days(number, notice[name])) for name in ("statutory", "off", "work")}
    year = Year(number, **parts, source=str(notice["source"]))
    _check(year)
    return year


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


def plan(day: date, year: Year, shift: Shift) -> DayPlan:
    """The day of somebody on this shift, in a year with this calendar."""
    national = year.kind(day)
    if shift.weekdays is None:
        return DayPlan(day, national, national in WORKING_DAYS, shift, year.is_confirmed)
    rostered = day.isoweekday() in shift.weekdays
    if national is DayKind.STATUTORY_HOLIDAY:
        return DayPlan(day, national, rostered and shift.works_holidays, shift, year.is_confirmed)
    return DayPlan(day, DayKind.WORKDAY if rostered else DayKind.REST_DAY, rostered, shift, year.is_confirmed)


def check_segments(segments: Sequence[Segment]) -> None:
    """A shift begins on its day, its stretches follow each other, and it ends within 24 hours; else `Invalid`."""
    if not segments:
        raise Invalid("班次至少要有一个上班时段")
    if not 0 <= segments[0].start < DAY or segments[-1].end - segments[0].start > LONGEST_SHIFT:
        raise Invalid("班次要在当天开始，全长不超过 24 小时")
    edges = [edge for segment in segments for edge in (segment.start, segment.end)]
    if any(later <= earlier for earlier, later in zip(edges[::2], edges[1::2], strict=True)):
        raise Invalid("每个时段的结束时间要晚于开始时间")
    if any(later < earlier for earlier, later in zip(edges[1::2], edges[2::2], strict=False)):
        raise Invalid("各时段要按时间先后排列，不能重叠")


@dataclass(frozen=True)
class Assigned:
    """A shift given for a time. The smaller `distance` wins: 0 the person, then departments, then the company."""

    shift: Shift
    distance: int
    starts_on: date
    ends_on: date | None

    def covers(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


def choose(day: date, assigned: Sequence[Assigned]) -> Shift:
    """The shift in force: nearest first, of equally near ones the latest to begin, then the first to end.

    Without any, the standard eight hours. So what is given for one day wins over what begins on it and stays.
    """
    covering = [one for one in assigned if one.covers(day)]
    return min(covering, key=_rank).shift if covering else STANDARD


def _rank(one: Assigned) -> tuple[int, int, date]:
    return one.distance, -one.starts_on.toordinal(), one.ends_on or date.max


def workdays_by_month(year: Year) -> list[int]:
    """How many days of each month the nation works, January to December."""
    counts = [0] * 12
    for day in span(date(year.number, 1, 1), date(year.number, 12, 31)):
        counts[day.month - 1] += year.kind(day) in WORKING_DAYS
    return counts
