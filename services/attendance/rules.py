"""The verdict on a day, without a database: what was to be worked, what was punched, what was excused.

A punch belongs to the day in whose window it falls; the windows of consecutive days touch and never overlap. All
instants are aware UTC, all lengths whole minutes, begun minutes counting for the person. The order in which facts
arrive does not matter, so a day can be judged again from its facts at any time.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import accumulate, pairwise

from models.enums import Direction, Half, Presence, PunchSource, Verdict

BEFORE_WORK = timedelta(hours=4)
"""A punch so early belongs to the day that begins; before it, the day before is still being left."""
HALVES = 2
GRAVEST_FIRST = (
    Verdict.ABSENT, Verdict.MISSING_IN, Verdict.MISSING_OUT, Verdict.LATE, Verdict.EARLY,
    Verdict.LEAVE, Verdict.TRIP, Verdict.NORMAL, Verdict.REST, Verdict.IN_PROGRESS,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Span:
    """From `start` to `end`, both instants."""

    start: datetime
    end: datetime

    def has(self, at: datetime) -> bool:
        """Is the instant inside? The end is not."""
        return self.start <= at < self.end


@dataclass(frozen=True, slots=True)
class Shape:
    """What a day's plan says before windows are known: the stretches of its shift, worked or (on a day off) not."""

    day: date
    title: str
    stretches: tuple[Span, ...]
    is_working: bool
    late_grace: int = 0
    early_grace: int = 0


@dataclass(frozen=True, slots=True)
class Duty:
    """A day of one person: what is to be worked (nothing on a day off) and the window in which punches count for it."""

    day: date
    title: str
    spans: tuple[Span, ...]
    window: Span
    late_grace: int = 0
    early_grace: int = 0


@dataclass(frozen=True, slots=True)
class Mark:
    """A punch; `where` is how people call the place."""

    at: datetime
    direction: Direction
    source: PunchSource
    where: str = ""


