"""Settlements of leave not taken, month by month: what falls due in one, less what earlier months have paid of it.

A settlement may be made, corrected or taken back after the month of its day is closed: the difference then belongs to
the next open month. Nothing is hooked into settlements: the difference follows from what the closed months have posted.
"""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, case, cast, func, or_, select

from models.enums import SettlementState
from models.leave_pay import LeavePayPosting, LeaveSettlement
from services.leave.paying.months import Closed
from services.leave.paying.rules.moves import following

Settlement, Posting = LeaveSettlement, LeavePayPosting
HUNDRED = 100
_POSTED = (
    select(func.coalesce(func.sum(Posting.hundredths), 0))
    .where(Posting.settlement_id == Settlement.id)
    .correlate(Settlement)
    .scalar_subquery()
)


def due(month: date, closed: Closed) -> Select[*tuple[Any, ...]]:
    """`(id, person_id, hundredths)` of the settlements that a month pays or, with a minus, takes back."""
    return _posted(month) if closed.has(month) else _open(month, closed)


def _posted(month: date) -> Select[*tuple[Any, ...]]:
    days = func.sum(Posting.hundredths)
    return (
        select(Posting.settlement_id.label("id"), Posting.person_id, days.label("hundredths"))
        .where(Posting.month == month)
        .group_by(Posting.settlement_id, Posting.person_id)
        .having(days != 0)
    )


def _open(month: date, closed: Closed) -> Select[*tuple[Any, ...]]:
    last = following(month) - timedelta(days=1)
    rest = _standing(last) - _POSTED
    return select(Settlement.id, Settlement.person_id, rest.label("hundredths")).where(
        _concerned(month, last, closed), rest != 0
    )


def _standing(last: date) -> ColumnElement[int]:
    """What is to be paid of a settlement until a day: all of its days, or none."""
    is_none = or_(Settlement.state == SettlementState.VOID, Settlement.due_on > last)
    return case((is_none, 0), else_=cast(func.round(Settlement.days * HUNDRED), Integer))


def _concerned(month: date, last: date, closed: Closed) -> ColumnElement[bool]:
    """Those of the month's own days; the first open month also has those that came, or changed, too late."""
    if closed.first is None or closed.through is None or month != following(closed.through):
        return Settlement.due_on.between(month, last)
    return or_(Settlement.due_on.between(closed.first, last), Settlement.id.in_(select(Posting.settlement_id)))
