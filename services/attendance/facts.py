"""Gathers the facts of days: plans, punches, leave, trips. The count of statements depends on neither people nor days.

Nothing here is remembered between questions: a roster changed, a leave granted or a punch added shows at once.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Any

from sqlalchemy import bindparam, func, select

from kit import clock
from kit.parts import parts
from models.attendance import Place, Punch
from models.enums import DayKind, Direction, PunchSource
from services import leave, platform, schedule
from services.attendance import rules, trips
from services.attendance.rules import Absence, Case, Duty, Mark, Shape, Span

DAY = timedelta(days=1)
IN_ONE_STATEMENT = 5000  # databases limit the parameters of a statement
OFF = {
    DayKind.REST_DAY: "休息日",
    DayKind.ADJUSTED_REST_DAY: "调休放假",
    DayKind.STATUTORY_HOLIDAY: "法定节假日",
}

# built once, for every punch and every page asks one of them
_PUNCHES = (
    select(
        Punch.person_id, Punch.at, Punch.direction, Punch.source, func.coalesce(Punch.spot, Place.name).label("name")
    )
    .outerjoin(Place, Place.id == Punch.place_id)
    .where(Punch.at >= bindparam("begin"), Punch.at < bindparam("end"))
    .order_by(Punch.person_id, Punch.at, Punch.seq)
)
_OF_ONE = _PUNCHES.where(Punch.person_id == bindparam("person_id"))
_OF_MANY = _PUNCHES.where(Punch.person_id.in_(bindparam("ids", expanding=True)))

Days = dict[tuple[str, date], Case]


def cases(person_ids: Sequence[str], first: date, last: date, closed_by: datetime | None = None) -> Days:
    """The facts of every day of everybody, from first to last; only of days whose window has closed by an instant."""
    duties = _duties(person_ids, schedule.days(person_ids, first - 2 * DAY, last + DAY), closed_by)
    marks = _marks(person_ids, {duty.window for days in duties.values() if days for duty in _edges(days)})
    absences = _away(person_ids, first, last)
    found: Days = {}
    for person_id, days in duties.items():
        earned = 0
        for duty, seen in _by_window(days, marks.get(person_id, [])):
            if duty.day >= first:
                found[person_id, duty.day] = Case(duty, seen, absences(person_id, duty), earned)
            earned = duty.shift.may_come_later(rules.left_late_by(duty, seen))
    return found


def duties(person_ids: Sequence[str], first: date, last: date) -> dict[str, dict[date, Duty]]:
    """What everybody was to work on every day, from first to last."""
    known = _duties(person_ids, schedule.days(person_ids, first - DAY, last + DAY))
    return {person_id: {duty.day: duty for duty in days} for person_id, days in known.items()}


def _edges(days: list[Duty]) -> tuple[Duty, Duty]:
    """The first and the last day whose punches matter: the day before the first, if leaving late then counts today."""
    before, first = days[0], days[min(1, len(days) - 1)]
    return (before if before.shift.left_late else first), days[-1]


def plans_around(person_id: str, at: datetime) -> schedule.Plans:
    """The person's plans for every day that may be meant by a punch of this instant, for the day before, and for the
    neighbours of these."""
    today = clock.local(at).date()
    return schedule.days([person_id], today - 3 * DAY, today + 2 * DAY)


def case_at(person_id: str, at: datetime, plans: schedule.Plans | None = None) -> Case:
    """The day to which a punch of this instant belongs, without leave and trips: most punches need not ask for them."""
    days = _duties([person_id], plans or plans_around(person_id, at))[person_id]
    before, duty = next((before, duty) for before, duty in pairwise(days) if duty.window.has(at))
    earned = duty.shift.left_late and before.shift.may_come_later(
        rules.left_late_by(before, _within(person_id, before.window))
    )
    return Case(duty, _within(person_id, duty.window), may_come_later=earned or 0)


def _within(person_id: str, window: Span) -> tuple[Mark, ...]:
    found = platform.rows(_OF_ONE, {"person_id": person_id, "begin": window.start, "end": window.end})
    return tuple(_mark(row) for row in found)


def with_leave(person_id: str, case: Case) -> Case:
    """The same day with its leave and trips."""
    day = case.duty.day
    return replace(case, absences=_away([person_id], day, day)(person_id, case.duty))


def _duties(
    person_ids: Sequence[str], plans: schedule.Plans, closed_by: datetime | None = None
) -> dict[str, list[Duty]]:
    """The days planned, without the first and the last: a day's window depends on its neighbours."""
    days = sorted({day for _, day in plans})
    shapes: dict[int, Shape] = {}
    made: dict[tuple[int, ...], list[Duty]] = {}

    def shape(plan: schedule.DayPlan) -> Shape:
        if id(plan) not in shapes:
            shapes[id(plan)] = _shape(plan)
        return shapes[id(plan)]

    def duties(person_id: str) -> list[Duty]:
        # Whoever works the same shifts shares the same plans, and so the same duties.
        own = [plans[person_id, day] for day in days]
        key = tuple(map(id, own))
        if key not in made:
            found = rules.duties([shape(plan) for plan in own])
            made[key] = [duty for duty in found if closed_by is None or duty.window.end <= closed_by]
        return made[key]

    return {person_id: duties(person_id) for person_id in person_ids}


