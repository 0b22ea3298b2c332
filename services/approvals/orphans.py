"""Nobody waits for ever, nor for the wrong one: tasks follow when approvers leave and applicants move."""

from typing import Any

from sqlalchemy import select

from kit import log
from models.approvals import ApprovalInstance as Instance
from models.approvals import ApprovalStep as Step
from models.approvals import ApprovalTask as Task
from models.base import db
from models.enums import Act, ApproverKind, Decision, Role, StepState, TaskState
from services import people
from services.approvals import (
    access,
    delegations,
    engine,
    relieving,
    routing,
    standing_in,
    tasks,
    timing,
    trail,
    walking,
)
from services.approvals.deciding import Doer, go_on
from services.approvals.routing import Applicant
from services.approvals.rules.chains import Node, Policies
from services.approvals.rules.signing import PENDING
from services.approvals.running import Running, lock
from services.approvals.standing_in import Asked
from services.approvals.tasks import Given, Place
from services.approvals.trail import Entry
from services.approvals.walking import Line
from services.people import Left, Moved

AT_ONCE = 200
BY_PLACE = frozenset({ApproverKind.SUPERIOR, ApproverKind.DEPARTMENT_HEAD})
TAKEN_AWAY = "已改由他人审批"
SYSTEM = Doer(None, "系统")
logger = log.get(__name__)


def on_left(event: Left) -> None:
    """Somebody left: their delegations end and their tasks go to whoever the chain names, by default their superior,
    else the fallback role."""
    delegations.end_with(event.person_id)
    for task in db.session.execute(_pending().where(Task.person_id == event.person_id)).all():
        _rehome(task)


def on_moved(event: Moved) -> None:
    """Somebody belongs elsewhere now: their open steps that ask by place ask the new superior or head."""
    opened = _steps().join(Instance, Instance.id == Step.instance_id).where(Step.state == StepState.OPEN)
    for step in db.session.execute(opened.where(Instance.applicant_id == event.person_id)).all():
        if any(one.kind in BY_PLACE for one in Node.model_validate(step.node).approvers):
            _ask_there(step.instance_id, Line.stored(step))


def _steps() -> Any:
    return select(*walking.COLUMNS, Step.instance_id)


def _wanted(running: Running, line: Line) -> Asked:
    case = running.case(Applicant.known(running.applicant_id), line.fallback, line.policies)
    found = routing.approvers_of(line.node, case)
    named = found.people or routing.in_their_place(case, line.policies.vacant)
    return standing_in.resolve(line.node, named, case)


def _ask_there(instance_id: str, line: Line) -> None:
    running = lock(instance_id)
    found = _wanted(running, line)
    wanted = found.people
    given = tasks.of_step(line.id)
    is_open = [task for task in given if task.state is TaskState.OPEN]
    gone = [task for task in is_open if task.person_id not in wanted and not task.place.is_passed_on]
    news = [one for one in wanted if one not in {task.person_id for task in given}]
    if not gone or (len(gone) == len(is_open) and not news):
        return
    for task in gone:
        tasks.take_away(task.id, TaskState.OPEN, TaskState.TRANSFERRED, TAKEN_AWAY)
        trail.note(running.id, Entry(Act.REASSIGNED, line.name, for_id=task.person_id, to_id=(news or list(wanted))[0]))
    trail.note(running.id, *(one.entry(line.name) for one in found.instead if one.heir_id in news))
    heirs = delegations.asked(news, running.subject)
    tasks.hand_out(running, line.id, line.node, heirs, [Place(weight=wanted[one.id]) for one in heirs])


def rescue(_payload: dict[str, Any]) -> None:
    """Moves tasks whose approver works here no more, asks again for steps that nobody could be found for, does what
    is due by now, and hands on what is overdue while its approver is on leave."""
    gone = _pending().where(Task.person_id.not_in(people.active_ids())).limit(AT_ONCE)
    for task in db.session.execute(gone).all():
        _rehome(task)
    has_somebody = select(Task.id).where(Task.step_id == Step.id, Task.state == TaskState.OPEN).exists()
    orphaned = select(Step.id, Step.instance_id).where(Step.state == StepState.OPEN, ~has_somebody)
    for step in db.session.execute(orphaned.order_by(Step.opened_at).limit(AT_ONCE)).all():
        _ask_again(step.id, step.instance_id)
    timing.pass_deadlines()
    relieving.relieve()


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
    heir = routing.heir_of(task.person_id, case, {one.person_id for one in others})
    if heir:
        trail.note(running.id, Entry(Act.REASSIGNED, task.name, for_id=task.person_id, to_id=heir))
        tasks.hand_over(running, task.step_id, Node.model_validate(task.node), mine, heir)
    else:
        _without(running, task, others)


def _without(running: Running, task: Any, others: list[Given]) -> None:
    """Nobody takes the place: those who waited for it are next, or what the others said is enough; with nobody left to
    ask, the sweep keeps looking."""
    if others:
        trail.note(running.id, Entry(Act.REASSIGNED, task.name, for_id=task.person_id, to_id=others[0].person_id))
    go_on(access.by_clock(task.id), Decision.APPROVE, SYSTEM)
    if task.step_id in engine.open_steps(running.id) and not tasks.pending(task.step_id):
        trail.note(running.id, Entry(Act.STUCK, task.name))
        logger.error("approvals.stuck", extra={"instance": running.id})


def _ask_again(step_id: str, instance_id: str) -> None:
    running = lock(instance_id)
    row = db.session.execute(_steps().where(Step.id == step_id, Step.state == StepState.OPEN)).first()
    if row is None or tasks.pending(step_id):
        return
    line = Line.stored(row)
    found = _wanted(running, line)
    if found.people:
        engine.ask(running, line, found.people, *(one.entry(line.name) for one in found.instead))
