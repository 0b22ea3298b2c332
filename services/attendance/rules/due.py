"""What was to be worked on a day, once everything that moves or shortens it is reckoned, in the stated order:

leave, then business trips, take their time out of the plan; on a day without either a flexible shift slides with the
first punch; whoever left late the day before may begin later.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from services.attendance.rules.facts import Case, came
from services.attendance.rules.spans import Span, minutes, without


@dataclass(frozen=True, slots=True)
class Due:
    """The stretches to be worked, and the minutes that came off the plan or moved it."""

    spans: tuple[Span, ...]
    leave: int = 0
    trip: int = 0
    slid: int = 0
    forgiven: int = 0

    @property
    def minutes(self) -> int:
        return minutes(self.spans)


def due(case: Case) -> Due:
    """What this case asks for."""
    planned = case.duty.spans
    if not planned:
        return Due(())
    if case.absences and _is_excused(case):
        return _excused(case, planned)
    if case.duty.shift.flex is None and not case.may_come_later:
        return Due(planned)
    slid = _slid(case)
    moved = tuple(span.later(timedelta(minutes=slid)) for span in planned) if slid else planned
    forgiven = _forgiven(case, moved)
    return Due(without(moved, forgiven), slid=slid, forgiven=minutes(forgiven))


def _is_excused(case: Case) -> bool:
    return any(
        absence.span.start < span.end and span.start < absence.span.end
        for absence in case.absences
        for span in case.duty.spans
    )


def _excused(case: Case, planned: tuple[Span, ...]) -> Due:
    after_leave = without(planned, _holes(case, trips=False))
    left = without(after_leave, _holes(case, trips=True))
    return Due(left, leave=minutes(planned) - minutes(after_leave), trip=minutes(after_leave) - minutes(left))


def _holes(case: Case, *, trips: bool) -> Iterable[Span]:
    return [absence.span for absence in case.absences if absence.is_trip == trips]


def _slid(case: Case) -> int:
    flex, first_in = case.duty.shift.flex, came(case.marks)
    if flex is None or first_in is None:
        return 0
    # floor division: a begun minute counts for the person, coming and going
    return flex.slide((first_in - case.duty.spans[0].start) // timedelta(minutes=1))


def _forgiven(case: Case, spans: tuple[Span, ...]) -> tuple[Span, ...]:
    """The beginning of the day that somebody may miss who left late the day before, as far as it was missed."""
    first_in, begins = came(case.marks), spans[0].start
    if not case.may_come_later or first_in is None or first_in <= begins:
        return ()
    missed = Span(begins, min(first_in, begins + timedelta(minutes=case.may_come_later)))
    return tuple(
        Span(max(span.start, missed.start), min(span.end, missed.end))
        for span in spans
        if span.start < missed.end and missed.start < span.end
    )
