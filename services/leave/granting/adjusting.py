"""What HR gives and takes by hand: leave as a lot of its own, or minutes from the lots that expire first."""

from datetime import date

from sqlalchemy import select

from kit import clock
from kit.errors import Forbidden, Invalid
from kit.ids import new_id
from kit.text import clip
from models.base import db
from models.enums import EntryKind, LeaveUnit
from services import people, platform, schedule
from services.leave import ledger, rules
from services.leave.ledger import Cause, Grant
from services.leave.rulebook import catalog
from services.leave.rules import InsufficientBalance
from services.leave.schemas import Adjust
from services.people import AnyActor, Permission

FOREVER = date(9999, 12, 31)
NOT_ONESELF = "不能给自己发放或调整假期，请由另一位人事处理"


def adjust(actor: AnyActor, wish: Adjust) -> None:
    """HR gives leave as a lot of its own, or takes it from the lots that expire first; never below zero."""
    actor.require(Permission.LEAVE_BALANCE_ADJUST)
    person_id, kind = _adjustable(actor, wish.person_id), catalog.named(wish.kind)
    if not kind.rules.needs_balance:
        raise Invalid(f"{kind.name}不需要额度，不用调整")
    today = clock.today()
    unit = rules.HOUR if kind.rules.unit is LeaveUnit.HOUR else schedule.day(person_id, today).full_minutes
    minutes = wish.amount * unit
    if not minutes or minutes != minutes.to_integral_value():
        raise Invalid("调整数量不能为零，且要能换算成整分钟")
    ledger.lock(person_id)
    if minutes > 0:
        _give(actor, wish, int(minutes), kind.version)
    else:
        _take_away(actor, wish, -int(minutes))
    after = {"kind": kind.code, "minutes": int(minutes), "reason": wish.reason}
    platform.audit.record(actor, "leave.balance.adjust", person_id, person_id=person_id, after=after)


def _adjustable(actor: AnyActor, person_id: str) -> str:
    reach = people.within(actor, Permission.LEAVE_BALANCE_ADJUST).subquery()
    if db.session.scalar(select(reach).where(reach.c.id == person_id)) is None:
        raise Invalid("没有这位员工，或不在您的管理范围内")
    check_other(actor, person_id)
    return person_id


def check_other(actor: AnyActor, person_id: str | None) -> None:
    """Nobody gives leave to themselves, by whatever way; `Forbidden` otherwise."""
    if actor.label == person_id:
        raise Forbidden(NOT_ONESELF)


def _give(actor: AnyActor, wish: Adjust, minutes: int, kind_version: int) -> None:
    expires_on = wish.expires_on or FOREVER
    if expires_on < clock.today():
        raise Invalid("有效期不能早于今天")
    given = Grant(
        key=f"adjust:{new_id()}",
        person_id=wish.person_id,
        kind_code=wish.kind,
        title=clip(wish.reason, 60),
        starts_on=clock.today().replace(month=1, day=1),
        expires_on=expires_on,
        minutes=minutes,
        sentence=f"人事调整：{wish.reason}",
        kind_version=kind_version,
    )
    ledger.grant([given], actor.label, EntryKind.ADJUST)


def _take_away(actor: AnyActor, wish: Adjust, minutes: int) -> None:
    taken: dict[str, int] = {}
    left = minutes
    for lot in sorted(ledger.lots(wish.person_id, wish.kind, clock.today()), key=lambda lot: lot.expires_on):
        part = min(left, max(0, lot.rest))
        taken |= {lot.id: part} if part else {}
        left -= part
    if left:
        raise InsufficientBalance("可用余额不够扣减，请先核对台账", needed=minutes, available=minutes - left)
    cause = Cause(f"人事调整：{wish.reason}", actor.label)
    ledger.take(wish.person_id, wish.kind, EntryKind.ADJUST, taken, cause)
