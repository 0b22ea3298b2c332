"""Business trips: kept when approved, gone when taken back, and what they are to a day: time that needs no punches."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import bindparam, delete, select

from kit import clock
from kit.ids import new_id
from kit.parts import parts
from models.attendance import Trip
from models.enums import Half
from services import platform
from services.attendance import rules
from services.attendance.rules import Absence, Duty, Span

TITLE = "出差"
Away = Callable[[str, Duty], Iterable[Absence]]
"""A person's trips as far as they fall on a day."""


@dataclass(frozen=True, slots=True)
class Journey:
    """From a half of a day to a half of a day, both included."""

    first_day: date
    last_day: date
    from_half: Half = Half.AM
    to_half: Half = Half.PM


_TRIPS = (
    select(Trip.person_id, Trip.first_day, Trip.last_day, Trip.from_half, Trip.to_half)
    .where(Trip.person_id.in_(bindparam("ids", expanding=True)))
    .where(Trip.last_day >= bindparam("first"), Trip.first_day <= bindparam("last"))
    .order_by(Trip.person_id, Trip.first_day, Trip.id)
)
IN_ONE_STATEMENT = 5000  # databases limit the parameters of a statement


def of(person_ids: Sequence[str], first: date, last: date) -> Away:
    """The trips of these people that touch these days."""
    found: dict[str, list[Any]] = {}
    for part in parts(person_ids, IN_ONE_STATEMENT):
        for row in platform.rows(_TRIPS, {"ids": part, "first": first, "last": last}):
            found.setdefault(row.person_id, []).append(row)

    def away(person_id: str, duty: Duty) -> Iterable[Absence]:
        theirs = (row for row in found.get(person_id, ()) if row.first_day <= duty.day <= row.last_day)
        return (Absence(_span(row, duty), TITLE, is_trip=True) for row in theirs)

    return away


def _span(trip: Any, duty: Duty) -> Span:
    """What a trip takes of a day: all of it, the afternoon it begins in, the morning it ends in."""
    starts_late = trip.first_day == duty.day and trip.from_half == Half.PM
    ends_early = trip.last_day == duty.day and trip.to_half == Half.AM
    start = rules.half(duty, Half.PM).start if starts_late else duty.window.start
    return Span(start, rules.half(duty, Half.AM).end if ends_early else duty.window.end)


def between(person_id: str, first: date, last: date) -> Sequence[Any]:
    """The person's trips that touch these days: `first_day`, `last_day` and the halves of each."""
    return platform.rows(_TRIPS, {"ids": [person_id], "first": first, "last": last})


def keep(person_id: str, cause: str, journey: Journey) -> None:
    """Keeps a trip; once for a cause."""
    platform.first(
        Trip,
        id=new_id(),
        created_at=clock.now(),
        person_id=person_id,
        cause=cause,
        first_day=journey.first_day,
        from_half=journey.from_half,
        last_day=journey.last_day,
        to_half=journey.to_half,
    )


def forget(cause: str) -> None:
    """The trip does not take place."""
    platform.changed(delete(Trip).where(Trip.cause == cause))
