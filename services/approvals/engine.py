"""What moves an instance: steps open and close, tasks are handed out, the request ends.

Whoever moves one holds the lock on its row first, so two movements of one instance never overlap; what then decides
is the row count of a conditional UPDATE.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import bindparam, select, update

from kit import clock
from kit.ids import new_id, new_secret
from models.approvals import ApprovalInstance as Instance
from models.approvals import ApprovalStep as Step
from models.approvals import ApprovalTask as Task
from models.base import db
from models.enums import Act, Decision, InstanceState, Role, StepState, TaskState
from services import notices, platform
from services.approvals import delegations, routing, rules, stored, trail
from services.approvals.delegations import Asked
from services.approvals.routing import Applicant
from services.approvals.rules import Chain, Node
from services.approvals.schemas import Decided, StepOpened
from services.approvals.trail import Entry
from templates_msg import Message


@dataclass(frozen=True)
class Running:
    """An instance whose row this transaction has locked."""

    id: str
    subject: str
    subject_id: str
    applicant_id: str
    template: str
    facts: dict[str, Any]
    state: InstanceState

    @property
    def message(self) -> Message:
        """What approvers are told."""
        return Message(self.template, stored.thaw(self.facts))


@dataclass(frozen=True)
class Opened:
    """A step that is open now, and whom it asks; nobody when nobody could be found."""

    step_id: str
    name: str
    people: tuple[str, ...]
    names: tuple[str, ...] = ()


COLUMNS = (
    Instance.id, Instance.subject, Instance.subject_id, Instance.applicant_id, Instance.template, Instance.facts,
    Instance.state,
)  # fmt: skip
"""What makes a `Running`, in its order."""


def lock(instance_id: str) -> Running:
    """Takes the instance's row until the transaction ends."""
    return Running(*db.session.execute(select(*COLUMNS).where(Instance.id == instance_id).with_for_update()).one())


def begin(running: Running, applicant: Applicant, chain: Chain, nodes: Sequence[Node]) -> Opened:
    """The first step of a fresh instance; `NoApprover` when there is nobody to ask."""
    asked = routing.approvers_of(nodes[0], applicant, chain.fallback)
    if not asked:
        raise rules.NoApprover()
    steps = [_step(running.id, position, node, chain.fallback) for position, node in enumerate(nodes)]
    steps[0] |= {"state": StepState.OPEN, "opened_at": clock.now()}
    platform.add_many(Step, steps)
    started = Entry(Act.STARTED, actor_id=applicant.id)
    return ask(running, Opened(steps[0]["id"], nodes[0].name, tuple(asked)), started)


def _step(instance_id: str, position: int, node: Node, fallback: Role) -> dict[str, Any]:
    return {
        "id": new_id(),
        "instance_id": instance_id,
        "position": position,
        "name": node.name,
        "mode": node.mode,
        "node": node.model_dump(mode="json", exclude_defaults=True),
        "fallback": fallback,
        "state": StepState.WAITING,
        "opened_at": None,
    }


def open_next(running: Running) -> Opened | None:
    """Opens the next step that still has a question; `None` when every step is behind."""
    waiting = db.session.execute(
        select(Step.id, Step.name, Step.node, Step.fallback)
        .where(Step.instance_id == running.id, Step.state == StepState.WAITING)
        .order_by(Step.position)
    ).all()
    approved = _approved(running)
    applicant = Applicant.known(running.applicant_id)
    for step in waiting:
        node = Node.model_validate(step.node)
        candidates = routing.approvers_of(node, applicant, Role(step.fallback))
        asked = rules.without_repeats(node.mode, candidates, approved)
        if not asked.is_answered:
            _change_step(step.id, StepState.WAITING, state=StepState.OPEN, opened_at=clock.now())
            return ask(running, Opened(step.id, step.name, asked.people))
        _change_step(step.id, StepState.WAITING, state=StepState.SKIPPED, closed_at=clock.now())
        trail.note(running.id, Entry(Act.SKIPPED, step.name))
    return None


