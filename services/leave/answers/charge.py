"""Why a request costs what it costs: day by day what was counted and what was not, and the lots that paid."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, select

from kit.schema import View
from models.base import db
from models.enums import Counting, DayKind, EntryKind
from models.leave import LeaveEntry, LeaveLot, LeaveRequest, LeaveSegment
from services import schedule
from services.leave import access, rules
from services.leave.life.quotes import length_words
from services.leave.rulebook import catalog
from services.leave.rulebook.catalog import Kind
from services.people import Actor
from services.schedule import DayPlan

COUNTINGS = {
    Counting.WORKING: "只计本人的工作日，周末和节假日不计",
    Counting.CALENDAR: "按自然日计，周末和节假日都计",
    Counting.CALENDAR_EXCEPT_STATUTORY: "按自然日计，法定节假日不计",
}
DAY_KINDS = {
    DayKind.WORKDAY: "工作日",
    DayKind.ADJUSTED_WORKDAY: "调休上班日",
    DayKind.REST_DAY: "休息日",
    DayKind.ADJUSTED_REST_DAY: "调休放假日",
    DayKind.STATUTORY_HOLIDAY: "法定节假日",
}


class CountedDay(View):
    """A day of the request: what kind of day it is, and what was taken of it; nothing when it does not count."""

    day: date
    kind: DayKind
    title: str
    minutes: int
    length: str


class PaidBy(View):
    """What a lot paid of the request."""

    title: str
    expires_on: date
    minutes: int
    length: str


class ChargeOut(View):
    """The answer to "why 3.5 days": the rule, each day, each lot.

    `rule` and `source` are those that measured it; empty when the rules of that version were not kept.
    """

    request_id: str
    kind_name: str
    length: str
    rule: str
    source: str
    rules_version: int
    is_changed_since: bool
    days: list[CountedDay]
    lots: list[PaidBy]


def charge(actor: Actor, request_id: str) -> ChargeOut:
    """Why a request that the actor may see costs what it costs."""
    row = access.request(actor, request_id)
    kind, plans = catalog.named(row.kind_code), schedule.days([row.person_id], row.first_day, row.last_day)
    measured = catalog.then(row.kind_code, row.kind_version)
    return ChargeOut(
        request_id=row.id,
        kind_name=kind.name,
        length=length_words(row.minutes, row.days, kind),
        rule=COUNTINGS[measured.rules.counting] if measured else "",
        source=measured.rules.source if measured else "",
        rules_version=row.kind_version,
        is_changed_since=row.kind_version != kind.version,
        days=_days(row, list(plans.values()), kind),
        lots=_lots(row, kind, next(iter(plans.values())).full_minutes),
    )


def _days(row: LeaveRequest, plans: Sequence[DayPlan], kind: Kind) -> list[CountedDay]:
    parts = select(LeaveSegment.day, LeaveSegment.minutes).where(LeaveSegment.request_id == row.id)
    taken = {day: minutes for day, minutes in db.session.execute(parts)}
    return [_day(plan, taken.get(plan.day, 0), kind) for plan in plans]


def _day(plan: DayPlan, minutes: int, kind: Kind) -> CountedDay:
    length = rules.words(minutes, plan.full_minutes, kind.rules.unit) if minutes else "不计"
    return CountedDay(day=plan.day, kind=plan.kind, title=DAY_KINDS[plan.kind], minutes=minutes, length=length)


def _lots(row: LeaveRequest, kind: Kind, full: int) -> list[PaidBy]:
    """What was taken of each lot when the request was made, also when it has been given back since."""
    paid = func.sum(LeaveEntry.minutes).label("paid")
    found: Sequence[Any] = db.session.execute(
        select(LeaveLot.title, LeaveLot.expires_on, paid)
        .join(LeaveEntry, LeaveEntry.lot_id == LeaveLot.id)
        .where(LeaveEntry.request_id == row.id, LeaveEntry.kind == EntryKind.HOLD)
        .group_by(LeaveLot.id, LeaveLot.title, LeaveLot.expires_on)
        .order_by(LeaveLot.expires_on, LeaveLot.id)
    ).all()
    return [_paid(title, expires_on, -int(minutes), kind, full) for title, expires_on, minutes in found]


def _paid(title: str, expires_on: date, minutes: int, kind: Kind, full: int) -> PaidBy:
    length = rules.words(minutes, full, kind.rules.unit)
    return PaidBy(title=title, expires_on=expires_on, minutes=minutes, length=length)
