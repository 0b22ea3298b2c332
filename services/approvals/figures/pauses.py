"""Pauses: while a question waits for the applicant's answer, nobody's time runs. Read off the history.

A pause ends with the answer, when there was none for too long, with a new submission, or not yet. A request that was
sent back asks nobody until it is submitted again, so that time belongs to no step.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Subquery, and_, case, func, or_, select

from models.approvals import ApprovalHistory as History
from models.approvals import ApprovalStep as Step
from models.approvals import ApprovalTask as Task
from models.base import UTCDateTime
from models.enums import Act
from services import platform

MARKS = (Act.ASKED, Act.ANSWERED, Act.UNANSWERED, Act.REVISED)


def among(steps: Sequence[ColumnElement[bool]]) -> Subquery:
    """The pauses of the requests that these steps belong to: instance_id, begins, ends."""
    ends = func.lead(History.at, type_=UTCDateTime()).over(partition_by=History.instance_id, order_by=History.seq)
    ours = History.instance_id.in_(select(Step.instance_id).where(*steps))
    marks = select(History.instance_id, History.act, History.at.label("begins"), ends.label("ends"))
    found = marks.where(ours, History.act.in_(MARKS)).subquery()
    return select(found.c.instance_id, found.c.begins, found.c.ends).where(found.c.act == Act.ASKED).subquery()


def of_steps(steps: Sequence[ColumnElement[bool]]) -> Subquery:
    """How many seconds each of these steps stood still: id, paused; none for those that did not."""
    pause = among(steps)
    joined = select(Step.id, _inside(pause, Step.opened_at, Step.closed_at)).join(
        pause, pause.c.instance_id == Step.instance_id
    )
    return joined.where(*steps, _overlaps(pause, Step.opened_at, Step.closed_at)).group_by(Step.id).subquery()


def of_tasks(steps: Sequence[ColumnElement[bool]]) -> Subquery:
    """The same for the tasks in these steps."""
    pause = among(steps)
    joined = (
        select(Task.id, _inside(pause, Task.created_at, Task.decided_at))
        .join(Step, Step.id == Task.step_id)
        .join(pause, pause.c.instance_id == Task.instance_id)
    )
    return joined.where(*steps, _overlaps(pause, Task.created_at, Task.decided_at)).group_by(Task.id).subquery()


def without(begin: Any, end: Any, still: Subquery) -> ColumnElement[int]:
    """The seconds from begin to end that did not stand still."""
    between: ColumnElement[int] = platform.spans.seconds_between(begin, end)
    return between - func.coalesce(still.c.paused, 0)


def _overlaps(pause: Subquery, begin: Any, end: Any) -> ColumnElement[bool]:
    return and_(pause.c.begins < end, or_(pause.c.ends.is_(None), pause.c.ends > begin))


def _inside(pause: Subquery, begin: Any, end: Any) -> ColumnElement[int]:
    later = case((pause.c.begins > begin, pause.c.begins), else_=begin)
    earlier = case((pause.c.ends < end, pause.c.ends), else_=end)
    return func.sum(platform.spans.seconds_between(later, earlier)).label("paused")
