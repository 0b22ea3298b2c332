"""What a request holds of each lot, brought to other amounts: less of its days, or other days in place of these.

Held minutes are spent like any others, day by day from what expires first, so that what goes back is what lasts longest
and every day that is kept stays covered.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import func, select

from models.base import db
from models.enums import EntryKind
from models.leave import LeaveEntry, LeaveLot
from services.leave import ledger, rules
from services.leave.entries import Cause, entry, write
from services.leave.granting import debts
from services.leave.rules import Lot, Portion


def held(request_ids: Iterable[str]) -> list[Lot]:
    """What these requests hold together of each lot."""
    minutes = func.sum(-LeaveEntry.minutes)
    rows = db.session.execute(
        select(LeaveLot.id, LeaveLot.starts_on, LeaveLot.expires_on, minutes)
        .join(LeaveEntry, LeaveEntry.lot_id == LeaveLot.id)
        .where(LeaveEntry.request_id.in_(list(request_ids)))
        .group_by(LeaveLot.id, LeaveLot.starts_on, LeaveLot.expires_on)
        .having(minutes != 0)
    )
    return [Lot(lot_id, starts_on, expires_on, int(rest)) for lot_id, starts_on, expires_on, rest in rows]


def keep(row: Any, portions: Iterable[Portion], lots: Iterable[Lot], cause: Cause) -> None:
    """The request holds what these portions take of these lots, no more and no less; its account is locked."""
    wanted = rules.spend(list(portions), lots).taken
    _move(row, wanted, cause)


def _move(row: Any, wanted: Mapping[str, int], cause: Cause) -> None:
    now = {lot.id: lot.rest for lot in held([row.id])}
    moved = {lot_id: now.get(lot_id, 0) - wanted.get(lot_id, 0) for lot_id in sorted({*now, *wanted})}
    kinds = {
        lot_id: EntryKind.RELEASE if minutes > 0 else EntryKind.HOLD for lot_id, minutes in moved.items() if minutes
    }
    write([entry(row.person_id, row.kind_code, one, kind, moved[one], cause) for one, kind in kinds.items()])
    debts.give_back(row.person_id, row.kind_code, cause.made_by)


def exchange(old: Any, new: Any, portions: Iterable[Portion], cause: Cause) -> None:
    """The old request gives up what it holds and the new one holds what its days need, in one step."""
    both = held([old.id, new.id])
    ledger.release(old.id, Cause(cause.sentence, cause.made_by, old.id))
    keep(new, portions, both, cause)
