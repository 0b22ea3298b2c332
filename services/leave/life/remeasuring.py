"""A notice changes the calendar under leave that was asked for already: whoever is concerned is told what to do.

Nothing is charged anew by itself: the days were approved as they were asked, and their owner decides what to do.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import select

from kit import clock
from kit.errors import Invalid
from models.base import db
from models.enums import HOLDING, Sandwich
from models.leave import LeaveKind, LeaveRequest, LeaveSegment
from services import notices, schedule
from services.leave import gaps, rules
from services.leave.life import queries
from services.leave.life.quotes import length_words
from services.leave.life.rules import parting
from services.leave.rulebook.catalog import Kind, kind_of
from services.leave.rules import Portion
from services.schedule import CalendarChanged, DayPlan
from templates_msg import Message

NOTHING = "0天"


def on_calendar_changed(event: CalendarChanged) -> None:
    """Tells everybody whose coming leave has another length by the new calendar."""
    if not event.days:
        return
    rows = db.session.execute(
        select(LeaveRequest, LeaveKind)
        .join(LeaveKind, LeaveKind.code == LeaveRequest.kind_code)
        .where(LeaveRequest.state.in_(HOLDING), LeaveRequest.last_day >= clock.today())
        .where(LeaveRequest.first_day <= max(event.days), LeaveRequest.last_day >= min(event.days))
    ).all()
    for row, kind_row in rows:
        _tell_if_changed(row, kind_of(kind_row))


def _tell_if_changed(row: LeaveRequest, kind: Kind) -> None:
    before, after = length_words(row.minutes, row.days, kind), _length_now(row, kind)
    if after == before:
        return
    facts = {
        "kind": kind.name,
        "span": queries.span_of(row),
        "before": before,
        "after": after,
        "request_id": row.id,
    }
    key = f"leave.remeasured:{row.id}:{after}"
    notices.notify(row.person_id, Message("leave/remeasured", facts), key=key)


def _around(row: LeaveRequest, kind: Kind, asked: Sequence[Portion], plans: Mapping[date, DayPlan]) -> list[Portion]:
    """Days off at its ends that count because it adjoins other leave."""
    if kind.rules.sandwich is Sandwich.NONE:
        return []
    theirs = select(LeaveSegment.day).where(LeaveSegment.request_id == row.id)
    days = set(db.session.scalars(theirs)) - {one.day for one in asked}
    return [
        rules.whole(plans[day]) for day in days if not plans[day].is_working and rules.fills(kind.rules, plans[day])
    ]


def _length_now(row: LeaveRequest, kind: Kind) -> str:
    days = schedule.days([row.person_id], row.first_day, row.last_day)
    plans = {plan.day: plan for plan in days.values()}
    try:
        asked = rules.portions(queries.ask_of(row), kind.rules, days.values())
        whole = [*asked, *_around(row, kind, asked, plans)]
        portions = parting.cut(whole, plans, gaps.read(row.gaps), kind.rules)
    except Invalid:  # all of it is free now
        return NOTHING
    return length_words(sum(portion.minutes for portion in portions), rules.total_days(portions), kind)
