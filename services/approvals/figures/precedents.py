"""What became of similar requests at the same node: how many it approved lately, how many it refused; no names."""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, case, func, select
from sqlalchemy.orm import aliased

from kit.errors import NotFound
from kit.schema import View
from models.approvals import ApprovalInstance as Instance
from models.approvals import ApprovalStep as Step
from models.approvals import ApprovalTask as Task
from models.enums import InstanceState, StepState
from services import platform
from services.approvals import access
from services.people import Actor

COUNTED, LOOKED_AT = 20, 2_000
"""So many decisions make the picture; among so many requests of the subject that ended last they are looked for, so
that a rare kind costs no more than a common one."""
KIND = "kind"
"""The fact that tells requests of one subject apart."""
ENDED = (InstanceState.APPROVED, InstanceState.REJECTED)
DECIDED = (StepState.APPROVED, StepState.REJECTED)


class Precedents(View):
    """The last decisions of a node on requests of one subject and kind; `since` is when the first of them ended."""

    decided: int
    approved: int
    rejected: int
    since: datetime | None


def precedents(actor: Actor, task_id: str) -> Precedents:
    """What the node of this task decided on similar requests, for whoever may decide it; `NotFound` otherwise."""
    (found,) = platform.rows(_COUNT, {"task": task_id, **access.who(actor)})
    if not found.is_mine:
        raise NotFound()
    approved = int(found.approved or 0)
    return Precedents(decided=found.decided, approved=approved, rejected=found.decided - approved, since=found.since)


def _counting() -> Any:
    kind = func.coalesce(Instance.compared[KIND].as_string(), "")
    columns = (Instance.id, Instance.subject, kind.label("kind"), Step.name)
    joined = select(*columns).join(Task, Task.instance_id == Instance.id).join(Step, Step.id == Task.step_id)
    mine = joined.where(Task.id == bindparam("task"), access.IS_FOR).cte("mine")
    past = aliased(Instance)
    lately = (
        select(past.id, past.ended_at, func.coalesce(past.compared[KIND].as_string(), "").label("kind"))
        .where(past.subject == _of(mine.c.subject), past.state.in_(ENDED))
        .order_by(past.ended_at.desc())
        .limit(LOOKED_AT)
        .subquery()
    )
    there = aliased(Step)
    alike = (
        select(there.state, lately.c.ended_at)
        .join(lately, lately.c.id == there.instance_id)
        .where(there.name == _of(mine.c.name), lately.c.kind == _of(mine.c.kind), there.state.in_(DECIDED))
        .order_by(lately.c.ended_at.desc())
        .limit(COUNTED)
        .subquery()
    )
    approved = func.sum(case((alike.c.state == StepState.APPROVED, 1), else_=0))
    is_mine = select(func.count()).select_from(mine).scalar_subquery()
    return select(
        func.count(alike.c.state).label("decided"), approved.label("approved"),
        func.min(alike.c.ended_at).label("since"), is_mine.label("is_mine"),
    )  # fmt: skip


def _of(column: Any) -> Any:
    return select(column).scalar_subquery()


_COUNT = _counting()
