"""What HR sees of comparisons: how far they are, what they found, as a list and as a file."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, select

from kit.pages import Page
from models.base import db
from models.enums import DriftCause, PushState
from models.leave import LeaveDrift, LeaveDriftRun, LeaveVacation
from services import people, platform
from services.leave.drift import comparing, mapping, rules
from services.leave.drift.schemas import DriftQuery, DriftRow, RunView
from services.people import Actor, Permission

MOST_EXPORTED = 20_000
MOST_RUNS = 12
OURS, THEIRS = func.coalesce(LeaveDrift.ours, 0).label("here"), func.coalesce(LeaveDrift.theirs, 0).label("there")
SORTS = {
    "difference": platform.keyset.Order(LeaveDrift.difference, int, LeaveDrift.id),
    "ours": platform.keyset.Order(OURS, int, LeaveDrift.id),
    "theirs": platform.keyset.Order(THEIRS, int, LeaveDrift.id),
}
COLUMNS = (
    LeaveDrift.id, LeaveDrift.created_at, LeaveDrift.person_id, LeaveDrift.kind_code, LeaveDrift.vacation_name,
    LeaveDrift.is_hourly, LeaveDrift.ours, LeaveDrift.theirs, LeaveDrift.difference, LeaveDrift.cause,
    LeaveDrift.push_state, LeaveDrift.pushed_from, LeaveDrift.pushed_to, LeaveDrift.push_note, LeaveVacation.pushes,
    OURS, THEIRS,
)  # fmt: skip


def runs(actor: Actor) -> list[RunView]:
    """The latest comparisons, newest first."""
    actor.require(Permission.LEAVE_DRIFT_READ)
    newest = select(LeaveDriftRun).order_by(LeaveDriftRun.created_at.desc(), LeaveDriftRun.id.desc())
    return [_run(row) for row in db.session.scalars(newest.limit(MOST_RUNS))]


def _run(row: LeaveDriftRun) -> RunView:
    same = ("id", "state", "people", "compared", "found", "problem", "created_at", "ended_at")
    return RunView(**{name: getattr(row, name) for name in same}, is_stuck=comparing.is_stuck(row))


def counts(actor: Actor, run_id: str) -> dict[DriftCause, int]:
    """How many differences of the people in reach have which cause."""
    causes = select(LeaveDrift.cause, func.count()).where(_in_reach(actor), LeaveDrift.run_id == run_id)
    rows = db.session.execute(causes.group_by(LeaveDrift.cause))
    return {DriftCause(cause): count for cause, count in rows}


def listing(actor: Actor, run_id: str, query: DriftQuery) -> Page[DriftRow]:
    """The differences of a comparison, filtered and sorted, of the people in reach."""
    page = _listing(actor, run_id, query).page(query)
    return Page(items=_rows(actor, page.rows), next_cursor=page.next_cursor)


def export(actor: Actor, run_id: str, query: DriftQuery) -> list[DriftRow]:
    """All of them for a file; an audited act."""
    rows = _listing(actor, run_id, query).first(MOST_EXPORTED)
    platform.audit.record(actor, "leave.drift.export", run_id, after={"rows": len(rows)})
    return _rows(actor, rows)


def _in_reach(actor: Actor) -> ColumnElement[bool]:
    return LeaveDrift.person_id.in_(people.within(actor, Permission.LEAVE_DRIFT_READ))


def _listing(actor: Actor, run_id: str, query: DriftQuery) -> platform.keyset.Listing:
    wanted = (
        select(*COLUMNS)
        .outerjoin(LeaveVacation, LeaveVacation.vacation_id == LeaveDrift.vacation_id)
        .where(_in_reach(actor), LeaveDrift.run_id == run_id)
    )
    exact = ((LeaveDrift.cause, query.cause), (LeaveDrift.kind_code, query.kind), (LeaveDrift.push_state, query.push))
    for column, value in exact:
        if value:
            wanted = wanted.where(column == value)
    if query.person:
        wanted = wanted.where(LeaveDrift.person_id.in_(people.matching(query.person)))
    return platform.keyset.listing(wanted, SORTS, query.sort)


def _rows(actor: Actor, rows: Sequence[Any]) -> list[DriftRow]:
    known = people.many(row.person_id for row in rows)
    names = {code: kind.name for code, kind in mapping.balanced().items()}
    may_push = actor.may(Permission.LEAVE_DRIFT_PUSH)
    return [_row(row, known, names, is_on=bool(may_push and row.pushes)) for row in rows]


def _row(row: Any, known: dict[str, Any], names: dict[str, str], *, is_on: bool) -> DriftRow:
    def words(amount: int | None, *, sign: bool = False) -> str:
        return "—" if amount is None else rules.words(amount, is_hourly=row.is_hourly, sign=sign)

    person, target = known[row.person_id], rules.target(row.ours or 0, is_hourly=row.is_hourly)
    is_open = row.push_state in (None, PushState.REFUSED)
    return DriftRow(
        id=row.id,
        person_id=row.person_id,
        person_name=person.name,
        department=person.department_name,
        kind_name=names.get(row.kind_code or "", "") or "—",
        vacation_name=row.vacation_name or "—",
        ours=words(row.ours),
        theirs=words(row.theirs),
        difference=words(row.difference, sign=True),
        cause=DriftCause(row.cause),
        target=words(target) if row.cause in rules.PUSHABLE else "—",
        is_rounded=row.cause in rules.PUSHABLE and target != row.ours,
        may_push=is_on and is_open and row.cause in rules.PUSHABLE,
        push_state=PushState(row.push_state) if row.push_state else None,
        push_note=_note(row),
        compared_at=row.created_at,
    )


def _note(row: Any) -> str:
    if row.pushed_to is None or row.pushed_from is None:
        return row.push_note or ""
    before, after = (rules.words(one, is_hourly=row.is_hourly) for one in (row.pushed_from, row.pushed_to))
    return row.push_note or f"{before} → {after}"
