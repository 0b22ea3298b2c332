"""When the law gives no annual leave for a year (Decree 514 art. 4), and what a school vacation leaves of it. Pure.

Days of sick leave are calendar days, thirty of them a month; days of personal leave and of vacation are working days
(china-hr-rules 1.2, [P]).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from models.enums import AbsenceKind
from services.leave.granting.rules import annual
from services.leave.granting.rules.shares import plain

MONTH = 30
SICK_MONTHS = {5: 2, 10: 3, 15: 4}  # days a year by service, months of sick leave that cost them
PERSONAL_DAYS = 20
SOURCE = "《职工带薪年休假条例》第四条"
NEXT_YEAR = "《企业职工带薪年休假实施办法》第八条"
TOPPED_UP = "《企业职工带薪年休假实施办法》第七条"


@dataclass(frozen=True)
class Absence:
    """Approved absence in one year: its length in days, and the last of them."""

    kind: AbsenceKind
    last_day: date
    days: Fraction


def reason(year: int, absences: Iterable[Absence], first_worked_on: date) -> str | None:
    """Why the annual leave of a year is lost: long sick leave, or paid personal leave of 20 days; `None` when not."""
    theirs = [absence for absence in absences if absence.last_day.year == year]
    sick = [absence for absence in theirs if absence.kind is AbsenceKind.SICK]
    personal = _total(theirs, AbsenceKind.PERSONAL)
    if personal >= PERSONAL_DAYS:
        return f"{year}年带薪事假累计 {plain(personal)} 天，达到 {PERSONAL_DAYS} 天"
    months = SICK_MONTHS.get(annual.tier(first_worked_on, max(one.last_day for one in sick))) if sick else None
    days = _total(theirs, AbsenceKind.SICK)
    if months and days >= months * MONTH:
        return f"{year}年病假累计 {plain(days)} 天，达到 {months} 个月（每月按 {MONTH} 天计）"
    return None


def vacation(year: int, absences: Iterable[Absence]) -> Fraction:
    """The days of school vacation in a year: they stand for as much annual leave, and the rest is topped up."""
    return _total((absence for absence in absences if absence.last_day.year == year), AbsenceKind.VACATION)


def _total(absences: Iterable[Absence], kind: AbsenceKind) -> Fraction:
    return sum((absence.days for absence in absences if absence.kind is kind), Fraction())


def lost(year: int, absences: Iterable[Absence], enjoyed: frozenset[int], first_worked_on: date) -> str | None:
    """Why there is no annual leave this year; `None` when there is.

    What happens after some of the year's leave was taken costs the next year instead (Decree 1 art. 8); some of it is
    taken as soon as any of it is [P].
    """
    known = list(absences)
    now, before = reason(year, known, first_worked_on), reason(year - 1, known, first_worked_on)
    if before and year - 1 in enjoyed:
        return f"{year}年没有年休假：{before}，而当年已休过年休假（{NEXT_YEAR}）"
    if now and year not in enjoyed:
        return f"{year}年没有年休假：{now}（{SOURCE}）"
    return None
