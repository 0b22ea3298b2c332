"""The only functions that fetch a task or an instance for somebody: fetch and permission in one statement."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Date, Select, and_, bindparam, or_, select, true

from kit import clock
from kit.errors import NotFound
from models.approvals import ApprovalInstance as Instance
from models.approvals import ApprovalStep as Step
from models.approvals import ApprovalTask as Task
from models.base import db
from models.enums import InstanceState, SignMode, StepState, TaskState
from services import people, platform
from services.approvals import delegations
from services.approvals.running import COLUMNS, Running
from services.people import Actor, Permission


@dataclass(frozen=True)
class Held:
    """A task somebody may act on, with its step; its request is locked.

    `is_last`: no step waits behind this one or is open beside it; `is_alone`: none is open beside it.
    """

    running: Running
    id: str
    person_id: str
    action_expires_at: datetime
    step_id: str
    step_name: str
    mode: SignMode
    needed: int | None
    is_last: bool
    is_alone: bool

    def place_of(self, actor: Actor) -> str | None:
        """Whose place the actor takes; `None` when it is their own."""
        return None if actor.person_id == self.person_id else self.person_id


ME = bindparam("me", type_=Task.person_id.type)
_TRUST_ME = delegations.who_trust(ME, bindparam("today", type_=Date), Instance.subject)
_MINE = or_(Task.person_id == ME, Task.person_id.in_(_TRUST_ME))
IS_FOR = and_(_MINE, Instance.applicant_id != ME)
"""Tasks somebody may act on today: their own and those delegated to them, but never on their own request.

For statements that are executed with what `who` says.
"""


def who(actor: Actor) -> dict[str, Any]:
    """The parameters of `IS_FOR`."""
    return {"me": actor.person_id, "today": clock.today()}


def task(actor: Actor, task_id: str) -> Held:
    """The task, if it is the actor's to decide (or was); `NotFound` otherwise. Locks the request."""
    return _held(actor, _BY_ID, task_id, NotFound())


def tapped(actor: Actor, action_id: str) -> Held:
    """The task behind a card's button, if it is the actor's; what carries the button gives no right to it."""
    return _held(actor, _BY_ACTION, action_id, NotFound("您不是这一步的审批人"))


def _locking(
    wanted: ColumnElement[bool], whose: ColumnElement[bool], *further: ColumnElement[bool]
) -> Select[*tuple[Any, ...]]:
    # Only the instance is locked: a task or step locked here would be waited for in the other order by who closes them.
    # The limit keeps the database from merging the inner select into the locking one.
    columns = (
        Task.id, Task.person_id, Task.action_expires_at, Task.step_id, Step.name, Step.mode, Step.needed,
        Task.instance_id,
    )  # fmt: skip
    joined = select(*columns).join(Step, Step.id == Task.step_id).join(Instance, Instance.id == Task.instance_id)
    inner = joined.where(wanted, whose).limit(1).subquery()
    ours = select(Step.id).where(Step.instance_id == Instance.id)
    beside = ours.where(Step.state == StepState.OPEN, Step.id != inner.c.step_id).exists()
    behind = ours.where(Step.state == StepState.WAITING).exists()
    return (
        select(*inner.c[:-1], and_(~behind, ~beside), ~beside, *COLUMNS)
        .join(inner, inner.c.instance_id == Instance.id)
        .where(*further)
        .with_for_update()
    )


_NOT_OWN = Instance.applicant_id != ME
_BY_ID = _locking(Task.id == bindparam("wanted"), _MINE, _NOT_OWN)
_BY_ACTION = _locking(Task.action_id == bindparam("wanted"), _MINE, _NOT_OWN)
_BY_CLOCK = _locking(Task.id == bindparam("wanted"), true())


def by_clock(task_id: str) -> Held:
    """The task that the clock decides. Locks the request."""
    found = list(platform.rows(_BY_CLOCK, {"wanted": task_id})[0])
    return Held(Running(*found[9:]), *found[:9])


def _held(actor: Actor, statement: Select[*tuple[Any, ...]], wanted: str, refusal: NotFound) -> Held:
    rows = platform.rows(statement, {"wanted": wanted, **who(actor)})
    if not rows:
        raise refusal
    found = list(rows[0])
    return Held(Running(*found[9:]), *found[:9])


ENDED_OTHERWISE = {InstanceState.WITHDRAWN: "申请人已撤回", InstanceState.RETURNED: "已退回申请人"}


