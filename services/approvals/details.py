"""One request with its steps, its trail and what whoever looks may do with it."""

from typing import Any

from sqlalchemy import and_, select

from models.approvals import ApprovalInstance as Instance
from models.approvals import ApprovalStep as Step
from models.approvals import ApprovalTask as Task
from models.base import db
from models.enums import InstanceState, StepState, TaskState
from services.approvals import access, flows, listing, trail
from services.approvals.design import wording
from services.approvals.rules import chains, limits
from services.approvals.views import Copy, Earlier, InstanceDetail, PartOut, StepView
from services.people import Actor


def detail(actor: Actor, instance_id: str) -> InstanceDetail:
    """One request, for its applicant, for whoever was asked about it, and for HR."""
    return _detail(actor, access.instance(actor, Instance.id == instance_id))


def detail_of(actor: Actor, subject: str, subject_id: str) -> InstanceDetail:
    """The newest request about this thing; a card knows the thing, not yet the request."""
    return _detail(actor, access.instance(actor, and_(Instance.subject == subject, Instance.subject_id == subject_id)))


def _detail(actor: Actor, row: Instance) -> InstanceDetail:
    steps, waiting = _steps(row.id, row.round)
    my_task = select(Task.id).join(Instance, Instance.id == Task.instance_id)
    is_open, is_mine = row.state == InstanceState.PENDING, row.applicant_id == actor.person_id
    my_task = my_task.where(Task.instance_id == row.id, listing.WAITING).limit(1)
    my_task_id = db.session.scalar(my_task, access.who(actor)) if is_open else None
    made = InstanceDetail(
        **listing.face(row, listing.names_of([row.applicant_id])),
        waiting_for=waiting,
        rows=[(label, value) for label, value in row.summary["rows"]],
        steps=steps,
        history=trail.of_instance(row.id),
        my_task_id=my_task_id,
        may_urge=is_open and is_mine,
        version=row.version,
        part=row.part,
        may_approve_part=bool(my_task_id and flows.takes_parts(row.subject)),
        parts=_parts(row) if my_task_id else [],
        may_send_again=is_mine and row.state == InstanceState.RETURNED,
        may_answer=is_mine and row.paused_at is not None,
        may_ask=bool(my_task_id) and row.paused_at is None,
        may_return_to=_earlier(steps, my_task_id) if my_task_id else [],
        has_receipt=is_mine and row.state not in limits.ALIVE,
    )
    return made if access.shows_all(actor, row) else _as_copy(made, Copy.model_validate(row.summary["copy"]))


def _as_copy(whole: InstanceDetail, copy: Copy) -> InstanceDetail:
    """What a copy shows: who decided when, and nothing of what was said."""
    silent = [one.model_copy(update={"note": "", "file_id": None}) for one in whole.history]
    return whole.model_copy(update={"title": copy.title, "rows": copy.rows, "history": silent, "part": None})


def _parts(row: Instance) -> list[PartOut]:
    return [PartOut(part=part, title=title) for part, title in flows.parts_of(row.subject, row.subject_id, row.part)]


def _earlier(steps: list[StepView], task_id: str) -> list[Earlier]:
    """The approved steps in front of the one the task belongs to, those of its own branch included."""
    step_id = db.session.scalar(select(Task.step_id).where(Task.id == task_id))
    mine = next(number for number, step in enumerate(steps) if step.id == step_id)
    here = steps[mine]
    before = [one for one in steps[:mine] if one.stage < here.stage or one.branch == here.branch]
    return [Earlier(id=one.id, name=one.name) for one in before if one.state == StepState.APPROVED]


OVER = (TaskState.TRANSFERRED, TaskState.REPLACED, TaskState.VOIDED)


def _steps(instance_id: str, number: int) -> tuple[list[StepView], list[str]]:
    """The steps with whom they asked, and the names of those who may decide now."""
    rows = db.session.execute(
        select(
            Step.id,
            Step.name,
            Step.mode,
            Step.state,
            Step.stage,
            Step.branch,
            Step.node,
            Task.person_id,
            Task.state.label("task"),
        )
        .outerjoin(Task, and_(Task.step_id == Step.id, Task.state.not_in(OVER)))
        .where(Step.instance_id == instance_id, Step.round == number)
        .order_by(Step.position, Task.created_at, Task.id)
    ).all()
    names = listing.names_of(row.person_id for row in rows if row.person_id)
    made: dict[str, StepView] = {}
    for row in rows:
        step = made.setdefault(row.id, _step(row))
        if row.person_id and names[row.person_id] not in step.approvers:
            step.approvers.append(names[row.person_id])
    return list(made.values()), [names[row.person_id] for row in rows if row.task == TaskState.OPEN]


def _step(row: Any) -> StepView:
    node = chains.Node.model_validate(row.node)
    about = {"kind": node.kind, "way": wording.way_of(node.kind, node.mode, node.needed)}
    place = {"stage": row.stage, "branch": row.branch}
    return StepView(id=row.id, name=row.name, mode=row.mode, state=row.state, approvers=[], **place, **about)
