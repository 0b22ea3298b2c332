"""Settlements as HR and payroll see them: the days with their reckoning, the amount once payroll knows the wage.

They come from leaving (`settling`) and from leave past its last day (`lapsing`).
"""

import json
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any

from pydantic import Field
from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import undefer

from kit import clock
from kit.errors import Conflict, Invalid, NotFound
from kit.money import Money
from kit.pages import Page, PageQuery
from kit.schema import Amount, Day, Identifier, Line, View, Wish
from models.base import db
from models.enums import SettlementReason, SettlementState
from models.leave_pay import LeaveSettlement
from services import people, platform
from services.leave.granting import lapsing, settling
from services.leave.granting.rules import payout
from services.people import Actor, AnyActor, Permission

STATES = {SettlementState.DUE: "待核算", SettlementState.PRICED: "已核算", SettlementState.VOID: "已作废"}
REASONS = {
    SettlementReason.LEAVING: "离职未休年假",
    SettlementReason.EXPIRED: "到期未休年假",
    SettlementReason.OVERTIME: "到期未补休加班",
}
_ORDER = platform.keyset.Order(LeaveSettlement.due_on, date, LeaveSettlement.id)


class SettlementsQuery(PageQuery):
    """Which settlements, those due last first."""

    reason: SettlementReason | None = None
    state: SettlementState | None = None
    person: Annotated[Line, Field(max_length=64)] | None = None
    format: str | None = Field(None, pattern=r"^(csv|xlsx)$")


class SettlementOut(View):
    """The days that became pay, why, and how they were reckoned; never an amount.

    `percent` of a day's wage is paid for each. `due_on` is the last day of the employment, or of the leave.
    """

    id: Identifier
    person_id: str
    person_name: str
    department: str
    kind_code: str
    reason: SettlementReason
    hired_on: date | None
    due_on: date
    state: SettlementState
    days: Decimal
    percent: int
    sentences: list[str]
    policy_version: int


class Price(Wish):
    """The monthly wage: the average of twelve months without overtime pay; for overtime that of the contract."""

    average_wage: Amount


class Restate(Wish):
    """The true last day of an employment."""

    left_on: Day


class PricedOut(View):
    """The pay line: what payroll puts on the last payslip, with its arithmetic."""

    settlement: SettlementOut
    average_wage: Money
    amount: Money
    sentence: str

    model_config = View.model_config | {"arbitrary_types_allowed": True}


_COLUMNS = select(
    LeaveSettlement.id, LeaveSettlement.person_id, LeaveSettlement.kind_code, LeaveSettlement.reason,
    LeaveSettlement.hired_on, LeaveSettlement.due_on, LeaveSettlement.state, LeaveSettlement.days,
    LeaveSettlement.percent, LeaveSettlement.trace,
)  # fmt: skip


def listing(actor: Actor, query: SettlementsQuery) -> Page[SettlementOut]:
    """The settlements within reach."""
    page = _found(actor, query).page(query)
    return Page(items=_views(page.rows), next_cursor=page.next_cursor)


def exported(actor: Actor, query: SettlementsQuery, most: int = 10_000) -> list[SettlementOut]:
    """All of them, for a file; an audited act."""
    rows = _found(actor, query).first(most)
    platform.audit.record(actor, "leave.settlement.export", "leave_settlement", after={"rows": len(rows)})
    return _views(rows)


def _found(actor: Actor, query: SettlementsQuery) -> platform.keyset.Listing:
    actor.require(Permission.LEAVE_SETTLEMENT_READ)
    wanted = _COLUMNS.where(_reach(actor, Permission.LEAVE_SETTLEMENT_READ))
    if query.reason:
        wanted = wanted.where(LeaveSettlement.reason == query.reason)
    if query.state:
        wanted = wanted.where(LeaveSettlement.state == query.state)
    if query.person:
        wanted = wanted.where(LeaveSettlement.person_id.in_(people.matching(query.person)))
    return platform.keyset.Listing(wanted, _ORDER, is_down=True)


def detail(actor: Actor, settlement_id: str) -> SettlementOut:
    """One settlement with its reckoning."""
    return _views([_one(actor, settlement_id, Permission.LEAVE_SETTLEMENT_READ)])[0]


def price(actor: Actor, settlement_id: str, wish: Price) -> PricedOut:
    """Payroll enters the average wage: the amount is reckoned and sealed with it."""
    row = _one(actor, settlement_id, Permission.LEAVE_SETTLEMENT_PRICE)
    if row.state == SettlementState.VOID:
        raise Conflict("这次折算已作废，不能核算金额")
    if wish.average_wage.fen <= 0:
        raise Invalid("请填写大于零的月工资")
    reckon = payout.overtime if row.reason == SettlementReason.OVERTIME else payout.pay
    line = reckon(wish.average_wage, _exact(row), row.percent)
    kept = {"average": wish.average_wage.fen, "amount": line.amount.fen, "sentence": line.sentence}
    sealed = platform.vault.sealer().seal(_context(row.id), json.dumps(kept, ensure_ascii=False).encode())
    priced = update(LeaveSettlement).where(LeaveSettlement.id == row.id, LeaveSettlement.state != SettlementState.VOID)
    values = {"state": SettlementState.PRICED, "sealed_pay": sealed, "changed_by": actor.label}
    if not platform.changed(priced.values(**values)):
        raise Conflict("这次折算刚被他人作废，请刷新后再看")
    db.session.expire(row)
    platform.audit.record(actor, "leave.settlement.price", row.id, person_id=row.person_id)
    return _priced(row)


def _exact(row: LeaveSettlement) -> Fraction:
    """The days, without what a column of two decimals cuts off."""
    return Fraction(row.trace.get("exact") or row.days)


