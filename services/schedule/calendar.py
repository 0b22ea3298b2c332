"""The calendars in force: notices shipped with the product, what HR has loaded since, and the company's own days.

Notices and own days are never changed, only followed by a next version, so calendars are kept per process under the
numbers of the newest of either: one cheap pair tells whether they still hold.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sqlalchemy import ScalarSelect, func, select

from models.base import db
from models.schedule import HolidayNotice, LocalCalendar
from services.schedule import rules
from services.schedule.rules import Calendar, LocalDays, Year

SHIPPED = Path(__file__).with_name("holidays.json")

Stamp = tuple[int, int]
"""The numbers of the newest notice and of the newest own days."""


@dataclass(frozen=True)
class Known:
    """All calendars as of a stamp: the nation's by year, own days by department (`None` is the company)."""

    years: dict[int, Year]
    local: dict[str | None, LocalDays]

    @property
    def asks_departments(self) -> bool:
        """Does it matter in which department somebody is?"""
        return any(self.local.keys() - {None})

    def of(self, departments: Iterable[str] = ()) -> Calendar:
        """The calendar of somebody in these departments, the nearest first."""
        places: tuple[str | None, ...] = (*departments, None)
        return Calendar(self.years, [self.local[place] for place in places if place in self.local])


_known: dict[Stamp, Known] = {}


@cache
def shipped() -> dict[int, Year]:
    """The calendars of `holidays.json`, by year."""
    return {int(year): rules.year_of(int(year), notice) for year, notice in json.loads(SHIPPED.read_text()).items()}


def newest() -> tuple[ScalarSelect[int], ScalarSelect[int]]:
    """The stamp, as part of another statement; zeros when nothing was ever loaded."""
    notices, local = func.max(HolidayNotice.number), func.max(LocalCalendar.number)
    return select(func.coalesce(notices, 0)).scalar_subquery(), select(func.coalesce(local, 0)).scalar_subquery()


def known(stamp: Stamp) -> Known:
    """All calendars as of a stamp, read only when this process has not met it yet."""
    if stamp not in _known:
        found = Known(_years(stamp[0]), _local(stamp[1]))
        _known.clear()
        _known[stamp] = found
    return _known[stamp]


def now_known() -> Known:
    """All calendars as they stand."""
    notices, local = db.session.execute(select(*newest())).one()
    return known((notices, local))


def year(number: int) -> Year:
    """The nation's calendar of a year as it stands; unconfirmed when there is no notice."""
    return now_known().years.get(number, Year(number))


def _years(upto: int) -> dict[int, Year]:
    rows = db.session.scalars(select(HolidayNotice).where(HolidayNotice.number <= upto).order_by(HolidayNotice.number))
    return shipped() | {row.year: rules.year_of(row.year, row.content) for row in rows}


def _local(upto: int) -> dict[str | None, LocalDays]:
    rows = db.session.scalars(select(LocalCalendar).where(LocalCalendar.number <= upto).order_by(LocalCalendar.number))
    latest = {(row.department_id, row.year): rules.local_days_of(row.content) for row in rows}
    places: dict[str | None, LocalDays] = {}
    for (place, _), days in latest.items():
        before = places.get(place, LocalDays())
        places[place] = LocalDays({**before.off, **days.off}, {**before.work, **days.work})
    return places
