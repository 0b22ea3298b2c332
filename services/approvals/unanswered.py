"""What waits for its applicant waits with reminders, and not for ever.

A question that stays without an answer lets the clocks go on; a request that was sent back and is not submitted again
ends refused, so that its owner gives back what it held.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from pydantic import BaseModel, Field
from sqlalchemy import bindparam, func, or_, select

from kit import clock
from models.approvals import ApprovalHistory as History
from models.approvals import ApprovalInstance as Instance
from models.enums import Act, InstanceState
from services import notices, platform
from services.approvals import engine, sweeping, talking, trail
from services.approvals.running import lock
from services.approvals.trail import Entry
from templates_msg import Message

AT_ONCE = 200


class Patience(BaseModel):
    """How long a request waits for its applicant, in days of 24 hours."""

    remind_days: int = Field(2, ge=1, le=30, title="每隔几天提醒申请人")
    question_days: int = Field(7, ge=1, le=90, title="提问后几天没有回答，审批继续计时")
    returned_days: int = Field(30, ge=1, le=180, title="退回后几天没有重新提交，申请自动结束")


SETTING = platform.declare("approvals.applicant", "审批等待申请人回答或修改的时间", Patience())

_returned_at = (
    select(func.max(History.at))
    .where(History.instance_id == Instance.id, History.act == Act.RETURNED)
    .correlate(Instance)
    .scalar_subquery()
)
_WAITING = (
    select(
        Instance.id, Instance.state, Instance.title, Instance.applicant_id, Instance.paused_at, Instance.round,
        _returned_at.label("returned_at"),
    )
    .where(
        or_(
            (Instance.state == InstanceState.PENDING) & Instance.paused_at.is_not(None),
            Instance.state == InstanceState.RETURNED,
        ),
        Instance.id > bindparam("after"),
    )
    .order_by(Instance.id)
    .limit(bindparam("most"))
)  # fmt: skip


def look_after(after: str = "") -> str | None:
    """Reminds applicants, lets clocks go on and ends what they left lying; the last request when there may be more."""
    patience = SETTING.get()
    rows: Sequence[Any] = platform.rows(_WAITING, {"after": after, "most": AT_ONCE})
    for row in rows:
        sweeping.attempt(row.id, "", partial(_look_after, row, patience))
    return rows[-1].id if len(rows) == AT_ONCE else None


def _look_after(row: Any, patience: Patience) -> None:
    is_returned = row.state == InstanceState.RETURNED
    since = row.returned_at if is_returned else row.paused_at
    most = patience.returned_days if is_returned else patience.question_days
    waited = (clock.now() - since).days
    if waited >= most:
        (_end if is_returned else _let_clocks_go_on)(row, most)
    elif waited >= patience.remind_days:
        _remind(row, since, waited // patience.remind_days, most - waited)


def _remind(row: Any, since: datetime, times: int, left: int) -> None:
    returned = f"申请已退回，请修改或说明后重新提交；{left}天后会自动结束"
    words = returned if row.state == InstanceState.RETURNED else f"审批人的问题还没有回答，{left}天后审批继续计时"
    facts = {"title": row.title, "words": words, "link": f"/h5/approvals/{row.id}"}
    key = f"awaited:{row.id}:{since:%Y%m%d%H%M}:{times}"
    notices.notify(row.applicant_id, Message("approvals/awaited", facts), key=key)


def _let_clocks_go_on(row: Any, days: int) -> None:
    running = lock(row.id)
    if running.paused_at is None or running.paused_at != row.paused_at:
        return
    talking.resume(running)
    words = f"申请人{days}天没有回答，审批继续计时"
    trail.note(running.id, Entry(Act.UNANSWERED, comment=words))
    facts = {"name": "系统", "title": running.title, "words": words, "link": f"/h5/approvals/{running.id}"}
    told = talking.asked(running.id, running.subject, running.applicant_id)
    notices.notify(told, Message("approvals/said", facts), key=f"unanswered:{running.id}:{row.paused_at:%Y%m%d%H%M}")


def _end(row: Any, days: int) -> None:
    running = lock(row.id)
    if running.state != InstanceState.RETURNED or running.round != row.round:
        return
    words = f"退回后{days}天没有重新提交，申请自动结束"
    trail.note(running.id, Entry(Act.LAPSED, comment=words))
    engine.finish(running, InstanceState.REJECTED, None, words)
