"""Gathers the facts of days: plans, punches, leave, trips. The count of statements depends on neither people nor days.

Nothing here is remembered between questions: a roster changed, a leave granted or a punch added shows at once.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam, select

from kit import clock
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
    select(Punch.person_id, Punch.at, Punch.direction, Punch.source, Place.name)
    .outerjoin(Place, Place.id == Punch.place_id)
    .where(Punch.at >= bindparam("begin"), Punch.at < bindparam("end"))
    .order_by(Punch.person_id, Punch.at, Punch.seq)
)
_OF_ONE = _PUNCHES.where(Punch.person_id == bindparam("person_id"))
_OF_MANY = _PUNCHES.where(Punch.person_id.in_(bindparam("ids", expanding=True)))

Days = dict[tuple[str, date], Case]


def cases(person_ids: Sequence[str], first: date, last: date) -> Days:
    """The facts of every day of everybody, from first to last."""
    duties = _duties(person_ids, schedule.days(person_ids, first - DAY, last + DAY))
    marks = _marks(person_ids, [duty.window for days in duties.values() for duty in (days[0], days[-1])])
    absences, away = _absences(person_ids, first, last), trips.of(person_ids, first, last)
    return {
        (person_id, duty.day): Case(duty, found, (*absences.get((person_id, duty.day), ()), *away(person_id, duty)))
        for person_id, days in duties.items()
        for duty, found in _by_window(days, marks.get(person_id, []))
    }


def plans_around(person_id: str, at: datetime) -> schedule.Plans:
    """The person's plans for every day that may be meant by a punch of this instant, and for their neighbours."""
    today = clock.local(at).date()
    return schedule.days([person_id], today - 2 * DAY, today + 2 * DAY)


def case_at(person_id: str, at: datetime, plans: schedule.Plans | None = None) -> Case:
    """The day to which a punch of this instant belongs, without leave and trips: most punches need not ask for them."""
    days = _duties([person_id], plans or plans_around(person_id, at))[person_id]
    duty = next(duty for duty in days if duty.window.has(at))
    found = platform.rows(_OF_ONE, {"person_id": person_id, "begin": duty.window.start, "end": duty.window.end})
    return Case(duty, tuple(_mark(row) for row in found))


def with_leave(person_id: str, case: Case) -> Case:
    """The same day with its leave and trips."""
    day = case.duty.day
    absences, away = _absences([person_id], day, day), trips.of([person_id], day, day)
    return Case(case.duty, case.marks, (*absences.get((person_id, day), ()), *away(person_id, case.duty)))


def _duties(person_ids: Sequence[str], plans: schedule.Plans) -> dict[str, list[Duty]]:
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
            made[key] = rules.duties([shape(plan) for plan in own])
        return made[key]

    return {person_id: duties(person_id) for person_id in person_ids}


def _shape(plan: schedule.DayPlan) -> Shape:
    shift = plan.shift
    return Shape(
        plan.day,
        shift.name if plan.is_working else OFF.get(plan.kind, "休息日"),
        tuple(_span(plan.day, segment.start, segment.end) for segment in shift.segments),
        plan.is_working,
        shift.late_grace,
        shift.early_grace,
    )


@lru_cache(maxsize=4096)
def _span(day: date, start: int, end: int) -> Span:
    return Span(clock.at_local(day, start), clock.at_local(day, end))


def _marks(person_ids: Sequence[str], windows: Sequence[Span]) -> dict[str, list[Mark]]:
    """Everybody's punches from the opening of the earliest window to the closing of the latest, in order."""
    if not windows:
        return {}
    begin, end = min(window.start for window in windows), max(window.end for window in windows)
    found: dict[str, list[Mark]] = {}
    for part in _parts(person_ids):
        for row in platform.rows(_OF_MANY, {"ids": part, "begin": begin, "end": end}):
            found.setdefault(row.person_id, []).append(_mark(row))
    return found


def _parts(person_ids: Sequence[str]) -> Iterable[Sequence[str]]:
    return (person_ids[at : at + IN_ONE_STATEMENT] for at in range(0, len(person_ids), IN_ONE_STATEMENT))


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


def _absences(person_ids: Sequence[str], first: date, last: date) -> dict[tuple[str, date], tuple[Absence, ...]]:
    found = leave.on_days(person_ids, first, last)
    return {
        (person_id, day): tuple(
            Absence(_span(day, away.start, away.end), away.kind_name, away.is_sensitive) for away in parts
        )
        for (person_id, day), parts in found.items()
    }
