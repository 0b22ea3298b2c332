"""The lines of a month for payroll: leave and how it is paid, and leave not taken that became pay; with reasons.

For any number of people the statements are the same: two for the lines, one for what months are closed.
"""

from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import Integer, Select, case, cast, func, or_, select

from kit.money import Money
from kit.schema import View
from models.enums import PayMethod, SettlementReason, Treatment
from models.leave_pay import LeavePayEntry, LeaveSettlement
from services import people, platform
from services.leave.granting import settlements
from services.leave.granting.rules.shares import decimal
from services.leave.paying import months, settled
from services.leave.paying.months import Closed
from services.people import System

CHUNK = 500
PAYROLL = System("leave.paying")
Entry = LeavePayEntry


class PayLine(View):
    """A line of a month; without an amount.

    Leave: `minutes` (with a minus when taken back), `workday_minutes` of them on working days, paid by `treatment` with
    `share` and `floor` in basis points. Leave not taken (`settlement_id`): `days`, each paid `percent` of a day's wage.
    `is_late` lines are about days of a month that was closed before.
    """

    person_id: str
    request_id: str | None = None
    settlement_id: str | None = None
    reason: SettlementReason | None = None
    kind_code: str
    first_day: date
    last_day: date
    treatment: Treatment | None = None
    share: int = 0
    floor: int = 0
    method: PayMethod | None = None
    percent: int = 0
    minutes: int = 0
    workday_minutes: int = 0
    days: Decimal
    is_late: bool
    sentences: list[str]


class PayrollLine(View):
    """A line with the amount of its settlement, once somebody has entered the wage."""

    line: PayLine
    amount: Money | None

    model_config = View.model_config | {"arbitrary_types_allowed": True}


def for_payroll(month: date, after: str = "", limit: int = CHUNK) -> list[PayrollLine]:
    """The lines of the next people who have any, in the order of their ids; no permission is asked here.

    `after` is the last person of the chunk before; an empty list says that nobody follows.
    """
    closed = months.known()
    who = concerned(people.within(PAYROLL, people.Permission.LEAVE_PAY_READ), month, closed)
    ids = [row.id for row in platform.rows(who.where(who.selected_columns.id > after).order_by("id").limit(limit))]
    found = of_people(month, ids, closed)
    amounts = settlements.amounts([line.settlement_id for line in found if line.settlement_id])
    return [PayrollLine(line=line, amount=amounts.get(line.settlement_id or "")) for line in found]


def concerned(whose: Select[str], month: date, closed: Closed) -> Select[str]:
    """`id` of those among these people who have a line in a month; for use in a statement."""
    who, owed = whose.subquery(), settled.due(month, closed).subquery()
    one = who.c[0]
    has_leave = one.in_(select(Entry.person_id).where(Entry.month == month))
    return select(one.label("id")).where(or_(has_leave, one.in_(select(owed.c.person_id))))


def of_people(month: date, person_ids: Collection[str], closed: Closed) -> list[PayLine]:
    """The lines of these people, person by person."""
    found = [*_leave(month, person_ids), *_settled(month, person_ids, closed)] if person_ids else []
    return sorted(found, key=lambda line: (line.person_id, line.first_day, line.kind_code, line.minutes))


_IS_LATE = case((Entry.day < Entry.month, 1), else_=0)
_ALIKE = (
    Entry.person_id, Entry.request_id, Entry.kind_code, Entry.day_minutes, Entry.treatment, Entry.share, Entry.floor,
    Entry.method, Entry.rule,
)  # fmt: skip
_MINUTES = func.sum(Entry.minutes)
_LEAVE = (
    select(
        *_ALIKE, _IS_LATE.label("is_late"), _MINUTES.label("minutes"),
        func.sum(case((Entry.is_workday, Entry.minutes), else_=0)).label("workday_minutes"),
        func.min(Entry.day).label("first_day"), func.max(Entry.day).label("last_day"),
    )
    .group_by(*_ALIKE, _IS_LATE)
    .having(_MINUTES != 0)
)  # fmt: skip


def _leave(month: date, person_ids: Collection[str]) -> list[PayLine]:
    rows = platform.rows(_LEAVE.where(Entry.month == month, Entry.person_id.in_(person_ids)))
    return [_leave_line(row) for row in rows]


def _leave_line(row: Any) -> PayLine:
    minutes = int(row.minutes)  # a sum comes as a decimal from some servers
    same = ("person_id", "request_id", "kind_code", "treatment", "share", "floor", "method", "first_day", "last_day")
    return PayLine(
        **{name: getattr(row, name) for name in same},
        minutes=minutes,
        workday_minutes=int(row.workday_minutes),
        days=decimal(Fraction(minutes, row.day_minutes)),
        is_late=bool(row.is_late),
        sentences=[row.rule, *_taken_back(minutes, is_late=bool(row.is_late))],
    )


def _taken_back(minutes: int, *, is_late: bool) -> Sequence[str]:
    if not is_late:
        return ()
    return ("这些日子的工资已结算，在本月" + ("退回" if minutes < 0 else "补计"),)


def _settled(month: date, person_ids: Collection[str], closed: Closed) -> list[PayLine]:
    owed = settled.due(month, closed).subquery()
    one = LeaveSettlement
    rows = platform.rows(
        select(one.id, one.person_id, one.kind_code, one.reason, one.due_on, one.percent, one.trace,
               cast(owed.c.hundredths, Integer).label("hundredths"))
        .join(owed, owed.c.id == one.id)
        .where(one.person_id.in_(person_ids))
    )  # fmt: skip
    return [_settled_line(row, month) for row in rows]


def _settled_line(row: Any, month: date) -> PayLine:
    days, is_late = decimal(Fraction(int(row.hundredths), settled.HUNDRED)), row.due_on < month
    return PayLine(
        person_id=row.person_id,
        settlement_id=row.id,
        reason=row.reason,
        kind_code=row.kind_code,
        first_day=row.due_on,
        last_day=row.due_on,
        percent=row.percent,
        days=days,
        is_late=is_late,
        sentences=[*row.trace["sentences"], *_taken_back(int(row.hundredths), is_late=is_late)],
    )