def _approved(running: Running) -> set[str]:
    done = select(Task.decided_by).where(Task.instance_id == running.id, Task.state == TaskState.APPROVED)
    return {one for one in db.session.scalars(done) if one}


def ask(running: Running, opened: Opened, *before: Entry) -> Opened:
    """Hands out the tasks of an open step and sends the cards; a step without anybody is left to the sweep."""
    if not opened.people:
        trail.note(running.id, Entry(Act.STUCK, opened.name))
        return opened
    asked = delegations.asked(opened.people)
    names = tuple(one.name for one in asked)
    trail.note(running.id, *before, Entry(Act.OPENED, opened.name, comment="、".join(names)))
    hand_out(running, opened.step_id, asked)
    platform.publish(StepOpened(running.subject, running.subject_id, running.id, opened.name, opened.people))
    return replace(opened, names=names)


def hand_out(running: Running, step_id: str, asked: Sequence[Asked], *, is_passed_on: bool = False) -> None:
    """A task and a card for each of these people; the card goes to whoever stands in for them today."""
    now = clock.now()
    rows: list[dict[str, Any]] = [
        {
            "id": new_id(),
            "created_at": now,
            "step_id": step_id,
            "instance_id": running.id,
            "person_id": one.id,
            "state": TaskState.OPEN,
            "is_passed_on": is_passed_on,
            "action_id": new_secret(128),
            "action_expires_at": now + rules.CARD_LIVES,
        }
        for one in asked
    ]
    platform.add_many(Task, rows)
    for one, row in zip(asked, rows, strict=True):
        actions = {str(verb): row["action_id"] for verb in Decision}
        notices.notify(one.told(running.applicant_id), running.message, key=card_key(row["id"]), actions=actions)


def card_key(task_id: str) -> str:
    """The key under which a task's card is sent and settled."""
    return f"card:{task_id}"


_OPEN_TASKS = select(Task.id, Task.person_id).where(Task.step_id == bindparam("step_id"), Task.state == TaskState.OPEN)


def open_tasks(step_id: str) -> list[tuple[str, str]]:
    """The open tasks of a step: (task id, person id)."""
    return [(row.id, row.person_id) for row in platform.rows(_OPEN_TASKS, {"step_id": step_id})]


def close_step(step_id: str, state: StepState, left: Sequence[tuple[str, str]], words: str) -> None:
    """Ends an open step; tasks that are left close with it and their cards say why."""
    _change_step(step_id, StepState.OPEN, state=state, closed_at=clock.now())
    if not left:
        return
    ending = update(Task).where(Task.step_id == step_id, Task.state == TaskState.OPEN)
    platform.changed(ending.values(state=TaskState.CLOSED, decided_at=clock.now()))
    for task_id, _ in left:
        notices.settle_card(card_key(task_id), words)


def finish(running: Running, state: InstanceState, actor_id: str, comment: str = "") -> None:
    """Ends the instance with a decision and tells the owner of the subject."""
    end(running, state, actor_id)
    platform.publish(Decided(running.subject, running.subject_id, running.id, state, actor_id, comment))


def end(running: Running, state: InstanceState, actor_id: str | None) -> None:
    """Ends the instance: it is pending no more, and steps not reached are closed."""
    ended = {"state": state, "open_key": None, "decided_by": actor_id, "ended_at": clock.now()}
    if not platform.moved(Instance, running.id, InstanceState.PENDING, **ended):
        raise rules.AlreadyDecided()
    if state is not InstanceState.APPROVED:
        unreached = update(Step).where(Step.instance_id == running.id, Step.state == StepState.WAITING)
        platform.changed(unreached.values(state=StepState.CLOSED, closed_at=clock.now()))


def _change_step(step_id: str, was: StepState, **values: Any) -> None:
    if not platform.moved(Step, step_id, was, **values):
        raise rules.AlreadyDecided()
