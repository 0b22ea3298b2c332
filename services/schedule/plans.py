"""Who works when: the calendar and the shifts put together, for one person or for many, in two statements at most."""

from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, or_, select

from models.schedule import Assignment, ShiftRow
from services import people, platform
from services.people import Actor
from services.schedule import calendar, rules
from services.schedule.rules import Assigned, DayPlan, Shift
from services.schedule.schemas import DaysQuery, DayView
from services.schedule.shifts import shift_of, words

COMPANY_DISTANCE = 1_000  # farther than any department
Plans = dict[tuple[str, date], DayPlan]
"""Days by person and date."""
NAMED = 500  # for more people than this, everybody's assignments are read


def day(person_id: str, on: date) -> DayPlan:
    """The person's day: its kind, whether and when they work, and whether the calendar is confirmed."""
    return days([person_id], on, on)[person_id, on]


def days(person_ids: Iterable[str], first: date, last: date) -> Plans:
    """The days of each person from first to last, both included; the count of statements does not depend on either."""
    wanted = list(dict.fromkeys(person_ids))
    stamp, rows = _in_force(wanted, first, last)
    known, given = calendar.years(stamp), _assigned(wanted, rows)
    dates = list(rules.span(first, last))

    @cache  # most people are given what many others are
    def course(assigned: tuple[Assigned, ...]) -> list[DayPlan]:
        return [rules.plan(on, known.get(on.year) or rules.Year(on.year), rules.choose(on, assigned)) for on in dates]

    return {(person_id, one.day): one for person_id in wanted for one in course(given[person_id])}


def with_shift(on: date, shift_id: str) -> DayPlan:
    """That day for whoever is given the shift: its kind and whether it is worked follow from the shift alone."""
    row = platform.rows(_SHIFT, {"shift_id": shift_id})[0]
    return rules.plan(on, calendar.year(on.year), shift_of(row))


def my_days(actor: Actor, query: DaysQuery) -> list[DayView]:
    """The actor's own days, for their calendar."""
    planned = days([actor.person_id], query.first, query.last)
    return [_view(plan) for plan in planned.values()]


def _view(plan: DayPlan) -> DayView:
    return DayView(
        day=plan.day,
        kind=plan.kind,
        is_working=plan.is_working,
        minutes=plan.minutes,
        segments=[words(segment) for segment in plan.segments],
        shift_name=plan.shift.name,
        confirmed=plan.confirmed,
    )


def _with_stamp(*conditions: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    stamp = select(calendar.newest().label("number")).subquery()
    return (
        select(
            stamp.c.number, ShiftRow.id, ShiftRow.name, ShiftRow.content, Assignment.person_id,
            Assignment.department_id, Assignment.starts_on, Assignment.ends_on,
        )
        .select_from(stamp)
        .outerjoin(Assignment, and_(*conditions))
        .outerjoin(ShiftRow, ShiftRow.id == Assignment.shift_id)
    )  # fmt: skip


_SHIFT = select(ShiftRow.id, ShiftRow.name, ShiftRow.content).where(ShiftRow.id == bindparam("shift_id"))
_COMPANYS = and_(Assignment.person_id.is_(None), Assignment.department_id.is_(None))
_OWN = Assignment.person_id == bindparam("person_id")
_DEPARTMENTS = Assignment.department_id.in_(people.lineage(bindparam("person_id")))
_THEIRS = or_(Assignment.person_id.is_(None), Assignment.person_id.in_(bindparam("ids", expanding=True)))
_THEN = and_(
    Assignment.starts_on <= bindparam("last"),
    or_(Assignment.ends_on.is_(None), Assignment.ends_on >= bindparam("first")),
)
# built once, since whatever concerns a day begins here
_OF_ONE = _with_stamp(or_(_OWN, _DEPARTMENTS, _COMPANYS), _THEN)
_OF_SOME, _OF_ALL = _with_stamp(_THEIRS, _THEN), _with_stamp(_THEN)


def _in_force(wanted: list[str], first: date, last: date) -> tuple[int, list[Any]]:
    """The number of the newest notice, and the assignments, with their shifts, that may concern these people then."""
    when = {"first": first, "last": last}
    if len(wanted) == 1:
        rows = platform.rows(_OF_ONE, {"person_id": wanted[0], **when})
    elif len(wanted) <= NAMED:
        rows = platform.rows(_OF_SOME, {"ids": wanted, **when})
    else:
        rows = platform.rows(_OF_ALL, when)
    return rows[0].number, [row for row in rows if row.id is not None]


def _assigned(wanted: list[str], rows: list[Any]) -> dict[str, tuple[Assigned, ...]]:
    """What each person is given: their own, their departments' (1 is the nearest) and the company's."""
    by_place: dict[str | None, list[tuple[Any, Shift]]] = {}
    for row in rows:
        by_place.setdefault(row.person_id or row.department_id, []).append((row, shift_of(row)))
    asks_departments = any(row.department_id for row in rows)
    homes = people.lineages(wanted) if asks_departments else {}

    def given(person_id: str) -> tuple[Assigned, ...]:
        places = ((person_id, 0), *((home, n) for n, home in enumerate(homes.get(person_id, ()), 1)))
        return tuple(
            Assigned(shift, distance, row.starts_on, row.ends_on)
            for place, distance in (*places, (None, COMPANY_DISTANCE))
            for row, shift in by_place.get(place, ())
        )

    return {person_id: given(person_id) for person_id in wanted}
