"""What is done for everybody at once, in a small company and a large one in turn: a person must not cost more there.

The product's own worker loop keeps the promises, in this process. A floor inserts the same rows in chunks of the same
size, each in a commit of its own, and knows neither policies nor what was given before.
"""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import Select, delete, func, insert, select
from sqlalchemy.orm import Session

from bench.report import Figure
from bench.world import IN_DIVISION, World, division_id, lapse, own_id, person_id
from entrypoints.jobs import worker
from kit import clock
from kit.ids import new_id
from models.base import db
from models.enums import EntryKind
from models.leave import LeaveEntry, LeaveKind, LeaveLot, LeaveRequest, LeaveSegment
from models.people import Membership, Person
from services import leave, people, platform
from services.leave.answers.calendar import GridQuery

SMALL, CHUNK = 1_000, 500
LOOKS = 5  # calendars in a row
GROWTH = 1.2
A_YEAR, MINUTES = timedelta(days=365), 2400


@dataclass(frozen=True)
class Run:
    """A run over all people of a company.

    `begin` asks for it, the number keeping one from the next; `floor` does the least for people of a stretch; `made`
    counts what either leaves behind.
    """

    name: str
    against: str
    begin: Callable[[World, int], None]
    floor: Callable[[Session, int, int], None]
    made: Select[int]


@dataclass(frozen=True)
class Turn:
    """Seconds for a person: the product's and the floor's."""

    ours: float
    floor: float


def measured(run: Run, few: World, many: World, rounds: int) -> list[Figure]:
    """The whole small company and a stretch of the large one in turn; the large one's run goes on where it stood."""
    for world in (few, many):
        world.hush()
        run.begin(world, 0)
    _turn(run, few, 0, few.people)  # to get warm
    small, large = [], []
    for number, (first, end) in enumerate(stretches(many.people, rounds), start=1):
        run.begin(few, number)
        small.append(_turn(run, few, 0, few.people))
        large.append(_turn(run, many, first, end))
    return [
        Figure(f"{run.name}, {world.people} people", run.against, [turn.ours / turn.floor for turn in turns])
        for world, turns in ((few, small), (many, large))
    ] + [_growth(run.name, few, many, [turn.ours for turn in small], [turn.ours for turn in large])]


