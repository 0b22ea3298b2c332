"""A month's overtime of the people one may see: a line for each, the most first, or as a file."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select

from kit import pages
from kit.errors import Invalid
from kit.pages import Page
from models.attendance_overtime import OvertimeEntry as Entry
from models.base import db
from models.enums import AudienceKind, OvertimeKind, OvertimePay
from services import people, platform
from services.attendance.overtime import policy
from services.attendance.overtime.rules import Load, nears
from services.attendance.overtime.schemas import OvertimeQuery, OvertimeRow
from services.people import Actor, Permission

MOST_EXPORTED = 10_000
BOARD = Permission.ATTENDANCE_BOARD_READ


def overtime(actor: Actor, query: OvertimeQuery) -> Page[OvertimeRow]:
    """Who had overtime in the month, those with the most of what the cap is for first."""
    rows = db.session.execute(_wanted(actor, query, query.cursor).limit(query.limit + 1)).all()
    cut = pages.cut(rows, query.limit, lambda row: [int(row.counted), row.person_id])
    return Page(items=_views(cut.rows), next_cursor=cut.next_cursor)


def export_overtime(actor: Actor, query: OvertimeQuery) -> list[OvertimeRow]:
    """The whole list; `Invalid` beyond ten thousand people."""
    rows = db.session.execute(_wanted(actor, query, None).limit(MOST_EXPORTED + 1)).all()
    if len(rows) > MOST_EXPORTED:
        raise Invalid(f"超过 {MOST_EXPORTED} 人，请按部门导出")
    platform.audit.record(actor, "attendance.overtime.export", "overtime", after={"rows": len(rows)})
    return _views(rows)


def _sum(*conditions: ColumnElement[bool]) -> Any:
    return func.sum(case((and_(*conditions), Entry.minutes), else_=0))


def _paid(kind: OvertimeKind) -> Any:
    return _sum(Entry.kind == kind, Entry.pay == OvertimePay.PAY)


_COUNTED = _sum(Entry.kind != OvertimeKind.HOLIDAY, Entry.pay.in_((OvertimePay.PAY, OvertimePay.PERIOD)))


def _wanted(actor: Actor, query: OvertimeQuery, cursor: str | None) -> Select[Any]:
    actor.require(BOARD)
    first = query.first_day
    until = (first + timedelta(days=31)).replace(day=1)
    summed = (
        select(
            Entry.person_id,
            _paid(OvertimeKind.WORKDAY).label("workday"),
            _paid(OvertimeKind.REST_DAY).label("rest_day"),
            _sum(Entry.kind == OvertimeKind.HOLIDAY).label("holiday"),
            _sum(Entry.pay == OvertimePay.TIME_OFF).label("time_off"),
            _sum(Entry.pay == OvertimePay.PERIOD).label("period"),
            _COUNTED.label("counted"),
        )
        .where(*_filters(actor, query, first, until))
        .group_by(Entry.person_id)
        .having(func.sum(func.abs(Entry.minutes)) > 0)
        .subquery()
    )
    wanted = select(summed).order_by(summed.c.counted.desc(), summed.c.person_id)
    if query.near:
        wanted = wanted.where(summed.c.counted * 6 >= policy.SETTING.get().caps.month * 5)
    if cursor is None:
        return wanted
    counted, person_id = pages.decode(cursor, int, str)
    behind = and_(summed.c.counted == counted, summed.c.person_id > person_id)
    return wanted.where(or_(summed.c.counted < counted, behind))


def _filters(actor: Actor, query: OvertimeQuery, first: date, until: date) -> Iterable[ColumnElement[bool]]:
    yield Entry.day >= first
    yield Entry.day < until
    yield Entry.person_id.in_(people.within(actor, BOARD))
    if query.department:
        yield Entry.person_id.in_(people.audience(AudienceKind.DEPARTMENT, query.department))
    if query.person:
        person = people.known_as([query.person]).get(query.person)
        yield Entry.person_id == (person.id if person else "")


def _views(rows: Iterable[Any]) -> list[OvertimeRow]:
    found, caps = list(rows), policy.SETTING.get().caps
    persons = people.many([row.person_id for row in found])
    views = []
    for row in found:
        sums = {name: int(getattr(row, name)) for name in ("workday", "rest_day", "holiday", "time_off", "period")}
        counted, person = int(row.counted), persons[row.person_id]
        views.append(
            OvertimeRow(
                person_id=row.person_id,
                name=person.name,
                department=person.department_name,
                **sums,
                counted=counted,
                left=max(0, caps.month - counted),
                is_near=nears(Load(counted), caps),
            )
        )
    return views
