"""A roster is asked of the solver: the wish is a promise, the worker reads the problem, thinks, and the draft takes it.

While the solver thinks no transaction is open. What it found is written only if the draft is still of the version that
was asked about; else it is said to be out of date, and the draft stays as somebody has made it.
"""

from datetime import date
from importlib.util import find_spec
from typing import Any

from sqlalchemy import select, update

from kit import clock
from kit.errors import Conflict, Invalid
from kit.ids import new_id
from models.base import db
from models.enums import RosterState, SolveState
from models.rosters import Roster, RosterCell, RosterSolve
from services import platform, schedule
from services.people import AnyActor
from services.rosters import access, boards, planning, rules
from services.rosters.planning import Said
from services.rosters.rules import Place
from services.rosters.schemas import SolveView, SolveWish
from services.rosters.solving.problem import Problem, Solution

SOLVE = "rosters.solve"
OPEN = (SolveState.WAITING, SolveState.RUNNING)
FRESH = {"populate_existing": True}
LONGEST_STAGE = 60
STAGES = {
    SolveState.WAITING: "正在排队",
    SolveState.RUNNING: "正在计算",
    SolveState.TAKEN: "已写入草稿",
    SolveState.STALE: "计算期间排班表被改过，结果没有写入，请重新计算",
    SolveState.FAILED: "没有算出来",
}


def is_there() -> bool:
    """Is the solver installed? It is an extra (`solver`), looked for without loading it."""
    return find_spec("ortools") is not None


def ask(actor: AnyActor, roster_id: str, wish: SolveWish) -> str:
    """Asks for the open days of a draft to be filled; the id of the question. One at a time for each roster."""
    row = access.roster(actor, roster_id)
    if row.state != RosterState.DRAFT:
        raise Conflict("已发布的排班表不能自动排，请先点“修改”")
    if not is_there():
        raise Conflict("没有安装自动排班组件，请联系系统管理员")
    if (newest := _newest(row.id)) and newest.state in OPEN:
        raise Conflict("正在计算，请等它算完")
    if not _shifts(row, wish):
        raise Invalid("请选择要排的班次，或先设置最少人数")
    values = {"id": new_id(), "created_at": clock.now(), "roster_id": row.id, "based_on": row.version}
    solve = RosterSolve(**values, wish=wish.model_dump(mode="json"), state=SolveState.WAITING, asked_by=actor.label)
    db.session.add(solve)
    platform.promise(SOLVE, {"solve": solve.id}, dedupe_key=f"{SOLVE}:{solve.id}")
    platform.audit.record(actor, "rosters.roster.solve", row.id, after=solve.wish)
    return solve.id


def _shifts(row: Roster, wish: SolveWish) -> list[str]:
    """The shifts to be given: those named, or those that minima and cells speak of; only such as are in use."""
    active = {one.id for one in schedule.shifts() if one.is_active}
    spoken = {one.shift_id for one in boards.minima_of(row.department_id)} | set(boards.cells(row.id).values())
    return sorted(active & (set(wish.shift_ids) or {one for one in spoken if one}))


def begin(solve_id: str) -> Problem | None:
    """The worker begins: what there is to solve, as it stands; `None` when nobody waits for it any more."""
    waiting = update(RosterSolve).where(RosterSolve.id == solve_id, RosterSolve.state.in_(OPEN))
    if not platform.changed(waiting.values(state=SolveState.RUNNING, stage="正在读取")):
        return None
    solve = db.session.get_one(RosterSolve, solve_id)
    row, wish = db.session.get_one(Roster, solve.roster_id), SolveWish.model_validate(solve.wish)
    board = boards.of_roster(row)
    known = schedule.known(_shifts(row, wish))
    shifts = tuple(sorted(known.values(), key=lambda one: (one.start, one.name)))
    return Problem(board, shifts, _fixed(row, board, keeps=not wish.replaces), wish.seconds)


