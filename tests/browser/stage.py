"""The stage of a working day: product, twin and a worker on real loopback sockets, around the demo's invented company.

All three live in this process and read one clock: Wednesday 11 March 2026, 08:50 in Shanghai, when the doors open, and
as much later as the stage has stood since. So every run sees the same week, the same month, the same payslips.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.serving import BaseWSGIServer, make_server

import app as root
from entrypoints import limits
from entrypoints.jobs import outside, worker
from kit import clock, config
from models.base import Base, db
from simulator import Twin, create_app
from simulator.company import agents_of, populate
from tests.chaos.deployment import Silent, free_port, wait_until
from tests.support import settings

OFFICE = (39.907321, 116.391258)  # the demo's headquarters as a GPS says it: WGS-84
OPENS = datetime(2026, 3, 11, 0, 50, tzinfo=UTC)
IDLE_SECONDS = 0.05
LONGEST_WAIT = 20


@dataclass
class Stage:
    """Addresses and insides of what runs."""

    app: Flask
    twin: Twin
    product: str
    page: str
    place: Path
    began: float = field(default_factory=clock.ticks)

    def now(self) -> datetime:
        """The stage's clock."""
        return OPENS + timedelta(seconds=clock.ticks() - self.began)

    def told(self, userid: str, words: str) -> None:
        """Waits until the person's chat holds a message with these words."""
        heard = lambda: any(words in seen.text for seen in self.twin.chat(userid))  # noqa: E731
        wait_until(heard, LONGEST_WAIT, f"{userid} was never told {words!r}")

    def in_time(self, wsgi: Any) -> Any:
        """The application, living by the stage's clock."""

        def run(environ: Any, start_response: Any) -> Any:
            with clock.frozen(self.now()):
                return wsgi(environ, start_response)

        return run

    def work(self, stopped: threading.Event) -> None:
        """Keeps promises as they fall due, as `flask jobs worker` does."""
        workers = outside.workers(self.app)
        while not stopped.wait(IDLE_SECONDS):
            with self.app.app_context(), clock.frozen(self.now()):
                worker.drain(workers)

    def load(self) -> None:
        """Everybody arrives and has worked here for a while, as in `make demo`."""
        for command in (["demo", "load"], ["wecom", "menu"]):
            with clock.frozen(self.now()):
                done = self.app.test_cli_runner().invoke(args=command)
            assert done.exit_code == 0, done.output
        limits.reset()


@contextmanager
def set_up(place: Path) -> Iterator[Stage]:
    """The whole stage; everything ends with the block."""
    product, page = (f"http://127.0.0.1:{free_port()}" for _ in range(2))
    chosen = config.parse(_settings(product, page, place), "browser tests")
    twin = Twin.of(settings.CORP, agents_of(chosen, product))
    stage = Stage(root.create_app(chosen), twin, product, page, place)
    with clock.frozen(OPENS), stage.app.app_context():
        populate(twin)
        Base.metadata.create_all(db.engine)
    stopped = threading.Event()
    working = threading.Thread(target=stage.work, args=(stopped,), daemon=True)
    with _served(product, stage.in_time(stage.app.wsgi_app)), _served(page, stage.in_time(create_app(twin, product))):
        stage.load()
        working.start()
        yield stage
        stopped.set()
        working.join()
    with stage.app.app_context():
        db.engine.dispose()


def _settings(product: str, page: str, place: Path) -> dict[str, Any]:
    values = settings.values(f"sqlite:///{place / 'hr.db'}")
    values["server"] = {"public_url": product, "frame_ancestors": [page]}
    values["wecom"] |= {
        "api_base": page,
        "authorize_url": f"{page}/connect/oauth2/authorize",
        "login_url": f"{page}/wwlogin/sso/login",
    }
    values["audit"] = {"anchor_file": str(place / "anchor.log")}
    return values


@contextmanager
def _served(address: str, wsgi: Any) -> Iterator[BaseWSGIServer]:
    port = int(address.rsplit(":", 1)[1])
    server = make_server("127.0.0.1", port, wsgi, threaded=True, request_handler=Silent)
    serving = threading.Thread(target=server.serve_forever, daemon=True)
    serving.start()
    try:
        yield server
    finally:
        server.shutdown()
        serving.join()
        server.server_close()
