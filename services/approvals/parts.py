"""Approved in part: what an approver leaves of a request. It only becomes less, and a return gives it back."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import bindparam, select, update

from models.approvals import ApprovalInstance as Instance
from models.approvals import ApprovalStep as Step
from models.approvals import ApprovalTask as Task
from models.enums import TaskState
from services import platform
from services.approvals import engine, tasks
from services.approvals.running import Running
from services.approvals.tasks import Given

CHANGED = "内容已变化，请看新卡片"
Shown = Sequence[tuple[str, Given]]
"""Tasks whose cards show the request as it was, by step."""


def keep(running: Running, task_id: str, part: dict[str, Any]) -> Running:
    """The request with less of it left, by the approval of this task."""
    platform.changed(update(Task).where(Task.id == task_id).values(part=part))
    return _leave(running, part)


_STANDING = (
    select(Task.part)
    .join(Step, Step.id == Task.step_id)
    .where(
        Task.instance_id == bindparam("instance_id"),
        Task.state == TaskState.APPROVED,
        Step.round == bindparam("round"),
    )
    .order_by(Task.decided_at, Task.id)
)


def restore(running: Running) -> Running:
    """The request as far as the approvals that still stand leave it: what was voided takes nothing away any more."""
    said = platform.rows(_STANDING, {"instance_id": running.id, "round": running.round})
    standing = [row.part for row in said if row.part]
    part = standing[-1] if standing else None
    return running if part == running.part else _leave(running, part)


def _leave(running: Running, part: dict[str, Any] | None) -> Running:
    changed = replace(running, part=part, version=running.version + 1)
    kept = update(Instance).where(Instance.id == running.id)
    platform.changed(kept.values(part=part, version=changed.version))
    return changed


def asked(running: Running) -> Shown:
    """Who is asked now."""
    opened = engine.open_steps(running.id)
    return [(one, task) for one in opened for task in tasks.pending(one) if task.state is TaskState.OPEN]


def ask_anew(running: Running, shown: Shown) -> None:
    """Whoever is asked still is asked again under a new task: their cards showed something else."""
    for step_id, task in shown:
        if tasks.take_away(task.id, TaskState.OPEN, TaskState.REPLACED, CHANGED):
            tasks.hand_over(running, step_id, tasks.node_of(step_id), task, task.person_id)
