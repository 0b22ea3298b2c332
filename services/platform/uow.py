"""The transaction: opened by a way in, committed here and nowhere else."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import TypeVar

from sqlalchemy.exc import DBAPIError

from models.base import db

T = TypeVar("T")

TRIES = 3
# deadlock, lock wait timeout, row changed since read: the database asks for the whole transaction again
AGAIN = frozenset({1213, 1205, 1020})
# SQLite has one writer at a time and lets the others poll for their turn: the threads of a process queue here instead
_sqlite_writer = threading.RLock()


@contextmanager
def unit_of_work(*, writes: bool = True) -> Iterator[None]:
    """One transaction: commits on return, rolls back on raise."""
    session = db.session
    begins = writes and not session().in_transaction() and db.engine.dialect.name == "sqlite"
    with _sqlite_writer if begins else nullcontext():
        if begins:
            session.connection(execution_options={"writes": True})
        try:
            yield
            session.commit()
        except BaseException:
            session.rollback()
            raise


def transact(work: Callable[[], T], *, writes: bool = True, tries: int = TRIES) -> T:
    """Runs `work` in a transaction of its own; a deadlock is tried again from the start, three times in all.

    `work` must read everything it needs inside, for a retry begins with a clean session.
    """
    for attempt in range(1, tries + 1):
        try:
            with unit_of_work(writes=writes):
                return work()
        except DBAPIError as error:
            if attempt == tries or not wants_again(error):
                raise
            db.session.expire_all()
    raise AssertionError("unreachable")


def wants_again(error: DBAPIError) -> bool:
    """Did the database give up a transaction that would succeed on repetition?"""
    code = error.orig.args[0] if error.orig is not None and error.orig.args else None
    return code in AGAIN or "database is locked" in str(error.orig)


@contextmanager
def savepoint() -> Iterator[None]:
    """A part of the transaction that can be undone alone: a refusal inside leaves the rest."""
    with db.session.begin_nested():
        yield