def priced(actor: Actor, settlement_id: str) -> PricedOut:
    """The pay line of a settlement; looking is audited."""
    row = _one(actor, settlement_id, Permission.LEAVE_SETTLEMENT_PRICE)
    if row.sealed_pay is None:
        raise NotFound("还没有核算金额")
    platform.audit.record(actor, "leave.settlement.read", row.id, person_id=row.person_id)
    return _priced(row)


def _priced(row: LeaveSettlement) -> PricedOut:
    kept = _opened(row)
    money = {"average_wage": Money(kept["average"]), "amount": Money(kept["amount"])}
    return PricedOut(settlement=_views([row])[0], sentence=kept["sentence"], **money)


def _opened(row: LeaveSettlement) -> dict[str, Any]:
    assert row.sealed_pay is not None
    kept: dict[str, Any] = json.loads(platform.vault.sealer().open(_context(row.id), row.sealed_pay))
    return kept


def _context(settlement_id: str) -> str:
    return f"leave_settlement:{settlement_id}"


def void(actor: Actor, settlement_id: str) -> None:
    """Takes a settlement back. Somebody did not leave after all: the days return to their lots. Leave past its last day
    stays ended and is paid no more."""
    row = _one(actor, settlement_id, Permission.LEAVE_BALANCE_ADJUST, lock=True)
    if row.state == SettlementState.VOID:
        raise Conflict("这次折算已经作废")
    undo = settling.undo if row.reason == SettlementReason.LEAVING else lapsing.undo
    undo(row, actor.label)
    platform.audit.record(actor, "leave.settlement.void", row.id, person_id=row.person_id)


def restate(actor: Actor, settlement_id: str, wish: Restate) -> None:
    """Reckons again with the true last day."""
    row = _one(actor, settlement_id, Permission.LEAVE_BALANCE_ADJUST, lock=True)
    if row.reason != SettlementReason.LEAVING or row.hired_on is None:
        raise Conflict("只有离职折算可以按最后工作日重新折算")
    if not row.hired_on <= wish.left_on <= clock.today():
        raise Invalid("最后工作日应在入职日期和今天之间")
    person = people.get(row.person_id)
    if person.hired_on != row.hired_on:
        raise Conflict("员工的入职日期已经改变，不能重新折算这一段任职")
    if row.state != SettlementState.VOID:
        settling.undo(row, actor.label)
    settling.settle(person, wish.left_on, actor.label)
    after = {"left_on": wish.left_on.isoformat()}
    platform.audit.record(actor, "leave.settlement.restate", row.id, person_id=row.person_id, after=after)


def _one(actor: AnyActor, settlement_id: str, permission: Permission, *, lock: bool = False) -> LeaveSettlement:
    actor.require(permission)
    wanted = select(LeaveSettlement).where(LeaveSettlement.id == settlement_id, _reach(actor, permission))
    fresh = {"populate_existing": True}
    row = db.session.scalars(wanted.with_for_update() if lock else wanted, execution_options=fresh).first()
    if row is None:
        raise NotFound()
    return row


def _reach(actor: AnyActor, permission: Permission) -> ColumnElement[bool]:
    return LeaveSettlement.person_id.in_(people.within(actor, permission))


def _views(rows: Sequence[Any]) -> list[SettlementOut]:
    known = people.many(row.person_id for row in rows)
    return [
        SettlementOut(
            id=row.id,
            person_id=row.person_id,
            person_name=known[row.person_id].name,
            department=known[row.person_id].department_name,
            kind_code=row.kind_code,
            reason=row.reason,
            hired_on=row.hired_on,
            due_on=row.due_on,
            state=row.state,
            days=row.days,
            percent=row.percent,
            sentences=row.trace["sentences"],
            policy_version=row.trace["policy_version"],
        )
        for row in rows
    ]


class PayLineOut(View):
    """A line for a payslip; without an amount while nobody has entered the wage."""

    settlement_id: str
    person_id: str
    reason: SettlementReason
    due_on: date
    days: Decimal
    percent: int
    amount: Money | None
    sentences: list[str]

    model_config = View.model_config | {"arbitrary_types_allowed": True}


def pay_lines(first: date, last: date) -> list[PayLineOut]:
    """What falls due between two days, for payroll's own reckoning: no permission is asked here."""
    rows = db.session.scalars(
        select(LeaveSettlement)
        .options(undefer(LeaveSettlement.sealed_pay))
        .where(LeaveSettlement.due_on.between(first, last), LeaveSettlement.state != SettlementState.VOID)
        .order_by(LeaveSettlement.due_on, LeaveSettlement.id)
    )
    return [_pay_line(row) for row in rows if row.days]


def _pay_line(row: LeaveSettlement) -> PayLineOut:
    kept = _opened(row) if row.sealed_pay is not None else None
    return PayLineOut(
        settlement_id=row.id,
        person_id=row.person_id,
        reason=row.reason,
        due_on=row.due_on,
        days=row.days,
        percent=row.percent,
        amount=Money(kept["amount"]) if kept else None,
        sentences=[*row.trace["sentences"], *([kept["sentence"]] if kept else [])],
    )


def amounts(settlement_ids: Sequence[str]) -> dict[str, Money]:
    """The amounts of those whose wage has been entered, for payroll's own reckoning: no permission is asked here."""
    wanted = select(LeaveSettlement).options(undefer(LeaveSettlement.sealed_pay))
    rows = db.session.scalars(wanted.where(LeaveSettlement.id.in_(settlement_ids))) if settlement_ids else ()
    return {row.id: Money(_opened(row)["amount"]) for row in rows if row.sealed_pay is not None}
