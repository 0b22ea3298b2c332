"""Days named by a published roster. The domain that makes rosters writes them here; everybody's plans read them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, select, tuple_

from models.base import db
from models.schedule import RosterDay
from services import platform
from services.schedule.days_given import tell

IN_ONE_STATEMENT = 1000


@dataclass(frozen=True, slots=True)
class Named:
    """A day of a roster: a shift, or rest without one; `department_id` is where it is worked if elsewhere."""

    person_id: str
    day: date
    shift_id: str | None
    department_id: str | None = None


def put(roster_id: str | None, named: Collection[Named]) -> None:
    """Names these days, whatever a roster said of them before, and tells who cares."""
    _forget((one.person_id, one.day) for one in named)
    rows = [
        {
            "person_id": one.person_id,
            "day": one.day,
            "shift_id": one.shift_id,
            "department_id": one.department_id,
            "roster_id": roster_id,
        }
        for one in named
    ]
    for at in range(0, len(rows), IN_ONE_STATEMENT):
        platform.add_many(RosterDay, rows[at : at + IN_ONE_STATEMENT])
    tell((one.person_id, one.day) for one in named)


def take_back(days: Iterable[tuple[str, date]]) -> None:
    """Lets assignments decide these days again."""
    keys = set(days)
    _forget(keys)
    tell(keys)


def _forget(days: Iterable[tuple[str, date]]) -> None:
    keys = sorted(days)
    for at in range(0, len(keys), IN_ONE_STATEMENT):
        part = keys[at : at + IN_ONE_STATEMENT]
        db.session.execute(delete(RosterDay).where(tuple_(RosterDay.person_id, RosterDay.day).in_(part)))


def of_roster(roster_id: str) -> dict[tuple[str, date], Named]:
    """The days that this roster names."""
    wanted = select(RosterDay).where(RosterDay.roster_id == roster_id)
    return {
        (row.person_id, row.day): Named(row.person_id, row.day, row.shift_id, row.department_id)
        for row in db.session.scalars(wanted)
    }


def named(person_ids: Collection[str], first: date, last: date) -> dict[tuple[str, date], Named]:
    """The days that rosters name for these people."""
    wanted = select(RosterDay).where(RosterDay.person_id.in_(person_ids), RosterDay.day.between(first, last))
    return {
        (row.person_id, row.day): Named(row.person_id, row.day, row.shift_id, row.department_id)
        for row in db.session.scalars(wanted)
    }
