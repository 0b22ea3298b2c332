"""The product as deployed: web and worker as processes to be killed, a real database, the twin on a real socket."""

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from werkzeug.serving import WSGIRequestHandler, make_server

from simulator import Agent, Twin, create_app
from tests.support import settings

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
LEASE_SECONDS = 10  # whoever is killed here leaves promises behind; nobody has to wait for them as long as in the field


class Silent(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Says nothing."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Deployment:
    """Everything that runs. `web` and `worker` are process groups of their own, so a kill takes all of a service."""

    def __init__(self, server: str, place: Path) -> None:
        self.name = f"hr_chaos_{secrets.token_hex(4)}"
        self.admin = sa.create_engine(f"{server}/", isolation_level="AUTOCOMMIT")
        with self.admin.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {self.name} CHARACTER SET utf8mb4")
        self.url = f"{server}/{self.name}?charset=utf8mb4"
        self.database = sa.create_engine(self.url, isolation_level="AUTOCOMMIT")
        self.port, self.place = free_port(), place
        self.twin = self._twin()
        self.environment = {**os.environ, "HR_CONFIG": str(self._configure()), "FLASK_APP": "app"}
        self.services: dict[str, subprocess.Popen[bytes]] = {}

    def _twin(self) -> Twin:
        callback = f"http://127.0.0.1:{self.port}/wecom/hr"
        own = Agent("hr", 1000002, settings.AGENT_SECRET, token=settings.TOKEN, aes_key=settings.AES_KEY,
                    callback_url=callback, miniprogram_id="wx0123456789abcdef")  # fmt: skip
        sync = Agent("contacts", 0, settings.CONTACTS_SECRET, contact_sync=True)
        twin = Twin.of(settings.CORP, [own, sync])
        self.twin_port = free_port()
        self._server = make_server("127.0.0.1", self.twin_port, create_app(twin), threaded=True, request_handler=Silent)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return twin

    def _configure(self) -> Path:
        field_key = settings.values(self.url)["security"]["field_keys"]["k1"]
        twin = f"http://127.0.0.1:{self.twin_port}"
        lines = [
            f'[server]\npublic_url = "http://127.0.0.1:{self.port}"',
            f'[database]\nurl = "{self.url}"',
            f'[wecom]\ncorp_id = "{settings.CORP}"\napi_base = "{twin}"',
            f'authorize_url = "{twin}/a"\nlogin_url = "{twin}/l"',
            f'[[wecom.agents]]\nname = "hr"\nagent_id = 1000002\nsecret = "{settings.AGENT_SECRET}"\n'
            f'token = "{settings.TOKEN}"\nencoding_aes_key = "{settings.AES_KEY}"',
            f'[wecom.contacts]\nsecret = "{settings.CONTACTS_SECRET}"',
            '[wecom.miniprogram]\napp_id = "wx0123456789abcdef"',
            f'[security]\ncurrent_field_key = "k1"\n[security.field_keys]\nk1 = "{field_key}"',
            f"[jobs]\nlease_seconds = {LEASE_SECONDS}",
            f'[audit]\nanchor_file = "{self.place}/anchor.log"\n[log]\nlevel = "WARNING"',
        ]
        path = self.place / "config.toml"
        path.write_text("\n".join(lines))
        return path

    def flask(self, *arguments: str) -> str:
        """Runs a command of the product; its output."""
        command = [str(BIN / "flask"), *arguments]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{arguments}: {done.stdout}{done.stderr}"
        return done.stdout

    def start(self, name: str) -> None:
        """Starts a service (again)."""
        command = {
            "web": [str(BIN / "gunicorn"), "-c", "gunicorn.conf.py", "-b", f"127.0.0.1:{self.port}", "app:app"],
            "worker": [str(BIN / "flask"), "jobs", "worker"],
        }[name]
        log = (self.place / f"{name}.log").open("ab")
        environment = {**self.environment, "WEB_CONCURRENCY": "2"}
        self.services[name] = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True
        )

    def kill(self, name: str) -> None:
        """kill -9, master and children together."""
        os.killpg(self.services[name].pid, signal.SIGKILL)
        self.services[name].wait()

    def wait_until_ready(self) -> None:
        """Until the web answers."""
        wait_until(lambda: self.get("/healthz")[0] == 200, 60, "the web does not answer")

    def get(self, path: str) -> tuple[int, bytes]:
        return self._ask("GET", path, None, {})

    def post(self, path: str, body: Any, **headers: str) -> tuple[int, bytes]:
        """A JSON request; (0, b"") when nobody answered."""
        headers = {"Content-Type": "application/json", **{k.replace("_", "-"): v for k, v in headers.items()}}
        return self._ask("POST", path, json.dumps(body).encode(), headers)

    def _ask(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> tuple[int, bytes]:
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", body, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=15) as response:
                return response.status, response.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()
        except OSError:
            return 0, b""

    def rows(self, statement: str) -> list[Any]:
        """What the database says."""
        with self.database.connect() as connection:
            return list(connection.exec_driver_sql(statement))

    def end(self) -> None:
        """Ends everything and drops the database."""
        for name in self.services:
            if self.services[name].poll() is None:
                self.kill(name)
        self._server.shutdown()
        self.database.dispose()
        with self.admin.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE {self.name}")
        self.admin.dispose()


def wait_until(condition: Any, seconds: float, complaint: str) -> None:
    """Polls until the condition holds; fails with the complaint."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return
        time.sleep(0.1)
    raise AssertionError(complaint)
