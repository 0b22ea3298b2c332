"""Who works when: calendars, shifts, rotations and rosters put together, for one person or for many.

One statement finds what was given and planned; departments and shifts not met before take one more each, whatever the
number of people and days.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, CompoundSelect, and_, bindparam, literal, null, or_, select, union_all

from models.schedule import Assignment, RosterDay, RotationRow
from services import people, platform
from services.people import Actor
from services.schedule import calendar, rules, shifts
from services.schedule.calendar import Known
from services.schedule.rules import Assigned, Calendar, DayPlan, Rotation, Shift
from services.schedule.schemas import DaysQuery, DayView

COMPANY_DISTANCE = 1_000  # farther than any department
Plans = dict[tuple[str, date], DayPlan]
"""Days by person and date."""
NAMED = 500  # for more people than this, everybody's assignments are read


class Course(NamedTuple):
    """What decides somebody's days, but for those named in a roster: shared by most people."""

    assigned: tuple[Assigned, ...]
    departments: tuple[str, ...]


def day(person_id: str, on: date) -> DayPlan:
    """The person's day: its kind, whether and when they work, and whether the calendar is confirmed."""
    return days([person_id], on, on)[person_id, on]


def days(person_ids: Iterable[str], first: date, last: date) -> Plans:
    """The days of each person from first to last, both included; the count of statements does not depend on either."""
    wanted = list(dict.fromkeys(person_ids))
    stamp, rows = _in_force(wanted, first, last)
    known, dates = calendar.known(stamp), list(rules.span(first, last))
    courses, rostered = _courses(wanted, rows, known), _rostered(rows)

    @cache  # most people are given what many others are
    def planned(course: Course) -> list[DayPlan]:
        here = known.of(course.departments)
        return [rules.plan(on, here, rules.choose(on, course.assigned)) for on in dates]

    @cache
    def named(on: date, shift: Shift | None, resting: Shift, departments: tuple[str, ...]) -> DayPlan:
        return rules.plan_rostered(on, known.of(departments), shift, resting)

    def of(person_id: str) -> Iterator[DayPlan]:
        course, own = courses[person_id], rostered.get(person_id, {})
        for one in planned(course):
            yield named(one.day, own[one.day], one.shift, course.departments) if one.day in own else one

    return {(person_id, one.day): one for person_id in wanted for one in of(person_id)}


def calendars(person_ids: Iterable[str]) -> dict[str, Calendar]:
    """The calendar that holds for each of these people."""
    known = calendar.now_known()
    homes = people.lineages(list(person_ids)) if known.asks_departments else {}
    return {person_id: known.of(homes.get(person_id, ())) for person_id in person_ids}


def with_shift(on: date, shift_id: str) -> DayPlan:
    """That day for whoever is given the shift: its kind and whether it is worked follow from the shift alone."""
    shift = shifts.known([shift_id])[shift_id]
    return rules.plan(on, calendar.now_known().of(), Assigned(shift, 0, on, on))


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
        segments=[shifts.words(segment) for segment in plan.segments],
        shift_name=plan.shift.name,
        confirmed=plan.confirmed,
        note=plan.note,
    )


# ── what is in force ──


def _found(assigned: tuple[ColumnElement[bool], ...], named: tuple[ColumnElement[bool], ...]) -> CompoundSelect[Any]:
    """The stamp with every assignment, and with every day of a roster, that meets the conditions."""
    notices, local = calendar.newest()
    stamp = select(notices.label("notices"), local.label("local")).subquery()
    given = (
        select(
            stamp.c.notices, stamp.c.local, literal(False).label("is_roster"), Assignment.cause, Assignment.shift_id,
            Assignment.person_id, Assignment.department_id, Assignment.starts_on, Assignment.ends_on,
            Assignment.position, RotationRow.content,
        )
        .select_from(stamp)
        .outerjoin(Assignment, and_(*assigned))
        .outerjoin(RotationRow, RotationRow.id == Assignment.rotation_id)
    )  # fmt: skip
    rostered = select(
        literal(0), literal(0), literal(True), null(), RosterDay.shift_id, RosterDay.person_id, RosterDay.department_id,
        RosterDay.day, RosterDay.day, literal(0), null(),
    ).where(*named)  # fmt: skip
    return union_all(given, rostered)


