"""The product and WeCom's twin on free loopback ports, with a small company, on Monday 2 March 2026, 09:30 in Shanghai.

The first line of output says where the product answers. Then every line of input is a command and is answered by a
line: `code <userid>` is a login code as that person's phone would get it, `drain` keeps the promises that are due.
It ends when its input ends.
"""

import json
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

import app as root
from entrypoints.jobs import outside, worker
from kit import clock, config, log
from models.base import Base, db
from simulator import Agent, Twin, create_app
from simulator.credentials import MINI
from tests.conftest import MONDAY_MORNING
from tests.factories import attendance, forms, leave, notices, payroll, schedule
from tests.support import settings

Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]


class Quiet(WSGIRequestHandler):
    """Requests are no news."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Says nothing."""


def on_monday(app: Wsgi) -> Wsgi:
    """The application with its clock stopped, whichever thread serves it."""

    def serve(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        with clock.frozen(MONDAY_MORNING):
            return app(environ, start)

    return serve


def serve(app: Wsgi) -> str:
    """Serves the application from now on; its address."""
    server: BaseWSGIServer = make_server("127.0.0.1", 0, on_monday(app), threaded=True, request_handler=Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"


def product(folder: Path, twin_url: str) -> Flask:
    """The product over a database of its own, configured for this twin."""
    values = settings.values(f"sqlite:///{folder / 'hr.db'}")
    values["wecom"] |= {"api_base": twin_url}
    made = root.create_app(config.parse(values, "stage"))
    with made.app_context():
        Base.metadata.create_all(db.engine)
    return made


def settle_in(twin: Twin) -> None:
    """李华 works for 老板: forms to fill in, leave to take, a place to punch at, a payslip and a notice to read."""
    company = payroll.Company(twin)
    schedule.assigned(schedule.shift("白班"))
    leave.kinds()
    forms.shipped()
    leave.lot(company.li, 5)
    attendance.place("总部大楼")
    company.release()
    notices.hr(twin)
    notices.sent(must_confirm=True)


def main() -> None:
    log.setup("ERROR")
    agent = Agent(
        "hr",
        1000002,
        settings.AGENT_SECRET,
        token=settings.TOKEN,
        aes_key=settings.AES_KEY,
        callback_url=f"{settings.PUBLIC_URL}/wecom/hr",
        miniprogram_id="wx0123456789abcdef",
    )
    twin = Twin.of(settings.CORP, [agent])
    with tempfile.TemporaryDirectory() as folder, clock.frozen(MONDAY_MORNING):
        made = product(Path(folder), serve(create_app(twin)))
        with made.app_context():
            settle_in(twin)
            worker.drain(outside.workers(made))
            answer({"product": serve(made)})
            for line in sys.stdin:
                answer(obey(made, twin, agent, line.split()))


def obey(made: Flask, twin: Twin, agent: Agent, command: list[str]) -> Any:
    """What a command is answered with."""
    if command == ["drain"]:
        return worker.drain(outside.workers(made))
    with twin.lock:
        return twin.credentials.code(MINI, agent, command[1])


def answer(value: Any) -> None:
    """One line of output."""
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


main()
