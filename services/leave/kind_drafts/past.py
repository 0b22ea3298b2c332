"""The granted requests of a year and what rules look at beside them: read for many people at once, a few statements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy import ColumnElement, Select, select

from models.enums import LeaveState
from models.leave import LeaveRequest, LeaveSegment
from services import people, platform, schedule
from services.leave.life.rules.limits import Taken
from services.leave.rulebook import places
from services.people import PersonView
from services.schedule import DayPlan


@dataclass(frozen=True)
class Whose:
    """Somebody with what a rule may ask about them; tags and places are today's, for nobody dates them."""

    person: PersonView
    place: str
    tags: list[str]
    plans: Mapping[date, DayPlan]
    requests: Sequence[Any]
    earlier: Sequence[Taken]


def granted(code: str, year: int) -> tuple[ColumnElement[bool], ...]:
    """The granted requests of a kind that began in a year."""
    in_year = LeaveRequest.first_day.between(date(year, 1, 1), date(year, 12, 31))
    return LeaveRequest.kind_code == code, LeaveRequest.state == LeaveState.APPROVED, in_year


def whose(code: str, year: int) -> Select[str]:
    """The ids of the people with such requests, each once."""
    return select(LeaveRequest.person_id).where(*granted(code, year)).distinct()


def read(ids: Sequence[str], code: str, year: int) -> list[Whose]:
    """These people with their requests of the year, in the order in which they were asked for."""
    requests = _requests(ids, code, year)
    first, last = min(row.first_day for row in requests), max(row.last_day for row in requests)
    known, plans, earlier = people.many(ids), _plans(ids, first, last), _earlier(ids, code, year)
    where, tags = places.places_of(ids), people.tags_of_many(ids)
    mine: dict[str, list[Any]] = {}
    for row in requests:
        mine.setdefault(row.person_id, []).append(row)
    return [
        Whose(known[one], where[one], tags.get(one, []), plans[one], mine[one], earlier.get(one, []))
        for one in ids
    ]  # fmt: skip


def _requests(ids: Sequence[str], code: str, year: int) -> Sequence[Any]:
    order = (LeaveRequest.created_at, LeaveRequest.id)
    wanted = select(*LeaveRequest.__table__.columns).where(*granted(code, year), LeaveRequest.person_id.in_(ids))
    return platform.rows(wanted.order_by(*order))


def _plans(ids: Sequence[str], first: date, last: date) -> dict[str, dict[date, DayPlan]]:
    """The days by the calendar, shifts and rosters that held on them."""
    found: dict[str, dict[date, DayPlan]] = {one: {} for one in ids}
    for (person_id, day), plan in schedule.days(ids, first, last).items():
        found[person_id][day] = plan
    return found


def _earlier(ids: Sequence[str], code: str, year: int) -> dict[str, list[Taken]]:
    """What was taken of the kind by requests that began in the years before, as it was charged."""
    theirs = (LeaveRequest.kind_code == code, LeaveRequest.state == LeaveState.APPROVED)
    before = (LeaveRequest.first_day < date(year, 1, 1), LeaveSegment.person_id.in_(ids))
    rows = platform.rows(
        select(
            LeaveSegment.person_id, LeaveSegment.day, LeaveSegment.minutes, LeaveRequest.event_key, LeaveRequest.days,
            LeaveRequest.minutes.label("of"),
        )
        .join(LeaveRequest, LeaveRequest.id == LeaveSegment.request_id)
        .where(*theirs, *before)
    )  # fmt: skip
    found: dict[str, list[Taken]] = {}
    for row in rows:
        days = row.minutes * Fraction(row.days) / row.of if row.of else Fraction()
        found.setdefault(row.person_id, []).append(Taken(row.day, days, row.event_key))
    return found