def _fixed(row: Roster, board: rules.Board, *, keeps: bool) -> frozenset[Place]:
    """What the solver leaves: days that are over or given by a decision, and what somebody has put there by hand."""
    by_hand = select(RosterCell.person_id, RosterCell.day).where(RosterCell.roster_id == row.id, RosterCell.is_fixed)
    held = {(one.person_id, one.day) for one in db.session.execute(by_hand)} if keeps else set()
    over = {(who, day) for who in board.people for day in board.days if day < clock.today()}
    given = schedule.taken((who, day) for who in board.people for day in board.days)
    return frozenset(held | over | given)


def note(solve_id: str, stage: str) -> None:
    """Says how far the solver has come."""
    running = update(RosterSolve).where(RosterSolve.id == solve_id, RosterSolve.state == SolveState.RUNNING)
    platform.changed(running.values(stage=stage[:LONGEST_STAGE]))


def answer(found: Solution) -> dict[str, Any]:
    """What the solver found, as it travels."""
    cells = [[who, day.isoformat(), shift.id if shift else None] for (who, day), shift in found.plan.items()]
    return {"cells": cells, "short": found.short, "is_proven": found.is_proven, "seconds": found.seconds}


def heard(payload: dict[str, Any], told: dict[str, Any]) -> None:
    """The solver is done: its days go into the draft, if that is still of the version it was asked about."""
    solve = db.session.get(RosterSolve, payload["solve"])
    if solve is None or not told:
        return
    said = {place: Said(*place, shift_id, is_fixed=False) for place, shift_id in _cells(told)}
    row = db.session.scalars(select(Roster).where(Roster.id == solve.roster_id), execution_options=FRESH).one()
    outcome = {name: told[name] for name in ("short", "is_proven", "seconds")}
    try:
        with platform.savepoint():
            planning.put(row, said, solve.based_on)
    except (Conflict, Invalid):  # changed, published, or a day of it is over by now
        _end(solve.id, SolveState.STALE, outcome)
        return
    _end(solve.id, SolveState.TAKEN, {**outcome, "unmet": len(boards.unmet(row))})


def _cells(told: dict[str, Any]) -> list[tuple[Place, str | None]]:
    return [((who, date.fromisoformat(day)), shift_id) for who, day, shift_id in told["cells"]]


def failed(payload: dict[str, Any], reason: str) -> None:
    """The solver gave up for good."""
    _end(str(payload["solve"]), SolveState.FAILED, {"why": reason})


def _end(solve_id: str, state: SolveState, outcome: dict[str, Any]) -> None:
    ending = update(RosterSolve).where(RosterSolve.id == solve_id, RosterSolve.state.in_(OPEN))
    platform.changed(ending.values(state=state, outcome=outcome, ended_at=clock.now(), stage=""))


def latest(roster_id: str) -> SolveView | None:
    """The newest question about a roster and how far it has come."""
    row = _newest(roster_id)
    return view(row) if row else None


def _newest(roster_id: str) -> RosterSolve | None:
    asked = select(RosterSolve).where(RosterSolve.roster_id == roster_id)
    newest = asked.order_by(RosterSolve.created_at.desc(), RosterSolve.id.desc()).limit(1)
    return db.session.scalars(newest, execution_options=FRESH).first()


def view(row: RosterSolve) -> SolveView:
    """A question with its outcome in words."""
    told = row.outcome or {}
    return SolveView(
        id=row.id,
        state=SolveState(row.state),
        stage=row.stage or STAGES[SolveState(row.state)],
        unmet=told.get("unmet"),
        short=told.get("short", 0),
        is_proven=bool(told.get("is_proven")),
        seconds=told.get("seconds"),
        why=str(told.get("why", "")),
    )


def progress(actor: AnyActor, roster_id: str) -> SolveView | None:
    """How far the newest question about a roster of the actor's has come."""
    return latest(access.roster(actor, roster_id).id)
