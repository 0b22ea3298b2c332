"""The verdict on a day: late, early, missing, absent, on leave, on a trip, in the field, or as it should be."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from kit.clock import COMPANY_ZONE_NAME
from models.enums import DayKind, PunchSource, Verdict
from services.attendance.rules.due import due as asked_of
from services.attendance.rules.facts import Case, Duty, came, left
from services.attendance.rules.spans import Span, minutes
from services.attendance.rules.windows import parted

GRAVEST_FIRST = (
    Verdict.ABSENT, Verdict.MISSING_IN, Verdict.MISSING_OUT, Verdict.LATE, Verdict.EARLY,
    Verdict.LEAVE, Verdict.TRIP, Verdict.FIELD, Verdict.NORMAL, Verdict.REST, Verdict.IN_PROGRESS,
)  # fmt: skip
FAULTS = frozenset(
    {Verdict.ABSENT, Verdict.MISSING_IN, Verdict.MISSING_OUT, Verdict.LATE, Verdict.EARLY, Verdict.IN_PROGRESS}
)


@dataclass(frozen=True, slots=True)
class Result:
    """The verdicts on a day, the gravest first (none for a working day that has not begun), and its minutes.

    `slid` is how far a flexible day moved, `forgiven` what somebody may miss who left late the day before; times are
    told by the clock of `zone`.
    """

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
    slid: int = 0
    forgiven: int = 0
    kind: DayKind = DayKind.WORKDAY
    zone: str = COMPANY_ZONE_NAME

    @property
    def is_over(self) -> bool:
        """Has the day been judged for good, as far as its facts are known?"""
        return bool(self.verdicts) and Verdict.IN_PROGRESS not in self.verdicts


def judge(case: Case, now: datetime) -> Result:
    """The day as its facts show it at `now`."""
    if case.duty.shift.punches_each and len(case.duty.spans) > 1:
        return _together(case, [_judge(part, now) for part in _parts(case)])
    return _judge(case, now)


def _judge(case: Case, now: datetime) -> Result:
    duty, asked = case.duty, asked_of(case)
    is_open = now < duty.window.end
    first_in, last_out = came(case.marks), left(case.marks, asked.spans)
    measured = Result(
        duty.day,
        (),
        expected=asked.minutes,
        worked=_worked(asked.spans, first_in, last_out),
        late=_late(duty, asked.spans, first_in),
        early=0 if is_open or not last_out else _early(duty, asked.spans, max(last_out, first_in or last_out)),
        absent=0 if is_open or first_in or last_out else asked.minutes,
        leave=asked.leave,
        trip=asked.trip,
        first_in=first_in,
        last_out=last_out,
        slid=asked.slid,
        forgiven=asked.forgiven,
        kind=duty.kind,
        zone=duty.zone,
    )
    return _with(measured, _verdicts(case, measured, now))


def _with(measured: Result, verdicts: set[Verdict]) -> Result:
    return replace(measured, verdicts=tuple(verdict for verdict in GRAVEST_FIRST if verdict in verdicts))


def _late(duty: Duty, due: Sequence[Span], first_in: datetime | None) -> int:
    if not (due and first_in):
        return 0
    missed = minutes(due, Span(due[0].start, max(due[0].start, first_in)))
    return _counted(missed, duty.shift.late_grace, duty.shift.step)


def _early(duty: Duty, due: Sequence[Span], last_seen: datetime) -> int:
    # Who came after that last punch out is late already: no minute is counted as both.
    if not due:
        return 0
    missed = minutes(due, Span(min(due[-1].end, last_seen), due[-1].end))
    return _counted(missed, duty.shift.early_grace, duty.shift.step)


def _counted(missed: int, grace: int, step: int) -> int:
    """Nothing within the grace; beyond it everything, in whole steps, a begun one not counting."""
    return missed // step * step if missed > grace else 0


def _worked(due: Sequence[Span], first_in: datetime | None, last_out: datetime | None) -> int:
    return minutes(due, Span(first_in, last_out)) if first_in and last_out else 0


def _verdicts(case: Case, measured: Result, now: datetime) -> set[Verdict]:
    if not case.duty.spans:
        return {Verdict.REST}
    away = _away(case, measured)
    if not measured.expected or now < case.duty.window.start:
        return away
    return (_faults(measured, is_open=now < case.duty.window.end) or {Verdict.NORMAL}) | away


def _away(case: Case, measured: Result) -> set[Verdict]:
    """What is said of where somebody worked or did not, beside how punctual they were."""
    said = {
        Verdict.LEAVE: measured.leave > 0,
        Verdict.TRIP: measured.trip > 0,
        Verdict.FIELD: any(mark.source is PunchSource.FIELD for mark in case.marks),
    }
    return {verdict for verdict, holds in said.items() if holds}


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


# ── shifts punched stretch by stretch ──


def _parts(case: Case) -> list[Case]:
    first, *others = [
        Case(duty, tuple(mark for mark in case.marks if duty.window.has(mark.at)), case.absences)
        for duty in parted(case.duty)
    ]
    return [replace(first, may_come_later=case.may_come_later), *others]


def _together(case: Case, parts: Sequence[Result]) -> Result:
    """The day as the sum of its stretches; as it should be when each of them is."""
    verdicts = {verdict for part in parts for verdict in part.verdicts}
    if verdicts & FAULTS:
        verdicts -= {Verdict.NORMAL}

    def total(name: str) -> int:
        return sum(getattr(part, name) for part in parts)

    summed = Result(
        case.duty.day,
        (),
        **{
            name: total(name) for name in ("expected", "worked", "late", "early", "absent", "leave", "trip", "forgiven")
        },
        first_in=min((part.first_in for part in parts if part.first_in), default=None),
        last_out=max((part.last_out for part in parts if part.last_out), default=None),
        kind=case.duty.kind,
        zone=case.duty.zone,
    )
    return _with(summed, verdicts)
