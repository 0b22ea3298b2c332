"""Requests that belong together: leave that goes on with other leave, and leave whose days are changed."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import func, or_, select

from kit.errors import Conflict, NotFound
from models.base import db
from models.enums import HOLDING, LeaveState
from models.leave import LeaveRequest
from services import schedule
from services.leave.life import holding, underway
from services.leave.schemas import Plan

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Links:
    """What other requests mean for a plan: the first of the leave it goes on with, and what the one that it replaces
    holds of each lot."""

    root_id: str | None = None
    held: Mapping[str, int] = field(default_factory=dict)


def links(person_id: str, plan: Plan, editing: str | None = None) -> Links:
    """The links of a plan, checked; no statement for a plan without any."""
    root_id = _extended(person_id, plan, editing) if plan.extends else None
    held = Counter(_replaced(person_id, plan, editing) if plan.replaces else {})
    if editing:  # what it holds comes back before it is measured anew
        held.update({lot.id: lot.rest for lot in holding.held([editing])})
    return Links(root_id, held)


def _mine(person_id: str, request_id: str, kind_code: str) -> LeaveRequest:
    mine = (LeaveRequest.id == request_id, LeaveRequest.person_id == person_id, LeaveRequest.kind_code == kind_code)
    row = db.session.scalars(select(LeaveRequest).where(*mine), execution_options={"populate_existing": True}).first()
    if row is None:
        raise NotFound("没有可以接着请或改期的同种请假，请刷新后再试")
    return row


def _extended(person_id: str, plan: Plan, editing: str | None) -> str:
    """The first request of the leave that goes on; the request that is changed is none of it."""
    named = _mine(person_id, plan.extends or "", plan.kind)
    if editing and editing in (named.id, named.extends_id):
        raise Conflict("一次请假不能接着它自己，请直接修改日期")
    root_id = named.extends_id or named.id
    whole = (or_(LeaveRequest.id == root_id, LeaveRequest.extends_id == root_id), LeaveRequest.id != editing)
    ends = select(func.max(LeaveRequest.last_day)).where(*whole, LeaveRequest.state.in_(HOLDING))
    last = db.session.scalar(ends.where(LeaveRequest.last_day < plan.first_day))
    if named.state not in HOLDING or last is None or plan.first_day <= named.last_day:
        raise Conflict("续假要从原来的假期结束之后开始，且原来的假期没有取消")
    between = schedule.days([person_id], last + ONE_DAY, plan.first_day - ONE_DAY)
    if any(day.is_working for day in between.values()):
        raise Conflict("续假和原来的假期之间有工作日，请直接申请新的假")
    return root_id


def _replaced(person_id: str, plan: Plan, editing: str | None) -> dict[str, int]:
    """What the approved request whose days are changed holds; it has nothing else under way."""
    old = _mine(person_id, plan.replaces or "", plan.kind)
    if old.state != LeaveState.APPROVED:
        raise Conflict("只有已批准的请假可以改期；审批中的请直接修改")
    if underway.cancellation_of(old.id) or underway.change_of(old.id) not in (None, editing):
        raise Conflict("这次请假的销假或改期正在审批，请等待结果或先撤回")
    return {lot.id: lot.rest for lot in holding.held([old.id])}
