"""Leave booked for after the last day is never taken: what it holds goes back to its lots before leaving is reckoned.

The requests themselves stay as they were approved, so that a departure that was a mistake, or a later last day, is
reckoned from the same bookings.
"""

from collections.abc import Collection, Mapping
from datetime import date

from sqlalchemy import func, select

from models.base import db
from models.enums import EntryKind, LeaveState
from models.leave import LeaveEntry, LeaveLot, LeaveRequest, LeaveSegment
from services.leave import rules
from services.leave.entries import Cause, entry, write
from services.leave.granting import debts
from services.leave.rules import Lot, Portion

Returned = Mapping[str, Mapping[str, int]]
"""Minutes by request and lot."""


def give_back(person_id: str, code: str, left_on: date, by: str) -> Returned:
    """Releases what approved leave holds for days after the last one; the caller has locked the account.

    Held minutes are spent day by day from what expires first, so what is given back is what lasts longest.
    """
    booked = _booked(person_id, code, left_on)
    before, lots = _until(booked, left_on), _held(booked)
    found = {one: _less(lots.get(one, []), before.get(one, [])) for one in booked}
    said = f"{left_on.isoformat()} 离职，此后的请假不再休，退回额度"
    _write(person_id, code, EntryKind.RELEASE, found, Cause(said, by))
    debts.give_back(person_id, code, by)
    return found


def hold_again(person_id: str, code: str, returned: Returned, cause: Cause) -> None:
    """The bookings that still stand hold what was given back; the caller has locked the account."""
    still = select(LeaveRequest.id).where(LeaveRequest.id.in_(returned), LeaveRequest.state == LeaveState.APPROVED)
    back = {one: {lot_id: -part for lot_id, part in returned[one].items()} for one in db.session.scalars(still)}
    _write(person_id, code, EntryKind.HOLD, back, cause)


def _booked(person_id: str, code: str, left_on: date) -> list[str]:
    theirs = select(LeaveRequest.id).where(LeaveRequest.person_id == person_id, LeaveRequest.kind_code == code)
    later = theirs.where(LeaveRequest.state == LeaveState.APPROVED, LeaveRequest.last_day > left_on)
    return list(db.session.scalars(later.order_by(LeaveRequest.id)))


def _until(booked: Collection[str], left_on: date) -> dict[str, list[Portion]]:
    columns = select(
        LeaveSegment.request_id, LeaveSegment.day, LeaveSegment.start, LeaveSegment.end, LeaveSegment.minutes
    )
    found: dict[str, list[Portion]] = {}
    for row in db.session.execute(columns.where(LeaveSegment.request_id.in_(booked), LeaveSegment.day <= left_on)):
        found.setdefault(row.request_id, []).append(Portion(row.day, row.start, row.end, row.minutes, row.minutes))
    return found


def _held(booked: Collection[str]) -> dict[str, list[Lot]]:
    minutes = func.sum(-LeaveEntry.minutes)
    rows = db.session.execute(
        select(LeaveEntry.request_id, LeaveLot.id, LeaveLot.starts_on, LeaveLot.expires_on, minutes.label("held"))
        .join(LeaveLot, LeaveLot.id == LeaveEntry.lot_id)
        .where(LeaveEntry.request_id.in_(booked))
        .group_by(LeaveEntry.request_id, LeaveLot.id, LeaveLot.starts_on, LeaveLot.expires_on)
        .having(minutes != 0)
    )
    found: dict[str, list[Lot]] = {}
    for row in rows:
        found.setdefault(row.request_id, []).append(Lot(row.id, row.starts_on, row.expires_on, int(row.held)))
    return found


def _less(lots: Collection[Lot], until: list[Portion]) -> dict[str, int]:
    """What is held of each lot beyond what the days until the last one take."""
    stays = rules.spend(until, lots).taken
    return {lot.id: lot.rest - stays.get(lot.id, 0) for lot in lots if lot.rest > stays.get(lot.id, 0)}


def _write(person_id: str, code: str, kind: EntryKind, moved: Returned, cause: Cause) -> None:
    write([
        entry(person_id, code, lot_id, kind, minutes, Cause(cause.sentence, cause.made_by, request_id))
        for request_id, lots in moved.items()
        for lot_id, minutes in lots.items()
    ])  # fmt: skip
