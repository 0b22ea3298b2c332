"""The team's month: who is away on which day. The reason is never shown, a sensitive kind only to whose it is.

Whoever may be seen is decided as `team.team_away` decides: one's own department with all below it, and the people one
looks after. The statements grow neither with the people of a page nor with the days of the month.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Annotated, Any, Literal

from pydantic import Field
from sqlalchemy import Select, bindparam, func, select

from kit import clock, pages
from kit.errors import Invalid
from kit.pages import LARGEST_LIMIT, PageQuery
from kit.schema import Day, Identifier, View, Wish
from models.base import db
from models.enums import HOLDING, LeaveState
from models.leave import LeaveKind, LeaveRequest, LeaveSegment
from services import people, platform, schedule
from services.leave import team
from services.leave.rulebook.catalog import VERSION, as_of
from services.people import Actor, PersonView
from services.schedule import DayPlan

Month = Annotated[str, Field(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$")]
AT_ONCE, MOST_ON_A_DAY, MOST_EXPORTED = 500, 200, 5_000


def _this_month() -> str:
    return f"{clock.today():%Y-%m}"


class MonthQuery(Wish):
    """Which month (2026-03), and which day of it is opened."""

    month: Month = Field(default_factory=_this_month)
    day: Day | None = None


class GridQuery(PageQuery):
    """A month of many people, of one department (with all below) if it is named."""

    month: Month = Field(default_factory=_this_month)
    department_id: Identifier | None = None
    limit: int = Field(50, ge=1, le=LARGEST_LIMIT)
    format: Literal["csv", "xlsx"] | None = None


class DayCount(View):
    """A day of the month: free for me or worked, and how many are away."""

    day: date
    is_off: bool
    away: int


class AwayDay(View):
    """Somebody away on a day; `is_part` when not all of it."""

    person_id: str
    name: str
    kind_name: str
    is_pending: bool
    is_part: bool


class MonthOut(View):
    """A month with its counts, and who is away on the day that is opened."""

    month: str
    previous: str
    following: str
    days: list[DayCount]
    day: date
    away: list[AwayDay]


class Mark(View):
    """What a cell of the grid says: nothing on an ordinary day."""

    kind_name: str = ""
    is_pending: bool = False
    is_part: bool = False
    is_off: bool = False


_HERE = {True: Mark(), False: Mark(is_off=True)}
"""Most cells of a month: nobody is away."""


class PersonMonth(View):
    """A line of the grid, a mark for each day."""

    person_id: str
    name: str
    department: str
    marks: list[Mark]


class GridOut(View):
    """A month of a page of people; `days` carry the counts over everybody in view, not only this page."""

    month: str
    previous: str
    following: str
    days: list[DayCount]
    people: list[PersonMonth]
    next_cursor: str | None


def month(actor: Actor, query: MonthQuery) -> MonthOut:
    """How many are away on each day of a month, and who on one day; six statements at most."""
    first, last = bounds(query.month)
    opened = query.day if query.day and first <= query.day <= last else min(max(clock.today(), first), last)
    seen = team.visible(actor)
    rows = db.session.execute(_marks(seen, opened, opened).limit(MOST_ON_A_DAY)).all()
    known = people.many(row.person_id for row in rows)
    plans = schedule.days([row.person_id for row in rows], opened, opened) if rows else {}
    return MonthOut(
        **_turn(first, last),
        days=_counts(actor, seen, first, last),
        day=opened,
        away=[_away(actor, row, known[row.person_id], plans[row.person_id, opened]) for row in rows],
    )


def grid(actor: Actor, query: GridQuery) -> GridOut:
    """Everybody in view, a page at a time, with what they are away for on each day; eight statements at most."""
    first, last = bounds(query.month)
    seen = team.visible(actor, query.department_id)
    one = seen.subquery()
    wanted = select(one.c.id).where(one.c.id.in_(people.active_ids()))
    if query.cursor:
        wanted = wanted.where(one.c.id > pages.decode(query.cursor, str)[0])
    ids = db.session.scalars(wanted.order_by(one.c.id).limit(query.limit + 1)).all()
    page = pages.cut(ids, query.limit, lambda person_id: [person_id])
    return GridOut(
        **_turn(first, last),
        days=_counts(actor, seen, first, last),
        people=_lines(actor, page.rows, first, last),
        next_cursor=page.next_cursor,
    )


def export(actor: Actor, query: GridQuery) -> GridOut:
    """Everybody in view for a file, an audited act; `Invalid` when they are more than a file takes."""
    part = grid(actor, query.model_copy(update={"limit": AT_ONCE, "cursor": None}))
    lines = list(part.people)
    while part.next_cursor:
        if len(lines) >= MOST_EXPORTED:
            raise Invalid(f"超过 {MOST_EXPORTED} 人，请选择部门后再导出")
        part = grid(actor, query.model_copy(update={"limit": AT_ONCE, "cursor": part.next_cursor}))
        lines += part.people
    platform.audit.record(actor, "leave.calendar.export", query.month, after={"rows": len(lines)})
    return part.model_copy(update={"people": lines})


def bounds(of: str) -> tuple[date, date]:
    """The first and the last day of a month."""
    first = date.fromisoformat(f"{of}-01")
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _turn(first: date, last: date) -> dict[str, str]:
    previous, following = first - timedelta(days=1), last + timedelta(days=1)
    return {"month": f"{first:%Y-%m}", "previous": f"{previous:%Y-%m}", "following": f"{following:%Y-%m}"}


def _marks(seen: Select[str] | Sequence[str], first: date, last: date) -> Select[*tuple[Any, ...]]:
    return (
        select(LeaveSegment.person_id, LeaveSegment.day, LeaveSegment.minutes, LeaveRequest.state, *VERSION)
        .join(LeaveRequest, LeaveRequest.id == LeaveSegment.request_id)
        .join(LeaveKind, LeaveKind.code == LeaveRequest.kind_code)
        .where(LeaveSegment.person_id.in_(seen), LeaveRequest.state.in_(HOLDING))
        .where(LeaveSegment.day.between(first, last))
        .order_by(LeaveSegment.day, LeaveSegment.person_id, LeaveSegment.start)
    )


def _counts(actor: Actor, seen: Select[str], first: date, last: date) -> list[DayCount]:
    marks = _marks(seen, first, last).order_by(None).subquery()
    counted = select(marks.c.day, func.count(marks.c.person_id.distinct())).group_by(marks.c.day)
    away = {day: int(count) for day, count in db.session.execute(counted)}
    mine = schedule.days([actor.person_id], first, last)
    return [DayCount(day=day, is_off=not plan.is_working, away=away.get(day, 0)) for (_, day), plan in mine.items()]


_NAMED = _marks(bindparam("ids", expanding=True), bindparam("first"), bindparam("last"))  # type: ignore[arg-type]


def _lines(actor: Actor, ids: Sequence[str], first: date, last: date) -> list[PersonMonth]:
    if not ids:
        return []
    marks: dict[tuple[str, date], list[Any]] = {}
    for row in platform.rows(_NAMED, {"ids": list(ids), "first": first, "last": last}):
        marks.setdefault((row.person_id, row.day), []).append(row)
    known, plans = people.many(ids), schedule.days(ids, first, last)
    days = list(schedule.span(first, last))
    return [_line(actor, known[one], days, marks, plans) for one in ids]


def _line(
    actor: Actor,
    person: PersonView,
    days: Iterable[date],
    marks: Mapping[tuple[str, date], list[Any]],
    plans: Mapping[tuple[str, date], DayPlan],
) -> PersonMonth:
    return PersonMonth(
        person_id=person.id,
        name=person.name,
        department=person.department_name,
        marks=[_mark(actor, marks.get((person.id, day), []), plans[person.id, day]) for day in days],
    )


def _mark(actor: Actor, rows: Sequence[Any], plan: DayPlan) -> Mark:
    if not rows:
        return _HERE[plan.is_working]
    return Mark(
        kind_name="、".join(dict.fromkeys(_kind_name(actor, row) for row in rows)),
        is_pending=any(row.state == LeaveState.PENDING for row in rows),
        is_part=sum(row.minutes for row in rows) < plan.full_minutes,
        is_off=not plan.is_working,
    )


def _away(actor: Actor, row: Any, person: PersonView, plan: DayPlan) -> AwayDay:
    return AwayDay(
        person_id=person.id,
        name=person.name,
        kind_name=_kind_name(actor, row),
        is_pending=row.state == LeaveState.PENDING,
        is_part=row.minutes < plan.full_minutes,
    )


def _kind_name(actor: Actor, row: Any) -> str:
    kind = as_of(row.kind_id, row.rules_version)
    return team.HIDDEN if kind.rules.is_sensitive and row.person_id != actor.person_id else kind.name
