"""Nobody waits for ever: tasks follow when approvers leave, and a sweep looks after what is stuck or due.

Each request is looked after in a savepoint of its own, two hundred at a time, and the next two hundred right after:
neither one that fails nor two hundred that cannot be helped keep the others waiting.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from sqlalchemy import select

from kit import clock, log
from models.approvals import ApprovalStep as Step
from models.approvals import ApprovalTask as Task
from models.base import db
from models.enums import Act, Role, StepState, TaskState
from services import people, platform
from services.approvals import (
    delegations,
    engine,
    moving,
    relieving,
    routing,
    sweeping,
    tasks,
    timing,
    trail,
    unanswered,
)
from services.approvals.moving import TAKEN_AWAY
from services.approvals.routing import Applicant
from services.approvals.rules.chains import Node, Policies
from services.approvals.rules.signing import PENDING
from services.approvals.running import Running, lock
from services.approvals.tasks import Given
from services.approvals.trail import Entry
from services.approvals.walking import Line
from services.people import Left

AT_ONCE = 200
JOB = "approvals.rescue"
logger = log.get(__name__)


def on_left(event: Left) -> None:
    """Somebody left: their delegations end and their tasks go to whoever the chain names, by default their superior,
    else the fallback role."""
    delegations.end_with(event.person_id)
    for task in db.session.execute(_pending().where(Task.person_id == event.person_id)).all():
        sweeping.attempt(task.instance_id, task.name, partial(_rehome, task))


def rescue(payload: dict[str, Any]) -> None:
    """Moves tasks whose approver works here no more, asks again for steps that nobody could be found for, does what
    is due by now, hands on what is overdue while its approver is on leave, looks after what waits for applicants."""
    for part, sweep in PARTS.items():
        last = sweep(payload.get("after", "")) if payload.get("part") in (None, part) else None
        if last:
            slot = payload.get("slot", clock.now().isoformat())
            more = {"slot": slot, "part": part, "after": last}
            platform.promise(JOB, more, dedupe_key=f"{JOB}:{slot}:{part}:{last}")


def _rehome_all(after: str) -> str | None:
    gone = _pending().where(Task.person_id.not_in(people.active_ids()), Task.id > after)
    found = db.session.execute(gone.order_by(Task.id).limit(AT_ONCE)).all()
    for task in found:
        sweeping.attempt(task.instance_id, task.name, partial(_rehome, task))
    return found[-1].id if len(found) == AT_ONCE else None


def _ask_all_again(after: str) -> str | None:
    has_somebody = select(Task.id).where(Task.step_id == Step.id, Task.state == TaskState.OPEN).exists()
    orphaned = select(Step.id, Step.instance_id, Step.name).where(Step.state == StepState.OPEN, ~has_somebody)
    found = db.session.execute(orphaned.where(Step.id > after).order_by(Step.id).limit(AT_ONCE)).all()
    for step in found:
        sweeping.attempt(step.instance_id, step.name, partial(_ask_again, step.id, step.instance_id))
    return found[-1].id if len(found) == AT_ONCE else None


PARTS: dict[str, Callable[[str], str | None]] = {
    "gone": _rehome_all,
    "orphaned": _ask_all_again,
    "due": timing.pass_deadlines,
    "away": relieving.relieve,
    "applicants": unanswered.look_after,
}
"""What a sweep does, by name: each begins behind an id, and tells the last it came to when there may be more."""


def _pending() -> Any:
    columns = (Task.id, Task.person_id, Task.step_id, Task.instance_id, Step.name, Step.node, Step.fallback)
    joined = select(*columns, Step.policies).join(Step, Step.id == Task.step_id)
    return joined.where(Task.state.in_(PENDING))


def _rehome(task: Any) -> None:
    running = lock(task.instance_id)
    given = tasks.of_step(task.step_id)
    mine = next(one for one in given if one.id == task.id)
    others = [one for one in given if one.state in PENDING and one.id != task.id]
    if mine.state not in PENDING or not tasks.take_away(task.id, mine.state, TaskState.TRANSFERRED, TAKEN_AWAY):
        return
    policies = Policies.model_validate(task.policies or {})
    case = running.case(Applicant.known(running.applicant_id), Role(task.fallback), policies)
    heir = routing.heir_of(task.person_id, case, tasks.taking_part(given))
    if heir:
        trail.note(running.id, Entry(Act.REASSIGNED, task.name, for_id=task.person_id, to_id=heir))
        tasks.hand_over(running, task.step_id, Node.model_validate(task.node), mine, heir)
    else:
        _without(running, task, mine, others)


def _without(running: Running, task: Any, mine: Given, others: list[Given]) -> None:
    """Nobody takes the place; with nobody left to ask, the sweep keeps looking."""
    if others:
        trail.note(running.id, Entry(Act.REASSIGNED, task.name, for_id=task.person_id, to_id=others[0].person_id))
    moving.fall_away(mine, task.step_id)
    if task.step_id in engine.open_steps(running.id) and not tasks.pending(task.step_id):
        trail.note(running.id, Entry(Act.STUCK, task.name))
        sweeping.tell_hr(running.id, sweeping.NOBODY)
        logger.error("approvals.stuck", extra={"instance": running.id})


def _ask_again(step_id: str, instance_id: str) -> None:
    running = lock(instance_id)
    row = db.session.execute(moving.steps().where(Step.id == step_id, Step.state == StepState.OPEN)).first()
    if row is None:
        return
    line = Line.stored(row)
    if tasks.pending(step_id):
        tasks.open_stranded(running, step_id, line.node)
        return
    found = moving.wanted(running, line)
    spoken = tasks.taking_part(tasks.of_step(step_id))
    fresh = {one: weight for one, weight in found.people.items() if one not in spoken} or found.people
    if fresh:
        engine.ask(running, line, fresh, *(one.entry(line.name) for one in found.instead))
