"""Settled days as lists: filtered, sorted, a page at a time or as a file."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, true

from kit import clock, pages
from kit.errors import Invalid
from kit.pages import Page
from models.attendance import DayResult
from models.base import db
from models.enums import AudienceKind, Verdict
from services import people, platform
from services.attendance import facts, rules, words
from services.attendance.days import discreet, face
from services.attendance.rules import Result
from services.attendance.schemas import ResultQuery, ResultRow
from services.people import Actor, Permission, PersonView

MOST_EXPORTED = 10_000
LONGEST_LIST = timedelta(days=366)
SORTS = {"day": DayResult.day, "late": DayResult.late_minutes, "early": DayResult.early_minutes}


def results(actor: Actor, query: ResultQuery) -> Page[ResultRow]:
    """The settled days of the people whose attendance I may see."""
    rows = list(db.session.scalars(_wanted(actor, query, query.cursor).limit(query.limit + 1)))
    cut = pages.cut(rows, query.limit, lambda row: [row.day.toordinal(), row.person_id])
    return Page(items=_views(cut.rows), next_cursor=cut.next_cursor)


def export_results(actor: Actor, query: ResultQuery) -> list[ResultRow]:
    """The whole filtered list, at most ten thousand; `Invalid` beyond that."""
    rows = list(db.session.scalars(_wanted(actor, query, None).limit(MOST_EXPORTED + 1)))
    if len(rows) > MOST_EXPORTED:
        raise Invalid(f"超过 {MOST_EXPORTED} 条，请缩小日期范围后再导出")
    platform.audit.record(actor, "attendance.result.export", "day_result", after={"rows": len(rows)})
    return _views(rows)


def _wanted(actor: Actor, query: ResultQuery, cursor: str | None) -> Any:
    column, is_up = SORTS[query.sort.lstrip("-")], not query.sort.startswith("-")
    order = [column, DayResult.day, DayResult.person_id]
    wanted = select(DayResult).where(*_filters(actor, query), _beyond(cursor, column, is_up=is_up))
    return wanted.order_by(*(part if is_up else part.desc() for part in order))


def _filters(actor: Actor, query: ResultQuery) -> list[ColumnElement[bool]]:
    actor.require(Permission.ATTENDANCE_BOARD_READ)
    last = query.last_day or clock.today()
    first = query.first_day or last.replace(day=1)
    if last < first or last - first > LONGEST_LIST:
        raise Invalid("请选择一年以内的日期范围，结束日期不能早于开始日期")
    found: list[ColumnElement[bool]] = [
        DayResult.day.between(first, last),
        DayResult.person_id.in_(people.within(actor, Permission.ATTENDANCE_BOARD_READ)),
    ]
    if query.verdict:
        found.append(DayResult.verdicts.contains(f"|{query.verdict}|"))
    if query.department:
        found.append(DayResult.person_id.in_(people.audience(AudienceKind.DEPARTMENT, query.department)))
    if query.person:
        person = people.known_as([query.person]).get(query.person)
        found.append(DayResult.person_id == (person.id if person else ""))
    return found


def _beyond(cursor: str | None, column: Any, *, is_up: bool) -> ColumnElement[bool]:
    if cursor is None:
        return true()
    ordinal, person_id = pages.decode(cursor, int, str)
    if not 1 <= ordinal <= date.max.toordinal():
        raise Invalid("页码已失效，请从第一页重新打开")
    day = date.fromordinal(ordinal)
    here = select(column).where(DayResult.person_id == person_id, DayResult.day == day).scalar_subquery()

    def past(part: Any, value: Any) -> ColumnElement[bool]:
        return part > value if is_up else part < value  # type: ignore[no-any-return]

    same_day = and_(DayResult.day == day, past(DayResult.person_id, person_id))
    return or_(past(column, here), and_(column == here, or_(past(DayResult.day, day), same_day)))


def _views(rows: Iterable[DayResult]) -> list[ResultRow]:
    kept = list(rows)
    persons, said = people.many([row.person_id for row in kept]), _sentences(kept)
    return [_view(row, persons[row.person_id], said[row.person_id, row.day]) for row in kept]


def _sentences(rows: Sequence[DayResult]) -> dict[tuple[str, date], list[str]]:
    """Why these days are what they are, as told to somebody else: the kind of a sensitive leave stays hidden."""
    said: dict[tuple[str, date], list[str]] = {}
    by_month = defaultdict(list)
    for row in rows:
        by_month[row.day.year, row.day.month].append(row)
    for month in by_month.values():
        days = [row.day for row in month]
        cases = facts.cases(list({row.person_id for row in month}), min(days), max(days))
        for row in month:
            case = discreet(cases[row.person_id, row.day])
            said[row.person_id, row.day] = words.explain(case, rules.judge(case, clock.now()))
    return said


def _view(row: DayResult, person: PersonView, sentences: list[str]) -> ResultRow:
    result = Result(
        row.day,
        tuple(Verdict(name) for name in row.verdicts.strip("|").split("|") if name),
        expected=row.expected_minutes,
        worked=row.worked_minutes,
        late=row.late_minutes,
        early=row.early_minutes,
        absent=row.absent_minutes,
        leave=row.leave_minutes,
        trip=row.trip_minutes,
        first_in=row.first_in,
        last_out=row.last_out,
    )
    return ResultRow(
        **face(result),
        person_id=row.person_id,
        name=person.name,
        department=person.department_name,
        sentences=sentences,
    )
