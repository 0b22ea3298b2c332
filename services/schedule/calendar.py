"""The national calendar: notices shipped with the product, replaced by what HR has loaded since.

Notices are never changed, only followed by a next version, so calendars are kept per process under the number of the
newest notice: one cheap number tells whether they still hold.
"""

import json
from functools import cache
from pathlib import Path

from sqlalchemy import ScalarSelect, func, select

from models.base import db
from models.schedule import HolidayNotice
from services.schedule import rules

SHIPPED = Path(__file__).with_name("holidays.json")

_loaded: dict[int, dict[int, rules.Year]] = {}


@cache
def shipped() -> dict[int, rules.Year]:
    """The calendars of `holidays.json`, by year."""
    return {int(year): rules.year_of(int(year), notice) for year, notice in json.loads(SHIPPED.read_text()).items()}


def newest() -> ScalarSelect[int]:
    """The number of the newest notice, as part of another statement; zero when none was ever loaded."""
    return select(func.coalesce(func.max(HolidayNotice.number), 0)).scalar_subquery()


def years(stamp: int) -> dict[int, rules.Year]:
    """All known calendars as of the notice numbered `stamp`, read only when this process has not met it yet."""
    if stamp not in _loaded:
        rows = db.session.scalars(
            select(HolidayNotice).where(HolidayNotice.number <= stamp).order_by(HolidayNotice.number)
        )
        known = shipped() | {row.year: rules.year_of(row.year, row.content) for row in rows}
        _loaded.clear()
        _loaded[stamp] = known
    return _loaded[stamp]


def year(number: int) -> rules.Year:
    """The calendar of a year as it stands; unconfirmed when there is no notice."""
    return years(db.session.scalar(select(newest())) or 0).get(number, rules.Year(number))
