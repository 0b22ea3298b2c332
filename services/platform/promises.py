"""Promises: what leaves the system or takes long is a row first, written with its cause and kept by a worker.

A worker claims a row by one conditional UPDATE that pushes a lease forward; it settles the row only while its claim
still stands, so a frozen worker that wakes up late changes nothing.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, exists, func, or_, select, update
from sqlalchemy.orm import aliased

from kit import clock
from kit.ids import new_id
from models.base import db
from models.enums import PromiseState
from models.platform import Promise
from services.platform.reads import rows
from services.platform.writes import changed, first, first_of_many, table_of

LEASE = timedelta(seconds=90)
TRIES = 12
LONGEST_PAUSE = 600
OPEN = (PromiseState.WAITING, PromiseState.RUNNING)

URGENT, NORMAL, BULK = 1, 5, 9


@dataclass(frozen=True)
class Claimed:
    """A promise that this worker may keep until its lease ends; `attempt` is the fence."""

    seq: int
    id: str
    kind: str
    payload: dict[str, Any]
    attempt: int


@dataclass(frozen=True)
class Terms:
    """How a promise is to be kept: not before, how urgently, after whom in its lane."""

    due_at: datetime | None = None
    priority: int = NORMAL
    lane: str | None = None


AT_ONCE = Terms()


def promise(kind: str, payload: dict[str, Any], *, dedupe_key: str | None = None, terms: Terms = AT_ONCE) -> str | None:
    """Writes a promise; `None` when one with the same dedupe key was made before."""
    row = _row(kind, payload, dedupe_key, terms)
    return row["id"] if first(Promise, **row) else None


def promise_many(kind: str, payloads: Sequence[tuple[dict[str, Any], str]], terms: Terms = AT_ONCE) -> int:
    """Writes promises `(payload, dedupe key)` in one statement; the count that is new."""
    return first_of_many(Promise, [_row(kind, payload, key, terms) for payload, key in payloads])


def _row(kind: str, payload: dict[str, Any], dedupe_key: str | None, terms: Terms) -> dict[str, Any]:
    now = clock.now()
    return {
        "id": new_id(),
        "kind": kind,
        "payload": payload,
        "dedupe_key": dedupe_key,
        "lane": terms.lane,
        "state": PromiseState.WAITING,
        "priority": terms.priority,
        "attempts": 0,
        "due_at": terms.due_at or now,
        "created_at": now,
    }


def claim(limit: int, lease: timedelta = LEASE) -> list[Claimed]:
    """Up to `limit` promises that are due and free, most urgent first; call it inside a short transaction.

    Nobody else takes them before `lease` is over.
    """
    found = _due(PromiseState.RUNNING, limit)  # whose worker is gone; seldom any
    found += _due(PromiseState.WAITING, limit - len(found))
    return [claimed for row in found if (claimed := _take(row, lease))]


def _due(state: PromiseState, most: int) -> list[Any]:
    return list(rows(_DUE, {"open": state, "now": clock.now(), "most": most}))


def _waiting() -> Any:
    earlier = aliased(Promise)
    blocked = exists().where(earlier.lane == Promise.lane, earlier.state.in_(OPEN), earlier.seq < Promise.seq)
    return (
        select(Promise.seq, Promise.id, Promise.kind, Promise.payload, Promise.attempts, Promise.state, Promise.due_at)
        .where(Promise.state == bindparam("open"), Promise.due_at <= bindparam("now"))
        .where(or_(Promise.lane.is_(None), ~blocked))
        .order_by(Promise.priority, Promise.seq)
        .limit(bindparam("most"))
    )


# built once: a worker that sends cards does little else than run these
_TABLE = table_of(Promise)
_STILL = update(_TABLE).where(_TABLE.c.seq == bindparam("number"), _TABLE.c.attempts == bindparam("fence"))
_FREE = _STILL.where(_TABLE.c.state == bindparam("was"), _TABLE.c.due_at == bindparam("was_due"))
_MINE = _STILL.where(_TABLE.c.state == PromiseState.RUNNING)
_DUE = _waiting()


def _take(row: Any, lease: timedelta) -> Claimed | None:
    free = {"number": row.seq, "fence": row.attempts, "was": row.state, "was_due": row.due_at}
    values = {"state": PromiseState.RUNNING, "due_at": clock.now() + lease, "attempts": row.attempts + 1}
    taken = changed(_FREE, free | values)
    return Claimed(row.seq, row.id, row.kind, row.payload, row.attempts + 1) if taken else None


def settle(claimed: Claimed, answer: dict[str, Any] | None = None) -> bool:
    """Marks the promise kept; False when the claim was lost meanwhile."""
    return _end(claimed, state=PromiseState.KEPT, answer=answer, settled_at=clock.now(), last_error=None)


def refuse(claimed: Claimed, reason: str) -> bool:
    """A permanent no: final at once."""
    return _end(claimed, state=PromiseState.REFUSED, settled_at=clock.now(), last_error=reason[:500])


def postpone(claimed: Claimed, reason: str, wait_seconds: float | None = None) -> bool:
    """Puts the promise back. A given wait (a rate window) costs no try; a failure costs one and the last is death."""
    due = clock.now() + timedelta(seconds=pause(claimed.attempt) if wait_seconds is None else wait_seconds)
    if wait_seconds is not None:
        return _end(
            claimed, state=PromiseState.WAITING, due_at=due, attempts=claimed.attempt - 1, last_error=reason[:500]
        )
    dead = claimed.attempt >= TRIES
    state = PromiseState.DEAD if dead else PromiseState.WAITING
    return _end(claimed, state=state, due_at=due, settled_at=clock.now() if dead else None, last_error=reason[:500])


def _end(claimed: Claimed, **values: Any) -> bool:
    return bool(changed(_MINE, {"number": claimed.seq, "fence": claimed.attempt, **values}))


def pause(attempt: int) -> float:
    """Seconds before the next try: doubling from one, at most ten minutes, with jitter against herds."""
    return min(2.0 ** (attempt - 1), LONGEST_PAUSE) * random.uniform(0.75, 1.25)  # noqa: S311 — jitter, not a secret


def cancel(dedupe_key: str) -> bool:
    """Takes back a promise that nobody has begun to keep."""
    taken_back = update(Promise).where(
        Promise.dedupe_key == dedupe_key, Promise.state == PromiseState.WAITING, Promise.attempts == 0
    )
    return bool(changed(taken_back.values(state=PromiseState.CANCELLED, settled_at=clock.now())))


def keys(prefix: str) -> list[str]:
    """The dedupe keys that begin so."""
    begins = Promise.dedupe_key.between(prefix, f"{prefix}\U0010ffff")
    return list(db.session.scalars(select(Promise.dedupe_key).where(begins).order_by(Promise.dedupe_key)))


def retry(promise_id: str) -> bool:
    """Gives a dead or refused promise a fresh set of tries, now."""
    again = update(Promise).where(
        Promise.id == promise_id, Promise.state.in_((PromiseState.DEAD, PromiseState.REFUSED))
    )
    fresh = {"state": PromiseState.WAITING, "attempts": 0, "due_at": clock.now(), "settled_at": None}
    return bool(changed(again.values(**fresh)))


def answer_of(dedupe_key: str) -> dict[str, Any] | None:
    """What the outside answered to a kept promise, e.g. a card's response code."""
    return db.session.scalar(select(Promise.answer).where(Promise.dedupe_key == dedupe_key))


def is_open(dedupe_key: str) -> bool:
    """Whether the promise is still to be kept, or being kept now."""
    found = select(Promise.seq).where(Promise.dedupe_key == dedupe_key, Promise.state.in_(OPEN))
    return db.session.scalar(found) is not None


def oldest_waiting_seconds() -> float:
    """The age of the longest overdue promise; zero when nothing is overdue."""
    oldest = db.session.scalar(
        select(func.min(Promise.due_at)).where(Promise.state.in_(OPEN), Promise.due_at <= clock.now())
    )
    return (clock.now() - oldest).total_seconds() if oldest else 0.0


@dataclass(frozen=True)
class Failed:
    """A promise that will not be tried again by itself."""

    id: str
    kind: str
    state: PromiseState
    attempts: int
    last_error: str | None


def failed(limit: int) -> list[Failed]:
    """The newest refused and dead promises."""
    ended = (PromiseState.DEAD, PromiseState.REFUSED)
    rows = db.session.execute(
        select(Promise.id, Promise.kind, Promise.state, Promise.attempts, Promise.last_error)
        .where(Promise.state.in_(ended))
        .order_by(Promise.seq.desc())
        .limit(limit)
    )
    return [Failed(*row) for row in rows]
