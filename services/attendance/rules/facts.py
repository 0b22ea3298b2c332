"""What is known of a day: the plan, the punches, and what excuses somebody from working."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from models.enums import DayKind, Direction, PunchSource
from services.attendance.rules.spans import Span
from services.schedule import STANDARD, Shift


@dataclass(frozen=True, slots=True)
class Shape:
    """What a day's plan says before windows are known: the stretches of its shift, worked or (on a day off) not."""

    day: date
    title: str
    stretches: tuple[Span, ...]
    is_working: bool
    shift: Shift = STANDARD
    kind: DayKind = DayKind.WORKDAY


@dataclass(frozen=True, slots=True)
class Duty:
    """A day of one person: what is to be worked (nothing on a day off) and the window in which punches count for it."""

    day: date
    title: str
    spans: tuple[Span, ...]
    window: Span
    shift: Shift = STANDARD
    kind: DayKind = DayKind.WORKDAY

    @property
    def zone(self) -> str:
        """The clock by which the day's times are told."""
        return self.shift.zone


@dataclass(frozen=True, slots=True)
class Mark:
    """A punch; `where` is how people call the place."""

    at: datetime
    direction: Direction
    source: PunchSource
    where: str = ""


@dataclass(frozen=True, slots=True)
class Absence:
    """An approved leave or business trip, as far as it falls on the day. Where both do, it is leave."""

    span: Span
    title: str
    is_sensitive: bool = False
    is_trip: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """All the facts of a day. `may_come_later` are the minutes earned by leaving late the day before."""

    duty: Duty
    marks: tuple[Mark, ...] = ()
    absences: tuple[Absence, ...] = ()
    may_come_later: int = 0


def came(marks: Iterable[Mark]) -> datetime | None:
    """The first punch in."""
    return min((mark.at for mark in marks if mark.direction is Direction.IN), default=None)


def left(marks: Sequence[Mark], due: Sequence[Span]) -> datetime | None:
    """The last punch out, unless somebody came back after it and should have punched out again.

    A punch in after the end of work is a slip of the finger, not a coming back.
    """
    out = max((mark.at for mark in marks if mark.direction is Direction.OUT), default=None)
    if out is None or not due:
        return out
    came_back = any(mark.direction is Direction.IN and out < mark.at < due[-1].end for mark in marks)
    return None if came_back else out


def left_late_by(duty: Duty, marks: Sequence[Mark]) -> int:
    """Whole minutes between the end of a day's work and the last punch out; zero on a day off."""
    out = left(marks, duty.spans)
    if not (duty.spans and out):
        return 0
    return max(0, int((out - duty.spans[-1].end).total_seconds()) // 60)


def suggest(marks: Sequence[Mark]) -> Direction:
    """What the next punch of the day probably is: in first, then out."""
    return Direction.OUT if any(mark.direction is Direction.IN for mark in marks) else Direction.IN
