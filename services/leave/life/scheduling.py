"""Approved leave in WeCom's calendars: an entry for whoever is away, and one for the colleague who covers.

What is there is compared with what is due, so that one promise serves approval, change, cancelling in part and the
answer of the colleague. The kind is named only to whose leave it is, and never a sensitive one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import delete, select

from kit import clock
from kit.ids import new_id
from kit.text import clip
from models.base import db
from models.enums import CoverState, LeaveState
from models.leave import LeaveEvent, LeaveRequest
from services import people, platform
from services.leave import gaps
from services.leave.events import Cancelled, Granted
from services.leave.gaps import Days
from services.leave.life import parting
from services.leave.rulebook import catalog
from services.leave.rules import Portion

WRITE = "leave.write_schedule"
DISCREET = "请假"
LONGEST = 128
ONE_DAY = timedelta(days=1)
ONE_SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Entry:
    """An entry as it should stand in somebody's calendar."""

    person_id: str
    starts_at: datetime
    ends_at: datetime
    is_whole_day: bool
    summary: str


@dataclass(frozen=True)
class Work:
    """What is to be taken back (WeCom's ids) and what is to be written, with the userids."""

    gone: list[str]
    new: list[tuple[str, Entry]]


def on_changed(event: Granted | Cancelled) -> None:
    """Leave was granted or taken back, in whole or in part."""
    ask(event.request_id)


def ask(request_id: str) -> None:
    """Promises to bring the calendars to what is due; one after the other for a request."""
    platform.promise(WRITE, {"request": request_id}, terms=platform.Terms(lane=f"{WRITE}:{request_id}", priority=9))


def work(request_id: str) -> Work:
    """The difference between what is due and what was written."""
    row = db.session.get_one(LeaveRequest, request_id, populate_existing=True)
    due = _due(row) if row.state == LeaveState.APPROVED else []
    found = db.session.scalars(select(LeaveEvent).where(LeaveEvent.request_id == request_id)).all()
    written = {_entry(one): one.schedule_id for one in found}
    known = people.many({one.person_id for one in due})
    gone = [schedule_id for one, schedule_id in written.items() if one not in due]
    return Work(gone, [(known[one.person_id].userid, one) for one in due if one not in written])


def _entry(row: LeaveEvent) -> Entry:
    return Entry(row.person_id, row.starts_at, row.ends_at, row.is_whole_day, row.summary)


def _due(row: LeaveRequest) -> list[Entry]:
    kind = catalog.named(row.kind_code)
    titles = {row.person_id: DISCREET if kind.rules.is_sensitive else kind.name}
    if row.cover_id and row.cover_state == CoverState.ACCEPTED:
        titles[row.cover_id] = f"代班：{people.get(row.person_id).name}{DISCREET}"
    spans = slots(parting.portions(row), gaps.read(row.gaps))
    return [Entry(who, *span, clip(title, LONGEST)) for who, title in titles.items() for span in spans]


def slots(portions: Sequence[Portion], worked: Days) -> list[tuple[datetime, datetime, bool]]:
    """When somebody is away: whole days that follow each other, with days off between them, are one."""
    found: list[tuple[date, date]] = []
    parts = []
    for one in portions:
        if one.minutes < one.full_minutes:
            parts.append((clock.at_local(one.day, one.start), clock.at_local(one.day, one.end), False))
        elif found and not _is_worked_between(found[-1][1], one.day, portions, worked):
            found[-1] = (found[-1][0], one.day)
        else:
            found.append((one.day, one.day))
    return sorted([(clock.at_local(a), clock.at_local(b + ONE_DAY) - ONE_SECOND, True) for a, b in found] + parts)


def _is_worked_between(last: date, following: date, portions: Sequence[Portion], worked: Days) -> bool:
    between = [last + timedelta(days=n) for n in range(1, (following - last).days)]
    partly = {one.day for one in portions if one.minutes < one.full_minutes}
    return any(day in worked or day in partly for day in between)


def written(request_id: str, entry: Entry, schedule_id: str) -> None:
    """Notes an entry that WeCom has taken."""
    values = {"request_id": request_id, "schedule_id": schedule_id, **vars(entry)}
    platform.add(LeaveEvent, id=new_id(), created_at=clock.now(), **values)


def removed(schedule_id: str) -> None:
    """Forgets an entry that is no longer there."""
    platform.changed(delete(LeaveEvent).where(LeaveEvent.schedule_id == schedule_id))
