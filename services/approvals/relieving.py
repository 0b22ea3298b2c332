"""What is overdue while its approver is on leave goes to whoever the chain names, and so on until somebody is there.

Each step up asks somebody who was not asked in this step before, so it ends; a request whose clocks stand still, and
a chain that waits, are left alone.
"""

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from typing import Any

from sqlalchemy import bindparam, select

from models.approvals import ApprovalInstance as Instance
from models.approvals import ApprovalStep as Step
from models.approvals import ApprovalTask as Task
from models.enums import Act, InstanceState, TaskState
from services import platform
from services.approvals import reminders, standing_in, sweeping, tasks, trail, walking
from services.approvals.absence import Roster
from services.approvals.routing import Applicant
from services.approvals.rules import signing
from services.approvals.rules.signing import PENDING
from services.approvals.running import lock
from services.approvals.tasks import Given
from services.approvals.walking import Line

AT_ONCE = 200
TAKEN_AWAY = "您在休假，已改由他人审批"


def relieve(_after: str = "") -> None:
    """Hands on overdue tasks of people on leave; two hundred at a time, the rest at the next slot."""
    roster = Roster()
    waiting = [row.person_id for row in platform.rows(_overdue(Task.person_id).distinct())]
    roster.look(waiting)
    away = [one for one in waiting if roster.of(one)]
    columns = (Task.id, Task.instance_id, Task.step_id, Step.name)
    theirs = _overdue(*columns).join(Step, Step.id == Task.step_id).where(Task.person_id.in_(away))
    left = AT_ONCE
    for task in platform.rows(theirs.order_by(Task.created_at, Task.id)) if away else ():
        left -= sweeping.attempt(task.instance_id, task.name, partial(_relieve, task, roster)) or False
        if not left:
            break


def _overdue(*columns: Any) -> Any:
    running = (Instance.state == InstanceState.PENDING, Instance.paused_at.is_(None))
    joined = select(*columns).join(Instance, Instance.id == Task.instance_id)
    return joined.where(Task.state == TaskState.OPEN, Task.created_at <= reminders.overdue_before(), *running)


_STEP = select(*walking.COLUMNS, Step.needed).where(Step.id == bindparam("step_id"))


def _relieve(task: Any, roster: Roster) -> bool:
    """Gives the task to somebody else; `False` where it stays."""
    running = lock(task.instance_id)
    (row,), given = platform.rows(_STEP, {"step_id": task.step_id}), tasks.of_step(task.step_id)
    line, mine = Line.stored(row), next(one for one in given if one.id == task.id)
    case = replace(running.case(Applicant.known(running.applicant_id), line.fallback, line.policies), roster=roster)
    barred = {one.person_id for one in given}
    instead = standing_in.instead_of(mine.person_id, line.node, case, barred)
    if mine.state is not TaskState.OPEN or _are_enough(line, row.needed, given, roster):
        return False
    if instead is None or instead.act is not Act.COVERED or instead.heir_id is None:
        return False
    tasks.take_away(mine.id, TaskState.OPEN, TaskState.TRANSFERRED, TAKEN_AWAY)
    trail.note(running.id, instead.entry(line.name))
    tasks.hand_over(running, task.step_id, line.node, mine, instead.heir_id)
    return True


def _are_enough(line: Line, needed: int | None, given: Iterable[Given], roster: Roster) -> bool:
    """Can the others pass the step without whoever is away?"""
    here = [one for one in given if one.state in PENDING and not roster.of(one.person_id)]
    agreed = [one for one in given if one.state is TaskState.APPROVED]
    weights = {one.person_id: one.place.weight for one in (*here, *agreed)}
    return signing.is_enough(line.node.mode, weights, needed)
