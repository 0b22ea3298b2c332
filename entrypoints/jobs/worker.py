"""The worker: claims due promises, no more than its engine has room for, and hands them over until told to stop."""

import signal
import threading
from datetime import timedelta
from types import FrameType

from flask import Flask

from entrypoints.jobs.engines import Engine
from entrypoints.jobs.keeper import Outside, keep
from kit import log
from services import platform
from services.platform import Claimed

IDLE_SECONDS = 0.25
logger = log.get(__name__)


class Worker:
    """One loop over one queue of rows."""

    def __init__(self, app: Flask, engine: Engine) -> None:
        self.app, self.engine = app, engine
        self.lease = timedelta(seconds=app.config["JOBS"].lease_seconds)
        self.stopping = threading.Event()

    def run(self) -> None:
        """Works until `stop`; promises begun are finished before it returns."""
        logger.info("worker.started")
        while not self.stopping.is_set():
            room = self.engine.room()
            claimed = self._claim(room) if room else []
            for one in claimed:
                self.engine.carry(one)
            if not claimed:
                self.engine.rest(IDLE_SECONDS)
        self.engine.close()
        logger.info("worker.stopped")

    def _claim(self, limit: int) -> list[Claimed]:
        with self.app.app_context():
            try:
                return platform.transact(lambda: platform.promises.claim(limit, self.lease))
            except Exception:  # the database may be away for a while; the worker outlives it
                logger.exception("worker.claim_failed")
                return []

    def stop(self, _signal: int = 0, _frame: FrameType | None = None) -> None:
        """Takes no more; safe in a signal handler."""
        self.stopping.set()

    def stop_on_signals(self) -> None:
        """SIGTERM and SIGINT end the worker gracefully."""
        signal.signal(signal.SIGTERM, self.stop)
        signal.signal(signal.SIGINT, self.stop)


def drain(outside: dict[str, Outside], limit: int = 10_000) -> int:
    """Keeps everything that is due, in this thread, now; the count kept. For tests and one-shot commands."""
    done = 0
    while done < limit and (claimed := platform.transact(lambda: platform.promises.claim(1))):
        keep(claimed[0], outside)
        done += 1
    return done