@dataclass(frozen=True, slots=True)
class Absence:
    """An approved leave or business trip, as far as it falls on the day; where they meet, it is leave."""

    span: Span
    title: str
    is_sensitive: bool = False
    is_trip: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """All the facts of a day."""

    duty: Duty
    marks: tuple[Mark, ...] = ()
    absences: tuple[Absence, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """The verdicts on a day, the gravest first (none for a working day that has not begun), and its minutes."""

    day: date
    verdicts: tuple[Verdict, ...]
    expected: int = 0
    worked: int = 0
    late: int = 0
    early: int = 0
    absent: int = 0
    leave: int = 0
    trip: int = 0
    first_in: datetime | None = None
    last_out: datetime | None = None

    @property
    def is_over(self) -> bool:
        """Has the day been judged for good, as far as its facts are known?"""
        return bool(self.verdicts) and Verdict.IN_PROGRESS not in self.verdicts


@dataclass(frozen=True, slots=True)
class Totals:
    """A month in numbers: the sum of its days and nothing else."""

    work_days: int = 0
    attended_days: int = 0
    late_times: int = 0
    late_minutes: int = 0
    early_times: int = 0
    early_minutes: int = 0
    missing_times: int = 0
    absent_days: int = 0
    absent_minutes: int = 0
    leave_minutes: int = 0
    trip_days: int = 0
    trip_minutes: int = 0
    worked_minutes: int = 0
    expected_minutes: int = 0


# ── windows ──


def duties(shapes: Sequence[Shape]) -> list[Duty]:
    """The days between the first and the last of consecutive shapes, each with its window.

    A day's window opens four hours before its shift or, when the shift before ends later than eight hours before,
    half way between the two; there the window of the day before closes.
    """
    borders = accumulate((_border(before, after) for before, after in pairwise(shapes)), max)
    return [
        Duty(
            shape.day,
            shape.title,
            shape.stretches if shape.is_working else (),
            Span(opens, closes),
            shape.late_grace,
            shape.early_grace,
        )
        for shape, (opens, closes) in zip(shapes[1:], pairwise(borders), strict=False)
    ]


def _border(before: Shape, after: Shape) -> datetime:
    end, start = before.stretches[-1].end, after.stretches[0].start
    return max(start - BEFORE_WORK, end + (start - end) / 2)


# ── time left to work ──


def expected(duty: Duty, absences: Iterable[Absence]) -> tuple[Span, ...]:
    """What is to be worked, and punched for, once leave and trips are taken out."""
    return without(duty.spans, (absence.span for absence in absences))


def half(duty: Duty, part: Half) -> Span:
    """The morning or the afternoon of a day: parted in the break between two stretches, else amid the work."""
    noon = _noon(duty.spans) if duty.spans else duty.window.start + (duty.window.end - duty.window.start) / 2
    window = duty.window
    return Span(window.start, noon) if part is Half.AM else Span(noon, window.end)


def _noon(spans: Sequence[Span]) -> datetime:
    if len(spans) == HALVES:
        return spans[0].end
    left = timedelta(minutes=minutes(spans) // HALVES)
    for span in spans:
        if left <= span.end - span.start:
            return span.start + left
        left -= span.end - span.start
    return spans[-1].end


def without(spans: Iterable[Span], holes: Iterable[Span]) -> tuple[Span, ...]:
    """The parts of `spans` outside all `holes`."""
    left = list(spans)
    for hole in holes:
        left = [part for span in left for part in _cut(span, hole)]
    return tuple(left)


def _cut(span: Span, hole: Span) -> list[Span]:
    if hole.end <= span.start or span.end <= hole.start:
        return [span]
    parts = Span(span.start, min(span.end, hole.start)), Span(max(span.start, hole.end), span.end)
    return [part for part in parts if part.start < part.end]


def minutes(spans: Iterable[Span], within: Span | None = None) -> int:
    """Whole minutes in the spans, or in their overlap with one span."""
    total = sum((_overlap(span, within or span) for span in spans), timedelta())
    return int(total.total_seconds()) // 60


def _overlap(a: Span, b: Span) -> timedelta:
    return max(timedelta(), min(a.end, b.end) - max(a.start, b.start))


# ── the verdict ──


def judge(case: Case, now: datetime) -> Result:
    """The day as its facts show it at `now`."""
    duty, due = case.duty, expected(case.duty, case.absences)
    beside_leave = expected(case.duty, (one for one in case.absences if not one.is_trip))
    total, is_open = minutes(due), now < duty.window.end
    first_in, last_out = came(case.marks), left(case.marks, due)
    measured = Result(
        duty.day,
        (),
        expected=total,
        worked=_worked(due, first_in, last_out),
        late=_late(duty, due, first_in),
        early=0 if is_open or not last_out else _early(duty, due, max(last_out, first_in or last_out)),
        absent=0 if is_open or first_in or last_out else total,
        leave=minutes(duty.spans) - minutes(beside_leave),
        trip=minutes(beside_leave) - total,
        first_in=first_in,
        last_out=last_out,
    )
    verdicts = _verdicts(duty, measured, now)
    return replace(measured, verdicts=tuple(verdict for verdict in GRAVEST_FIRST if verdict in verdicts))


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


def _late(duty: Duty, due: Sequence[Span], first_in: datetime | None) -> int:
    if not (due and first_in):
        return 0
    missed = minutes(due, Span(due[0].start, max(due[0].start, first_in)))
    return missed if missed > duty.late_grace else 0


def _early(duty: Duty, due: Sequence[Span], last_seen: datetime) -> int:
    # Who came after that last punch out is late already: no minute is counted as both.
    if not due:
        return 0
    missed = minutes(due, Span(min(due[-1].end, last_seen), due[-1].end))
    return missed if missed > duty.early_grace else 0


def _worked(due: Sequence[Span], first_in: datetime | None, last_out: datetime | None) -> int:
    return minutes(due, Span(first_in, last_out)) if first_in and last_out else 0


def _verdicts(duty: Duty, measured: Result, now: datetime) -> set[Verdict]:
    if not duty.spans:
        return {Verdict.REST}
    away = {Verdict.LEAVE} if measured.leave else set()
    away |= {Verdict.TRIP} if measured.trip else set()
    if not measured.expected or now < duty.window.start:
        return away
    return (_faults(measured, is_open=now < duty.window.end) or {Verdict.NORMAL}) | away


def _faults(measured: Result, *, is_open: bool) -> set[Verdict]:
    is_over = not (is_open or measured.absent)
    said = {
        Verdict.ABSENT: measured.absent > 0,
        Verdict.MISSING_IN: is_over and measured.first_in is None,
        Verdict.MISSING_OUT: is_over and measured.last_out is None,
        Verdict.LATE: measured.late > 0,
        Verdict.EARLY: measured.early > 0,
        Verdict.IN_PROGRESS: is_open,
    }
    return {verdict for verdict, holds in said.items() if holds}


# ── what follows from it ──


def totals(results: Iterable[Result]) -> Totals:
    """The month's numbers, each the sum over its days; days still open count as far as they have come."""
    days = list(results)

    def times(*verdicts: Verdict) -> int:
        return sum(1 for day in days for verdict in verdicts if verdict in day.verdicts)

    return Totals(
        work_days=sum(1 for day in days if day.expected or day.leave or day.trip),
        attended_days=sum(1 for day in days if day.expected and (day.first_in or day.last_out)),
        late_times=times(Verdict.LATE),
        late_minutes=sum(day.late for day in days),
        early_times=times(Verdict.EARLY),
        early_minutes=sum(day.early for day in days),
        missing_times=times(Verdict.MISSING_IN, Verdict.MISSING_OUT),
        absent_days=times(Verdict.ABSENT),
        absent_minutes=sum(day.absent for day in days),
        leave_minutes=sum(day.leave for day in days),
        trip_days=times(Verdict.TRIP),
        trip_minutes=sum(day.trip for day in days),
        worked_minutes=sum(day.worked for day in days),
        expected_minutes=sum(day.expected for day in days),
    )


def suggest(marks: Sequence[Mark]) -> Direction:
    """What the next punch of the day probably is: in first, then out."""
    return Direction.OUT if any(mark.direction is Direction.IN for mark in marks) else Direction.IN


def presence(case: Case, now: datetime) -> Presence:
    """Where somebody is to be found at `now`, for the board."""
    due = expected(case.duty, case.absences)
    if now_away := [absence for absence in case.absences if absence.span.has(now)]:
        return _where(now_away)
    came_at, left_at = came(case.marks), left(case.marks, due)
    if came_at and not left_at:
        return Presence.LATE if judge(case, now).late else Presence.HERE
    if left_at:
        return Presence.LEFT
    if not due:
        return _where(case.absences) if case.duty.spans else Presence.REST
    return Presence.MISSING if _is_overdue(case.duty, due, now) else Presence.EXPECTED


def _where(absences: Iterable[Absence]) -> Presence:
    return Presence.TRIP if all(absence.is_trip for absence in absences) else Presence.AWAY


def _is_overdue(duty: Duty, due: Sequence[Span], now: datetime) -> bool:
    return now >= due[0].start + timedelta(minutes=duty.late_grace + 1)


def lacks(result: Result, direction: Direction) -> bool:
    """Can a punch in this direction mend the day? It is missing, or what there is came too late or too early."""
    if not (result.expected and result.verdicts):
        return False
    if direction is Direction.IN:
        return result.first_in is None or result.late > 0
    return result.last_out is None or result.early > 0


def free_number(taken: Iterable[str], month: str, quota: int) -> str | None:
    """The first number of the month's quota that no correction holds (`2026-03/1`), or `None` when it is used up."""
    held = set(taken)
    return next((number for n in range(1, quota + 1) if (number := f"{month}/{n}") not in held), None)
