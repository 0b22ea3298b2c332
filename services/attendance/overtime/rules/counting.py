"""What of approved overtime counts: hours both approved and worked, outside the due work, in whole steps."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime

from services.attendance.overtime.rules.classes import by_day
from services.attendance.overtime.rules.stays import stays
from services.attendance.rules import Case, Span, due, without


def count(approved: Span, cases: Sequence[Case], taken: Iterable[Span], step: int) -> dict[date, int]:
    """The minutes that count, by date: of the approved stretch what no other request has taken, was not to be worked
    anyway, and was spent at work; in all, a begun step not counting.

    `cases` are consecutive days around the stretch; dates follow the clock of the first.
    """
    free = without([approved], [*taken, *busy(cases)])
    worked = [part for stay in stays(cases) for span in free if (part := _common(span, stay))]
    return _measured(worked, cases, step)


def expected(approved: Span, cases: Sequence[Case], taken: Iterable[Span], step: int) -> dict[date, int]:
    """The minutes that would count if the whole stretch were worked: the most that can."""
    return _measured(without([approved], [*taken, *busy(cases)]), cases, step)


def _measured(worked: Iterable[Span], cases: Sequence[Case], step: int) -> dict[date, int]:
    in_order = sorted(worked, key=lambda span: span.start)
    return rounded(dict(by_day(in_order, cases[0].duty.zone)), step)


def busy(cases: Iterable[Case]) -> Iterator[Span]:
    """The time that is no overtime, whoever approved it: the due work, and leave."""
    for case in cases:
        yield from due(case).spans
        yield from (absence.span for absence in case.absences if not absence.is_trip)


def rounded(found: dict[date, int], step: int) -> dict[date, int]:
    """The minutes in whole steps over all dates together; what is too much comes off the end."""
    over = sum(found.values()) % step
    kept = dict(found)
    for day in sorted(found, reverse=True):
        cut = min(over, kept[day])
        kept[day] -= cut
        over -= cut
    return {day: left for day, left in kept.items() if left}


def is_over(approved: Span, cases: Iterable[Case], now: datetime) -> bool:
    """Have the windows of all its days closed? Nothing is decided before."""
    touched = [case.duty.window for case in cases if _common(case.duty.window, approved)]
    return bool(touched) and all(window.end <= now for window in touched)


def _common(a: Span, b: Span) -> Span | None:
    start, end = max(a.start, b.start), min(a.end, b.end)
    return Span(start, end) if start < end else None
