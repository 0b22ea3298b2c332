"""Tasks: each approver's part of a step, with its card. They are handed out, wait for their turn, and close together.

A task and its card are for one question: whoever is asked anew, because the request changed or somebody goes first,
gets a new task, and the old card is dead (R32).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select, update

from kit import clock
from kit.ids import new_id, new_secret
from models.approvals import ApprovalStep as Step
from models.approvals import ApprovalTask as Task
from models.base import db
from models.enums import Decision, StepState, TaskState
from services import notices, platform
from services.approvals import deadlines, delegations
from services.approvals.delegations import Asked
from services.approvals.rules import limits, refusals
from services.approvals.rules.chains import Node
from services.approvals.rules.signing import PENDING, TAKING_PART, Part
from services.approvals.running import Running


@dataclass(frozen=True)
class Place:
    """Where a task stands within its step: what it weighs, how it came there, and which task has to be approved
    before it."""

    weight: int = 1
    is_passed_on: bool = False
    is_added: bool = False
    waits_for: str | None = None


PLACE = Place()


@dataclass(frozen=True)
class Given:
    """A task of a step, as it stands."""

    id: str
    person_id: str
    state: TaskState
    decided_by: str | None
    place: Place

    @property
    def part(self) -> Part:
        """The task as the sign modes see it."""
        return Part(self.state, self.place.weight, self.place.is_added)


_GIVEN = select(
    Task.id, Task.person_id, Task.state, Task.decided_by, Task.weight, Task.is_passed_on, Task.is_added, Task.waits_for
).where(Task.step_id == bindparam("step_id"))


def of_step(step_id: str) -> list[Given]:
    """Every task of a step, those that are over included."""
    rows = platform.rows(_GIVEN, {"step_id": step_id})
    return [Given(row.id, row.person_id, TaskState(row.state), row.decided_by, Place(*row[4:])) for row in rows]


def taking_part(given: Iterable[Given]) -> set[str]:
    """Who has a voice in a step: whoever is asked or will be, and whoever has spoken, be it in somebody's place."""
    voices = [one for one in given if one.state in TAKING_PART]
    return {one.person_id for one in voices} | {one.decided_by for one in voices if one.decided_by}


def pending(step_id: str) -> list[Given]:
    """The tasks of a step that somebody still has to decide."""
    return [one for one in of_step(step_id) if one.state in PENDING]


def hand_out(
    running: Running, step_id: str, node: Node, asked: Sequence[Asked], places: Sequence[Place] = ()
) -> list[str]:
    """A task and a card for each of these people; the card goes to whoever stands in for them today.

    Whoever waits for another gets the card when it is their turn. The ids of the tasks.
    """
    put = list(zip(asked, places or [PLACE] * len(asked), strict=True))
    due = deadlines.first(node.sla, [one.id for one, place in put if not place.waits_for])
    rows = [_row(running, step_id, one, place, due) for one, place in put]
    platform.add_many(Task, rows)
    _send_cards(running, [(one, row) for (one, place), row in zip(put, rows, strict=True) if not place.waits_for])
    return [row["id"] for row in rows]


def _row(running: Running, step_id: str, one: Asked, place: Place, due: deadlines.Due) -> dict[str, Any]:
    deadline, at = due.get(one.id, (None, None))
    return {
        "id": new_id(),
        "created_at": clock.now(),
        "step_id": step_id,
        "instance_id": running.id,
        "person_id": one.id,
        "state": TaskState.WAITING if place.waits_for else TaskState.OPEN,
        "weight": place.weight,
        "is_passed_on": place.is_passed_on,
        "is_added": place.is_added,
        "waits_for": place.waits_for,
        "due": deadline,
        "due_at": at,
        **_action(),
    }


def _action() -> dict[str, Any]:
    return {"action_id": new_secret(128), "action_expires_at": clock.now() + limits.CARD_LIVES}


def _send_cards(running: Running, given: Iterable[tuple[Asked, dict[str, Any]]]) -> None:
    for one, row in given:
        actions = {str(verb): row["action_id"] for verb in Decision}
        notices.notify(one.told(running.applicant_id), running.message, key=card_key(row["id"]), actions=actions)


def in_turn(running: Running, step_id: str, node: Node, asked: Sequence[Asked]) -> None:
    """Tasks of which each waits for the one before it."""
    last: list[str] = []
    for one in asked:
        last = hand_out(running, step_id, node, [one], [Place(waits_for=last[0] if last else None)])


