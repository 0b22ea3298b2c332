"""Reminders of overdue approvals: one digest for each person, in their own working hours, a task once a day."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from pydantic import BaseModel, Field
from sqlalchemy import or_, select, true, tuple_, update

from kit import clock
from models.approvals import ApprovalInstance as Instance
from models.approvals import ApprovalStep as Step
from models.approvals import ApprovalTask as Task
from models.base import db
from models.enums import Act, TaskState
from services import notices, platform, schedule
from services.approvals import delegations, trail
from services.approvals.trail import Entry
from templates_msg import Message

CHUNK = 500
DAY_MINUTES = 24 * 60


class Reminders(BaseModel):
    """When an approval counts as overdue."""

    after_hours: int = Field(8, ge=1, le=240, title="小时数")


SETTING = platform.declare(
    "approvals.reminders", "审批等待多少小时后提醒审批人（只在其上班时间提醒，每天一次）", Reminders()
)


def overdue_before() -> datetime:
    """Tasks handed out at or before this instant are overdue."""
    return clock.now() - timedelta(hours=SETTING.get().after_hours)


def remind_overdue(payload: dict[str, Any]) -> None:
    """Reminds those at work now of what has waited too long; five hundred tasks at a time, then the next."""
    late = _late(payload.get("after"))
    told = _told(late)
    at_work = _at_work(told.values())
    by_person = defaultdict(list)
    for task in late:
        if told[task.id] in at_work:
            by_person[told[task.id]].append(task)
    for person_id, tasks in by_person.items():
        _remind(person_id, tasks, payload["slot"])
    if len(late) == CHUNK:
        after = [late[-1].created_at.isoformat(), late[-1].id]
        key = f"approvals.remind:{payload['slot']}:{after[1]}"
        platform.promise("approvals.remind", {**payload, "after": after}, dedupe_key=key)


def _late(after: list[str] | None) -> Sequence[Any]:
    place = (Task.created_at, Task.id)
    beyond = tuple_(*place) > (datetime.fromisoformat(after[0]), after[1]) if after else true()
    not_today = or_(Task.reminded_on.is_(None), Task.reminded_on != clock.today())
    columns = (
        Task.id,
        Task.person_id,
        Task.created_at,
        Task.instance_id,
        Step.name,
        Instance.applicant_id,
        Instance.title,
        Instance.subject,
    )
    return db.session.execute(
        select(*columns)
        .join(Step, Step.id == Task.step_id)
        .join(Instance, Instance.id == Task.instance_id)
        .where(Task.state == TaskState.OPEN, Task.created_at <= overdue_before(), not_today, beyond)
        .where(Instance.paused_at.is_(None))
        .order_by(*place)
        .limit(CHUNK)
    ).all()


def _told(late: Sequence[Any]) -> dict[str, str]:
    """task → who is told today."""
    by_subject: dict[str, set[str]] = defaultdict(set)
    for task in late:
        by_subject[task.subject].add(task.person_id)
    asked = {(of, one.id): one for of, ids in by_subject.items() for one in delegations.asked(sorted(ids), of)}
    return {task.id: asked[task.subject, task.person_id].told(task.applicant_id) for task in late}


def _at_work(person_ids: Iterable[str]) -> set[str]:
    """Those whose own shift is running; somebody on a day off or asleep is left alone."""
    now, today = clock.local(clock.now()), clock.today()
    minute, yesterday = now.hour * 60 + now.minute, today - timedelta(days=1)
    plans = schedule.days(set(person_ids), yesterday, today)
    at = {today: minute, yesterday: minute + DAY_MINUTES}
    return {
        person_id
        for (person_id, day), plan in plans.items()
        if any(segment.start <= at[day] < segment.end for segment in plan.segments)
    }


def _remind(person_id: str, tasks: Sequence[Any], slot: str) -> None:
    message = Message("approvals/overdue", {"count": len(tasks), "title": tasks[0].title, "since": tasks[0].created_at})
    notices.notify(person_id, message, key=f"overdue:{person_id}:{slot}")
    reminded = update(Task).where(Task.id.in_([task.id for task in tasks]))
    platform.changed(reminded.values(reminded_on=clock.today()))
    trail.note_many((task.instance_id, Entry(Act.REMINDED, task.name, to_id=person_id)) for task in tasks)
