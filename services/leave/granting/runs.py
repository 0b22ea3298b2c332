"""Runs over many people: begun once for each key, carried on chunk by chunk, each chunk in a transaction of its own.

How far a run has come stands in its row, written with what the chunk gave: killed at any moment it goes on where it
was, and the console shows how many of how many.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update

from kit import clock
from kit.errors import NotFound
from kit.ids import new_id
from kit.schema import View
from models.base import db
from models.leave import LeaveRun
from services import people, platform
from services.leave import ledger
from services.leave.granting import grants, lapsing, policies
from services.people import AnyActor, Permission

YEARLY, EXPIRE = "leave.grant_yearly", "leave.expire"
TRIAL = "trial:"  # how the keys of runs begin that give nothing
SHOWN = 10
FRESH = {"populate_existing": True}  # chunks are noted past the session's memory
Give = Callable[[Sequence[str]], int]


class RunOut(View):
    """How far a run has come."""

    id: str
    title: str
    total: int
    done: int
    made: int
    started_by: str
    created_at: datetime
    ended_at: datetime | None


def begin(key: str, title: str, wish: dict[str, Any], total: int, by: str) -> str:
    """Opens a run; its id, also when it was opened before."""
    row = {"id": new_id(), "created_at": clock.now(), "key": key, "title": title[:60], "wish": wish, "total": total}
    platform.first(LeaveRun, **row, started_by=by, done=0, made=0, after="", ended_at=None)
    return str(db.session.scalar(select(LeaveRun.id).where(LeaveRun.key == key)))


def carry_on(run: LeaveRun, ids: Sequence[str], give: Give) -> str | None:
    """Gives one chunk and notes it: after whom the next one begins, `None` at the end.

    A chunk that somebody else has noted meanwhile gives nothing.
    """
    is_last = len(ids) < grants.CHUNK
    after = ids[-1] if ids else run.after
    noted = update(LeaveRun).where(LeaveRun.id == run.id, LeaveRun.after == run.after, LeaveRun.ended_at.is_(None))
    values = {"after": after, "done": LeaveRun.done + len(ids), "ended_at": clock.now() if is_last else None}
    if not platform.changed(noted.values(**values)):
        return None
    made = give(ids) if ids else 0
    platform.changed(update(LeaveRun).where(LeaveRun.id == run.id).values(made=LeaveRun.made + made))
    return None if is_last else after


def get(run_id: str) -> LeaveRun:
    """The run as it stands now; `NotFound` when there is none."""
    found = select(LeaveRun).where(LeaveRun.id == run_id)
    row = db.session.scalars(found, execution_options=FRESH).first()
    if row is None:
        raise NotFound()
    return row


def newest(actor: AnyActor) -> list[RunOut]:
    """The last runs that gave something, newest first."""
    actor.require(Permission.LEAVE_BALANCE_ADJUST)
    giving = select(LeaveRun).where(LeaveRun.key.not_like(f"{TRIAL}%"))
    last = giving.order_by(LeaveRun.created_at.desc(), LeaveRun.id.desc()).limit(SHOWN)
    return [RunOut.model_validate(row) for row in db.session.scalars(last, execution_options=FRESH)]


def ask_for_grants(actor: AnyActor, year: int) -> None:
    """HR asks for a year's grants; the worker gives them, once for everybody who has not got them."""
    actor.require(Permission.LEAVE_BALANCE_ADJUST)
    platform.audit.record(actor, "leave.balance.grant", str(year))
    key = f"yearly:{year}:asked:{clock.now().isoformat()}"
    run_id = _begin_yearly(key, year, actor.label)
    platform.promise(YEARLY, {"run": run_id}, dedupe_key=f"{YEARLY}:{run_id}")


def _begin_yearly(key: str, year: int, by: str) -> str:
    total = db.session.scalar(select(func.count()).select_from(people.active_ids().subquery())) or 0
    return begin(key, f"{year}年假期发放", {"year": year}, total, by)


def keep_yearly(payload: dict[str, object]) -> None:
    """The job: what this year has brought everybody until today, chunk after chunk, each promised by the one before."""
    run = get(str(payload["run"])) if "run" in payload else _tonight(payload)
    year = int(run.wish["year"])
    after = carry_on(run, grants.active_after(run.after), lambda ids: grants.settle(ids, year))
    if after:
        platform.promise(YEARLY, {"run": run.id}, dedupe_key=f"{YEARLY}:{run.id}:{after}")


def _tonight(payload: dict[str, object]) -> LeaveRun:
    policies.ensure_kinds()  # a new installation, or a new kind in a new version
    year = clock.today().year
    return get(_begin_yearly(f"yearly:{payload.get('slot') or clock.now().isoformat()}", year, grants.JOB.label))


def keep_expiry(payload: dict[str, object]) -> None:
    """The job: ends what is past its last day, chunk after chunk, each behind the last lot of the one before."""
    ids = ledger.expired(clock.today(), str(payload.get("after") or ""), grants.CHUNK)
    if ids:
        lapsing.expire(ids, grants.JOB.label)
    if len(ids) == grants.CHUNK:
        key = f"{EXPIRE}:{clock.today().isoformat()}:{ids[-1]}"
        platform.promise(EXPIRE, {"after": ids[-1]}, dedupe_key=key)
