"""Settled days: results kept once their window has closed, for lists, exports and whoever needs a month of many people.

What one person or a board looks at is judged anew from facts; the same rules write these rows, so the two agree. A
row is written when its window has closed, by a job; and again when a fact changes it (leave granted or taken back, a
correction approved, another shift), in the transaction of that fact.
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, select, update

from kit import clock, log
from models.attendance import DayResult
from models.base import db
from services import leave, people, platform, schedule
from services.attendance import facts, overtime, rules
from services.attendance.months import following, gate, late
from services.attendance.rules import Result

SETTLE, SETTLE_ONE = "attendance.settle", "attendance.settle_one"
CHUNK = 500
ROWS_IN_ONE_STATEMENT = 1000
LOOK_BACK = timedelta(days=7)
Day = tuple[str, date]
logger = log.get(__name__)


def settle(payload: dict[str, Any]) -> None:
    """Settles what the last week has left unsettled, five hundred people at a time, then the next."""
    last = clock.local(datetime.fromisoformat(payload["slot"])).date()
    ids = after(payload.get("after"), CHUNK)
    written = settle_new(ids, last - LOOK_BACK, last)
    logger.info("attendance.settled", extra={"people": len(ids), "days_written": written})
    if len(ids) == CHUNK:
        rest = {**payload, "after": ids[-1]}
        platform.promise(SETTLE, rest, dedupe_key=f"{SETTLE}:{payload['slot']}:{ids[-1]}")


def settle_new(ids: Sequence[str], first: date, last: date) -> int:
    """Settles the closed days of these people that have no result yet: as a rule all of them lack the same one."""
    known = _known(ids, first, last)
    lacking: dict[date, list[str]] = {}
    for person_id in ids:
        day = next((day for day in schedule.span(first, last) if (person_id, day) not in known), None)
        if day is not None:
            lacking.setdefault(day, []).append(person_id)
    return sum(settle_people(theirs, day, last) for day, theirs in lacking.items())


def after(person_id: str | None, limit: int, among: Select[str] | None = None) -> list[str]:
    """The next of these people, of all who work here unless said otherwise, in the order of their ids."""
    meant = people.active_ids() if among is None else among
    column = meant.selected_columns[0]
    return list(db.session.scalars(meant.where(column > (person_id or "")).order_by(column).limit(limit)))


def settle_days(person_id: str, days: Collection[date]) -> None:
    """Judges these days of one person again, as far as they have closed; those to come cost nothing."""
    begun = {day for day in days if day <= clock.today()}
    if begun:
        settle_people([person_id], min(begun), max(begun), begun)


def settle_people(ids: Sequence[str], first: date, last: date, only: Collection[date] = ()) -> int:
    """Judges these days of people, as far as they have closed, and what overtime they hold; the count written."""
    written = write(ids, first, last, only)
    overtime.recount(ids, first, last)
    return written


def on_leave_changed(event: leave.Granted | leave.Cancelled) -> None:
    """Leave was granted or taken back: its days are what they now are."""
    settle_days(event.person_id, event.dates)


def on_shifts_changed(event: schedule.ShiftsChanged) -> None:
    """Somebody was given other shifts: what was judged by the ones before is judged by these."""
    settle_days(event.person_id, event.days)


def on_left(event: people.Left) -> None:
    """Somebody left: the nightly job no longer meets them, so their last days are settled once they have closed."""
    today = clock.today()
    payload = {"person_id": event.person_id, "days": [(today - timedelta(days=n)).isoformat() for n in (1, 0)]}
    terms = platform.Terms(due_at=clock.at_local(today + timedelta(days=2)))
    platform.promise(SETTLE_ONE, payload, dedupe_key=f"{SETTLE_ONE}:{event.person_id}:{today}", terms=terms)


def settle_later(days: Mapping[str, Collection[date]], cause: str) -> None:
    """Promises to judge these days of each of these people again, once for a cause: what arrived late is much."""
    wanted = [
        ({"person_id": person_id, "days": sorted(map(str, theirs))}, f"{SETTLE_ONE}:{cause}:{person_id}")
        for person_id, theirs in days.items()
    ]
    for at in range(0, len(wanted), ROWS_IN_ONE_STATEMENT):
        platform.promise_many(SETTLE_ONE, wanted[at : at + ROWS_IN_ONE_STATEMENT])


def settle_one(payload: dict[str, Any]) -> None:
    """Settles the named days of one person."""
    settle_days(payload["person_id"], [date.fromisoformat(day) for day in payload["days"]])


def write(ids: Sequence[str], first: date, last: date, only: Collection[date] = ()) -> int:
    """Judges and keeps the closed days of these people; the count of rows that are new or changed.

    In a month that is closed no day is written: what it differs by is added to the next one.
    """
    # before any fact is read: whoever closes a month waits for us, or we for them
    states = gate.held(following.months_of(first, last))
    now, employed = clock.now(), people.employed(ids)
    judged = {
        (person_id, day): _row(person_id, rules.judge(case, now), now)
        for (person_id, day), case in facts.cases(ids, first, last, closed_by=now).items()
        if day in employed[person_id] and (not only or day in only)
    }
    belonging = gate.belonging(states)
    too_late = {key: row for key, row in judged.items() if key[1].replace(day=1) in belonging}
    on_time = {key: row for key, row in judged.items() if key not in too_late}
    written = _keep(on_time, _known(ids, first, last))
    following.follow(written, states)
    return len(written) + late.add(too_late, belonging)


def _keep(judged: dict[Day, dict[str, Any]], known: dict[Day, str]) -> list[Day]:
    new = {key: row for key, row in judged.items() if key not in known}
    changed = {key: row for key, row in judged.items() if key in known and known[key] != row["fingerprint"]}
    rows = list(new.values())
    for at in range(0, len(rows), ROWS_IN_ONE_STATEMENT):
        platform.first_of_many(DayResult, rows[at : at + ROWS_IN_ONE_STATEMENT])
    if changed:
        db.session.execute(update(DayResult), list(changed.values()))
    return [*new, *changed]


def _known(ids: Sequence[str], first: date, last: date) -> dict[tuple[str, date], str]:
    rows = select(DayResult.person_id, DayResult.day, DayResult.fingerprint).where(
        DayResult.person_id.in_(ids), DayResult.day >= first, DayResult.day <= last
    )
    return {(row.person_id, row.day): row.fingerprint for row in db.session.execute(rows)}


def _row(person_id: str, result: Result, now: datetime) -> dict[str, Any]:
    values: dict[str, Any] = {
        "verdicts": "".join(f"|{verdict}" for verdict in result.verdicts) + "|",
        "expected_minutes": result.expected,
        "worked_minutes": result.worked,
        "late_minutes": result.late,
        "early_minutes": result.early,
        "absent_minutes": result.absent,
        "leave_minutes": result.leave,
        "trip_minutes": result.trip,
        "kind": result.kind,
        "first_in": result.first_in,
        "last_out": result.last_out,
    }
    fingerprint = hashlib.sha256(repr(values).encode()).hexdigest()
    return {"person_id": person_id, "day": result.day, **values, "fingerprint": fingerprint, "settled_at": now}
