"""A person's overtime of some days, line by line: what waits, what is approved, and what of it counts."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from kit import clock
from kit.errors import Invalid
from services import forms
from services.attendance.overtime import kept, policy, systems
from services.attendance.overtime.kept import Asked, Key
from services.attendance.overtime.recounting import Cases, around, gathered, weighed
from services.attendance.overtime.rules import Piece, ask_of, expected, is_over
from services.attendance.overtime.systems import Known
from services.attendance.rules import Span

FORM = "overtime"
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Line:
    """A request with its pieces: those counted once its days are over, until then the most that can count."""

    asked: Asked
    is_approved: bool
    is_counted: bool
    pieces: tuple[Piece, ...]

    @property
    def minutes(self) -> int:
        """What it comes to."""
        return sum(one.minutes for one in self.pieces)


@dataclass(frozen=True)
class Frame:
    """The facts of the days around."""

    cases: Cases
    system: Known


def frame(person_id: str, first: date, last: date) -> Frame:
    """The days from first to last with their neighbours."""
    ends = first - 2 * DAY, last + 2 * DAY
    return Frame(gathered([person_id], *ends)[person_id], systems.known([person_id], *ends))


def lines(person_id: str, first: date, last: date, known: Frame, but: str = "") -> list[Line]:
    """Everything of this person that touches these days, in the order it is worked, but the form named."""
    begin, end = clock.at_local(first), clock.at_local(last + DAY)
    approved = [one for one in kept.touching([person_id], begin, end) if one.cause != but]
    waiting = [one for one in _waiting(person_id, {one.cause for one in approved} | {but}, known.cases)
               if one.span.end > begin and one.span.start < end]  # fmt: skip
    sums = kept.sums([one.cause for one in approved])
    return list(_lines(approved, waiting, sums, known))


def _lines(approved: list[Asked], waiting: list[Asked], sums: dict[Key, int], known: Frame) -> Iterator[Line]:
    taken: list[Span] = []
    causes = {one.cause for one in approved}
    for one in sorted([*approved, *waiting], key=lambda one: (one.span.start, one.cause)):
        if not one.stands:
            continue
        days, now = around(one.span, known.cases), clock.now()
        is_counted = one.cause in causes and is_over(one.span, days, now)
        pieces = _counted(one, sums) if is_counted else planned(one, known, taken)
        yield Line(one, one.cause in causes, is_counted, pieces)
        taken.append(one.span)


def planned(one: Asked, known: Frame, taken: list[Span] | None = None) -> tuple[Piece, ...]:
    """What a request can come to at most."""
    step = policy.SETTING.get().step_minutes
    minutes = expected(one.span, around(one.span, known.cases), taken or [], step)
    return tuple(weighed(one, minutes, known.cases, known.system))


def _counted(one: Asked, sums: dict[Key, int]) -> tuple[Piece, ...]:
    own = [(key, total) for key, total in sorted(sums.items()) if key[0] == one.cause and total]
    return tuple(Piece(day, kind, total, pay) for (_, day, kind, pay), total in own)


def _waiting(person_id: str, known: set[str], cases: Cases) -> Iterator[Asked]:
    """Forms that wait for their approval and say when."""
    for cause, values in forms.standing(person_id, FORM).items():
        if cause in known:
            continue
        try:
            ask = ask_of(values)
        except Invalid:
            continue
        if ask.day in cases:
            span = ask.span(cases[ask.day].duty.zone)
            yield Asked(person_id, cause, span, ask.wants, ask.reason, True)
