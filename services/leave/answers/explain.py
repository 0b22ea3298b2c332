"""Why somebody has what they have: a balance opens to its lots, a lot to its entries, an entry to its request and days.

Each part names the version of the rules that measured it and the sentence with its source. Nothing is computed that
the ledger does not hold: what is shown adds up to the balance.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, select

from kit import clock
from kit.errors import NotFound
from kit.schema import View, Wish
from models.enums import EntryKind
from models.leave import LeaveEntry, LeaveKind, LeaveLot, LeaveRequest, LeaveSegment
from services import platform, schedule
from services.leave import access, rules
from services.leave.rulebook.catalog import VERSION, Kind, as_of
from services.leave.schemas import Code, DayOut
from services.people import Actor

MOVES = {
    EntryKind.GRANT: "发放",
    EntryKind.ADJUST: "人事调整",
    EntryKind.HOLD: "申请占用",
    EntryKind.RELEASE: "退回",
    EntryKind.EXPIRE: "到期失效",
    EntryKind.CORRECT: "重新核定",
    EntryKind.REPAY: "抵还透支",
    EntryKind.SETTLE: "折算工资",
    EntryKind.WAIVE: "声明不休",
}
GIVING = (EntryKind.GRANT, EntryKind.CORRECT)


class WhyQuery(Wish):
    """Which kind is asked about."""

    kind: Code


class MoveOut(View):
    """An entry of a lot: what it moved, what was left then, why, and by which version of the rules."""

    at: datetime
    title: str
    minutes: int
    length: str
    left: str
    cause: str
    rules_version: int | None
    request_id: str | None
    days: list[DayOut]


class LotStory(View):
    """A grant from its first entry to what is left of it."""

    id: str
    title: str
    starts_on: date
    expires_on: date
    minutes: int
    length: str
    is_past: bool
    rules_version: int | None
    moves: list[MoveOut]


class WhyOut(View):
    """A balance with everything that made it; `formula` is the sum of the lots that can still be taken."""

    kind: str
    kind_name: str
    rules_version: int
    source: str
    day_minutes: int
    minutes: int
    length: str
    formula: str
    lots: list[LotStory]


_STORY = (
    select(
        *VERSION, LeaveLot.id, LeaveLot.title, LeaveLot.starts_on, LeaveLot.expires_on, LeaveLot.kind_version,
        LeaveEntry.kind, LeaveEntry.minutes, LeaveEntry.cause, LeaveEntry.created_at, LeaveEntry.request_id,
        LeaveRequest.kind_version.label("measured_by"),
    )
    .outerjoin(LeaveLot, (LeaveLot.kind_code == LeaveKind.code) & (LeaveLot.person_id == bindparam("person_id"))
               & (LeaveLot.expires_on >= bindparam("since")))
    .outerjoin(LeaveEntry, LeaveEntry.lot_id == LeaveLot.id)
    .outerjoin(LeaveRequest, LeaveRequest.id == LeaveEntry.request_id)
    .where(LeaveKind.code == bindparam("code"))
    .order_by(LeaveLot.expires_on, LeaveLot.id, LeaveEntry.seq)
)  # fmt: skip
_SEGMENTS = (
    select(LeaveSegment.request_id, LeaveSegment.day, LeaveSegment.minutes)
    .where(LeaveSegment.request_id.in_(bindparam("request_ids", expanding=True)))
    .order_by(LeaveSegment.day)
)


def why(actor: Actor, query: WhyQuery, person_id: str | None = None) -> WhyOut:
    """What made the balance of a kind: the actor's, or that of somebody they look after; four statements at most."""
    whose, today = access.balances_of(actor, person_id or actor.person_id), clock.today()
    since = today.replace(month=1, day=1)
    rows = platform.rows(_STORY, {"person_id": whose, "code": query.kind, "since": since})
    if not rows:
        raise NotFound("没有这种假，请刷新后重新选择")
    kind, full = as_of(rows[0].kind_id, rows[0].rules_version), schedule.day(whose, today).full_minutes
    lots = _lots([row for row in rows if row.id is not None], kind, full, today)
    usable = [lot for lot in lots if not lot.is_past and lot.minutes]
    minutes = sum(lot.minutes for lot in usable)
    length = rules.words(minutes, full, kind.rules.unit)
    return WhyOut(
        kind=kind.code,
        kind_name=kind.name,
        rules_version=kind.version,
        source=kind.rules.source,
        day_minutes=full,
        minutes=minutes,
        length=length,
        formula=f"{_sum(usable)} = {length}" if len(usable) > 1 else length,
        lots=lots,
    )


def _sum(lots: Sequence[LotStory]) -> str:
    """5天 + 1.5天; what is owed is taken off."""
    return " + ".join(lot.length for lot in lots).replace("+ -", "− ")


def _lots(rows: Sequence[Any], kind: Kind, full: int, today: date) -> list[LotStory]:
    """The lots that can still be taken, the earliest to expire first; after them those of the past."""
    days = _days_of({row.request_id for row in rows if row.request_id})
    grouped: dict[str, list[Any]] = {}
    for row in rows:
        grouped.setdefault(row.id, []).append(row)
    lots = [_lot(part, kind, full, today, days) for part in grouped.values()]
    return sorted(lots, key=lambda lot: lot.is_past)


def _days_of(request_ids: Iterable[str]) -> dict[str, list[DayOut]]:
    found: dict[str, list[DayOut]] = {}
    wanted = sorted(request_ids)
    for row in platform.rows(_SEGMENTS, {"request_ids": wanted}) if wanted else ():
        found.setdefault(row.request_id, []).append(DayOut(day=row.day, minutes=row.minutes))
    return found


def _lot(rows: Sequence[Any], kind: Kind, full: int, today: date, days: dict[str, list[DayOut]]) -> LotStory:
    lot, left, moves = rows[0], 0, []
    for row in rows:
        if row.kind is not None:
            left += row.minutes
            moves.append(_move(row, left, kind, full, days))
    return LotStory(
        id=lot.id,
        title=lot.title,
        starts_on=lot.starts_on,
        expires_on=lot.expires_on,
        minutes=left,
        length=rules.words(left, full, kind.rules.unit),
        is_past=lot.expires_on < today,
        rules_version=lot.kind_version,
        moves=moves,
    )


def _move(row: Any, left: int, kind: Kind, full: int, days: dict[str, list[DayOut]]) -> MoveOut:
    sign, unit = "+" if row.minutes > 0 else "−", kind.rules.unit
    return MoveOut(
        at=row.created_at,
        title=MOVES[EntryKind(row.kind)],
        minutes=row.minutes,
        length=f"{sign}{rules.words(abs(row.minutes), full, unit)}",
        left=rules.words(left, full, unit),
        cause=row.cause,
        rules_version=row.measured_by if row.request_id else _granted_by(row),
        request_id=row.request_id,
        days=days.get(row.request_id or "", []) if row.kind == EntryKind.HOLD else [],
    )


def _granted_by(row: Any) -> int | None:
    """What gives follows the rules that gave the lot; what is past its last day follows the lot alone."""
    return row.kind_version if row.kind in GIVING else None
