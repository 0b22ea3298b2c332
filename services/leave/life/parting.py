"""Leave made shorter: some days at its beginning or end are given back, by cancelling a part or by part approval."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import delete, select

from kit.errors import Invalid
from kit.schema import Day, Wish
from models.base import db
from models.enums import Counting, Half
from models.leave import LeaveRequest, LeaveSegment
from services import schedule
from services.leave import rules
from services.leave.entries import Cause
from services.leave.life import holding, queries
from services.leave.rulebook import catalog
from services.leave.rules import Portion
from services.schedule import DayPlan

AT_AN_END = "请从第一天或最后一天起连续选择，中间的日子请用“改期”"


class Kept(Wish):
    """The days of a request that an approver agrees to, both included."""

    first_day: Day
    last_day: Day


@dataclass(frozen=True)
class Split:
    """The days of a request: those that stay, and those that are given back."""

    kept: list[Portion]
    freed: list[Portion]

    @property
    def freed_days(self) -> Decimal:
        return rules.total_days(self.freed)

    @property
    def freed_dates(self) -> tuple[date, ...]:
        return tuple(portion.day for portion in self.freed)


def portions(row: Any) -> list[Portion]:
    """What a request takes of each day, as it is stored."""
    plans = schedule.days([row.person_id], row.first_day, row.last_day)
    return _stored(row, {plan.day: plan for plan in plans.values()})


def _stored(row: Any, plans: Mapping[date, DayPlan]) -> list[Portion]:
    parts = select(LeaveSegment.day, LeaveSegment.start, LeaveSegment.end, LeaveSegment.minutes)
    rows = db.session.execute(parts.where(LeaveSegment.request_id == row.id).order_by(LeaveSegment.day))
    return [Portion(one.day, one.start, one.end, one.minutes, plans[one.day].full_minutes) for one in rows]


def split(row: Any, is_freed: Callable[[date], bool]) -> Split:
    """The days apart. Days off that were counted only between days of leave go with the days beside them."""
    plans = {plan.day: plan for plan in schedule.days([row.person_id], row.first_day, row.last_day).values()}
    whole = _stored(row, plans)
    kept = [one for one in whole if not is_freed(one.day)]
    if catalog.named(row.kind_code).rules.counting is Counting.WORKING:
        worked = [one.day for one in kept if plans[one.day].is_working]
        kept = [one for one in kept if worked and worked[0] <= one.day <= worked[-1]]
    _check_ends(whole, kept)
    return Split(kept, [one for one in whole if one not in kept])


def _check_ends(whole: Sequence[Portion], kept: Sequence[Portion]) -> None:
    if len(kept) == len(whole):
        raise Invalid("所选日期没有请假，请重新选择")
    if kept and whole.index(kept[-1]) - whole.index(kept[0]) != len(kept) - 1:
        raise Invalid(AT_AN_END)


def shorten(row: LeaveRequest, split: Split, cause: Cause) -> None:
    """The request is what is kept: its days, its length and what it holds. The account is locked by the caller."""
    gone = (LeaveSegment.request_id == row.id, LeaveSegment.day.in_(split.freed_dates))
    db.session.execute(delete(LeaveSegment).where(*gone))
    first, last = split.kept[0].day, split.kept[-1].day
    row.from_half = row.from_half if first == row.first_day else Half.AM
    row.to_half = row.to_half if last == row.last_day else Half.PM
    row.first_day, row.last_day = first, last
    row.minutes, row.days = sum(one.minutes for one in split.kept), rules.total_days(split.kept)
    db.session.flush()
    holding.keep(row, split.kept, holding.held([row.id]), cause)


def approved_part(request_id: str, part: dict[str, Any]) -> str:
    """What agreeing only to these days means, in words; `Invalid` when they are not a part of the request."""
    try:
        kept = Kept.model_validate(part)
    except ValueError:
        raise Invalid("部分同意请填写同意的开始和结束日期") from None
    row = db.session.get_one(LeaveRequest, request_id)
    found = split(row, outside(kept))
    if not found.kept:
        raise Invalid("同意的日期里没有请假，请重新选择")
    days = rules.total_days(found.kept)
    span = queries.span_words(rules.Ask(found.kept[0].day, found.kept[-1].day))
    return f"同意{span}，共{days.normalize():f}天（申请{row.days.normalize():f}天）"


def outside(kept: Kept) -> Callable[[date], bool]:
    """Is a day not among those that are kept?"""
    return lambda day: not kept.first_day <= day <= kept.last_day


def between(first: date, last: date) -> Callable[[date], bool]:
    """Is a day between the two?"""
    return lambda day: first <= day <= last
