"""Rules of leave: what a request takes of each day, what it collides with, who may ask, which lots it spends.

Pure: days and shifts come in as values, refusals go out as errors with the sentence people read.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Protocol

from kit.errors import Conflict, Invalid
from models.enums import Counting, DayKind, Gender, Half, LeaveUnit, Sandwich
from services.leave.rulebook.rules.kinds import KindRules

HOUR = 60
DAY = 24 * HOUR
SHORTEST_MONTH = 28
LONGEST_SPAN = timedelta(days=400)
FARTHEST_AHEAD = timedelta(days=400)
CENT = Decimal("0.01")


class InsufficientBalance(Conflict):
    """Not enough left; the title shows the numbers, the detail carries them in minutes."""

    code = "leave.insufficient_balance"


class Overlap(Conflict):
    """The person is away already at that time."""

    code = "leave.overlap"


class NotEligible(Conflict):
    """A rule of the kind says no; the title names it and, where there is one, its source."""

    code = "leave.not_eligible"


@dataclass(frozen=True)
class Ask:
    """When somebody wants to be away: whole days, from a half to a half, or from minute to minute of one day."""

    first_day: date
    last_day: date
    from_half: Half = Half.AM
    to_half: Half = Half.PM
    from_minute: int | None = None
    to_minute: int | None = None

    @property
    def is_timed(self) -> bool:
        return self.from_minute is not None


class Stretch(Protocol):
    """A part of a shift, in minutes from the midnight of its day."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


class Shift(Protocol):
    @property
    def segments(self) -> Sequence[Stretch]: ...
    @property
    def minutes(self) -> int: ...


class Day(Protocol):
    """A person's day, as the schedule plans it."""

    @property
    def day(self) -> date: ...
    @property
    def kind(self) -> DayKind: ...
    @property
    def is_working(self) -> bool: ...
    @property
    def shift(self) -> Shift: ...


@dataclass(frozen=True)
class Portion:
    """What a request takes of one day: the stretch from start to end, and the minutes it costs of `full_minutes`.

    `exact` are the minutes of what was asked for by the clock, before they were rounded up to steps.
    """

    day: date
    start: int
    end: int
    minutes: int
    full_minutes: int
    exact: int | None = None


def check_span(ask: Ask, rules: KindRules, today: date) -> None:
    """The dates make sense, suit the kind's unit and lie neither too far back nor too far ahead."""
    if ask.last_day < ask.first_day:
        raise Invalid("结束日期不能早于开始日期")
    if ask.last_day - ask.first_day > LONGEST_SPAN or ask.first_day - today > FARTHEST_AHEAD:
        raise Invalid("一次请假最长 400 天，且要在 400 天内开始")
    if today - ask.first_day > timedelta(days=rules.backdate_days):
        raise Conflict(f"开始日期已超过 {rules.backdate_days} 天，不能再补请，请联系人事")
    _check_unit(ask, rules)


def _check_unit(ask: Ask, rules: KindRules) -> None:
    halves = (ask.from_half, ask.to_half)
    if ask.first_day == ask.last_day and halves == (Half.PM, Half.AM):
        raise Invalid("同一天不能从下午请到上午")
    if ask.is_timed:
        if ask.from_minute == ask.to_minute:
            raise Invalid("结束时间不能和开始时间相同")
        if rules.unit is not LeaveUnit.HOUR:
            raise Invalid("这种假不能按小时请，请选择日期")
        if ask.first_day != ask.last_day and not rules.daily_minutes:
            raise Invalid("按小时请假请选择同一天，跨天请按天申请")
    elif rules.unit is LeaveUnit.DAY and halves != (Half.AM, Half.PM):
        raise Invalid("这种假按整天请，不能请半天")


def portions(ask: Ask, rules: KindRules, days: Iterable[Day]) -> list[Portion]:
    """What the request takes of each day that its kind counts; nothing at all is refused with the reason."""
    counted = _counted(rules, list(days))
    taken = [portion for day in counted if (portion := _portion(ask, rules, day)).minutes]
    if not taken:
        raise Invalid("所选时间都不是您的工作时间，不需要请假")
    return taken


def _counted(rules: KindRules, days: list[Day]) -> list[Day]:
    """The days that the kind counts. A sandwich counts days off between two of work (lesson 5 of other systems)."""
    if rules.counting is Counting.CALENDAR:
        return days
    if rules.counting is Counting.CALENDAR_EXCEPT_STATUTORY:
        return [day for day in days if day.kind is not DayKind.STATUTORY_HOLIDAY]
    worked = [day.day for day in days if day.is_working]
    return [
        day for day in days if day.is_working or (worked and worked[0] < day.day < worked[-1] and fills(rules, day))
    ]


def fills(rules: KindRules, day: Day) -> bool:
    """Is a day off between two of leave counted as leave?"""
    if rules.sandwich is Sandwich.REST_DAYS:
        return day.kind is not DayKind.STATUTORY_HOLIDAY
    return rules.sandwich is Sandwich.ALL


def _portion(ask: Ask, rules: KindRules, day: Day) -> Portion:
    if ask.is_timed:
        return _timed(ask, rules.step_minutes, day)
    if day.day == ask.first_day and ask.from_half is Half.PM:
        return half(day, Half.PM)
    if day.day == ask.last_day and ask.to_half is Half.AM:
        return half(day, Half.AM)
    return whole(day)


