"""The company's own days, and those of a region or a site: a day off for the anniversary, a Saturday worked.

Kept like notices: every change is the next version of its year and department, so what was in force when stays known.
"""

from datetime import date, timedelta

from sqlalchemy import func, select

from kit import clock
from kit.errors import Conflict, Invalid, NotFound
from kit.ids import new_id
from models.base import db
from models.enums import DayKind
from models.schedule import LocalCalendar
from services import people, platform
from services.people import AnyActor, Permission
from services.schedule import calendar, rules
from services.schedule.events import CalendarChanged
from services.schedule.schemas import LocalDayKey, LocalDayView, LocalDayWish

LONGEST = timedelta(days=31)
Content = dict[str, dict[str, str]]


def local_days(year: int) -> list[LocalDayView]:
    """A year's own days, in order."""
    rows = _latest(year)
    names = people.department_names([row.department_id for row in rows if row.department_id])
    found = [
        LocalDayView(
            day=date.fromisoformat(day),
            name=name,
            is_worked=part == "work",
            department_id=row.department_id,
            department=names.get(row.department_id or "", "全公司"),
        )
        for row in rows
        for part in ("off", "work")
        for day, name in row.content.get(part, {}).items()
    ]
    return sorted(found, key=lambda one: (one.day, one.department))


def _latest(year: int) -> list[LocalCalendar]:
    rows = db.session.scalars(select(LocalCalendar).where(LocalCalendar.year == year).order_by(LocalCalendar.number))
    return list({row.department_id: row for row in rows}.values())


def add_local_days(actor: AnyActor, wish: LocalDayWish) -> None:
    """Names days off or worked for the company or a department with all below it.

    `Invalid` for more than a month at once, days of two years, or a statutory holiday, which stays one.
    """
    actor.require(Permission.SCHEDULE_SHIFT_EDIT)
    last = wish.last or wish.first
    if not timedelta() <= last - wish.first <= LONGEST:
        raise Invalid("结束日期不能早于开始日期，一次最多 31 天")
    if wish.first.year != last.year:
        raise Invalid("跨年的日期请分两次填写")
    if wish.department_id and wish.department_id not in people.department_names([wish.department_id]):
        raise Invalid("没有这个部门，请重新选择")
    days = [day.isoformat() for day in rules.span(wish.first, last) if _may_change(day)]
    content = _without(_content(wish.first.year, wish.department_id), days)
    content["work" if wish.is_worked else "off"].update(dict.fromkeys(days, wish.name))
    _keep(actor, wish.first.year, wish.department_id, content, days)


def _may_change(day: date) -> bool:
    if calendar.year(day.year).kind(day) is DayKind.STATUTORY_HOLIDAY:
        raise Invalid(f"{day:%m-%d} 是法定节假日，不能另行安排；当天上班按法定节假日加班计算")
    return True


def remove_local_day(actor: AnyActor, key: LocalDayKey) -> None:
    """Takes one named day back; the nation's calendar decides again."""
    actor.require(Permission.SCHEDULE_SHIFT_EDIT)
    before, day = _content(key.day.year, key.department_id), key.day.isoformat()
    if not any(day in part for part in before.values()):
        raise NotFound("没有这一天，请刷新后再试")
    _keep(actor, key.day.year, key.department_id, _without(before, [day]), [day])


def _content(year: int, department_id: str | None) -> Content:
    row = next((row for row in _latest(year) if row.department_id == department_id), None)
    return row.content if row else {}


def _without(content: Content, days: list[str]) -> Content:
    return {
        part: {day: name for day, name in content.get(part, {}).items() if day not in days} for part in ("off", "work")
    }


def _keep(actor: AnyActor, year: int, department_id: str | None, content: Content, days: list[str]) -> None:
    row = {
        "id": new_id(),
        "created_at": clock.now(),
        "number": (db.session.scalar(select(func.max(LocalCalendar.number))) or 0) + 1,
        "year": year,
        "department_id": department_id,
        "content": content,
        "loaded_by": actor.label,
    }
    if not platform.first(LocalCalendar, **row):
        raise Conflict("刚有人修改了公司日历，请刷新后再试")
    platform.audit.record(actor, "schedule.local_days.change", f"{year}:{department_id or 'company'}", after=content)
    platform.publish(CalendarChanged(year, tuple(date.fromisoformat(day) for day in days)))
