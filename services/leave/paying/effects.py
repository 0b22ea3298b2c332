"""The ledger of pay effects: brought, in the transaction that decided it, to what stands of a request.

One function does it for every way in which leave becomes granted or is taken back, whole or in part: it writes what
the ledger lacks, and nothing a second time.
"""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from sqlalchemy import bindparam, func, select

from kit import clock
from models.enums import LeaveState
from models.leave import LeaveRequest, LeaveSegment
from models.leave_pay import LeavePayEntry
from services import people, platform, schedule
from services.leave.events import Cancelled, Granted
from services.leave.paying import months, terms
from services.leave.paying.rules import moves
from services.leave.paying.rules.moves import Effect
from services.leave.paying.rules.terms import Terms
from services.leave.rulebook import catalog
from services.leave.rulebook.catalog import Kind
from services.people import Joined, Left

LOOK_BACK = timedelta(days=400)
Entry = LeavePayEntry
_TERMS = (Entry.treatment, Entry.share, Entry.floor, Entry.method, Entry.rule)
_EFFECT = (Entry.day, Entry.day_minutes, Entry.is_workday, Entry.kind_version, *_TERMS)
_MINUTES = func.sum(Entry.minutes)
_STANDING = (
    select(*_EFFECT, _MINUTES.label("minutes"))
    .where(Entry.request_id == bindparam("request_id"))
    .group_by(*_EFFECT)
    .having(_MINUTES != 0)
    .order_by(Entry.day, func.min(Entry.seq))
)
_REQUEST = select(LeaveRequest.person_id, LeaveRequest.state, LeaveRequest.kind_code, LeaveRequest.kind_version).where(
    LeaveRequest.id == bindparam("request_id")
)
_SEGMENTS = select(LeaveSegment.day, LeaveSegment.minutes).where(LeaveSegment.request_id == bindparam("request_id"))


def on_changed(event: Granted | Cancelled) -> None:
    """Leave was granted or taken back: its pay is what now stands of it."""
    settle(event.request_id)


def on_employed(event: Joined | Left) -> None:
    """Leave booked for after the last day of employment is not paid as leave; who comes back finds it again."""
    since = people.get(event.person_id).left_on or clock.today() - LOOK_BACK
    theirs = select(LeaveRequest.id).where(LeaveRequest.person_id == event.person_id, LeaveRequest.last_day > since)
    for row in platform.rows(theirs.where(LeaveRequest.state == LeaveState.APPROVED).order_by(LeaveRequest.id)):
        settle(row.id)


def settle(request_id: str) -> int:
    """Writes what the ledger lacks of a request; the count of entries, none when it says what stands."""
    request = platform.rows(_REQUEST, {"request_id": request_id})[0]
    now, wanted = standing(request_id), _wanted(request_id, request)
    back, more = moves.returned(now, wanted), moves.missing(now, wanted)
    changed = [*back, *(_effects(request, more) if more else ())]
    if changed:
        through = months.held(alone=False).through
        platform.add_many(LeavePayEntry, [_row(request_id, request, one, through) for one in changed])
    return len(changed)


def standing(request_id: str) -> list[Effect]:
    """What stands of a request, day by day."""
    rows = platform.rows(_STANDING, {"request_id": request_id})
    return [_effect(row) for row in rows]


def _effect(row: Any) -> Effect:
    how = Terms(row.treatment, row.share, row.floor, row.method, row.rule)
    return Effect(row.day, int(row.minutes), row.day_minutes, row.is_workday, row.kind_version, how)


def _wanted(request_id: str, request: Any) -> dict[date, int]:
    """The minutes of each day that are granted, of days on which the person works here."""
    if request.state != LeaveState.APPROVED:
        return {}
    person = people.get(request.person_id)
    last = date.max if person.is_active else person.left_on or clock.today()
    return {day: minutes for day, minutes in segments(request_id).items() if day <= last}


def segments(request_id: str) -> dict[date, int]:
    """The minutes that a request takes of each day."""
    return {row.day: row.minutes for row in platform.rows(_SEGMENTS, {"request_id": request_id})}


def _effects(request: Any, more: Mapping[date, int]) -> list[Effect]:
    """New effects by the rules that the request was measured by."""
    kind = catalog.then(request.kind_code, request.kind_version) or catalog.named(request.kind_code)
    return planned(request.person_id, kind, more)


def planned(person_id: str, kind: Kind, more: Mapping[date, int]) -> list[Effect]:
    """What so many minutes of these days would mean for pay; nothing is written."""
    plans = schedule.days([person_id], min(more), max(more))
    how = terms.of_days(person_id, kind.rules, more)
    known = ((day, minutes, plans[person_id, day]) for day, minutes in sorted(more.items()))
    return [
        Effect(day, minutes, plan.full_minutes, plan.is_working, kind.version, how[day]) for day, minutes, plan in known
    ]


def _row(request_id: str, request: Any, one: Effect, through: date | None) -> dict[str, Any]:
    month = moves.belongs_to(one.day, through)
    said = "批准请假" if one.minutes > 0 else "退回请假"
    late = f"，{one.day:%Y-%m} 的工资已结算，计入 {month:%Y-%m}" if month > one.day else ""
    return {
        "person_id": request.person_id,
        "request_id": request_id,
        "month": month,
        "kind_code": request.kind_code,
        **{name: getattr(one, name) for name in ("day", "minutes", "day_minutes", "is_workday", "kind_version")},
        **asdict(one.terms),
        "cause": f"{said}{late}",
        "created_at": clock.now(),
    }
