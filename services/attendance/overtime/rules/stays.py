"""When somebody was there: from a punch in to the last punch out before the next one in.

A punch out that is repeated makes the stay longer, as it does for the verdict on the day. A stay that nobody ended is
none, unless the next window begins with its end: overtime may run past the hour at which a day gives way to the next.
Punches count by their minute, so that seconds cost nobody a step.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from models.enums import Direction
from services.attendance.rules import Case, Mark, Span

LONGEST_STAY = timedelta(hours=16)
"""A punch out so long after the punch in of the day before ends another stay: one of its punches was forgotten."""


def stays(cases: Sequence[Case]) -> tuple[Span, ...]:
    """The stays that the punches of consecutive days show, in order."""
    found: list[Span] = []
    came: datetime | None = None
    for case in cases:
        marks = sorted(case.marks, key=lambda mark: (mark.at, mark.direction))
        came = came if came and _ends(came, marks) else None
        *closed, last = _walk(marks, came)
        found += [_whole(start, end) for start, end in [*closed, last] if start and end and start < end]
        came = last[0] if last[1] is None else None
    return tuple(found)


def _ends(came: datetime, marks: Sequence[Mark]) -> bool:
    """Do these punches begin with the end of a stay that began then?"""
    return bool(marks) and marks[0].direction is Direction.OUT and marks[0].at - came <= LONGEST_STAY


def _walk(marks: Iterable[Mark], came: datetime | None) -> Iterator[tuple[datetime | None, datetime | None]]:
    """Every coming with its leaving; the last one may lack either."""
    left: datetime | None = None
    for mark in marks:
        if mark.direction is Direction.OUT:
            left = mark.at if came else None
        elif left:
            yield came, left
            came, left = mark.at, None
        else:
            came = came or mark.at
    yield came, left


def _whole(start: datetime, end: datetime) -> Span:
    return Span(start.replace(second=0, microsecond=0), end.replace(second=0, microsecond=0))
