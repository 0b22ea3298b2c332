"""The yearly notice: shown before it is loaded, kept as a version, never edited."""

from datetime import date

from sqlalchemy import func, select

from kit import clock
from kit.errors import Conflict
from kit.ids import new_id
from models.base import db
from models.schedule import HolidayNotice
from services import platform
from services.people import AnyActor, Permission
from services.schedule import calendar, rules
from services.schedule.events import CalendarChanged
from services.schedule.rules import Year
from services.schedule.schemas import SEPARATORS, DayChange, NoticePreview, NoticeWish, YearView


def _content(wish: NoticeWish) -> dict[str, str | list[str]]:
    parts = {name: _ranges(getattr(wish, name)) for name in ("statutory", "off", "work")}
    return {"source": wish.source, **parts}


def _ranges(text: str) -> list[str]:
    return [part for part in SEPARATORS.split(text) if part]


def preview_notice(actor: AnyActor, wish: NoticeWish) -> NoticePreview:
    """What the notice would change, without loading it; `Invalid` when it contradicts itself."""
    actor.require(Permission.SCHEDULE_SHIFT_EDIT)
    after, before = rules.year_of(wish.year, _content(wish)), calendar.year(wish.year)
    return NoticePreview(
        year=wish.year,
        workdays=rules.workdays_by_month(after),
        statutory_days=len(after.statutory),
        changes=[
            DayChange(day=day, before=before.kind(day), after=after.kind(day))
            for day in _days_of(wish.year)
            if before.kind(day) is not after.kind(day)
        ],
    )


def _days_of(year: int) -> list[date]:
    return list(rules.span(date(year, 1, 1), date(year, 12, 31)))


def load_notice(actor: AnyActor, wish: NoticeWish) -> NoticePreview:
    """Puts the notice in force as the year's next version; what it changed."""
    changed = preview_notice(actor, wish)
    number = (db.session.scalar(select(func.max(HolidayNotice.number))) or 0) + 1
    of_year = select(func.max(HolidayNotice.version)).where(HolidayNotice.year == wish.year)
    row = {
        "id": new_id(),
        "created_at": clock.now(),
        "number": number,
        "year": wish.year,
        "version": (db.session.scalar(of_year) or 0) + 1,
        "content": _content(wish),
        "loaded_by": actor.label,
    }
    if not platform.first(HolidayNotice, **row):
        raise Conflict("刚有人载入了另一份放假通知，请刷新后再看")
    platform.audit.record(actor, "schedule.notice.load", f"{wish.year}:{row['version']}", after=_content(wish))
    platform.publish(CalendarChanged(wish.year, tuple(change.day for change in changed.changes)))
    return changed


def year_view(number: int) -> YearView:
    """The calendar of a year as it stands: every day that is not an ordinary workday or weekend."""
    year = calendar.year(number)
    special = sorted(year.statutory | year.off | year.work)
    return YearView(
        year=number,
        source=year.source,
        is_confirmed=year.is_confirmed,
        days={day: year.kind(day) for day in special},
        workdays=rules.workdays_by_month(year),
        **{name: _words(year, name) for name in ("statutory", "off", "work")},
    )


def _words(year: Year, name: str) -> str:
    """The days of a notice as people write them: `05-01..05-05, 10-01`."""
    runs: list[tuple[date, date]] = []
    for day in sorted(getattr(year, name)):
        if runs and (day - runs[-1][1]).days == 1:
            runs[-1] = (runs[-1][0], day)
        else:
            runs.append((day, day))
    return ", ".join(f"{first:%m-%d}" + (f"..{last:%m-%d}" if last > first else "") for first, last in runs)
