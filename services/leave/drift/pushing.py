"""Writing our amounts into WeCom, where HR switched it on: asked for, read again, written, and told in the audit trail.

What is written is computed at the last moment from what the person has here then. If WeCom's amount is no longer the
one that was compared, somebody took or gave leave there meanwhile: nothing is written and HR is told to compare again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select, update

from kit import clock
from kit.errors import Conflict, NotFound
from models.base import db
from models.enums import PushState
from models.leave import LeaveDrift, LeaveVacation
from services import people, platform
from services.leave.drift import ours, rules
from services.people import Actor, Permission, System

PUSH = "leave.push_quota"
JOB = System("leave.push")
SWITCHED_OFF = "写入已关闭，或对应关系已改变"
CHANGED = "对账后企业微信里的余额变了（{before} → {now}），没有写入，请重新对账"
ALREADY = "再次读取时企业微信里已是这个数"
GONE = "企业微信里不再有这个人的这种假期"
REFUSED = "企业微信拒绝了写入：{reason}"

Payload = dict[str, Any]


@dataclass(frozen=True)
class Order:
    """What to write for whom, in WeCom's seconds, and what must still be there."""

    userid: str
    vacation_id: int
    is_hourly: bool
    expected: int
    target: int


def promise_all(rows: Sequence[dict[str, Any]]) -> None:
    """Promises those new differences that are written without being asked."""
    waiting = [row["id"] for row in rows if row["push_state"] == PushState.WAITING]
    platform.promise_many(PUSH, [({"drift": one}, f"{PUSH}:{one}") for one in waiting], platform.Terms(priority=9))


def push(actor: Actor, drift_id: str) -> None:
    """HR has our amount written for one difference; `Conflict` unless its kind is switched on and it is still open."""
    actor.require(Permission.LEAVE_DRIFT_PUSH)
    row = _reachable(actor, drift_id)
    vacation = db.session.get(LeaveVacation, row.vacation_id) if row.vacation_id else None
    if row.cause not in rules.PUSHABLE:
        raise Conflict("这一条写入企业微信也消除不了，请按原因处理")
    if not _is_on(vacation, row):
        raise Conflict("这种假没有开启写入，请先在“对应与写入”里开启")
    is_open = or_(LeaveDrift.push_state.is_(None), LeaveDrift.push_state == PushState.REFUSED)
    asked = update(LeaveDrift).where(LeaveDrift.id == row.id, is_open)
    if not platform.changed(asked.values(push_state=PushState.WAITING, push_note=None)):
        raise Conflict("这一条已经在写入或已写入，请刷新后查看")
    platform.promise(PUSH, {"drift": row.id})
    platform.audit.record(actor, "leave.drift.push", row.id, person_id=row.person_id)


def _reachable(actor: Actor, drift_id: str) -> LeaveDrift:
    reach = people.within(actor, Permission.LEAVE_DRIFT_PUSH)
    row = db.session.scalars(select(LeaveDrift).where(LeaveDrift.id == drift_id, LeaveDrift.person_id.in_(reach)))
    found = row.first()
    if found is None:
        raise NotFound()
    return found


def _is_on(vacation: LeaveVacation | None, row: LeaveDrift) -> bool:
    return vacation is not None and vacation.pushes and vacation.kind_code == row.kind_code


def order(drift_id: str) -> Order | None:
    """What is to be written now; `None` when it was switched off meanwhile."""
    row = db.session.get_one(LeaveDrift, drift_id, populate_existing=True)
    vacation = db.session.get(LeaveVacation, row.vacation_id, populate_existing=True)
    if vacation is None or not _is_on(vacation, row) or vacation.is_hourly != row.is_hourly:
        return None
    return Order(
        userid=people.get(row.person_id).userid,
        vacation_id=vacation.vacation_id,
        is_hourly=row.is_hourly,
        expected=row.theirs or 0,
        target=_target(row),
    )


def _target(row: LeaveDrift) -> int:
    mine = ours.of([row.person_id])[row.person_id].get(row.kind_code or "")
    left = mine.counted(is_hourly=row.is_hourly).left if mine else 0
    return rules.target(left, is_hourly=row.is_hourly)


def heard(payload: Payload, answer: Payload) -> None:
    """Notes what became of it; old and new go into the audit trail when something was written."""
    row = _locked(payload["drift"])
    now, expected, written = (answer.get(name) for name in ("now", "expected", "written"))
    if written is None or expected is None:
        _settle(row, PushState.REFUSED, note=_why(row, now, expected))
        return
    _settle(row, PushState.PUSHED, note=ALREADY if now == written else None, values=(expected, written))
    before, after = ({"left": rules.words(one, is_hourly=row.is_hourly)} for one in (expected, written))
    platform.audit.record(JOB, "leave.drift.pushed", row.id, person_id=row.person_id, before=before, after=after)


def _why(row: LeaveDrift, now: int | None, expected: int | None) -> str:
    if expected is None:
        return SWITCHED_OFF
    if now is None:
        return GONE
    before, there = (rules.words(one, is_hourly=row.is_hourly) for one in (expected, now))
    return CHANGED.format(before=before, now=there)


def refused(payload: Payload, reason: str) -> None:
    """WeCom said no for good."""
    _settle(_locked(payload["drift"]), PushState.REFUSED, note=REFUSED.format(reason=reason))


def _locked(drift_id: str) -> LeaveDrift:
    found = select(LeaveDrift).where(LeaveDrift.id == drift_id).with_for_update()
    return db.session.scalars(found, execution_options={"populate_existing": True}).one()


def _settle(row: LeaveDrift, state: PushState, *, note: str | None, values: tuple[Any, Any] = (None, None)) -> None:
    row.push_state, row.push_note, row.pushed_at = state, note[:300] if note else None, clock.now()
    row.pushed_from, row.pushed_to = values
