"""Reads of approvals: what waits for me, what I asked for, one request with its trail, HR's list, a chain tried out."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true

from kit import clock, pages
from kit.errors import Invalid
from kit.pages import Page, PageQuery
from models.approvals import ApprovalInstance as Instance
from models.approvals import ApprovalStep as Step
from models.approvals import ApprovalTask as Task
from models.base import db
from models.enums import InstanceState, StepState, TaskState
from services import people, platform
from services.approvals import access, flows, reminders, rules, trail
from services.approvals.design import wording
from services.approvals.schemas import (
    Earlier,
    InstanceDetail,
    InstanceOut,
    InstanceQuery,
    MineQuery,
    StepView,
    TaskOut,
    TaskQuery,
)
from services.people import Actor

MOST_EXPORTED = 10_000


_WAITING = and_(Task.state == TaskState.OPEN, access.IS_FOR)
_COUNT = select(func.count()).select_from(Task).join(Instance, Instance.id == Task.instance_id).where(_WAITING)


def count_waiting(actor: Actor) -> int:
    """How many requests wait for this person."""
    return platform.scalar(_COUNT, access.who(actor)) or 0


def my_tasks(actor: Actor, query: TaskQuery) -> Page[TaskOut]:
    """What waits for this person, the oldest first."""
    columns = (
        Task.id, Task.instance_id, Task.person_id, Task.created_at, Step.name, Instance.subject, Instance.title,
        Instance.applicant_id, Instance.version,
    )  # fmt: skip
    joined = select(*columns).join(Step, Step.id == Task.step_id).join(Instance, Instance.id == Task.instance_id)
    place = (Task.created_at, Task.id)
    wanted = joined.where(_WAITING, *_sought(query), _beyond(query.cursor, place, is_up=True))
    rows = db.session.execute(wanted.order_by(*place).limit(query.limit + 1), access.who(actor)).all()
    page = pages.cut(rows, query.limit, lambda row: [row.created_at.isoformat(), row.id])
    names = _names(one for row in page.rows for one in (row.applicant_id, row.person_id))
    late = reminders.overdue_before()
    return Page(items=[_task(row, actor, names, late) for row in page.rows], next_cursor=page.next_cursor)


def _sought(query: TaskQuery) -> list[ColumnElement[bool]]:
    found = _between(query.first_day, query.last_day)
    if query.q:
        found.append(_speaks_of(query.q))
    if query.subject:
        found.append(Instance.subject == query.subject)
    if query.person:
        found.append(Instance.applicant_id.in_(people.matching(query.person)))
    return found


def _speaks_of(words: str) -> ColumnElement[bool]:
    """The words stand in the title, in the applicant's name, or in what the kind of request is called."""
    kinds = [subject for subject, title in flows.titles().items() if words.casefold() in title.casefold()]
    named = Instance.applicant_id.in_(people.matching(words))
    return or_(Instance.title.contains(words, autoescape=True), named, Instance.subject.in_(kinds))


def _between(first: date | None, last: date | None) -> list[ColumnElement[bool]]:
    """Asked for on these days, both included."""
    found = [Instance.created_at >= clock.at_local(first)] if first else []
    return found + ([Instance.created_at < clock.at_local(last, 24 * 60)] if last else [])


def _task(row: Any, actor: Actor, names: dict[str, str], late: datetime) -> TaskOut:
    return TaskOut(
        id=row.id,
        instance_id=row.instance_id,
        subject=row.subject,
        title=row.title,
        applicant=names[row.applicant_id],
        step=row.name,
        waiting_since=row.created_at,
        is_overdue=row.created_at <= late,
        version=row.version,
        on_behalf_of=None if row.person_id == actor.person_id else names[row.person_id],
    )


def mine(actor: Actor, query: MineQuery) -> Page[InstanceOut]:
    """What this person asked for, the newest first."""
    conditions: list[ColumnElement[bool]] = [Instance.applicant_id == actor.person_id]
    if query.state:
        conditions.append(Instance.state == query.state)
    return _list([*conditions, *_sought(query)], query, is_up=False)


def instances(actor: Actor, query: InstanceQuery) -> Page[InstanceOut]:
    """HR's list of requests within their reach."""
    return _list(_filters(actor, query), query, is_up=query.sort == "started")


def export(actor: Actor, query: InstanceQuery) -> list[InstanceOut]:
    """The whole filtered list, at most ten thousand; `Invalid` beyond that."""
    wanted = select(Instance).where(*_filters(actor, query)).order_by(Instance.created_at, Instance.id)
    rows = list(db.session.scalars(wanted.limit(MOST_EXPORTED + 1)))
    if len(rows) > MOST_EXPORTED:
        raise Invalid(f"超过 {MOST_EXPORTED} 条，请缩小日期范围后再导出")
    platform.audit.record(actor, "approvals.instance.export", "approval_instance", after={"rows": len(rows)})
    return _views(rows)


