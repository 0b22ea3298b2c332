"""A month as HR sees it before and after the close: how far it is, what is to be cleared, everybody's sheet."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, case, func, select

from kit import clock
from kit.errors import Invalid
from kit.pages import Page
from models.attendance import Correction
from models.attendance_months import AttendanceMonth, MonthAdjustment, MonthSheet
from models.attendance_punches import FieldReport
from models.enums import AudienceKind, CorrectionState, FieldState, MonthState, SheetState
from services import leave, people, platform
from services.attendance.months import closing, late, rules, words
from services.attendance.months.schemas import (
    AdjustmentOut,
    Exceptions,
    MonthQuery,
    MonthView,
    SheetOut,
    SheetQuery,
)
from services.attendance.rules import Totals
from services.attendance.schemas import TotalsOut
from services.people import Actor, Permission

A, M, S = MonthAdjustment, AttendanceMonth, MonthSheet
READ = Permission.ATTENDANCE_MONTH_READ
MOST_EXPORTED, PART, SEEN = 100_000, 500, 12
UNKNOWN = {
    "state": MonthState.OPEN,
    "version": 0,
    "people": 0,
    "counted": 0,
    "hash": None,
    "moved_at": None,
    "reason": None,
}


def overview(actor: Actor, query: MonthQuery) -> MonthView:
    """How far the month has come, and what there is to clear of the people within reach."""
    actor.require(READ)
    month, reach = query.first_day, people.within(actor, READ)
    known = _month(month)
    refusal = closing.refusal(month) if known["state"] == MonthState.CONFIRMING else None
    is_closing = known["state"] == MonthState.CONFIRMING and refusal is None
    counts = _counts(month, reach)
    return MonthView(
        month=query.month,
        previous=f"{rules.month_before(month):%Y-%m}",
        following=f"{rules.following(month):%Y-%m}",
        first_day=month,
        last_day=rules.last_day(month),
        title=words.MONTHS[known["state"]],
        counts=counts,
        exceptions=_exceptions(month, reach),
        adjusted=platform.scalar(select(func.count(A.person_id.distinct())).where(A.month == month)) or 0,
        may_close=is_closing and people.covers_all(actor, Permission.ATTENDANCE_MONTH_CLOSE),
        may_reopen=people.covers_all(actor, Permission.ATTENDANCE_MONTH_REOPEN),
        refusal=refusal,
        **known,
    )


def _month(month: date) -> dict[str, Any]:
    rows = platform.rows(select(*(getattr(M, name) for name in UNKNOWN)).where(M.month == month))
    return {**rows[0]._mapping, "state": MonthState(rows[0].state)} if rows else dict(UNKNOWN)


def _counts(month: date, reach: Select[str]) -> dict[SheetState, int]:
    said = select(S.state, func.count()).where(S.month == month, S.person_id.in_(reach)).group_by(S.state)
    found = {SheetState(state): n for state, n in platform.rows(said)}
    return {state: found.get(state, 0) for state in SheetState}


def _exceptions(month: date, reach: Select[str]) -> Exceptions:
    columns = {"missing": S.missing_times, "absent": S.absent_days, "open_days": S.open_days}
    some = [func.coalesce(func.sum(case((column > 0, 1), else_=0)), 0) for column in columns.values()]
    (sums,) = platform.rows(select(*some).where(S.month == month, S.person_id.in_(reach)))
    last = rules.last_day(month)
    pending = select(func.count()).select_from(Correction).where(
        Correction.state == CorrectionState.PENDING,
        Correction.day.between(month, last),
        Correction.person_id.in_(reach),
    )  # fmt: skip
    return Exceptions(
        **dict(zip(columns, map(int, sums), strict=True)),
        corrections=platform.scalar(pending) or 0,
        fields=_fields(month, reach),
        leave=leave.waiting_between(month, last, reach),
    )


def _fields(month: date, reach: Select[str]) -> int:
    """Punches in the field that nobody has confirmed."""
    span = clock.at_local(month), clock.at_local(rules.following(month))
    here = (FieldReport.at >= span[0], FieldReport.at < span[1], FieldReport.person_id.in_(reach))
    waiting = select(func.count()).select_from(FieldReport).where(FieldReport.state == FieldState.OPEN, *here)
    return platform.scalar(waiting) or 0


def listing(actor: Actor, query: SheetQuery) -> Page[SheetOut]:
    """The sheets of the people within reach, a page at a time; the statements do not grow with them."""
    page = _listing(actor, query).page(query)
    return Page(items=sheet_views(page.rows), next_cursor=page.next_cursor)


def exported(actor: Actor, query: SheetQuery) -> list[SheetOut]:
    """All of them in the layout for payroll; an audited act. `Invalid` beyond a hundred thousand."""
    rows = _listing(actor, query).first(MOST_EXPORTED + 1)
    if len(rows) > MOST_EXPORTED:
        raise Invalid(f"超过 {MOST_EXPORTED} 人，请按部门分别导出")
    after = {"month": query.month, "rows": len(rows)}
    platform.audit.record(actor, "attendance.month.export", query.month, after=after)
    return [view for at in range(0, len(rows), PART) for view in sheet_views(rows[at : at + PART])]


def _listing(actor: Actor, query: SheetQuery) -> platform.keyset.Listing:
    actor.require(READ)
    wanted = select(*S.__table__.c).where(S.month == query.first_day, S.person_id.in_(people.within(actor, READ)))
    if query.department:
        wanted = wanted.where(S.person_id.in_(people.audience(AudienceKind.DEPARTMENT, query.department)))
    if query.state:
        wanted = wanted.where(S.state == query.state)
    return platform.keyset.Listing(wanted, platform.keyset.Order(S.person_id, str, S.id), is_down=False)


def sheet_views(rows: Sequence[Any]) -> list[SheetOut]:
    """These sheets of one month with whose they are and what was added from earlier months."""
    if not rows:
        return []
    ids = [row.person_id for row in rows]
    known, added = people.many(ids), added_to(rows[0].month, ids)
    return [_view(row, known[row.person_id], added.get(row.person_id, rules.NOTHING)) for row in rows]


def _view(row: Any, person: people.PersonView, added: Totals) -> SheetOut:
    own = late.numbers(row)
    total = rules.plus([own, added])
    return SheetOut(
        id=row.id,
        month=f"{row.month:%Y-%m}",
        person_id=row.person_id,
        name=person.name,
        number=person.employee_number or "",
        department=person.department_name,
        state=row.state,
        title=words.SHEETS[SheetState(row.state)],
        seen=row.hash[:SEEN],
        sentence=words.summary(own),
        open_days=row.open_days,
        said=row.said,
        said_at=row.said_at,
        answer=row.answer,
        totals=TotalsOut.model_validate(own),
        added=TotalsOut.model_validate(added),
        total=TotalsOut.model_validate(total),
    )


def added_to(month: date, ids: Iterable[str]) -> dict[str, Totals]:
    """What was added to this month from earlier ones, by person; those without are left out."""
    sums = [func.sum(getattr(A, name)).label(name) for name in rules.NAMES]
    added = select(A.person_id, *sums).where(A.month == month, A.person_id.in_(list(ids))).group_by(A.person_id)
    return {
        row.person_id: Totals(**{name: int(getattr(row, name)) for name in rules.NAMES}) for row in platform.rows(added)
    }


def adjustments(person_id: str, month: date) -> list[AdjustmentOut]:
    """What was added to somebody's month, row by row."""
    rows = platform.rows(select(*A.__table__.c).where(A.month == month, A.person_id == person_id).order_by(A.seq))
    return [AdjustmentOut(day=row.day, cause=row.cause, sentence=words.difference(late.numbers(row))) for row in rows]
