"""Shifts given for single days by a decision: somebody changes shift, or two exchange theirs; taken back exactly.

Which days are worked follows from the shift alone, so whoever is given another's shift has exactly the other's day.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, select

from kit import clock
from kit.errors import Conflict
from kit.ids import new_id
from models.base import db
from models.enums import AudienceKind
from models.schedule import Assignment
from services import platform
from services.schedule.events import ShiftsChanged


@dataclass(frozen=True)
class Given:
    """A person's shift on one day."""

    person_id: str
    day: date
    shift_id: str

    @property
    def slot(self) -> str:
        """What no two decisions may hold."""
        return f"{self.person_id}/{self.day}"


def taken(wanted: Iterable[tuple[str, date]]) -> set[tuple[str, date]]:
    """Those of these people's days for which a decision has given a shift already."""
    slots = {f"{person_id}/{day}": (person_id, day) for person_id, day in wanted}
    held = db.session.scalars(select(Assignment.slot).where(Assignment.slot.in_(slots)))
    return {slots[slot] for slot in held if slot}


def give(cause: str, given: Sequence[Given]) -> None:
    """Gives the shifts, each for its day; `Conflict` when another decision was faster with one of them."""
    if platform.first_of_many(Assignment, [_row(cause, one) for one in given]) < len(given):
        raise Conflict("这一天刚刚调过班，请刷新后再看")
    tell((one.person_id, one.day) for one in given)


def _row(cause: str, one: Given) -> dict[str, object]:
    return {
        "id": new_id(),
        "created_at": clock.now(),
        "shift_id": one.shift_id,
        "scope": AudienceKind.PERSON,
        "person_id": one.person_id,
        "department_id": None,
        "starts_on": one.day,
        "ends_on": one.day,
        "position": 0,
        "cause": cause,
        "slot": one.slot,
    }


def take_back(cause: str) -> None:
    """Takes back what a decision gave; the days follow the next nearest assignment again."""
    theirs = Assignment.cause == cause
    days = db.session.execute(select(Assignment.person_id, Assignment.starts_on).where(theirs)).all()
    platform.changed(delete(Assignment).where(theirs))
    tell((person_id, day) for person_id, day in days if person_id)


def tell(days: Iterable[tuple[str, date]]) -> None:
    """Tells who cares that these days of people may be worked otherwise now."""
    by_person: dict[str, list[date]] = {}
    for person_id, day in days:
        by_person.setdefault(person_id, []).append(day)
    for person_id, theirs in sorted(by_person.items()):
        platform.publish(ShiftsChanged(person_id, tuple(sorted(theirs))))
