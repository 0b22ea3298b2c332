"""Leave made shorter: some of its days or halves are given back, by cancelling a part or by part approval."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import delete, select

from kit.errors import Invalid
from kit.schema import Day, Wish
from models.base import db
from models.enums import Half
from models.leave import LeaveLot, LeaveRequest, LeaveSegment
from services import platform, schedule
from services.leave import gaps, rules
from services.leave.entries import Cause
from services.leave.gaps import Days
from services.leave.life import holding, queries
from services.leave.life.rules import parting as cutting
from services.leave.rulebook import catalog
from services.leave.rules import Portion
from services.schedule import DayPlan

MOST_OFFERED = 31
"""So many days from either end of a leave are offered; a longer part is told by its days."""


class Kept(Wish):
    """The days of a request that an approver agrees to, both included."""

    first_day: Day
    last_day: Day


@dataclass(frozen=True)
class Split:
    """The days of a request: what stays of them, and what is given back."""

    kept: list[Portion]
    freed: list[Portion]
    plans: Mapping[date, DayPlan]

    @property
    def freed_minutes(self) -> int:
        return sum(one.minutes for one in self.freed)

    @property
    def freed_days(self) -> Decimal:
        return rules.total_days(self.freed)

    @property
    def freed_dates(self) -> tuple[date, ...]:
        return tuple(portion.day for portion in self.freed)

    @property
    def freed_gaps(self) -> list[str]:
        """The days and halves given back, as they are written down."""
        return gaps.write({one.day: cutting.which(one, self.plans[one.day], self.kept) for one in self.freed})


def portions(row: Any) -> list[Portion]:
    """What a request takes of each day, as it is stored."""
    return _stored(row, plans(row))


def plans(row: Any) -> dict[date, DayPlan]:
    """The days of a request as the schedule plans them now."""
    return {plan.day: plan for plan in schedule.days([row.person_id], row.first_day, row.last_day).values()}


def _stored(row: Any, planned: Mapping[date, DayPlan]) -> list[Portion]:
    parts = select(LeaveSegment.day, LeaveSegment.start, LeaveSegment.end, LeaveSegment.minutes)
    rows = db.session.execute(parts.where(LeaveSegment.request_id == row.id).order_by(LeaveSegment.day))
    return [Portion(one.day, one.start, one.end, one.minutes, planned[one.day].full_minutes) for one in rows]


def split(row: Any, freed: Days) -> Split:
    """The days apart; `Invalid` when nothing is given back."""
    planned = plans(row)
    whole = _stored(row, planned)
    kept = cutting.cut(whole, planned, freed, catalog.named(row.kind_code).rules)
    if kept == whole:
        raise Invalid("所选日期没有请假，请重新选择")
    return Split(kept, cutting.freed(whole, kept), planned)


def shorten(row: LeaveRequest, split: Split, cause: Cause) -> None:
    """The request is what is kept: its days, its length and what it holds. The account is locked by the caller."""
    db.session.execute(
        delete(LeaveSegment).where(LeaveSegment.request_id == row.id, LeaveSegment.day.in_(split.freed_dates))
    )
    common = {"request_id": row.id, "person_id": row.person_id}
    halved = [one for one in split.kept if one.day in split.freed_dates]
    parts = [common | {"day": p.day, "start": p.start, "end": p.end, "minutes": p.minutes} for p in halved]
    platform.add_many(LeaveSegment, parts)
    _reshape(row, split)
    row.minutes, row.days = sum(one.minutes for one in split.kept), rules.total_days(split.kept)
    db.session.flush()
    holding.keep(row, split.kept, holding.held([row.id]), cause)


def _reshape(row: LeaveRequest, split: Split) -> None:
    """The ends of the leave and the gaps between them; an end that nobody touched stays as it was asked."""
    first, last, same = split.kept[0], split.kept[-1], {row.first_day, row.last_day} - set(split.freed_dates)
    if row.from_minute is None and first.day not in same:
        row.from_half = Half.PM if cutting.starts_late(first, split.plans[first.day]) else Half.AM
    if row.from_minute is None and last.day not in same:
        row.to_half = Half.AM if cutting.ends_early(last, split.plans[last.day]) else Half.PM
    found = cutting.still(gaps.read(row.gaps), split.kept) | cutting.gaps(split.freed, split.kept, split.plans)
    row.gaps = gaps.write(found) or None
    row.first_day, row.last_day = first.day, last.day


def refund(row: LeaveRequest, split: Split) -> dict[str, int]:
    """What would go back to each lot, in minutes; nothing is written."""
    lots = holding.held([row.id])
    stays = rules.spend(split.kept, lots).taken
    return {lot.id: lot.rest - stays.get(lot.id, 0) for lot in lots if lot.rest != stays.get(lot.id, 0)}


def lots(ids: Collection[str]) -> Sequence[LeaveLot]:
    """These lots, the first to expire first."""
    wanted = select(LeaveLot).where(LeaveLot.id.in_(ids)).order_by(LeaveLot.expires_on, LeaveLot.id)
    return db.session.scalars(wanted).all()


def approved_part(request_id: str, part: dict[str, Any], before: dict[str, Any] | None) -> str:
    """What agreeing only to these days means, in words; `Invalid` when they are not a part of the request, or of what
    others agreed to before."""
    row, kept = db.session.get_one(LeaveRequest, request_id), _read(part)
    whole, agreed = left(row, before), split(row, outside(row, kept)).kept
    if not agreed:
        raise Invalid("同意的日期里没有请假，请重新选择")
    if not {one.day for one in agreed} <= {one.day for one in whole}:
        raise Invalid(f"前面的审批人只同意{_span(whole)}，只能在其中选择")
    of = f"，此前同意{_days(whole)}" if before else ""
    return f"同意{_span(agreed)}，共{_days(agreed)}（申请{row.days.normalize():f}天{of}）"


def _read(part: dict[str, Any]) -> Kept:
    try:
        return Kept.model_validate(part)
    except ValueError:
        raise Invalid("部分同意请填写同意的开始和结束日期") from None


def left(row: LeaveRequest, before: dict[str, Any] | None) -> list[Portion]:
    """The days of the request that those who decided so far agree to."""
    return split(row, outside(row, _read(before))).kept if before else list(portions(row))


def _span(kept: Sequence[Portion]) -> str:
    return queries.span_words(rules.Ask(kept[0].day, kept[-1].day))


def _days(kept: Sequence[Portion]) -> str:
    return f"{rules.total_days(kept).normalize():f}天"


def outside(row: Any, kept: Kept) -> Days:
    """The days of a request that are not among those kept."""
    whole = gaps.between(row.first_day, row.last_day)
    return {day: None for day in whole if not kept.first_day <= day <= kept.last_day}


def offered(request_id: str, before: dict[str, Any] | None) -> list[tuple[dict[str, Any], str]]:
    """The parts an approver picks from: the first so many days of what others left of the request, or the last."""
    whole = left(db.session.get_one(LeaveRequest, request_id), before)
    counts = range(1, min(len(whole), MOST_OFFERED + 1))
    ends = [("前", whole[:count]) for count in counts] + [("后", whole[-count:]) for count in counts]
    return [_offer(which, kept) for which, kept in ends]


def _offer(which: str, kept: Sequence[Portion]) -> tuple[dict[str, Any], str]:
    part = {"first_day": kept[0].day.isoformat(), "last_day": kept[-1].day.isoformat()}
    return part, f"{which}{_days(kept)}：{_span(kept)}"
