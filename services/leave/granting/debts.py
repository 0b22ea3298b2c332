"""Leave taken ahead of its grant, where a policy allows it: a lot below zero, paid back by the next grant.

A debt is a lot like any other, only that it never rises above zero and never expires: what would lift it above zero
goes back to the lots that paid (lesson 2 of other systems).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import func, select

from kit import clock
from kit.ids import new_id
from models.base import db
from models.enums import EntryKind
from models.leave import LeaveEntry, LeaveLot
from services import platform
from services.leave.entries import REST, Cause, entry, write
from services.leave.granting import policies
from services.leave.granting.rules.policy import in_force
from services.leave.rules import Spending

ALWAYS, FOREVER = date(1900, 1, 1), date(9999, 12, 31)  # leave may be asked for afterwards, so a debt has no beginning
PREFIX, TITLE = "debt:", "预支"
SOURCE = "公司休假制度"


def _key(person_id: str, code: str) -> str:
    return f"{PREFIX}{code}:{person_id}"


def cover(person_id: str, code: str, spending: Spending, held: Mapping[str, int]) -> Spending:
    """The same spending with what no lot covers borrowed, where the policy's limit allows all of it.

    What the request that it replaces holds of each lot (`held`) is not owed twice.
    """
    released = in_force(policies.of_kind(code), clock.today())
    limit = released.policy.debt_minutes if released else 0
    if not limit or _owed(person_id, code, held) + spending.short > limit:
        return spending
    return replace(spending, short=0, borrowed=spending.short)


def _owed(person_id: str, code: str, held: Mapping[str, int]) -> int:
    lot_id, rest = _debt(person_id, code)
    return max(0, -rest - held.get(lot_id, 0))


def owed(person_id: str, code: str) -> int:
    """How many minutes somebody has borrowed and not paid back."""
    return _owed(person_id, code, {})


def _debt(person_id: str, code: str) -> tuple[str, int]:
    """The lot of somebody's debt and what its entries come to; no lot for who never borrowed."""
    mine = select(LeaveLot.id, REST.label("rest")).where(LeaveLot.grant_key == _key(person_id, code))
    return next(((row.id, int(row.rest)) for row in platform.rows(mine)), ("", 0))


def to_borrow(person_id: str, code: str, spending: Spending, held: Mapping[str, int]) -> int:
    """What is to be borrowed now: of what the replaced request has borrowed already only the difference."""
    if not spending.borrowed or not held:
        return spending.borrowed
    lot_id, _ = _debt(person_id, code)
    return max(0, spending.borrowed + spending.taken.get(lot_id, 0) - held.get(lot_id, 0))


def borrow(person_id: str, code: str, minutes: int, cause: Cause) -> None:
    """Takes minutes ahead; the caller has locked the account."""
    if not minutes:
        return
    platform.first(
        LeaveLot, id=new_id(), created_at=clock.now(), person_id=person_id, kind_code=code,
        grant_key=_key(person_id, code), title=TITLE, starts_on=ALWAYS,
        expires_on=FOREVER, kind_version=None, day_minutes=None,
    )  # fmt: skip
    lot_id = db.session.scalars(select(LeaveLot.id).where(LeaveLot.grant_key == _key(person_id, code))).one()
    said = replace(cause, sentence=f"{cause.sentence}；余额不足部分预支，由下一次发放扣抵（{SOURCE}）")
    write([entry(person_id, code, lot_id, EntryKind.HOLD, -minutes, said)])


@dataclass(frozen=True)
class Fresh:
    """A lot just granted, out of which a debt is paid first."""

    id: str
    person_id: str
    kind_code: str
    title: str
    minutes: int


def indebted(fresh: Iterable[Fresh]) -> dict[tuple[str, str], tuple[str, int]]:
    """The debts of those who were just granted something, by person and kind: the lot and what is owed."""
    keys = {_key(one.person_id, one.kind_code) for one in fresh if one.minutes > 0}
    found = select(LeaveLot.person_id, LeaveLot.kind_code, LeaveLot.id, REST.label("rest"))
    rows = platform.rows(found.where(LeaveLot.grant_key.in_(keys))) if keys else []
    return {(row.person_id, row.kind_code): (row.id, -int(row.rest)) for row in rows if row.rest < 0}


def repay(fresh: list[Fresh], debts: dict[tuple[str, str], tuple[str, int]], made_by: str) -> None:
    """Pays debts out of new lots, under the accounts that the caller has locked."""
    left, written = dict(debts), []
    for lot in fresh:
        debt_id, owing = left.get((lot.person_id, lot.kind_code), ("", 0))
        paid = min(owing, lot.minutes)
        if paid > 0:
            cause = Cause(f"“{lot.title}”扣抵此前预支（{SOURCE}）", made_by)
            whose = (lot.person_id, lot.kind_code)
            written += [entry(*whose, lot.id, EntryKind.REPAY, -paid, cause)]
            written += [entry(*whose, debt_id, EntryKind.REPAY, paid, cause)]
            left[whose] = (debt_id, owing - paid)
    write(written)


def give_back(person_id: str, code: str, made_by: str) -> None:
    """What a debt got back beyond what was still owed returns to the lots that paid, the last to expire first."""
    debt = select(LeaveLot.id, REST.label("rest")).where(LeaveLot.grant_key == _key(person_id, code))
    found = platform.rows(debt)
    over = int(found[0].rest) if found else 0
    if over <= 0:
        return
    written, cause = [], Cause("预支的假已退回，归还此前扣抵的额度", made_by)
    for lot_id, paid in _payers(person_id, code, found[0].id):
        part = min(over, paid)
        written += [entry(person_id, code, lot_id, EntryKind.REPAY, part, cause)] if part else []
        over -= part
    total = sum(one["minutes"] for one in written)
    write([*written, entry(person_id, code, found[0].id, EntryKind.REPAY, -total, cause)])


def _payers(person_id: str, code: str, debt_id: str) -> list[tuple[str, int]]:
    paid = func.sum(-LeaveEntry.minutes)
    rows = db.session.execute(
        select(LeaveLot.id, paid)
        .join(LeaveEntry, LeaveEntry.lot_id == LeaveLot.id)
        .where(LeaveLot.person_id == person_id, LeaveLot.kind_code == code, LeaveLot.id != debt_id)
        .where(LeaveEntry.kind == EntryKind.REPAY)
        .group_by(LeaveLot.id, LeaveLot.expires_on)
        .having(paid > 0)
        .order_by(LeaveLot.expires_on.desc(), LeaveLot.id)
    )
    return [(lot_id, int(minutes)) for lot_id, minutes in rows]


def forgive(person_id: str, code: str, made_by: str) -> None:
    """Ends a debt at leaving: nothing is asked back (Decree 1 of 2008 art. 12)."""
    owing = owed(person_id, code)
    if owing:
        lot_id = db.session.scalars(select(LeaveLot.id).where(LeaveLot.grant_key == _key(person_id, code))).one()
        cause = Cause("离职，预支的假不扣回（《企业职工带薪年休假实施办法》第十二条）", made_by)
        write([entry(person_id, code, lot_id, EntryKind.SETTLE, owing, cause)])
