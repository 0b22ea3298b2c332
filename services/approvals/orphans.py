"""Nobody waits for ever, nor for the wrong one: tasks follow when approvers leave and applicants move."""

from typing import Any

from sqlalchemy import select, update

from kit import clock, log
from models.approvals import ApprovalInstance as Instance
from models.approvals import ApprovalStep as Step
from models.approvals import ApprovalTask as Task
from models.base import db
from models.enums import Act, ApproverKind, Role, StepState, TaskState
from services import notices, people, platform
from services.approvals import delegations, engine, routing, trail
from services.approvals.engine import Opened
from services.approvals.routing import Applicant
from services.approvals.rules import Node
from services.approvals.trail import Entry
from services.people import Left, Moved

AT_ONCE = 200
BY_PLACE = frozenset({ApproverKind.SUPERIOR, ApproverKind.DEPARTMENT_HEAD})
logger = log.get(__name__)


def on_left(event: Left) -> None:
    """Somebody left: their delegations end and their tasks go to their superior, else to the fallback role."""
    delegations.end_with(event.person_id)
    for task in db.session.execute(_open().where(Task.person_id == event.person_id)).all():
        _rehome(task)


def on_moved(event: Moved) -> None:
    """Somebody belongs elsewhere now: their open steps that ask by place ask the new superior or head."""
    columns = (Step.id, Step.instance_id, Step.name, Step.node, Step.fallback)
    opened = select(*columns).join(Instance, Instance.id == Step.instance_id).where(Step.state == StepState.OPEN)
    for step in db.session.execute(opened.where(Instance.applicant_id == event.person_id)).all():
        if any(one.kind in BY_PLACE for one in Node.model_validate(step.node).approvers):
            _ask_there(step)


def _ask_there(step: Any) -> None:
    running = engine.lock(step.instance_id)
    wanted = routing.approvers_of(
        Node.model_validate(step.node), Applicant.known(running.applicant_id), Role(step.fallback)
    )
    asked = select(Task.id, Task.person_id, Task.state, Task.is_passed_on).where(Task.step_id == step.id)
    tasks = db.session.execute(asked).all()
    is_open = [task for task in tasks if task.state == TaskState.OPEN]
    gone = [task for task in is_open if task.person_id not in wanted and not task.is_passed_on]
    news = [one for one in wanted if one not in {task.person_id for task in tasks}]
    if not gone or (len(gone) == len(is_open) and not news):
        return
    for task in gone:
        _take_away(task.id)
        trail.note(running.id, Entry(Act.REASSIGNED, step.name, for_id=task.person_id, to_id=(news or wanted)[0]))
    if news:
        engine.hand_out(running, step.id, delegations.asked(news))


def _take_away(task_id: str) -> bool:
    open_still = update(Task).where(Task.id == task_id, Task.state == TaskState.OPEN)
    if not platform.changed(open_still.values(state=TaskState.TRANSFERRED, decided_at=clock.now())):
        return False
    notices.settle_card(engine.card_key(task_id), "已改由他人审批")
    return True


def rescue(_payload: dict[str, Any]) -> None:
    """Moves tasks whose approver works here no more, and asks again for steps that nobody could be found for."""
    gone = _open().where(Task.person_id.not_in(people.active_ids())).limit(AT_ONCE)
    for task in db.session.execute(gone).all():
        _rehome(task)
    has_somebody = select(Task.id).where(Task.step_id == Step.id, Task.state == TaskState.OPEN).exists()
    orphaned = select(Step.id, Step.instance_id).where(Step.state == StepState.OPEN, ~has_somebody)
    for step in db.session.execute(orphaned.order_by(Step.opened_at).limit(AT_ONCE)).all():
        _ask_again(step.id, step.instance_id)


def _open() -> Any:
    columns = (Task.id, Task.person_id, Task.step_id, Task.instance_id, Step.name, Step.fallback, Instance.applicant_id)
    joined = select(*columns).join(Step, Step.id == Task.step_id).join(Instance, Instance.id == Task.instance_id)
    return joined.where(Task.state == TaskState.OPEN)


def _rehome(task: Any) -> None:
    running = engine.lock(task.instance_id)
    if not _take_away(task.id):
        return
    others = [person_id for _, person_id in engine.open_tasks(task.step_id)]
    heir = routing.heir_of(task.person_id, Applicant.known(task.applicant_id), others, Role(task.fallback))
    if heir:
        trail.note(running.id, Entry(Act.REASSIGNED, task.name, for_id=task.person_id, to_id=heir))
        engine.hand_out(running, task.step_id, delegations.asked([heir]))
    elif not others:
        trail.note(running.id, Entry(Act.STUCK, task.name))
        logger.error("approvals.stuck", extra={"instance": running.id})


def _ask_again(step_id: str, instance_id: str) -> None:
    running = engine.lock(instance_id)
    columns = (Step.name, Step.node, Step.fallback)
    step = db.session.execute(select(*columns).where(Step.id == step_id, Step.state == StepState.OPEN)).first()
    if step is None or engine.open_tasks(step_id):
        return
    applicant = Applicant.known(running.applicant_id)
    found = routing.approvers_of(Node.model_validate(step.node), applicant, Role(step.fallback))
    if found:
        engine.ask(running, Opened(step_id, step.name, tuple(found)))
