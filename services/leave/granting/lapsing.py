"""The end of leave past its last day: what must be paid becomes a settlement, what was given up or is the company's
to drop ends. One transaction for a chunk of lots, under their accounts; a second run finds nothing left."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import bindparam, func, select, update

from kit import clock
from kit.ids import new_id
from models.base import db
from models.enums import EntryKind, SettlementState
from models.leave import LeaveEntry, LeaveLot
from models.leave_pay import LeaveSettlement
from services import people, platform, schedule
from services.leave import entries, ledger
from services.leave.entries import REST, Cause, entry
from services.leave.granting import policies, waivers
from services.leave.granting.rules import lapses, payout, shares
from services.leave.granting.rules.entitlement import statutory_year
from services.leave.granting.rules.lapses import Lapse, Lot
from services.leave.granting.rules.policy import Released, in_force

_SEEN = select(func.max(LeaveEntry.seq)).where(LeaveEntry.lot_id == LeaveLot.id).correlate(LeaveLot).scalar_subquery()
_PAST = (
    select(
        LeaveLot.id, LeaveLot.person_id, LeaveLot.kind_code, LeaveLot.grant_key, LeaveLot.title, LeaveLot.expires_on,
        LeaveLot.day_minutes, REST.label("rest"), _SEEN.label("seen"),
    )
    .where(LeaveLot.id.in_(bindparam("lot_ids", expanding=True)), REST > 0)
    .order_by(LeaveLot.expires_on, LeaveLot.id)
)  # fmt: skip


def expire(lot_ids: Sequence[str], made_by: str) -> int:
    """Ends what is left of these lots; the count of lots. Only the unspent rest goes, so a second run finds nothing."""
    ledger.lock_all(set(db.session.scalars(select(LeaveLot.person_id).where(LeaveLot.id.in_(lot_ids)))))
    past = platform.rows(_PAST, {"lot_ids": lot_ids})
    released = policies.by_kind()
    ended = [(row, lot, held, found) for row, lot, held, found in _ended(past, released)]
    entries.write([one for row, lot, held, found in ended for one in _entries(row, lot, held, found, made_by)])
    known = people.many(row.person_id for row, *_ in ended)
    paid = [_line(*one, known[one[0].person_id].hired_on, made_by) for one in ended if one[3].paid]
    platform.first_of_many(LeaveSettlement, paid)
    return len(ended)


def _ended(
    past: Sequence[Any], released: Mapping[str, list[Released]]
) -> list[tuple[Any, Lot, Released | None, Lapse]]:
    """Each lot with what becomes of it; what was given up is used up in the order in which lots expire."""
    waived = waivers.waived(sorted({row.person_id for row in past}))
    lengths, found = _lengths(past), []
    for row in past:
        lot = Lot(row.grant_key, row.title, row.expires_on, int(row.rest), row.day_minutes or lengths[row.person_id])
        held = in_force(released.get(row.kind_code, []), row.expires_on)
        key = (row.person_id, row.kind_code, statutory_year(row.grant_key) or 0)
        lapse = lapses.lapse(lot, held.policy if held else None, waived.get(key, 0))
        waived[key] = waived.get(key, 0) - lapse.waived
        found.append((row, lot, held, lapse))
    return found


def _lengths(past: Sequence[Any]) -> dict[str, int]:
    """The working day of those whose lots do not say by which they were counted."""
    today = clock.today()
    ids = sorted({row.person_id for row in past if not row.day_minutes})
    plans = schedule.days(ids, today, today) if ids else {}
    return {one: plans[one, today].full_minutes for one in ids}


def _entries(row: Any, lot: Lot, held: Released | None, found: Lapse, by: str) -> list[dict[str, Any]]:
    moves = (
        (EntryKind.WAIVE, found.waived, lapses.waived_sentence),
        (EntryKind.SETTLE, found.paid, lapses.paid_sentence),
        (EntryKind.EXPIRE, found.dropped, lapses.dropped_sentence),
    )
    version = held.version if held else None
    return [
        entry(row.person_id, row.kind_code, row.id, kind, -minutes, Cause(say(lot, found), by, policy_version=version))
        for kind, minutes, say in moves
        if minutes
    ]


def _line(row: Any, lot: Lot, held: Released | None, found: Lapse, hired_on: date | None, by: str) -> dict[str, Any]:
    sentences = [lapses.paid_sentence(lot, found), *([lapses.waived_sentence(lot, found)] if found.waived else [])]
    trace = {
        "emptied": {row.id: found.paid},
        "exact": str(found.days),
        "day_minutes": lot.day_minutes,
        "sentences": sentences,
        "policy_version": held.version if held else 0,
    }
    return {
        "id": new_id(),
        "created_at": clock.now(),
        "person_id": row.person_id,
        "kind_code": row.kind_code,
        "reason": found.reason,
        "cause_key": f"lot:{row.id}:{row.seen}",
        "hired_on": hired_on,
        "due_on": clock.today() - timedelta(days=1),
        "state": SettlementState.DUE,
        "days": shares.decimal(found.days),
        "percent": payout.EXTRA,
        "trace": trace,
        "sealed_pay": None,
        "changed_by": by,
    }


def undo(row: LeaveSettlement, by: str) -> None:
    """What was to be paid is not: its minutes end like any others, so that the ledger still says what happened."""
    cause = Cause(f"{row.due_on.isoformat()} 的到期折算作废，不再支付", by)
    whose = (row.person_id, row.kind_code)
    for lot_id, minutes in row.trace["emptied"].items():
        back, gone = (EntryKind.SETTLE, minutes), (EntryKind.EXPIRE, -minutes)
        entries.write([entry(*whose, lot_id, kind, moved, cause) for kind, moved in (back, gone)])
    ended = update(LeaveSettlement).where(LeaveSettlement.id == row.id)
    platform.changed(ended.values(state=SettlementState.VOID, sealed_pay=None, changed_by=by))
    db.session.expire(row)