_COMPANYS = and_(Assignment.person_id.is_(None), Assignment.department_id.is_(None))
_OWN = Assignment.person_id == bindparam("person_id")
_DEPARTMENTS = Assignment.department_id.in_(people.lineage(bindparam("person_id")))
_THEIRS = or_(Assignment.person_id.is_(None), Assignment.person_id.in_(bindparam("ids", expanding=True)))
_THEN = and_(
    Assignment.starts_on <= bindparam("last"),
    or_(Assignment.ends_on.is_(None), Assignment.ends_on >= bindparam("first")),
)
_NAMED_THEN = RosterDay.day.between(bindparam("first"), bindparam("last"))
# built once, since whatever concerns a day begins here
_OF_ONE = _found(
    (or_(_OWN, _DEPARTMENTS, _COMPANYS), _THEN), (RosterDay.person_id == bindparam("person_id"), _NAMED_THEN)
)
_OF_SOME = _found((_THEIRS, _THEN), (RosterDay.person_id.in_(bindparam("ids", expanding=True)), _NAMED_THEN))
_OF_ALL = _found((_THEN,), (_NAMED_THEN,))


def _in_force(wanted: list[str], first: date, last: date) -> tuple[calendar.Stamp, list[Any]]:
    """The stamp of the calendars, and the assignments and rostered days that may concern these people then."""
    when = {"first": first, "last": last}
    if len(wanted) == 1:
        rows = platform.rows(_OF_ONE, {"person_id": wanted[0], **when})
    elif len(wanted) <= NAMED:
        rows = platform.rows(_OF_SOME, {"ids": wanted, **when})
    else:
        rows = platform.rows(_OF_ALL, when)
    stamp = next((row.notices, row.local) for row in rows if not row.is_roster)
    return stamp, [row for row in rows if row.starts_on is not None]


def _courses(wanted: list[str], rows: list[Any], known: Known) -> dict[str, Course]:
    """What each person is given: their own, their departments' (1 is the nearest) and the company's."""
    given = [row for row in rows if not row.is_roster]
    met = shifts.known(shift_id for row in given for shift_id in _shift_ids(row))
    by_place: dict[str | None, list[tuple[Any, Shift | Rotation]]] = {}
    for row in given:
        by_place.setdefault(row.person_id or row.department_id, []).append((row, _gives(row, met)))
    asks_departments = known.asks_departments or any(row.department_id for row in given)
    homes = people.lineages(wanted) if asks_departments else {}

    def course(person_id: str) -> Course:
        departments = tuple(homes.get(person_id, ()))
        places = ((person_id, 0), *((home, n) for n, home in enumerate(departments, 1)), (None, COMPANY_DISTANCE))
        assigned = (
            Assigned(gives, distance, row.starts_on, row.ends_on, row.position)
            for place, distance in places
            for row, gives in by_place.get(place, ())
        )
        return Course(tuple(assigned), departments if known.asks_departments else ())

    return {person_id: course(person_id) for person_id in wanted}


def _shift_ids(row: Any) -> Iterable[str]:
    turns = row.content["turns"] if row.content else [row.shift_id]
    return (shift_id for shift_id in turns if shift_id)


def _gives(row: Any, met: dict[str, Shift]) -> Shift | Rotation:
    if row.content:
        return Rotation(tuple(met[shift_id] if shift_id else None for shift_id in row.content["turns"]))
    return met[row.shift_id]


def _rostered(rows: list[Any]) -> dict[str, dict[date, Shift | None]]:
    """The days named in rosters, by person, but for those for which a decision gave a shift."""
    decided = {(row.person_id, row.starts_on) for row in rows if row.cause}
    named = [row for row in rows if row.is_roster and (row.person_id, row.starts_on) not in decided]
    met = shifts.known(row.shift_id for row in named if row.shift_id)
    found: dict[str, dict[date, Shift | None]] = {}
    for row in named:
        found.setdefault(row.person_id, {})[row.starts_on] = met[row.shift_id] if row.shift_id else None
    return found
