"""Lists: what waits for me, what I asked for, and HR's list, of which all or some are taken away as a file."""

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
from models.enums import InstanceState, TaskState
from services import people, platform
from services.approvals import access, flows, reminders
from services.approvals.views import InstanceOut, TaskOut
from services.approvals.wishes import InstanceQuery, MineQuery, TaskQuery
from services.people import Actor

MOST_EXPORTED = 10_000

WAITING = and_(Task.state == TaskState.OPEN, access.IS_FOR)
"""Tasks somebody may decide now; for statements that are executed with what `access.who` says."""
_COUNT = select(func.count()).select_from(Task).join(Instance, Instance.id == Task.instance_id).where(WAITING)


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
    wanted = joined.where(WAITING, *_sought(query), _beyond(query.cursor, place, is_up=True))
    rows = db.session.execute(wanted.order_by(*place).limit(query.limit + 1), access.who(actor)).all()
    page = pages.cut(rows, query.limit, lambda row: [row.created_at.isoformat(), row.id])
    names = names_of(one for row in page.rows for one in (row.applicant_id, row.person_id))
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
    names = names_of([*(row.applicant_id for row in rows), *(task.person_id for task in asked)])
    waiting: dict[str, list[str]] = {}
    for task in asked:
        waiting.setdefault(task.instance_id, []).append(names[task.person_id])
    return [InstanceOut(**face(row, names), waiting_for=waiting.get(row.id, [])) for row in rows]


def face(row: Instance, names: dict[str, str]) -> dict[str, Any]:
    """What every view of a request begins with."""
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


def names_of(person_ids: Iterable[str]) -> dict[str, str]:
    """What these people are called; one statement."""
    wanted = set(person_ids)
    return {one.id: one.name for one in people.many(wanted).values()} if wanted else {}
