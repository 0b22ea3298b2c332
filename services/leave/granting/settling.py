"""Leaving: unused statutory days become pay, reckoned once for each employment, with every step of it kept.

The days are written off in the same transaction, so that they are never both paid and taken. Nothing is asked back
from who took more; what the company gave beyond the law stays with the company's own rules.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy import bindparam, func, select, update

from kit import clock
from kit.ids import new_id
from models.base import db
from models.enums import Basis, EntryKind, LeaveState, SettlementReason, SettlementState
from models.leave import LeaveEntry, LeaveRequest
from models.leave_pay import LeaveSettlement
from services import people, platform, schedule
from services.leave import ledger
from services.leave.granting import debts, grants, policies, standing, untaken
from services.leave.granting.rules import annual, forfeits, payout, shares
from services.leave.granting.rules.entitlement import Facts, statutory_year
from services.leave.granting.rules.policy import Released, in_force
from services.leave.granting.standing import Gathered, Standing
from services.leave.granting.untaken import Returned
from services.leave.ledger import Cause
from services.people import PersonView, System

LEAVING = System("leave.left")
LONGEST_CARRIED = 4  # years: what a policy may carry over at most, and the rest of the year


def on_leaving(person_id: str) -> None:
    """Settles the employment that has just ended, unless nobody knows when it began."""
    person = people.get(person_id)
    if person.hired_on is not None:
        settle(person, person.left_on or clock.today(), LEAVING.label)


def settle(person: PersonView, left_on: date, by: str) -> None:
    """Reckons and keeps what an employment that ended on that day leaves to pay; once for each employment and kind."""
    ledger.lock(person.id)
    granting = _owed(person, left_on)
    returned = {code: untaken.give_back(person.id, code, left_on, by) for code in granting}
    gathered = grants.gather([person.id], granting, left_on.year, grants.every_kind(), LONGEST_CARRIED)
    full = schedule.day(person.id, left_on).full_minutes
    for code, known in granting.items():
        facts, released = gathered.facts(person, code, full), _statutory(known, left_on)
        if facts and released:
            _keep(facts, released, left_on, gathered, returned[code], by)


def _owed(person: PersonView, left_on: date) -> dict[str, list[Released]]:
    """The policies by which leaving turns days into pay, of the kinds for which it has not yet."""
    assert person.hired_on is not None
    ended, known = standing.settled([person.id]), policies.by_kind()
    still = (code for code in known if not standing.is_settled(ended.get((person.id, code), []), person.hired_on))
    return {code: known[code] for code in still if _statutory(known[code], left_on)}


def _statutory(known: list[Released], on: date) -> Released | None:
    held = in_force(known, on)
    return held if held and held.policy.basis is Basis.STATUTORY_ANNUAL else None


def _keep(facts: Facts, released: Released, left_on: date, gathered: Gathered, returned: Returned, by: str) -> None:
    lots = _lots(facts, released.kind_code, gathered)
    emptied = {lot.id: lot.rest for part in lots.values() for lot in part if lot.rest > 0}
    taken = _taken(lots.pop(left_on.year, []))
    found = reckon(facts, released, left_on, taken, lots)
    trace = found.trace | {
        "emptied": emptied,
        "returned": returned,
        "policy_version": released.version,
        "exact": str(found.days),
    }
    reckoned = {"due_on": left_on, "days": shares.decimal(found.days), "trace": trace}
    values: dict[str, Any] = {**reckoned, "state": SettlementState.DUE, "changed_by": by, "sealed_pay": None}
    cause_key = f"left:{facts.hired_on.isoformat()}"
    key = {"person_id": facts.person_id, "kind_code": released.kind_code, "cause_key": cause_key}
    fixed = {"reason": SettlementReason.LEAVING, "hired_on": facts.hired_on, "percent": payout.EXTRA}
    if not platform.first(LeaveSettlement, id=new_id(), created_at=clock.now(), **key, **fixed, **values):
        again = update(LeaveSettlement).filter_by(**key, state=SettlementState.VOID)
        platform.changed(again.values(**values))
    said = f"{left_on.isoformat()} 离职，未休法定年假 {shares.plain(found.days)} 天折算工资（{payout.SOURCE_LEAVING}）"
    cause = Cause(said, by, policy_version=released.version)
    ledger.take(facts.person_id, released.kind_code, EntryKind.SETTLE, emptied, cause)
    debts.forgive(facts.person_id, released.kind_code, by)


def _lots(facts: Facts, code: str, gathered: Gathered) -> dict[int, list[Standing]]:
    """The person's statutory lots by the year they were given for."""
    found: dict[int, list[Standing]] = {}
    for lot in gathered.lots.values():
        year = statutory_year(lot.key) if (lot.person_id, lot.kind_code) == (facts.person_id, code) else None
        if year:
            found.setdefault(year, []).append(lot)
    return found


@dataclass(frozen=True)
class Reckoned:
    """The days that leaving turns into pay, and what they follow from."""

    days: Fraction
    trace: dict[str, Any]


def reckon(
    facts: Facts, released: Released, left_on: date, taken: int, carried: Mapping[int, list[Standing]]
) -> Reckoned:
    """The days to pay: this year's share less what was taken of it (in minutes), and what is left of earlier years."""
    lost = forfeits.lost(left_on.year, facts.absences, facts.enjoyed, facts.worked_since)
    first = max(date(left_on.year, 1, 1), facts.hired_on)
    stretches = annual.stretches(first, left_on, facts.worked_since, released.policy.crossing)
    arranged = Fraction(taken, facts.day_minutes)
    this_year = payout.this_year(() if lost else stretches, left_on, arranged)
    before = [payout.carried(year, rest) for year, lots in sorted(carried.items()) if (rest := _rest(lots, facts))]
    sentences = [lost or this_year.sentence, *(unused.sentence for unused in before)]
    trace = {
        "hired_on": facts.hired_on.isoformat(),
        "worked_since": facts.worked_since.isoformat(),
        "day_minutes": facts.day_minutes,
        "arranged": shares.plain(arranged),
        "sentences": sentences,
    }
    return Reckoned(sum((unused.days for unused in before), this_year.days), trace)


def _rest(lots: list[Standing], facts: Facts) -> Fraction:
    parts = (Fraction(max(0, lot.rest), lot.day_minutes or facts.day_minutes) for lot in lots)
    return sum(parts, Fraction())


_HELD = (
    select(func.sum(-LeaveEntry.minutes))
    .join(LeaveRequest, LeaveRequest.id == LeaveEntry.request_id)
    .where(LeaveEntry.lot_id.in_(bindparam("lots", expanding=True)), LeaveRequest.state == LeaveState.APPROVED)
)


def _taken(lots: list[Standing]) -> int:
    """The minutes of these lots that approved leave took; what was booked for later has gone back before."""
    return int(platform.scalar(_HELD, {"lots": [lot.id for lot in lots]}) or 0)


def undo(row: LeaveSettlement, by: str) -> None:
    """Gives back what a settlement wrote off, each to its lot, and lets the bookings after the last day hold again."""
    back = {lot_id: -minutes for lot_id, minutes in row.trace["emptied"].items()}
    cause = Cause(f"{row.due_on.isoformat()} 的离职折算作废，退回未休年假", by)
    ledger.take(row.person_id, row.kind_code, EntryKind.SETTLE, back, cause)
    untaken.hold_again(row.person_id, row.kind_code, row.trace.get("returned", {}), cause)
    ended = update(LeaveSettlement).where(LeaveSettlement.id == row.id)
    platform.changed(ended.values(state=SettlementState.VOID, sealed_pay=None, changed_by=by))
    db.session.expire(row)