def whole(day: Day) -> Portion:
    """All of a day."""
    full = day.shift.minutes
    return Portion(day.day, day.shift.segments[0].start, day.shift.segments[-1].end, full, full)


def half(day: Day, which: Half) -> Portion:
    """The morning or the afternoon of a day; together they are the day."""
    segments, full, noon = day.shift.segments, day.shift.minutes, _noon(day.shift)
    if which is Half.PM:
        return Portion(day.day, noon[1], segments[-1].end, full - full // 2, full)
    return Portion(day.day, segments[0].start, noon[0], full // 2, full)


def _noon(shift: Shift) -> tuple[int, int]:
    """Where the morning ends and the afternoon begins: the break between two stretches, else half of the work."""
    if len(shift.segments) == 2:
        return shift.segments[0].end, shift.segments[1].start
    left, at = shift.minutes // 2, 0
    for segment in shift.segments:
        part = min(left, segment.end - segment.start)
        at = segment.start + part if part else at
        left -= part
    return at, at


def _timed(ask: Ask, step: int, day: Day) -> Portion:
    """From minute to minute: what falls into working time, rounded up to whole steps, at most the day."""
    start, end = ask.from_minute or 0, ask.to_minute or 0
    end += DAY * (end < start)
    worked = sum(max(0, min(end, part.end) - max(start, part.start)) for part in day.shift.segments)
    full = day.shift.minutes
    return Portion(day.day, start, end, min(full, -(-worked // step) * step), full, worked)


def total_days(taken: Sequence[Portion]) -> Decimal:
    """The length in days, each measured by its own working day, to a hundredth."""
    exact = sum((Fraction(portion.minutes, portion.full_minutes) for portion in taken), Fraction())
    return in_days(exact.numerator, exact.denominator)


def in_days(minutes: int, full_minutes: int) -> Decimal:
    """Minutes as days of so many minutes, half up to a hundredth."""
    return (Decimal(minutes) / full_minutes).quantize(CENT, rounding=ROUND_HALF_UP)


def words(minutes: int, full_minutes: int, unit: LeaveUnit = LeaveUnit.DAY) -> str:
    """How a length is shown: 1.5天, or 4小时 for what is taken by the hour."""
    value = in_days(minutes, full_minutes if unit is not LeaveUnit.HOUR else HOUR)
    return f"{value.normalize():f}{'小时' if unit is LeaveUnit.HOUR else '天'}"


@dataclass(frozen=True)
class Facts:
    """What eligibility looks at."""

    gender: str | None
    hired_on: date | None


def check_eligible(rules: KindRules, facts: Facts, on: date) -> None:
    """Gender and service; the refusal names the rule and its source."""
    source = sourced(rules.source)
    if rules.gender and facts.gender is None:
        raise NotEligible("档案中没有您的性别信息，请先在个人信息中补全或联系人事")
    if rules.gender and facts.gender != rules.gender:
        raise NotEligible(f"这种假限{'女' if rules.gender is Gender.FEMALE else '男'}职工{source}")
    months = rules.min_service_months
    if months and (facts.hired_on is None or add_months(facts.hired_on, months) > on):
        raise NotEligible(f"入职满 {months} 个月才能请这种假{source}")


def add_months(day: date, months: int) -> date:
    """The same day so many months on, clamped to the end of the month (china-hr-rules 0.5)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if day.day <= SHORTEST_MONTH:
        return date(year, month + 1, day.day)
    next_month = date(year + month // 11, (month + 1) % 12 + 1, 1)
    return date(year, month + 1, min(day.day, (next_month - timedelta(days=1)).day))


def sourced(source: str) -> str:
    """（《职工带薪年休假条例》）; nothing without a source."""
    return f"（{source}）" if source else ""


@dataclass(frozen=True)
class Lot:
    """What is left of a grant, and when it can be taken."""

    id: str
    starts_on: date
    expires_on: date
    rest: int

    def is_good_on(self, day: date) -> bool:
        return self.starts_on <= day <= self.expires_on


@dataclass(frozen=True)
class Spending:
    """Minutes taken from each lot, how many minutes no lot covers, and how many of those are taken ahead."""

    taken: dict[str, int]
    short: int
    borrowed: int = 0


def spend(wanted: Sequence[Portion], lots: Iterable[Lot]) -> Spending:
    """Day by day from the lots good on that day, the earliest to expire first: nothing that could be used expires."""
    order = sorted(lots, key=lambda lot: (lot.expires_on, lot.starts_on, lot.id))
    rest = {lot.id: lot.rest for lot in order}
    taken: dict[str, int] = {}
    short = 0
    for portion in sorted(wanted, key=lambda part: (part.day, part.start)):
        need = portion.minutes
        for lot_id, part in _from_lots(portion.day, need, order, rest):
            rest[lot_id] -= part
            taken[lot_id] = taken.get(lot_id, 0) + part
            need -= part
        short += need
    return Spending(taken, short)


def _from_lots(day: date, need: int, order: Sequence[Lot], rest: dict[str, int]) -> Iterator[tuple[str, int]]:
    for lot in order:
        part = min(need, max(0, rest[lot.id])) if lot.is_good_on(day) else 0
        if part:
            yield lot.id, part
            need -= part
