"""Time: what waits too long is reminded of, passed up and at last decided, as its chain says; each of them once.

The next deadline stands with the task and is moved on by one conditional UPDATE, so that a scheduler that was down
neither storms nor forgets.
"""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import select, update

from kit import clock
from models.approvals import ApprovalInstance as Instance
from models.approvals import ApprovalStep as Step
from models.approvals import ApprovalTask as Task
from models.base import db
from models.enums import Act, Deadline, Decision, InstanceState, Role, TaskState
from services import notices, people, platform
from services.approvals import access, deadlines, delegations, sweeping, tasks, trail
from services.approvals.access import Held
from services.approvals.deciding import TASK_AFTER, Doer, go_on
from services.approvals.rules.chains import Node, Sla
from services.approvals.trail import Entry
from templates_msg import Message

AT_ONCE = 200
TRIED_AGAIN_AFTER = timedelta(days=1)
"""What could not be done when it was due is tried again so much later, and holds up nothing meanwhile."""
CLOCK = Doer(None, "超时自动")
UNDECIDED = "超过时限未处理"


def pass_deadlines(_after: str = "") -> str | None:
    """Does what is due by now, two hundred tasks at a time; the last of them when there may be more."""
    wanted = (
        select(Task.id, Task.due, Task.due_at, Task.instance_id, Step.name, Step.node)
        .join(Step, Step.id == Task.step_id)
        .join(Instance, Instance.id == Task.instance_id)
        .where(Task.state == TaskState.OPEN, Task.due_at <= clock.now())
        .where(Instance.state == InstanceState.PENDING, Instance.paused_at.is_(None))
    )
    rows = db.session.execute(wanted.order_by(Task.due_at, Task.id).limit(AT_ONCE)).all()
    for row in rows:
        if not sweeping.attempt(row.instance_id, row.name, partial(_pass, row)):
            _change(row, row.due, clock.now() + TRIED_AGAIN_AFTER)
    return rows[-1].id if len(rows) == AT_ONCE else None


def _pass(row: Any) -> bool:
    held, what, node = access.by_clock(row.id), Deadline(row.due), Node.model_validate(row.node)
    assert node.sla is not None
    due, due_at = deadlines.following(node.sla, held.person_id, what) or (None, None)
    if _change(row, due, due_at):
        DONE[what](held, node, node.sla)
    return True


def _change(row: Any, due: Deadline | None, due_at: datetime | None) -> bool:
    """Sets the next deadline, unless the task was decided or its deadline passed meanwhile."""
    is_still = (Task.id == row.id, Task.state == TaskState.OPEN, Task.due == row.due, Task.due_at == row.due_at)
    return platform.changed(update(Task).where(*is_still).values(due=due, due_at=due_at)) == 1


def _remind(held: Held, _node: Node, _sla: Sla) -> None:
    running = held.running
    (asked,) = delegations.asked([held.person_id], running.subject)
    told = asked.told(running.applicant_id)
    message = Message("approvals/overdue", {"count": 1, "title": running.title, "since": _since(held)})
    notices.notify(told, message, key=f"due:{held.id}")
    trail.note(running.id, Entry(Act.REMINDED, held.step_name, to_id=told))


def _since(held: Held) -> Any:
    return db.session.scalar(select(Task.created_at).where(Task.id == held.id))


def _escalate(held: Held, node: Node, sla: Sla) -> None:
    given = tasks.of_step(held.step_id)
    heir = _above(held, sla.escalate_to, tasks.taking_part(given))
    task = next(one for one in given if one.id == held.id)
    if heir is None or not tasks.take_away(task.id, TaskState.OPEN, TaskState.TRANSFERRED, "超时，已升级处理"):
        return
    trail.note(held.running.id, Entry(Act.ESCALATED, held.step_name, for_id=held.person_id, to_id=heir))
    made = tasks.hand_over(held.running, held.step_id, node, task, heir)
    due, due_at = deadlines.following(sla, heir, Deadline.ESCALATE) or (None, None)
    platform.changed(update(Task).where(Task.id == made).values(due=due, due_at=due_at))


def _above(held: Held, role: Role | None, taken: set[str]) -> str | None:
    above = people.superior_of(held.person_id)
    found = people.holders_of(role, held.running.applicant_id) if role else [above] if above else []
    return next((one for one in found if one not in {held.running.applicant_id, *taken}), None)


def _act(held: Held, _node: Node, sla: Sla) -> None:
    assert sla.act is not None
    decision = Decision(sla.act)
    decided = {"state": TASK_AFTER[decision], "decided_at": clock.now()}
    if platform.moved(Task, held.id, TaskState.OPEN, **decided):
        comment = f"{UNDECIDED}，按流程{'同意' if decision is Decision.APPROVE else '驳回'}"
        trail.note(held.running.id, Entry(Act.TIMED_OUT, held.step_name, for_id=held.person_id, comment=comment))
        notices.settle_card(tasks.card_key(held.id), "超时，已自动处理")
        go_on(held, decision, CLOCK, comment)


DONE = {Deadline.REMIND: _remind, Deadline.ESCALATE: _escalate, Deadline.ACT: _act}