def stretches(total: int, count: int) -> Iterator[tuple[int, int]]:
    """So many stretches of whole chunks that together are everybody."""
    chunks = -(-total // CHUNK)
    ends = [min(total, chunks * number // count * CHUNK) for number in range(count)] + [total]
    return pairwise(ends)


def _growth(name: str, few: World, many: World, small: Sequence[float], large: Sequence[float]) -> Figure:
    against = f"{few.people} people, each"
    ratios = [big / little for little, big in zip(small, large, strict=True)]
    return Figure(f"{name}, {many.people} people", against, ratios, GROWTH, at_most=True)


def _turn(run: Run, world: World, first: int, end: int) -> Turn:
    with world.place.app.app_context():
        floor = _checked(run, world, end - first, lambda: _in_chunks(run, first, end))
        chunks = -(-(end - first) // CHUNK) + (end == world.people)  # the last one finds nobody
        ours = _checked(run, world, end - first, lambda: worker.drain({}, chunks))
    return Turn(ours, floor)


def _checked(run: Run, world: World, expected: int, work: Callable[[], object]) -> float:
    """Seconds for each person, if all of them got theirs."""
    before = world.rows(run.made)[0][0]
    began = time.perf_counter()
    work()
    seconds = time.perf_counter() - began
    made = world.rows(run.made)[0][0] - before
    if made != expected:
        raise RuntimeError(f"{run.name}: meant for {expected} people, done for {made}")
    return seconds / expected


def _in_chunks(run: Run, first: int, end: int) -> None:
    for at in range(first, end, CHUNK):
        with Session(db.engine) as session:
            session.connection(execution_options={"writes": True})
            run.floor(session, at, min(at + CHUNK, end))
            session.commit()


def _ask_for_year(world: World, number: int) -> None:
    """HR asks for a year; every other one, so that a year before is never there to be looked at."""
    with _acting(world) as hr:
        platform.transact(lambda: leave.ask_for_grants(hr, clock.today().year + 2 * number))


@contextmanager
def _acting(world: World) -> Iterator[Any]:
    """HR at work in this world."""
    with world.place.app.app_context():
        yield platform.transact(lambda: people.by_id(person_id(1)), writes=False)


def _least_grants(session: Session, first: int, end: int) -> None:
    now, ids = clock.now(), {new_id(): person_id(n) for n in range(first, end)}
    lots = [
        {"id": lot, "created_at": now, "person_id": person, "kind_code": "annual", "grant_key": f"floor:{lot}",
         "title": "2020年年假", "starts_on": date(2020, 1, 1), "expires_on": date(2099, 12, 31), "kind_version": 1,
         "day_minutes": 480}
        for lot, person in ids.items()
    ]  # fmt: skip
    session.execute(insert(LeaveLot.__table__), lots)
    entries = [
        {"lot_id": lot, "person_id": person, "kind_code": "annual", "kind": EntryKind.GRANT, "minutes": MINUTES,
         "request_id": None, "cause": "发放", "policy_version": 1, "made_by": "system:bench", "created_at": now}
        for lot, person in ids.items()
    ]  # fmt: skip
    session.execute(insert(LeaveEntry.__table__), entries)


def grant_a_year(few: World, many: World, rounds: int) -> list[Figure]:
    """The yearly grant, from HR's wish to the last lot; against the same lots and entries inserted."""
    lots = select(func.count()).select_from(LeaveLot)
    run = Run("grant a year", "the same INSERTs", _ask_for_year, _least_grants, lots)
    return measured(run, few, many, rounds)


LAPSED, FLOORS = "Q", "QF"  # what the ids of lots begin with that have lapsed


def _let_lapse(world: World, number: int) -> None:
    """For everybody a lot that ended yesterday with the night's job for it, and one for the floor to write off.

    The floor's ended so long ago that the job does not look for them.
    """
    world.execute(delete(LeaveEntry).where(LeaveEntry.lot_id.startswith(LAPSED)))
    world.execute(delete(LeaveLot).where(LeaveLot.id.startswith(LAPSED)))
    lapse(world, FLOORS, clock.today() - 3 * A_YEAR)
    lapse(world, f"{LAPSED}{number}", clock.today() - timedelta(days=1))
    with world.place.app.app_context():
        platform.transact(lambda: platform.promise("leave.expire", {}, dedupe_key=f"bench-expire:{number}"))


def _least_expiry(session: Session, first: int, end: int) -> None:
    """One SELECT of what is left of a stretch of lots, one INSERT."""
    rest = func.sum(LeaveEntry.minutes).label("rest")
    found = session.execute(
        select(LeaveLot.id, LeaveLot.person_id, LeaveLot.kind_code, rest)
        .join(LeaveEntry, LeaveEntry.lot_id == LeaveLot.id)
        .where(LeaveLot.id.between(own_id(FLOORS, first), own_id(FLOORS, end - 1)))
        .where(LeaveLot.expires_on < clock.today())
        .group_by(LeaveLot.id)
        .having(rest > 0)
    ).all()
    now = clock.now()
    entries = [
        {"lot_id": row.id, "person_id": row.person_id, "kind_code": row.kind_code, "kind": EntryKind.EXPIRE,
         "minutes": -int(row.rest), "request_id": None, "cause": "到期", "policy_version": None,
         "made_by": "system:bench", "created_at": now}
        for row in found
    ]  # fmt: skip
    session.execute(insert(LeaveEntry.__table__), entries)


def expire(few: World, many: World, rounds: int) -> list[Figure]:
    """The night's expiry of a lot of everybody; against one SELECT and one INSERT for each five hundred."""
    written_off = select(func.count()).select_from(LeaveEntry).where(LeaveEntry.kind == EntryKind.EXPIRE)
    run = Run("expire", "the same SELECT and INSERT", _let_lapse, _least_expiry, written_off)
    return measured(run, few, many, rounds)


def team_calendar(few: World, many: World, rounds: int) -> list[Figure]:
    """HR looks at a month of five hundred people; against their segments read and written as JSON."""
    month = clock.today() - timedelta(days=40)  # everybody was away for a day of it
    query = GridQuery(month=f"{month:%Y-%m}", department_id=division_id(0))
    query = query.model_copy(update={"limit": IN_DIVISION})
    for world in (few, many):
        _look(world, query)
    seen = [[_look(world, query) for world in (few, many)] for _ in range(rounds)]
    small, large = zip(*seen, strict=True)
    name = f"team calendar of {IN_DIVISION}"
    shares = [turn.ours / turn.floor for turn in large]
    return [
        Figure(f"{name}, {many.people} people", "segments read, as JSON", shares),
        _growth(name, few, many, [turn.ours for turn in small], [turn.ours for turn in large]),
    ]


def _look(world: World, query: GridQuery) -> Turn:
    first, last = leave.calendar.bounds(query.month)
    with _acting(world) as hr:
        floor = _seconds(lambda: _least_calendar(first, last))
        ours = _seconds(
            lambda: platform.transact(lambda: leave.calendar.grid(hr, query), writes=False).model_dump_json()
        )
    return Turn(ours, floor)


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    for _ in range(LOOKS):
        work()
    return time.perf_counter() - began


def _least_calendar(first: date, last: date) -> str:
    """A line of days for each person, with what they are away for."""
    lived = Membership.department_id.in_([own_id("D", 1000 + home) for home in range(10)])
    away = (
        select(LeaveSegment.person_id, LeaveSegment.day, LeaveKind.name)
        .join(LeaveRequest, LeaveRequest.id == LeaveSegment.request_id)
        .join(LeaveKind, LeaveKind.code == LeaveRequest.kind_code)
        .where(LeaveSegment.day.between(first, last))
        .where(LeaveSegment.person_id.in_(select(Membership.person_id).where(lived)))
    )
    with Session(db.engine) as session:
        named = session.execute(select(Person.id, Person.name).join(Membership).where(lived)).all()
        marks = {(row.person_id, row.day): row.name for row in session.execute(away)}
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    lines = [{"name": row.name, "marks": [marks.get((row.id, day), "") for day in days]} for row in named]
    return json.dumps({"days": [str(day) for day in days], "people": lines}, ensure_ascii=False)


__all__ = ["expire", "grant_a_year", "measured", "team_calendar"]
