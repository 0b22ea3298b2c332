"""What leave was taken, by department, kind or weekday: a report for HR."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Literal

from pydantic import Field
from sqlalchemy import Float, Select, func, select

from kit import clock
from kit.errors import Invalid
from kit.schema import Day, Identifier, View, Wish
from models.base import db
from models.enums import AudienceKind, LeaveState
from models.leave import LeaveKind, LeaveRequest, LeaveSegment
from services import people, platform
from services.leave import rules
from services.people import Actor, Permission

LONGEST = timedelta(days=731)
WHOLE = 1000
WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
NOWHERE = "（没有部门）"


def _new_year() -> date:
    return clock.today().replace(month=1, day=1)


class ReportQuery(Wish):
    """Leave taken between two days, and by what it is told apart."""

    first: Day = Field(default_factory=_new_year)
    last: Day = Field(default_factory=clock.today)
    by: Literal["department", "kind", "weekday"] = "department"
    department_id: Identifier | None = None
    format: Literal["csv", "xlsx"] | None = None


class Slice(View):
    """A part of the leave taken: days, on how many person-days, and its share of all in thousandths."""

    title: str
    days: Decimal
    times: int
    share: int


class Distribution(View):
    """Approved leave, part by part, with the sum."""

    slices: list[Slice]
    days: Decimal
    times: int


def distribution(actor: Actor, query: ReportQuery) -> Distribution:
    """The approved leave of the people the actor looks after; four statements at most."""
    if not timedelta(0) <= query.last - query.first <= LONGEST:
        raise Invalid("请选择两年以内的起止日期")
    counted = _COUNTED[query.by](_taken(actor, query))
    days, times = sum(days for _, days, _ in counted), sum(times for *_, times in counted)
    slices = [
        Slice(title=title, days=_hundredths(part), times=count, share=round(part / days * WHOLE) if days else 0)
        for title, part, count in counted
    ]
    return Distribution(slices=slices, days=_hundredths(days), times=times)


def export(actor: Actor, query: ReportQuery) -> Distribution:
    """The same for a file; an audited act."""
    found = distribution(actor, query)
    facts = {"by": query.by, "first": query.first.isoformat(), "last": query.last.isoformat()}
    platform.audit.record(actor, "leave.report.export", "leave_report", after=facts)
    return found


Counted = list[tuple[str, float, int]]


def _taken(actor: Actor, query: ReportQuery) -> Select[*tuple[Any, ...]]:
    """Days as they were measured when asked for, each request's shared out over its days; and how many of them."""
    whose = inside(people.within(actor, Permission.LEAVE_REQUEST_READ), query.department_id)
    days = func.sum(LeaveRequest.days * LeaveSegment.minutes * 1.0 / LeaveRequest.minutes, type_=Float)
    return (
        select(days.label("days"), func.count().label("times"))
        .select_from(LeaveSegment)
        .join(LeaveRequest, LeaveRequest.id == LeaveSegment.request_id)
        .where(LeaveRequest.state == LeaveState.APPROVED, LeaveSegment.person_id.in_(whose))
        .where(LeaveSegment.day.between(query.first, query.last))
    )


def _by_department(taken: Select[*tuple[Any, ...]]) -> Counted:
    home = people.homes().subquery()
    by = taken.join(home, home.c.id == LeaveSegment.person_id).add_columns(home.c.department_id)
    rows = db.session.execute(by.group_by(home.c.department_id)).all()
    names = people.department_names([row.department_id for row in rows if row.department_id])
    return _largest_first((names.get(row.department_id, NOWHERE), row.days, row.times) for row in rows)


def _by_kind(taken: Select[*tuple[Any, ...]]) -> Counted:
    by = taken.join(LeaveKind, LeaveKind.code == LeaveRequest.kind_code).add_columns(LeaveKind.name)
    rows = db.session.execute(by.group_by(LeaveKind.code, LeaveKind.name))
    return _largest_first((row.name, row.days, row.times) for row in rows)


def _by_weekday(taken: Select[*tuple[Any, ...]]) -> Counted:
    """From Monday on; which weekday a date is, no two databases say alike."""
    sums = {name: (0.0, 0) for name in WEEKDAYS}
    for row in db.session.execute(taken.add_columns(LeaveSegment.day).group_by(LeaveSegment.day)):
        days, times = sums[WEEKDAYS[row.day.weekday()]]
        sums[WEEKDAYS[row.day.weekday()]] = (days + float(row.days), times + row.times)
    return [(name, *found) for name, found in sums.items()]


_COUNTED = {"department": _by_department, "kind": _by_kind, "weekday": _by_weekday}


def _largest_first(found: Iterable[tuple[str, Any, int]]) -> Counted:
    return sorted(((title, float(days), times) for title, days, times in found), key=lambda one: (-one[1], one[0]))


def _hundredths(days: float) -> Decimal:
    return Decimal(repr(round(days, 6))).quantize(rules.CENT)


def inside(reach: Select[str], department_id: str | None) -> Select[str]:
    """Those within reach who belong to a department or one below it; all of them when none is named."""
    if department_id is None:
        return reach
    return reach.where(reach.selected_columns[0].in_(people.audience(AudienceKind.DEPARTMENT, department_id)))
