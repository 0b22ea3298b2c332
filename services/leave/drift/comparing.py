"""Comparing everybody's leave with WeCom's, some people at a time.

A run is a chain of promises that are kept outside (WeCom is asked without a transaction); each answer is heard in the
transaction that settles its promise: its differences and the next promise commit together, so that a crash repeats at
most one reading and no difference is written twice. Nothing here changes leave, on either side.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select

from kit import clock
from kit.errors import Conflict
from kit.ids import new_id
from models.base import db
from models.enums import DriftRunState
from models.leave import LeaveDrift, LeaveDriftRun
from services import people, platform
from services.leave.drift import access, differences, mapping, pushing
from services.leave.drift.mapping import Configured
from services.people import AnyActor, System

READ_KINDS, READ_QUOTAS = "leave.read_vacations", "leave.read_quotas"
TERMS = platform.Terms(priority=platform.BULK)
CHUNK = 100
"""People at a time: ten seconds of the 600 calls a minute that WeCom allows."""
SLOT = "running"
JOB = System("leave.compare")
STUCK = "上一次对账中断了"

Payload = dict[str, Any]


def start(actor: AnyActor) -> str:
    """Begins a comparison; `Conflict` while one runs. One that nothing carries on any more is closed first."""
    access.require_company(actor)
    running = db.session.scalars(select(LeaveDriftRun).where(LeaveDriftRun.slot == SLOT).with_for_update()).first()
    if running is not None and is_stuck(running):
        _end(running, STUCK)
        db.session.flush()
    run_id, values = new_id(), {"asked_by": actor.label, "state": DriftRunState.RUNNING, "slot": SLOT}
    if not platform.first(LeaveDriftRun, id=run_id, created_at=clock.now(), **values):
        raise Conflict("正在对账，请等它完成后再开始")
    platform.promise(READ_KINDS, {"run": run_id}, dedupe_key=_first_key(run_id))
    platform.audit.record(actor, "leave.drift.start", run_id)
    return run_id


def keep_weekly(_payload: Payload) -> None:
    """The job: compares by itself where HR has said which kinds belong together, unless a comparison runs."""
    if not any(row.kind_code for row in mapping.all_vacations()):
        return
    try:
        with platform.savepoint():
            start(JOB)
    except Conflict:  # HR asked for one just now: it does
        return


def is_stuck(run: LeaveDriftRun) -> bool:
    """It runs, but its promise is dead or gone."""
    keys = (_first_key(run.id), _key(run.id, run.compared))
    return run.state == DriftRunState.RUNNING and not any(map(platform.promises.is_open, keys))


def _first_key(run_id: str) -> str:
    return f"leave-drift:{run_id}"


def _key(run_id: str, compared: int) -> str:
    return f"leave-drift:{run_id}:{compared}"


def to_ask(run_id: str, after: str) -> list[tuple[str, str]]:
    """The next people of a run as (person id, userid); nobody at its end, or when it has been closed."""
    run = db.session.get(LeaveDriftRun, run_id)
    if run is None or run.state != DriftRunState.RUNNING:
        return []
    active = people.active_ids().subquery()
    ids = db.session.scalars(select(active.c.id).where(active.c.id > after).order_by(active.c.id).limit(CHUNK)).all()
    known = people.many(ids)
    return [(person_id, known[person_id].userid) for person_id in ids]


def heard_kinds(payload: Payload, answer: Payload) -> None:
    """Keeps what WeCom configures; goes on to people if any of its kinds is one of ours."""
    run = _running(payload["run"])
    if run is None:
        return
    mapping.keep(Configured(**one) for one in answer["kinds"])
    db.session.flush()
    if not any(row.kind_code for row in mapping.all_vacations()):
        _end(run)
        return
    active = people.active_ids().subquery()
    run.people = db.session.scalar(select(func.count()).select_from(active)) or 0
    _go_on(run, "")


def heard_quotas(payload: Payload, answer: Payload) -> None:
    """Stores the differences of the people who were asked for, and goes on after the last of them."""
    run = _running(payload["run"])
    if run is None:
        return
    quotas: Mapping[str, Sequence[Sequence[int]] | None] = answer["quotas"]
    found = differences.of_people(run.id, quotas)
    platform.add_many(LeaveDrift, found)
    pushing.promise_all(found)
    run.compared, run.found = run.compared + len(quotas), run.found + len(found)
    if quotas:
        _go_on(run, max(quotas))
    else:
        _end(run)


def failed(payload: Payload, reason: str) -> None:
    """WeCom refused for good: the run ends and says why; what it had found stays."""
    run = _running(payload["run"])
    if run is not None:
        _end(run, reason)


def _running(run_id: str) -> LeaveDriftRun | None:
    mine = select(LeaveDriftRun).where(LeaveDriftRun.id == run_id, LeaveDriftRun.state == DriftRunState.RUNNING)
    return db.session.scalars(mine.with_for_update(), execution_options={"populate_existing": True}).first()


def _go_on(run: LeaveDriftRun, after: str) -> None:
    payload = {"run": run.id, "after": after}
    platform.promise(READ_QUOTAS, payload, dedupe_key=_key(run.id, run.compared), terms=TERMS)


def _end(run: LeaveDriftRun, problem: str | None = None) -> None:
    run.state = DriftRunState.FAILED if problem else DriftRunState.DONE
    run.slot, run.problem, run.ended_at = None, problem[:300] if problem else None, clock.now()
