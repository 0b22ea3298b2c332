"""What an hour of overtime is worth: by the kind of the date it falls on, split at local midnight.

Labour Law art. 44: 150 % on a workday, 200 % on a rest day unless time off is given, 300 % on a statutory holiday,
which no time off replaces. The days are those of the person (china-hr-rules 2.2).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from kit import clock
from models.enums import DayKind, OvertimeKind, OvertimePay, WorkSystem
from services.attendance.overtime.rules.systems import System
from services.attendance.rules import Span, minutes

RATES = {OvertimeKind.WORKDAY: 150, OvertimeKind.REST_DAY: 200, OvertimeKind.HOLIDAY: 300}
"""Percent of the hourly wage."""
KINDS = {
    DayKind.WORKDAY: OvertimeKind.WORKDAY,
    DayKind.ADJUSTED_WORKDAY: OvertimeKind.WORKDAY,
    DayKind.REST_DAY: OvertimeKind.REST_DAY,
    DayKind.ADJUSTED_REST_DAY: OvertimeKind.REST_DAY,
    DayKind.STATUTORY_HOLIDAY: OvertimeKind.HOLIDAY,
}


@dataclass(frozen=True, slots=True)
class Piece:
    """Whole minutes of overtime on a date, of one class, and what becomes of them."""

    day: date
    kind: OvertimeKind
    minutes: int
    pay: OvertimePay = OvertimePay.PAY


def kind_of(kind: DayKind) -> OvertimeKind:
    """The class of overtime on a day of this kind."""
    return KINDS[kind]


def by_day(spans: Iterable[Span], zone: str) -> Iterator[tuple[date, int]]:
    """The minutes of these stretches on each date of the zone's calendar; dates without any are left out."""
    known = list(spans)
    if not known:
        return
    day, last = (clock.local(at, zone).date() for at in (known[0].start, known[-1].end))
    while day <= last:
        whole = Span(clock.at_local(day, 0, zone), clock.at_local(day + timedelta(days=1), 0, zone))
        if found := minutes(known, whole):
            yield day, found
        day += timedelta(days=1)


def what_becomes(kind: OvertimeKind, wants: OvertimePay, system: System) -> OvertimePay:
    """Paid, taken off, reckoned with the period, or without a premium.

    Flexible time has no premium but, where the city asks for it, on holidays ([1994] 489 art. 13); comprehensive time
    is reckoned over its period but for holidays ([1994] 503); time off is given for rest days only (LL art. 44(2)).
    """
    if system.kind is WorkSystem.FLEXIBLE:
        return OvertimePay.PAY if kind is OvertimeKind.HOLIDAY and system.pays_holidays else OvertimePay.NONE
    if kind is OvertimeKind.HOLIDAY:
        return OvertimePay.PAY
    if system.kind is WorkSystem.COMPREHENSIVE:
        return OvertimePay.PERIOD
    is_off = kind is OvertimeKind.REST_DAY and wants is OvertimePay.TIME_OFF
    return OvertimePay.TIME_OFF if is_off else OvertimePay.PAY
