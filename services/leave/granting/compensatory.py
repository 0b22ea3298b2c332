"""Time off for overtime: a lot for each piece of overtime, good for as long as the policy says after the day worked.

Only work on a rest day can be made up for by time off: workday overtime and statutory holidays are paid
(Labour Law art. 44; china-hr-rules 3.3).
"""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import func, select

from kit.errors import Conflict, Invalid
from models.base import db
from models.enums import Basis, DayKind, EntryKind
from models.leave import LeaveAccount, LeaveEntry, LeaveLot
from services import platform, schedule
from services.leave import ledger
from services.leave.granting import policies
from services.leave.granting.rules.policy import Released, in_force
from services.leave.ledger import REST, Correction, Grant
from services.people import System
from services.schedule import DayPlan

RESTING = {DayKind.REST_DAY: "休息日", DayKind.ADJUSTED_REST_DAY: "调休放假日"}
OVERTIME = System("leave.overtime")
SOURCE = "《劳动法》第四十四条第二项"
GIVEN = (EntryKind.GRANT, EntryKind.CORRECT)


def grant_compensatory(person_id: str, minutes: int, worked_on: date, key: str) -> bool:
    """Gives time off for overtime of so many minutes on a day; says whether it is new under this key.

    `Invalid` when the day was no rest day, `Conflict` when the company gives no time off for overtime.
    """
    return bool(ledger.grant([due(person_id, minutes, worked_on, key)], OVERTIME.label))


def bring_compensatory(person_id: str, minutes: int, worked_on: date, key: str) -> int:
    """Brings the time off for a piece of overtime to so many minutes, writing the difference; says what is given now.

    What was used already stays given. `Conflict` and `Invalid` as from `grant_compensatory`, when it would be new.
    """
    hold([person_id])
    lot = _lot_given(key)
    if lot is None:
        if minutes:
            grant_compensatory(person_id, minutes, worked_on, key)
        return minutes
    given = int(lot.given)
    change = max(minutes - given, -int(lot.rest))
    if change:
        sentence = f"{worked_on.isoformat()} 加班核定由 {given} 分钟改为 {minutes} 分钟，调休随之更正 {change:+d} 分钟"
        ledger.correct([Correction(lot.id, person_id, lot.kind_code, change, sentence)], OVERTIME.label)
    return given + change


def hold(person_ids: Collection[str]) -> None:
    """Holds the leave of these people until the transaction ends: whoever counts their overtime may move it."""
    platform.first_of_many(LeaveAccount, [{"person_id": one} for one in sorted(person_ids)])
    ledger.lock_all(set(person_ids))


def _lot_given(key: str) -> Any:
    """The lot for a piece of overtime: what was given, and what is left of it."""
    given = (
        select(func.coalesce(func.sum(LeaveEntry.minutes), 0))
        .where(LeaveEntry.lot_id == LeaveLot.id, LeaveEntry.kind.in_(GIVEN))
        .correlate(LeaveLot)
        .scalar_subquery()
    )
    lots = select(LeaveLot.id, LeaveLot.kind_code, given.label("given"), REST.label("rest"))
    return db.session.execute(lots.where(LeaveLot.grant_key == key_of(key))).first()


def due(person_id: str, minutes: int, worked_on: date, key: str) -> Grant:
    """What such overtime earns; nothing is given yet. Refuses like `grant_compensatory`."""
    if minutes <= 0:
        raise Invalid("加班时长要大于零")
    plan = schedule.day(person_id, worked_on)
    if plan.kind not in RESTING:
        raise Invalid(f"{worked_on.isoformat()} 不是休息日，加班应支付加班费，不能换调休（{SOURCE}）")
    return _lot(person_id, minutes, plan, key)


def key_of(key: str) -> str:
    """What the ledger calls the grant for this piece of overtime."""
    return f"overtime:{key}"


def _policy(on: date) -> Released:
    held = [in_force(known, on) for known in policies.by_kind().values()]
    found = next((one for one in held if one and one.policy.basis is Basis.OVERTIME), None)
    if found is None:
        raise Conflict("公司没有启用调休，加班请按规定支付加班费")
    return found


def _lot(person_id: str, minutes: int, plan: DayPlan, key: str) -> Grant:
    worked_on, released = plan.day, _policy(plan.day)
    until = released.policy.good_until(worked_on, is_company=False)
    name, rule = released.kind_name, f"{released.kind_name}发放规则第 {released.version} 版"
    return Grant(
        key=key_of(key),
        person_id=person_id,
        kind_code=released.kind_code,
        title=f"{worked_on.month}月{worked_on.day}日加班{name}",
        starts_on=worked_on,
        expires_on=until,
        minutes=minutes,
        sentence=f"{worked_on.isoformat()} {RESTING[plan.kind]}加班 {minutes} 分钟，按 1:1 换{name}，"
        f"{until.isoformat()} 前有效（{SOURCE}）；{rule}",
        policy_version=released.version,
        day_minutes=plan.full_minutes,
    )