def open_waiting(running: Running, step_id: str, node: Node, approved_id: str) -> None:
    """The turn of those who waited for this task."""
    waiting = [one for one in _waiting(step_id) if one.place.waits_for == approved_id]
    _open(running, step_id, node, waiting)


def open_stranded(running: Running, step_id: str, node: Node) -> None:
    """The turn of those who wait for somebody who is not asked any more."""
    alive = {one.id for one in pending(step_id)}
    _open(running, step_id, node, [one for one in _waiting(step_id) if one.place.waits_for not in alive])


def _waiting(step_id: str) -> list[Given]:
    return [one for one in pending(step_id) if one.state is TaskState.WAITING]


def _open(running: Running, step_id: str, node: Node, waiting: Sequence[Given]) -> None:
    told = delegations.asked([one.person_id for one in waiting], running.subject)
    due = deadlines.first(node.sla, [one.person_id for one in waiting])
    for task, one in zip(waiting, told, strict=True):
        deadline, at = due.get(one.id, (None, None))
        due_then = {"due": deadline, "due_at": at}
        # it waits for nobody from now on: whoever takes its place is asked at once
        now = {"state": TaskState.OPEN, "waits_for": None, "created_at": clock.now(), **due_then, **_action()}
        if platform.moved(Task, task.id, TaskState.WAITING, **now):
            _send_cards(running, [(one, {"id": task.id, **now})])


def keep_copies(running: Running, step_id: str, person_ids: Sequence[str]) -> None:
    """Notes that these people were told of the request, so that they may read it."""
    told = {"state": TaskState.TOLD, "decided_at": clock.now()}
    rows = [_row(running, step_id, Asked(one, "", None), PLACE, {}) | told for one in person_ids]
    platform.add_many(Task, rows)


def take_away(task_id: str, was: TaskState, state: TaskState, words: str) -> bool:
    """Ends a task that nobody decided; its card says why. `False` when somebody was faster."""
    if not platform.moved(Task, task_id, was, state=state, decided_at=clock.now()):
        return False
    notices.settle_card(card_key(task_id), words)
    return True


def hand_over(running: Running, step_id: str, node: Node, task: Given, to: str, place: Place | None = None) -> str:
    """Gives somebody the place of a task that was taken away; whoever waited for it waits for the new one."""
    (made,) = hand_out(running, step_id, node, delegations.asked([to], running.subject), [place or task.place])
    waiting = update(Task).where(Task.waits_for == task.id, Task.step_id == step_id)
    platform.changed(waiting.values(waits_for=made))
    return made


def pass_over(step_id: str, task: Given) -> None:
    """Whoever waited for a task that was taken away before its turn waits for what it waited for."""
    waiting = update(Task).where(Task.waits_for == task.id, Task.step_id == step_id)
    platform.changed(waiting.values(waits_for=task.place.waits_for))


def put_behind(running: Running, step_id: str, node: Node, ahead: str, one: Asked, weight: int) -> str:
    """Somebody more in turn: behind the task `ahead`, before whoever waited for that."""
    (made,) = hand_out(running, step_id, node, [one], [Place(weight, waits_for=ahead)])
    waiting = update(Task).where(Task.waits_for == ahead, Task.step_id == step_id, Task.id != made)
    platform.changed(waiting.values(waits_for=made))
    return made


def card_key(task_id: str) -> str:
    """The key under which a task's card is sent and settled."""
    return f"card:{task_id}"


def close(step_id: str, state: StepState, left: Sequence[Given], words: str) -> None:
    """Ends an open step; tasks that are left close with it and their cards say why."""
    if not platform.moved(Step, step_id, StepState.OPEN, state=state, closed_at=clock.now()):
        raise refusals.AlreadyDecided()
    if not left:
        return
    ending = update(Task).where(Task.step_id == step_id, Task.state.in_(PENDING))
    platform.changed(ending.values(state=TaskState.CLOSED, decided_at=clock.now()))
    for one in left:
        if one.state is TaskState.OPEN:
            notices.settle_card(card_key(one.id), words)


def node_of(step_id: str) -> Node:
    """What the chain says of a step."""
    return Node.model_validate(db.session.execute(select(Step.node).where(Step.id == step_id)).scalar_one())
