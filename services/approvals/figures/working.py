"""Decisions with how long they lay in the working hours of whoever made them, by their own shifts, pauses left out.

The newest twenty thousand of a period are reckoned; shifts are read for many people at once.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import select

from kit import clock
from models.approvals import ApprovalInstance as Instance
from models.approvals import ApprovalStep as Step
from models.approvals import ApprovalTask as Task
from services import platform, schedule
from services.approvals.figures import pauses
from services.approvals.figures.rules import Pause, Worked, worked_seconds
from services.approvals.figures.schemas import FiguresQuery
from services.approvals.figures.scope import REQUEST_OF_STEP, in_period, spoken
from services.approvals.rules.worktime import Stretch
from services.people import Actor
from services.schedule import Plans

MOST, AT_ONCE = 20_000, 500
A_DAY = timedelta(days=1)
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Decision:
    """What somebody decided at a node, in which month (its first day), after how many seconds of their work."""

    subject: str
    node: str
    month: date
    by: str
    seconds: int


def spreads(decisions: Iterable[Decision], key: Callable[[Decision], Key]) -> dict[Key, Worked]:
    """The percentiles of each group."""
    found: dict[Key, list[int]] = defaultdict(list)
    for one in decisions:
        found[key(one)].append(one.seconds)
    return {group: Worked.of(seconds) for group, seconds in found.items()}


def decisions(actor: Actor, query: FiguresQuery) -> list[Decision]:
    """The decisions of the period within the actor's reach."""
    columns = (
        Task.instance_id, Task.decided_by, Task.created_at, Task.decided_at, Step.name, Step.closed_at,
        Instance.subject,
    )  # fmt: skip
    joined = select(*columns).join(Step, Step.id == Task.step_id).join(*REQUEST_OF_STEP)
    rows = platform.rows(joined.where(*spoken(actor, query)).order_by(Step.closed_at.desc(), Task.id).limit(MOST))
    still = _pauses(query) if rows else {}
    by_person: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        by_person[row.decided_by].append(row)
    everybody = list(by_person)
    chunks = (everybody[at : at + AT_ONCE] for at in range(0, len(everybody), AT_ONCE))
    return [one for chunk in chunks for one in _timed([row for who in chunk for row in by_person[who]], still)]


def _pauses(query: FiguresQuery) -> Mapping[str, list[Pause]]:
    found: dict[str, list[Pause]] = defaultdict(list)
    pause = pauses.among(in_period(query))
    for row in platform.rows(select(pause.c.instance_id, pause.c.begins, pause.c.ends)):
        found[row.instance_id].append((row.begins, row.ends))
    return found


def _timed(rows: Sequence[Any], still: Mapping[str, list[Pause]]) -> list[Decision]:
    first, last = min(row.created_at for row in rows), max(row.decided_at for row in rows)
    plans = schedule.days({row.decided_by for row in rows}, _day(first) - A_DAY, _day(last))
    return [_decision(row, plans, still.get(row.instance_id, ())) for row in rows]


def _decision(row: Any, plans: Plans, still: Sequence[Pause]) -> Decision:
    worked = _stretches(plans, row.decided_by, row.created_at, row.decided_at)
    seconds = worked_seconds(worked, row.created_at, row.decided_at, still)
    return Decision(row.subject, row.name, _day(row.closed_at).replace(day=1), row.decided_by, seconds)


def _stretches(plans: Plans, person_id: str, begin: datetime, end: datetime) -> list[Stretch]:
    # a night shift of the day before may still run
    days = ((_day(begin) - A_DAY) + A_DAY * number for number in range((_day(end) - _day(begin)).days + 2))
    parts = ((day, part) for day in days for part in plans[person_id, day].segments)
    return [(clock.at_local(day, part.start), clock.at_local(day, part.end)) for day, part in parts]


def _day(at: datetime) -> date:
    return clock.local(at).date()
