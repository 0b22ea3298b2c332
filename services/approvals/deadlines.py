"""How long an approver may wait: hours of their own working time, from their own shifts.

The next deadline of a task is kept with it, so that a scheduler that was down finds each of them once.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from kit import clock
from models.enums import Deadline
from services import schedule
from services.approvals.rules.chains import Sla
from services.approvals.rules.worktime import Stretch, after, between

Due = Mapping[str, tuple[Deadline, datetime]]
FARTHEST = timedelta(days=120)
"""Whoever works less than the hours allowed within this time is late at its end."""


def hours_of(sla: Sla) -> dict[Deadline, int]:
    """What happens after how many working hours, in order."""
    given = {
        Deadline.REMIND: sla.remind_after,
        Deadline.ESCALATE: sla.escalate_after,
        Deadline.ACT: sla.act_after,
    }
    return {what: hours for what, hours in given.items() if hours is not None}


def first(sla: Sla | None, person_ids: Sequence[str]) -> Due:
    """person → the first deadline of a task handed out now; nothing without a time limit."""
    if sla is None or not person_ids:
        return {}
    what, hours = next(iter(hours_of(sla).items()))
    return {one: (what, at) for one, at in _from_now(person_ids, hours * 60).items()}


def following(sla: Sla, person_id: str, done: Deadline) -> tuple[Deadline, datetime] | None:
    """The deadline after the one that has just passed, counted from there."""
    known = hours_of(sla)
    later = [what for what in known if list(Deadline).index(what) > list(Deadline).index(done)]
    if not later:
        return None
    minutes = (known[later[0]] - known[done]) * 60
    return later[0], _from_now([person_id], minutes)[person_id]


def moved_on(person_id: str, due_at: datetime, paused_at: datetime) -> datetime:
    """A deadline after a pause that ends now: what was left of the working time then is left now."""
    left = between(_stretches([person_id], clock.local(paused_at).date(), due_at)[person_id], paused_at, due_at)
    return _from_now([person_id], left)[person_id]


def _from_now(person_ids: Sequence[str], minutes: int) -> dict[str, datetime]:
    now = clock.now()
    worked = _stretches(person_ids, clock.today(), now + FARTHEST)
    return {one: after(worked[one], now, minutes) or now + FARTHEST for one in person_ids}


def _stretches(person_ids: Iterable[str], first_day: date, until: datetime) -> dict[str, list[Stretch]]:
    # a night shift of the day before may still run
    plans = schedule.days(set(person_ids), first_day - timedelta(days=1), clock.local(until).date())
    found: dict[str, list[Stretch]] = {one: [] for one in person_ids}
    for (person_id, day), plan in sorted(plans.items(), key=lambda item: item[0][1]):
        for part in plan.segments:
            found[person_id].append((clock.at_local(day, part.start), clock.at_local(day, part.end)))
    return found
