"""A month in numbers."""

from collections.abc import Iterable
from dataclasses import dataclass

from models.enums import Verdict
from services.attendance.rules.verdict import Result


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
