"""The medical period: for how long the employer may not dismiss for illness, and how much of it is used. Pure.

Table and windows: Labour Ministry [1994] 479 arts. 3-4; days count with rest days and holidays inside ([1995] 236).
Thirty days are a month; days outside the window do not count; the first sick day after it opens the next one
(china-hr-rules 1.4). Places with a table of their own come from medical.toml.
"""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from services.leave import rules
from services.leave.rulebook.rules.packs import NATIONAL

DATA = Path(__file__).with_name("medical.toml")
A_MONTH, A_YEAR = 30, 12
WARN_DAYS = 15


@dataclass(frozen=True)
class Row:
    """Months for whoever has worked so many years in all and here; `window` months in which days are added up.

    `each_year` more months for every full year here beyond the first, at most `most`. Without a window all time here
    counts.
    """

    total_from: int
    here_from: int
    months: int
    window: int | None = None
    each_year: int = 0
    most: int = 24


@dataclass(frozen=True)
class Table:
    """A place's rows with their source."""

    place: str
    source: str
    certainty: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Period:
    """A medical period: from its first sick day, how many days it has and how many are used."""

    first_day: date
    last_day: date | None
    months: int
    used: int
    source: str

    @property
    def days(self) -> int:
        return self.months * A_MONTH

    @property
    def left(self) -> int:
        return max(0, self.days - self.used)


@cache
def tables() -> dict[str, Table]:
    """The tables by place."""
    listed = tomllib.loads(DATA.read_text(encoding="utf-8"))["table"]
    made = [
        Table(one["place"], one["source"], one["certainty"], tuple(Row(**row) for row in one["row"])) for one in listed
    ]
    return {table.place: table for table in made}


def row_for(table: Table, total_years: int, here_years: int) -> Row:
    """The highest row whose years are reached."""
    good = [row for row in table.rows if row.total_from <= total_years and row.here_from <= here_years]
    return max(good, key=lambda row: (row.total_from, row.here_from))


def months_of(row: Row, here_years: int) -> int:
    """How long the period is."""
    return min(row.most, row.months + row.each_year * max(0, here_years - 1))


def years(since: date, on: date) -> int:
    """Whole years of service; the anniversary completes one."""
    whole = on.year - since.year
    return max(0, whole - (rules.add_months(since, whole * A_YEAR) > on))


def period(
    place: str, first_worked_on: date, hired_on: date, sick: Iterable[date], until: date = date.max
) -> Period | None:
    """The period that the last sick day (up to `until`) lies in; `None` without one. Each is measured as it opens."""
    found: Period | None = None
    table = tables().get(place) or tables()[NATIONAL]
    for day in sorted({day for day in sick if day <= until}):
        if found is None or (found.last_day is not None and day > found.last_day):
            found = _opened(table, first_worked_on, hired_on, day)
        found = Period(found.first_day, found.last_day, found.months, found.used + 1, found.source)
    return found


def _opened(table: Table, first_worked_on: date, hired_on: date, day: date) -> Period:
    here = years(hired_on, day)
    row = row_for(table, years(min(first_worked_on, hired_on), day), here)
    # the window ends on the same day of a later month, as [1995] 236 shows: 5 March to 5 September
    last = rules.add_months(day, row.window) if row.window is not None else None
    return Period(day, last, months_of(row, here), 0, table.source)


def words(found: Period) -> str:
    """医疗期 3 个月（90 天），从 2026-04-01 算到 2026-10-01：已用 81 天，还剩 9 天."""
    until = f"算到 {found.last_day.isoformat()}" if found.last_day else "起累计"
    return (
        f"医疗期 {found.months} 个月（{found.days} 天），从 {found.first_day.isoformat()} {until}，节假日计入："
        f"用到 {found.used} 天，还剩 {found.left} 天（{found.source}）"
    )
