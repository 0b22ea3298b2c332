"""The leave of one kind around a request: what a rule about a length or a day measures together with it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import bindparam, select

from models.enums import HOLDING
from models.leave import LeaveRequest, LeaveSegment
from services import platform, schedule
from services.leave.life.rules import adjoining
from services.leave.life.rules.adjoining import Beside
from services.leave.rulebook.catalog import Kind
from services.leave.rulebook.rules import occasions
from services.leave.rules import LONGEST_SPAN, Portion
from services.leave.schemas import Plan
from services.schedule import DayPlan

_OF_KIND = (
    select(
        LeaveSegment.day, LeaveSegment.start, LeaveSegment.end, LeaveSegment.minutes, LeaveRequest.event_key,
    )
    .join(LeaveRequest, LeaveRequest.id == LeaveSegment.request_id)
    .where(LeaveSegment.person_id == bindparam("person_id"))
    .where(LeaveSegment.day.between(bindparam("first"), bindparam("last")))
    .where(LeaveRequest.kind_code == bindparam("code"), LeaveRequest.state.in_(HOLDING))
    .where(LeaveRequest.id.not_in(bindparam("but_not", expanding=True)))
    .order_by(LeaveSegment.day, LeaveSegment.start)
)  # fmt: skip


def beside(person_id: str, kind: Kind, plan: Plan, own: Sequence[Portion], but_not: Sequence[str] = ()) -> Beside:
    """What lies around the plan, whose days are `own`; no statement for a kind that has no such rule.

    Two statements where there is something near. Leave for another event is another leave.
    """
    if not kind.rules.is_measured_together:
        return Beside()
    first, last = plan.first_day - LONGEST_SPAN, plan.last_day + LONGEST_SPAN
    asked = {"person_id": person_id, "code": kind.code, "first": first, "last": last, "but_not": list(but_not)}
    rows = platform.rows(_OF_KIND, asked)
    event = occasions.event_key(kind.rules.occasion, plan.told)
    near = adjoining.near(plan.first_day, plan.last_day, [_portion(row) for row in rows if row.event_key == event])
    return Beside(minutes=_minutes(rows, own)) if not near else _measured(person_id, kind, plan, own, rows, near)


def _measured(
    person_id: str, kind: Kind, plan: Plan, own: Sequence[Portion], rows: Sequence[Any], near: Sequence[Portion]
) -> Beside:
    first, last = min(plan.first_day, near[0].day), max(plan.last_day, near[-1].day)
    plans = {one.day: one for one in schedule.days([person_id], first, last).values()}
    adjoins = [_counted(one, plans) for one in adjoining.run(own, near, plans.values())]
    off = adjoining.between(own, adjoins, plans, kind.rules)
    asked = [one for one in off if plan.first_day <= one.day <= plan.last_day]
    return Beside(adjoins, _minutes(rows, own), asked, [one.day for one in off if one not in asked])


def _portion(row: Any) -> Portion:
    return Portion(row.day, row.start, row.end, row.minutes, row.minutes)


def _counted(one: Portion, plans: Mapping[date, DayPlan]) -> Portion:
    """A part of leave, by the length of its own day."""
    return replace(one, full_minutes=plans[one.day].full_minutes)


def _minutes(rows: Sequence[Any], own: Sequence[Portion]) -> Mapping[date, int]:
    taken: Counter[date] = Counter()
    for row in rows:
        taken[row.day] += row.minutes
    return {one.day: taken[one.day] for one in own if one.day in taken}