def what_happened(actor: Actor, task_id: str) -> str:
    """One sentence for somebody who came too late: who decided, and how."""
    own = db.session.execute(
        select(
            Task.state,
            Task.decided_by,
            Task.step_id,
            Instance.state.label("request"),
            Step.round,
            Instance.round.label("current"),
        )
        .join(Instance, Instance.id == Task.instance_id)
        .join(Step, Step.id == Task.step_id)
        .where(Task.id == task_id)
    ).one()
    if own.state != TaskState.CLOSED:
        return _said(actor, own.state, own.decided_by)
    if own.request in ENDED_OTHERWISE:
        return ENDED_OTHERWISE[own.request]
    if own.round < own.current:
        return "申请人已修改"
    spoken = (TaskState.APPROVED, TaskState.REJECTED)
    latest = select(Task.state, Task.decided_by).where(Task.step_id == own.step_id, Task.state.in_(spoken))
    other = db.session.execute(latest.order_by(Task.decided_at.desc()).limit(1)).first()
    return _said(actor, other.state, other.decided_by) if other else "这一步已由他人处理"


VERBS = {
    TaskState.WAITING: "尚未轮到您",
    TaskState.APPROVED: "已同意",
    TaskState.REJECTED: "已驳回",
    TaskState.TRANSFERRED: "已转交他人",
    TaskState.VOIDED: "的意见已因退回失效",
    TaskState.TOLD: "只是抄送，无需审批",
}


def _said(actor: Actor, state: str, person_id: str | None) -> str:
    if state == TaskState.REPLACED:
        return "内容已变化，请刷新"
    known = people.many([person_id]) if person_id and person_id != actor.person_id else {}
    who = "您" if person_id == actor.person_id else known[person_id].name if person_id in known else "系统"
    return f"{who}{VERBS[TaskState(state)]}"


NOT_ASKED = (TaskState.TOLD, TaskState.WAITING)
"""Tasks of people who were told only, or whose turn has not come: they were asked nothing."""


def seen(actor: Actor) -> ColumnElement[bool]:
    """Instances the actor may read: their own, those they were ever asked or told about, those they may decide in
    somebody's place, and HR's reach."""
    return or_(_in_full(actor), _tasks(Task.person_id == actor.person_id))


def shows_all(actor: Actor, row: Instance) -> bool:
    """May the actor read all that is said of a request they may read, and not only what its copies show?"""
    return "copy" not in row.summary or bool(db.session.scalar(select(_in_full(actor)).where(Instance.id == row.id)))


def _in_full(actor: Actor) -> ColumnElement[bool]:
    either = [Instance.applicant_id == actor.person_id, _tasks(_concern(actor, Instance.subject))]
    if actor.may(Permission.APPROVALS_INSTANCE_READ):
        either.append(Instance.applicant_id.in_(people.within(actor, Permission.APPROVALS_INSTANCE_READ)))
    return or_(*either)


def _tasks(whose: ColumnElement[bool]) -> ColumnElement[bool]:
    return select(Task.id).where(Task.instance_id == Instance.id, whose).correlate(Instance).exists()


def _concern(actor: Actor, subject: delegations.Subject) -> ColumnElement[bool]:
    """Tasks the actor was asked to decide, or decided, or may decide today in somebody's place."""
    trusted = Task.person_id.in_(delegations.who_trust(actor.person_id, clock.today(), subject))
    own = and_(Task.person_id == actor.person_id, Task.state.not_in(NOT_ASKED))
    return or_(own, Task.decided_by == actor.person_id, and_(Task.state == TaskState.OPEN, trusted))


def asked(actor: Actor, subject: str) -> Select[str]:
    """The ids of what the actor was ever asked to decide of this subject, or may decide today in somebody's place."""
    return _things(subject, _concern(actor, subject))


def told(actor: Actor, subject: str) -> Select[str]:
    """The ids of what the actor knows of this subject without having been asked: by a copy, or before their turn."""
    return _things(subject, and_(Task.person_id == actor.person_id, Task.state.in_(NOT_ASKED)))


def _things(subject: str, whose: ColumnElement[bool]) -> Select[str]:
    joined = select(Instance.subject_id).join(Task, Task.instance_id == Instance.id)
    return joined.where(Instance.subject == subject, whose)


def instance(actor: Actor, condition: ColumnElement[bool]) -> Instance:
    """The newest instance that meets the condition, if the actor may see it; `NotFound` otherwise."""
    found: Select[Instance] = select(Instance).where(condition, seen(actor)).order_by(Instance.created_at.desc())
    # what was decided in this very transaction went past the session's memory
    row = db.session.scalars(found.limit(1), execution_options={"populate_existing": True}).first()
    if row is None:
        raise NotFound()
    return row
