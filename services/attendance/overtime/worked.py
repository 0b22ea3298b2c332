"""Working hours of a period, and what of a month is to be paid: for payroll, many people at a time."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import case, func, select

from kit.parts import parts
from models.attendance import DayResult
from models.enums import DayKind, OvertimeKind, OvertimePay, WorkPeriod, WorkSystem
from services import platform
from services.attendance.overtime import kept, systems
from services.attendance.overtime.rules import Hours, System, period_around, premium, standard_of
from services.attendance.overtime.systems import Known

IN_ONE_STATEMENT = 2000
RECKONED = frozenset({OvertimePay.PAY, OvertimePay.PERIOD})


@dataclass(frozen=True, slots=True)
class PayMinutes:
    """Minutes of a month to be paid at 150 %, 200 % and 300 % of the hourly wage."""

    workday: int = 0
    rest_day: int = 0
    holiday: int = 0


@dataclass(frozen=True, slots=True)
class Period:
    """A comprehensive period of somebody: minutes worked, those of holidays, and what exceeds the standard."""

    first: date
    last: date
    worked: int
    holiday: int
    standard: int
    excess: int


def pay_minutes(person_ids: Sequence[str], month: date) -> dict[str, PayMinutes]:
    """What is to be paid for the overtime of a month, for everybody asked; `month` is its first day.

    Overtime of the day in its class; the excess of comprehensive periods that end in the month; and the due work of
    statutory holidays, which is paid 300 % whoever planned it (Labour Law art. 44(3)), but not to flexible time unless
    the city asks for it. The count of statements does not depend on the number of people.
    """
    last = _last_of_month(month)
    pieces = kept.pieces(person_ids, month, last)
    system = systems.known(person_ids, month, last)
    excess = _excess(person_ids, month, last, system)
    due = _due_on_holidays(person_ids, month, last, system)
    found = {}
    for person_id in person_ids:
        by_kind: dict[OvertimeKind, int] = defaultdict(int)
        for piece in pieces.get(person_id, ()):
            by_kind[piece.kind] += piece.minutes if piece.pay is OvertimePay.PAY else 0
        found[person_id] = PayMinutes(
            by_kind[OvertimeKind.WORKDAY] + excess.get(person_id, 0),
            by_kind[OvertimeKind.REST_DAY],
            by_kind[OvertimeKind.HOLIDAY] + due.get(person_id, 0),
        )
    return found


def period_of(person_id: str, day: date) -> Period | None:
    """The comprehensive period in which a day of this person lies, as far as it has come; nothing for others."""
    system = systems.on(person_id, day)
    if system.period is None:
        return None
    first, last = period_around(day, system.period)
    return periods([person_id], first, last, system.period)[person_id]


def periods(person_ids: Sequence[str], first: date, last: date, period: WorkPeriod) -> dict[str, Period]:
    """One period of many people: due work that was done, and overtime that counted."""
    standard, found = standard_of(first, period), {}
    hours = _hours(person_ids, first, last)
    for person_id in person_ids:
        worked = hours.get(person_id, [])
        excess, holiday = premium(worked, standard)
        total = sum(one.minutes for one in worked)
        found[person_id] = Period(first, last, total, holiday, int(standard), excess)
    return found


def _hours(person_ids: Sequence[str], first: date, last: date) -> dict[str, list[Hours]]:
    found: dict[str, list[Hours]] = defaultdict(list)
    for person_id, (worked, holiday) in _due_work(person_ids, first, last).items():
        found[person_id] += [Hours(first, worked - holiday), Hours(first, holiday, is_holiday=True)]
    for person_id, pieces in kept.pieces(person_ids, first, last).items():
        found[person_id] += [
            Hours(one.day, one.minutes, one.kind is OvertimeKind.HOLIDAY) for one in pieces if one.pay in RECKONED
        ]
    return found


def _due_work(person_ids: Sequence[str], first: date, last: date) -> dict[str, tuple[int, int]]:
    """Minutes of due work that were worked, and those of them on statutory holidays."""
    on_holiday = case((DayResult.kind == DayKind.STATUTORY_HOLIDAY, DayResult.worked_minutes), else_=0)
    sums = (func.sum(DayResult.worked_minutes).label("worked"), func.sum(on_holiday).label("holiday"))
    found = {}
    for part in parts(person_ids, IN_ONE_STATEMENT):
        meant = (DayResult.person_id.in_(part), DayResult.day.between(first, last))
        for row in platform.rows(select(DayResult.person_id, *sums).where(*meant).group_by(DayResult.person_id)):
            found[row.person_id] = int(row.worked), int(row.holiday)
    return found


def _due_on_holidays(person_ids: Sequence[str], first: date, last: date, system: Known) -> dict[str, int]:
    """Due work of statutory holidays by person, where it is paid for."""
    found: dict[str, int] = defaultdict(int)
    for part in parts(person_ids, IN_ONE_STATEMENT):
        columns = (DayResult.person_id, DayResult.day, DayResult.worked_minutes)
        meant = (DayResult.kind == DayKind.STATUTORY_HOLIDAY, DayResult.worked_minutes > 0)
        rows = select(*columns).where(DayResult.person_id.in_(part), DayResult.day.between(first, last), *meant)
        for row in platform.rows(rows):
            own = system(row.person_id, row.day)
            is_paid = own.kind is not WorkSystem.FLEXIBLE or own.pays_holidays
            found[row.person_id] += row.worked_minutes if is_paid else 0
    return found


def _excess(person_ids: Sequence[str], first: date, last: date, system: Known) -> dict[str, int]:
    """The minutes beyond the standard of the comprehensive periods that end in the month."""
    found: dict[str, int] = defaultdict(int)
    ending: dict[tuple[date, date, WorkPeriod], list[str]] = defaultdict(list)
    for person_id in person_ids:
        for begin, end, period in _ending(person_id, first, last, system):
            ending[begin, end, period].append(person_id)
    for (begin, end, period), theirs in ending.items():
        for person_id, one in periods(theirs, begin, end, period).items():
            found[person_id] += one.excess
    return found


def _ending(person_id: str, first: date, last: date, system: Known) -> Iterable[tuple[date, date, WorkPeriod]]:
    """The periods of a person that end in the month, by the system that holds on their last day."""
    sundays = [first + timedelta(days=n) for n in range((last - first).days + 1)
               if (first + timedelta(days=n)).isoweekday() == 7]  # fmt: skip
    for day in sorted({*sundays, last}):
        own: System = system(person_id, day)
        if own.period is not None and period_around(day, own.period)[1] == day:
            yield *period_around(day, own.period), own.period


def _last_of_month(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