def _shape(plan: schedule.DayPlan) -> Shape:
    shift = plan.shift
    return Shape(
        plan.day,
        shift.name if plan.is_working else plan.note or OFF.get(plan.kind, "休息日"),
        tuple(_span(plan.day, segment.start, segment.end, shift.zone) for segment in shift.segments),
        plan.is_working,
        shift,
        plan.kind,
    )


@lru_cache(maxsize=4096)
def _span(day: date, start: int, end: int, zone: str = clock.COMPANY_ZONE_NAME) -> Span:
    return Span(clock.at_local(day, start, zone), clock.at_local(day, end, zone))


def _marks(person_ids: Sequence[str], windows: Collection[Span]) -> dict[str, list[Mark]]:
    """Everybody's punches from the opening of the earliest window to the closing of the latest, in order."""
    if not windows:
        return {}
    begin, end = min(window.start for window in windows), max(window.end for window in windows)
    found: dict[str, list[Mark]] = {}
    for part in parts(person_ids, IN_ONE_STATEMENT):
        for row in platform.rows(_OF_MANY, {"ids": part, "begin": begin, "end": end}):
            found.setdefault(row.person_id, []).append(_mark(row))
    return found


def _mark(row: Any) -> Mark:
    return Mark(row.at, Direction(row.direction), PunchSource(row.source), row.name or "")


def _by_window(duties: Iterable[Duty], marks: Sequence[Mark]) -> Iterable[tuple[Duty, tuple[Mark, ...]]]:
    """Each day with its punches; the days are in order and so are the punches."""
    at = 0
    for duty in duties:
        while at < len(marks) and marks[at].at < duty.window.start:
            at += 1
        begin = at
        while at < len(marks) and marks[at].at < duty.window.end:
            at += 1
        yield duty, tuple(marks[begin:at])


def _away(person_ids: Sequence[str], first: date, last: date) -> Callable[[str, Duty], tuple[Absence, ...]]:
    """What these people are away for on these days: leave, by the clock of the day's shift, and trips."""
    on_leave, on_trip = leave.on_days(person_ids, first, last), trips.of(person_ids, first, last)

    def away(person_id: str, duty: Duty) -> tuple[Absence, ...]:
        parts = on_leave.get((person_id, duty.day), ())
        return (*(_leave(duty, part) for part in parts), *on_trip(person_id, duty))

    return away


def _leave(duty: Duty, part: leave.OnLeave) -> Absence:
    return Absence(_span(duty.day, part.start, part.end, duty.zone), part.kind_name, part.is_sensitive)
