"""A break as a card: what it costs, what to look out for, and its weeks as a little calendar."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from kit.schema import View
from models.enums import DayKind
from services import schedule
from services.leave import rules
from services.leave.answers.rules.forecast import Stock
from services.leave.answers.rules.planner import Break, PlannedDay
from services.schedule import DayPlan

SUNDAY = 7
PUBLIC = {
    DayKind.STATUTORY_HOLIDAY: "holiday",
    DayKind.ADJUSTED_REST_DAY: "holiday",
    DayKind.ADJUSTED_WORKDAY: "makeup",
}


class CellOut(View):
    """A day of the little calendar; `mark` is leave, own, holiday, off, makeup or work."""

    day: date
    mark: str
    is_inside: bool


class BreakOut(View):
    """A break worth taking: so many days in a row for so many days of leave; `ratio` is the one by the other."""

    first_day: date
    last_day: date
    length: int
    leave_first_day: date
    leave_last_day: date
    leave_days: int
    minutes: int
    ratio: Decimal
    is_confirmed: bool
    others_away: int
    notes: list[str]
    refusal: str | None
    waits_until: date | None
    weeks: list[list[CellOut]]


@dataclass(frozen=True)
class Chances:
    """The coming year of somebody, day by day: the plan, what it is for them, and how many mates are away."""

    plans: Mapping[date, DayPlan]
    days: Mapping[date, PlannedDay]
    away: Mapping[date, int]


def card(one: Break, chances: Chances, waits: Stock | None, refusal: str | None) -> BreakOut:
    """The break as people see it; `waits` is the grant still to come without which it cannot be paid."""
    others = max(chances.away.get(day.day, 0) for day in one.taken)
    return BreakOut(
        first_day=one.first,
        last_day=one.last,
        length=len(one.days),
        leave_first_day=one.taken[0].day,
        leave_last_day=one.taken[-1].day,
        leave_days=len(one.taken),
        minutes=one.minutes,
        ratio=rules.in_days(len(one.days), len(one.taken)),
        is_confirmed=all(day.is_confirmed for day in one.days),
        others_away=others,
        notes=list(_notes(one, chances, waits, others)),
        refusal=refusal,
        waits_until=waits.starts_on if waits else None,
        weeks=list(_weeks(one, chances)),
    )


def _notes(one: Break, chances: Chances, waits: Stock | None, others: int) -> Iterator[str]:
    makeup = [day.day for day in one.taken if chances.plans[day.day].kind is DayKind.ADJUSTED_WORKDAY]
    if makeup:
        yield f"其中 {'、'.join(f'{day.month}月{day.day}日' for day in makeup)} 是调休上班日，也要请假"
    if waits:
        yield f"要用{waits.title}，{waits.starts_on.year}年{waits.starts_on.month}月{waits.starts_on.day}日发放后再申请"
    if others:
        yield f"同部门已有 {others} 人在这段时间请假"
    if not all(day.is_confirmed for day in one.days):
        yield "放假安排尚未公布，暂按法定节日和普通周末推算，公布后请再看一次"


def _weeks(one: Break, chances: Chances) -> Iterator[list[CellOut]]:
    """From the Monday before to the Sunday after; days beyond the year looked at are left out."""
    first = one.first - timedelta(days=one.first.isoweekday() - 1)
    last = one.last + timedelta(days=SUNDAY - one.last.isoweekday())
    known = [day for day in schedule.span(first, last) if day in chances.days]
    cells = [CellOut(day=day, mark=_mark(day, one, chances), is_inside=one.first <= day <= one.last) for day in known]
    while cells:
        length = SUNDAY + 1 - cells[0].day.isoweekday()
        yield cells[:length]
        cells = cells[length:]


def _mark(day: date, one: Break, chances: Chances) -> str:
    plan, mine = chances.plans[day], chances.days[day]
    if not mine.is_off and one.first <= day <= one.last:
        return "leave"
    if mine.is_off and plan.is_working:
        return "own"
    return PUBLIC.get(plan.kind) or ("off" if mine.is_off else "work")
