"""What carries a claimed promise to whoever keeps it: threads of this process, or celery. Nothing else knows which.

An engine says how many more it can take (`room`), takes one (`carry`), waits for news but not for ever (`rest`), and
finishes what it has (`close`).
"""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from time import sleep
from typing import TYPE_CHECKING, Protocol

from flask import Flask

from entrypoints.jobs import outside
from entrypoints.jobs.keeper import keep
from kit import log
from kit.config import Jobs
from services.platform import Claimed

if TYPE_CHECKING:
    from celery import Celery

logger = log.get(__name__)


class Engine(Protocol):
    def room(self) -> int: ...
    def carry(self, claimed: Claimed) -> None: ...
    def rest(self, seconds: float) -> None: ...
    def close(self) -> None: ...


class Local:
    """Threads of this process; the default, with nothing to install."""

    def __init__(self, app: Flask, threads: int) -> None:
        self._app, self._threads = app, threads
        self._outside = outside.workers(app)
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="keeper")
        self._lock = threading.Lock()
        self._kept = threading.Event()
        self._busy = 0

    def room(self) -> int:
        # One in hand and one waiting: no thread idles while we claim. Below a whole round it is not worth a claim.
        room = 2 * self._threads - self._busy
        return room if room >= self._threads else 0

    def rest(self, seconds: float) -> None:
        self._kept.wait(seconds)  # what was kept made room, and may have promised more
        self._kept.clear()

    def carry(self, claimed: Claimed) -> None:
        with self._lock:
            self._busy += 1
        self._pool.submit(self._keep, claimed)

    def _keep(self, claimed: Claimed) -> None:
        try:
            with self._app.app_context():
                keep(claimed, self._outside)
        except Exception:  # the row's lease brings it back; the thread must live on
            logger.exception("worker.keep_failed")
        finally:
            with self._lock:
                self._busy -= 1
            self._kept.set()

    def close(self) -> None:
        self._pool.shutdown(wait=True)


class Carried:
    """Celery (extra): any number of machines behind Redis or RabbitMQ. A row whose carrier died comes back by lease."""

    BATCH = 32

    def __init__(self, celery: Celery) -> None:
        self._celery = celery

    def room(self) -> int:
        return self.BATCH

    def rest(self, seconds: float) -> None:
        sleep(seconds)

    def carry(self, claimed: Claimed) -> None:
        self._celery.send_task("hr.keep", [asdict(claimed)])

    def close(self) -> None:
        self._celery.close()


def build(app: Flask, jobs: Jobs) -> Engine:
    """The engine that `[jobs] engine` names."""
    if jobs.engine == "local":
        return Local(app, jobs.threads)
    from entrypoints.jobs import celery_app  # the extra is imported only where it is configured

    return Carried(celery_app.build(app))