def _filters(actor: Actor, query: InstanceQuery) -> list[ColumnElement[bool]]:
    reach = people.within(actor, people.Permission.APPROVALS_INSTANCE_READ)
    conditions: list[ColumnElement[bool]] = [Instance.applicant_id.in_(reach)]
    if query.subject:
        conditions.append(Instance.subject == query.subject)
    if query.state:
        conditions.append(Instance.state == query.state)
    if query.applicant:
        conditions.append(Instance.applicant_id.in_(people.matching(query.applicant)))
    return conditions + _between(query.first_day, query.last_day)


def _list(conditions: list[ColumnElement[bool]], query: PageQuery, *, is_up: bool) -> Page[InstanceOut]:
    place = (Instance.created_at, Instance.id)
    wanted: Select[Instance] = select(Instance).where(*conditions, _beyond(query.cursor, place, is_up=is_up))
    order = place if is_up else tuple(column.desc() for column in place)
    rows = list(db.session.scalars(wanted.order_by(*order).limit(query.limit + 1)))
    page = pages.cut(rows, query.limit, lambda row: [row.created_at.isoformat(), row.id])
    return Page(items=_views(list(page.rows)), next_cursor=page.next_cursor)


def _beyond(cursor: str | None, place: tuple[Any, Any], *, is_up: bool) -> ColumnElement[bool]:
    if cursor is None:
        return true()
    moment, row_id = pages.decode(cursor, str, str)
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        raise Invalid("页码已失效，请从第一页重新打开") from None
    first, second = place
    further = (first > at, second > row_id) if is_up else (first < at, second < row_id)
    return or_(further[0], and_(first == at, further[1]))


def _views(rows: list[Instance]) -> list[InstanceOut]:
    pending = [row.id for row in rows if row.state == InstanceState.PENDING]
    open_tasks = select(Task.instance_id, Task.person_id).where(
        Task.instance_id.in_(pending), Task.state == TaskState.OPEN
    )
    asked = db.session.execute(open_tasks).all() if pending else []
    names = _names([*(row.applicant_id for row in rows), *(task.person_id for task in asked)])
    waiting: dict[str, list[str]] = {}
    for task in asked:
        waiting.setdefault(task.instance_id, []).append(names[task.person_id])
    return [InstanceOut(**_face(row, names), waiting_for=waiting.get(row.id, [])) for row in rows]


def _face(row: Instance, names: dict[str, str]) -> dict[str, Any]:
    return {
        "id": row.id,
        "subject": row.subject,
        "subject_id": row.subject_id,
        "title": row.title,
        "applicant": names[row.applicant_id],
        "state": row.state,
        "started_at": row.created_at,
        "ended_at": row.ended_at,
    }


def _names(person_ids: Iterable[str]) -> dict[str, str]:
    wanted = set(person_ids)
    return {one.id: one.name for one in people.many(wanted).values()} if wanted else {}


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
    my_task = my_task.where(Task.instance_id == row.id, _WAITING).limit(1)
    my_task_id = db.session.scalar(my_task, access.who(actor)) if is_open else None
    return InstanceDetail(
        **_face(row, _names([row.applicant_id])),
        waiting_for=waiting,
        rows=[(label, value) for label, value in row.summary["rows"]],
        steps=steps,
        history=trail.of_instance(row.id),
        my_task_id=my_task_id,
        may_urge=is_open and is_mine,
        version=row.version,
        part=row.part,
        may_approve_part=bool(my_task_id and flows.takes_parts(row.subject)),
        may_send_again=is_mine and row.state == InstanceState.RETURNED,
        may_answer=is_mine and row.paused_at is not None,
        may_ask=bool(my_task_id) and row.paused_at is None,
        may_return_to=_earlier(steps) if my_task_id else [],
        has_receipt=is_mine and row.state not in rules.ALIVE,
    )


def _earlier(steps: list[StepView]) -> list[Earlier]:
    opened = max((step.stage for step in steps if step.state == StepState.OPEN), default=0)
    approved = [step for step in steps if step.state == StepState.APPROVED and step.stage < opened]
    return [Earlier(id=step.id, name=step.name) for step in approved]


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
    names = _names(row.person_id for row in rows if row.person_id)
    made: dict[str, StepView] = {}
    for row in rows:
        step = made.setdefault(row.id, _step(row))
        if row.person_id and names[row.person_id] not in step.approvers:
            step.approvers.append(names[row.person_id])
    return list(made.values()), [names[row.person_id] for row in rows if row.task == TaskState.OPEN]


def _step(row: Any) -> StepView:
    node = rules.Node.model_validate(row.node)
    about = {"kind": node.kind, "way": wording.way_of(node.kind, node.mode, node.needed)}
    place = {"stage": row.stage, "branch": row.branch}
    return StepView(id=row.id, name=row.name, mode=row.mode, state=row.state, approvers=[], **place, **about)
