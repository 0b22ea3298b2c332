"""Somebody belongs elsewhere now: steps of theirs that ask by place ask whoever holds that place there.

What was said stays said, and what a person passed on stays with whom they gave it to.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import select

from models.approvals import ApprovalInstance as Instance
from models.approvals import ApprovalStep as Step
from models.base import db
from models.enums import Act, ApproverKind, Decision, SignMode, StepState, TaskState
from services.approvals import access, delegations, routing, standing_in, sweeping, tasks, trail, walking
from services.approvals.deciding import Doer, go_on
from services.approvals.routing import Applicant
from services.approvals.rules.chains import Node
from services.approvals.rules.signing import PENDING
from services.approvals.running import Running, lock
from services.approvals.standing_in import Asked
from services.approvals.tasks import Given, Place
from services.approvals.trail import Entry
from services.approvals.walking import Line
from services.people import Moved

BY_PLACE = frozenset({ApproverKind.SUPERIOR, ApproverKind.DEPARTMENT_HEAD})
TAKEN_AWAY = "已改由他人审批"
SYSTEM = Doer(None, "系统")


def on_moved(event: Moved) -> None:
    """Their open steps that ask by place ask the new superior or head."""
    opened = steps().join(Instance, Instance.id == Step.instance_id).where(Step.state == StepState.OPEN)
    for step in db.session.execute(opened.where(Instance.applicant_id == event.person_id)).all():
        if any(one.kind in BY_PLACE for one in Node.model_validate(step.node).approvers):
            sweeping.attempt(step.instance_id, step.name, partial(_ask_there, step.instance_id, Line.stored(step)))


def steps() -> Any:
    """Stored steps, each a `Line`, with their requests."""
    return select(*walking.COLUMNS, Step.instance_id)


def wanted(running: Running, line: Line) -> Asked:
    """Whom the step asks as things are now."""
    case = running.case(Applicant.known(running.applicant_id), line.fallback, line.policies)
    found = routing.approvers_of(line.node, case)
    named = found.people or routing.in_their_place(case, line.policies.vacant)
    return standing_in.resolve(line.node, named, case)


@dataclass(frozen=True)
class _Change:
    """The tasks of those who are not asked any more, and who is asked besides those who were."""

    gone: list[Given]
    news: list[str]


def _ask_there(instance_id: str, line: Line) -> None:
    running = lock(instance_id)
    found = wanted(running, line)
    change = _change(tasks.of_step(line.id), found.people)
    if change is None:
        return
    trail.note(running.id, *(one.entry(line.name) for one in found.instead if one.heir_id in change.news))
    heirs = [*change.news, *[None] * len(change.gone)]
    made = [
        one
        for task, heir in zip(change.gone, heirs, strict=False)
        if (one := _replace(running, line, task, heir, found))
    ]
    _ask_more(running, line, change.news[len(change.gone) :], found, made)


def _change(given: list[Given], people: dict[str, int]) -> _Change | None:
    """`None` where everybody stays: nobody is to go, or nobody would be left."""
    left = [task for task in given if task.state in PENDING]
    gone = [task for task in left if task.person_id not in people and not task.place.is_passed_on]
    settled = tasks.taking_part(given) | {task.person_id for task in given if _passed_on(task)}
    news = [one for one in people if one not in settled]
    return _Change(gone, news) if gone and (news or len(gone) < len(left)) else None


def _passed_on(task: Given) -> bool:
    return task.state is TaskState.REPLACED or (task.state is TaskState.TRANSFERRED and task.decided_by is not None)


def _replace(running: Running, line: Line, task: Given, heir: str | None, found: Asked) -> str | None:
    """Takes the task away and gives its place, and its turn, to the heir; the new task, if there is one."""
    if not tasks.take_away(task.id, task.state, TaskState.TRANSFERRED, TAKEN_AWAY):
        return None
    named = heir or next(iter(found.people), None)
    trail.note(running.id, Entry(Act.REASSIGNED, line.name, for_id=task.person_id, to_id=named))
    if heir:
        place = Place(found.people[heir], waits_for=task.place.waits_for)
        return tasks.hand_over(running, line.id, line.node, task, heir, place)
    fall_away(task, line.id)
    return None


def fall_away(task: Given, step_id: str) -> None:
    """Nobody takes the place of a task that was taken away: those who waited for it are next, or what the others said
    is enough."""
    if task.state is TaskState.WAITING:
        tasks.pass_over(step_id, task)
    else:
        go_on(access.by_clock(task.id), Decision.APPROVE, SYSTEM)


def _ask_more(running: Running, line: Line, news: Iterable[str], found: Asked, made: list[str]) -> None:
    """Asks whoever is asked besides; in turn, behind the last who was put into a place."""
    heirs = delegations.asked(list(news), running.subject)
    if line.node.mode is not SignMode.IN_TURN:
        tasks.hand_out(running, line.id, line.node, heirs, [Place(found.people[one.id]) for one in heirs])
        return
    for one in heirs:
        made.append(tasks.put_behind(running, line.id, line.node, made[-1], one, found.people[one.id]))
