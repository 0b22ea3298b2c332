"""The facts behind the terms of a request's days: its kind as it was asked by, place, service, absence before."""

from collections.abc import Collection
from datetime import date, timedelta

from sqlalchemy import select

from models.enums import LeaveState, PaidAs
from models.leave import LeaveRequest, LeaveSegment
from services import people, platform, schedule
from services.leave.paying.rules import sick
from services.leave.paying.rules.terms import Facts, Terms, terms_of
from services.leave.rulebook import catalog, places
from services.leave.rulebook.rules.kinds import KindRules

LOOK_BACK = timedelta(days=400)


def of_days(person_id: str, rules: KindRules, days: Collection[date]) -> dict[date, Terms]:
    """The terms of these days; only sick pay looks at more than the rules, by a number of statements that is fixed."""
    facts = _facts(person_id, days) if days and rules.is_paid and rules.paid_as is PaidAs.SICK else Facts()
    return {day: terms_of(rules, day, facts) for day in sorted(days)}


def _facts(person_id: str, days: Collection[date]) -> Facts:
    place, hired_on = places.place_of(person_id), people.get(person_id).hired_on
    if not sick.scale_for(place, max(days)).longest:
        return Facts(place, hired_on)
    ill = {*days, *_sick_days(person_id, min(days))}
    plans = schedule.days([person_id], min(ill), max(days))
    worked = {plan.day for plan in plans.values() if plan.is_working}
    return Facts(place, hired_on, ill, worked - ill)


def _sick_days(person_id: str, until: date) -> set[date]:
    """The approved sick days that lead up to a day."""
    rows = platform.rows(
        select(LeaveSegment.day)
        .join(LeaveRequest, LeaveRequest.id == LeaveSegment.request_id)
        .where(LeaveSegment.person_id == person_id, LeaveSegment.day.between(until - LOOK_BACK, until))
        .where(LeaveRequest.state == LeaveState.APPROVED, LeaveRequest.kind_code.in_(catalog.sick_codes()))
    )
    return {row.day for row in rows}
