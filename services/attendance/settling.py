"""Settled days: results kept once their window has closed, for lists, exports and whoever needs a month of many people.

What one person or a board looks at is judged anew from facts; the same rules write these rows, so the two agree. A
row is written when its result is new or has changed, by the nightly job or by the fact that changed it (leave granted
or taken back, a correction approved), in the transaction of that fact.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, true, update

from kit import clock, log, pages
from kit.errors import Invalid
from kit.pages import Page
from models.attendance import DayResult
from models.base import db
from models.enums import AudienceKind, Verdict
from services import leave, people, platform
from services.attendance import facts, rules, words
from services.attendance.days import face, is_employed
from services.attendance.rules import Case, Result
from services.attendance.schemas import ResultQuery, ResultRow
from services.people import Actor, Permission, PersonView

SETTLE, SETTLE_ONE = "attendance.settle", "attendance.settle_one"
CHUNK = 500
ROWS_IN_ONE_STATEMENT = 1000
LOOK_BACK = timedelta(days=7)
MOST_EXPORTED = 10_000
LONGEST_LIST = timedelta(days=366)
SORTS = {"day": DayResult.day, "late": DayResult.late_minutes, "early": DayResult.early_minutes}
logger = log.get(__name__)


# ── writing ──


def settle(payload: dict[str, Any]) -> None:
    """Settles the days of the last week whose window has closed, five hundred people at a time, then the next."""
    last = clock.local(datetime.fromisoformat(payload["slot"])).date()
    ids = after(payload.get("after"), CHUNK)
    written = write(ids, last - LOOK_BACK, last)
    logger.info("attendance.settled", extra={"people": len(ids), "days_written": written})
    if len(ids) == CHUNK:
        following = {**payload, "after": ids[-1]}
        platform.promise(SETTLE, following, dedupe_key=f"{SETTLE}:{payload['slot']}:{ids[-1]}")


def after(person_id: str | None, limit: int) -> list[str]:
    """The next people who work here, in the order of their ids."""
    active = people.active_ids()
    column = active.selected_columns[0]
    return list(db.session.scalars(active.where(column > (person_id or "")).order_by(column).limit(limit)))


def settle_days(person_id: str, days: Collection[date]) -> None:
    """Judges these days of one person again, as far as they have closed; those to come cost nothing."""
    begun = {day for day in days if day <= clock.today()}
    if begun:
        write([person_id], min(begun), max(begun), begun)


def on_leave_changed(event: leave.Granted | leave.Cancelled) -> None:
    """Leave was granted or taken back: its days are what they now are."""
    settle_days(event.person_id, event.dates)


def on_left(event: people.Left) -> None:
    """Somebody left: the nightly job no longer meets them, so their last days are settled once they have closed."""
    today = clock.today()
    payload = {"person_id": event.person_id, "days": [(today - timedelta(days=n)).isoformat() for n in (1, 0)]}
    terms = platform.Terms(due_at=clock.at_local(today + timedelta(days=2)))
    platform.promise(SETTLE_ONE, payload, dedupe_key=f"{SETTLE_ONE}:{event.person_id}:{today}", terms=terms)


def settle_one(payload: dict[str, Any]) -> None:
    """Settles the named days of one person."""
    settle_days(payload["person_id"], [date.fromisoformat(day) for day in payload["days"]])


def write(ids: Sequence[str], first: date, last: date, only: Collection[date] = ()) -> int:
    """Judges and keeps the closed days of these people; the count of rows that are new or changed."""
    now, persons = clock.now(), people.many(ids)
    judged = {
        (person_id, day): _row(person_id, case, rules.judge(case, now))
        for (person_id, day), case in facts.cases(ids, first, last).items()
        if case.duty.window.end <= now and is_employed(persons[person_id], day) and (not only or day in only)
    }
    known = _known(ids, first, last)
    new = [row for key, row in judged.items() if key not in known]
    changed = [row for key, row in judged.items() if key in known and known[key] != row["fingerprint"]]
    for at in range(0, len(new), ROWS_IN_ONE_STATEMENT):
        platform.first_of_many(DayResult, new[at : at + ROWS_IN_ONE_STATEMENT])
    if changed:
        db.session.execute(update(DayResult), changed)
    return len(new) + len(changed)


def _known(ids: Sequence[str], first: date, last: date) -> dict[tuple[str, date], str]:
    rows = select(DayResult.person_id, DayResult.day, DayResult.fingerprint).where(
        DayResult.person_id.in_(ids), DayResult.day >= first, DayResult.day <= last
    )
    return {(row.person_id, row.day): row.fingerprint for row in db.session.execute(rows)}


def _row(person_id: str, case: Case, result: Result) -> dict[str, Any]:
    values: dict[str, Any] = {
        "verdicts": "".join(f"|{verdict}" for verdict in result.verdicts) + "|",
        "expected_minutes": result.expected,
        "worked_minutes": result.worked,
        "late_minutes": result.late,
        "early_minutes": result.early,
        "absent_minutes": result.absent,
        "leave_minutes": result.leave,
        "first_in": result.first_in,
        "last_out": result.last_out,
        "explanation": {"sentences": words.explain(case, result)},
    }
    said = json.dumps(values, default=str, ensure_ascii=False, sort_keys=True)
    fingerprint = hashlib.sha256(said.encode()).hexdigest()
    return {"person_id": person_id, "day": result.day, **values, "fingerprint": fingerprint, "settled_at": clock.now()}


# ── reading ──


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
    persons = people.many([row.person_id for row in kept])
    return [_view(row, persons[row.person_id]) for row in kept]


def _view(row: DayResult, person: PersonView) -> ResultRow:
    result = Result(
        row.day,
        tuple(Verdict(name) for name in row.verdicts.strip("|").split("|") if name),
        expected=row.expected_minutes,
        worked=row.worked_minutes,
        late=row.late_minutes,
        early=row.early_minutes,
        absent=row.absent_minutes,
        leave=row.leave_minutes,
        first_in=row.first_in,
        last_out=row.last_out,
    )
    return ResultRow(
        **face(result),
        person_id=row.person_id,
        name=person.name,
        department=person.department_name,
        sentences=row.explanation["sentences"],
    )
