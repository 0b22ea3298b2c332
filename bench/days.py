"""The night's settling of a day of everybody, and what it costs a person in a small company and in a large one."""

from datetime import timedelta

from sqlalchemy import delete, func, insert, literal, select
from sqlalchemy.orm import Session

from bench.report import Figure
from bench.runs import Run, measured
from bench.world import World, person_id
from kit import clock
from models.attendance import DayResult, Punch
from models.people import Person
from services import platform

A_DAY, A_WEEK = timedelta(days=1), 7
LONG_AGO = timedelta(days=400)
"""So far back the floor writes its rows, where the job does not look."""
RESULT = {"verdicts": "|normal|", "expected_minutes": 480, "worked_minutes": 480, "late_minutes": 0,
          "early_minutes": 0, "absent_minutes": 0, "leave_minutes": 0, "trip_minutes": 0, "kind": "workday",
          "fingerprint": "0" * 64}  # fmt: skip


def _close_yesterday(world: World, number: int) -> None:
    """Yesterday lacks its results again, as it does after midnight; the days before it have theirs."""
    today = clock.today()
    unsettled = DayResult.day.in_([today - A_DAY, today - LONG_AGO])
    world.execute(delete(DayResult).where(unsettled))
    if number == 0:
        for back in range(2, A_WEEK + 1):
            _settled(world, back)
    with world.place.app.app_context():
        payload = {"slot": clock.now().isoformat()}
        platform.transact(lambda: platform.promise("attendance.settle", payload, dedupe_key=f"bench-settle:{number}"))


def _settled(world: World, back: int) -> None:
    columns = {"day": clock.today() - back * A_DAY, "settled_at": clock.now(), **RESULT}
    values = [literal(value, DayResult.__table__.c[name].type) for name, value in columns.items()]
    world.execute(insert(DayResult).from_select(["person_id", *columns], select(Person.id, *values)))


def _least_settling(session: Session, first: int, end: int) -> None:
    """One SELECT of a stretch's punches, one INSERT of as many rows as there are people."""
    today, now = clock.today(), clock.now()
    session.execute(
        select(Punch.person_id, Punch.at, Punch.direction, Punch.source).where(
            Punch.person_id.between(person_id(first), person_id(end - 1)),
            Punch.at.between(clock.at_local(today - A_DAY), clock.at_local(today)),
        )
    ).all()
    seen = {"first_in": now, "last_out": now, "settled_at": now}
    rows = [{"person_id": person_id(n), "day": today - LONG_AGO, **RESULT, **seen} for n in range(first, end)]
    session.execute(insert(DayResult.__table__), rows)


def settle_a_day(few: World, many: World, rounds: int) -> list[Figure]:
    """The night's job over everybody; against the same punches read and as many rows inserted."""
    today = clock.today()
    either = DayResult.day.in_([today - A_DAY, today - LONG_AGO])
    made = select(func.count()).select_from(DayResult).where(either)
    run = Run("settle a day", "the same SELECT and INSERT", _close_yesterday, _least_settling, made)
    return measured(run, few, many, rounds)
