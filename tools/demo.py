"""`make demo`: the product and WeCom's twin on loopback, with an invented company that has lived for a while.

Everything it makes is in var/demo; delete the folder to begin anew. Ctrl-C stops all processes.
"""

import base64
import fcntl
import os
import secrets
import signal
import socket
import string
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import TextIO

ROOT = Path(__file__).parents[1]
PLACE = ROOT / "var/demo"
BIN = Path(sys.executable).parent
START_SECONDS = 60
running: list[TextIO] = []

CONFIG = """\
# Made by `make demo`; every secret in it is invented.
[server]
public_url = "http://127.0.0.1:{product}"
frame_ancestors = ["http://127.0.0.1:{twin}"]

[database]
url = "sqlite:///{place}/hr.db"

[wecom]
corp_id = "ww0123456789abcdef"
api_base = "http://127.0.0.1:{twin}"
authorize_url = "http://127.0.0.1:{twin}/connect/oauth2/authorize"
login_url = "http://127.0.0.1:{twin}/wwlogin/sso/login"

[[wecom.agents]]
name = "hr"
agent_id = 1000002
secret = "{agent_secret}"
token = "{token}"
encoding_aes_key = "{aes}"

[wecom.contacts]
secret = "{contacts_secret}"
token = "{contacts_token}"
encoding_aes_key = "{contacts_aes}"

[wecom.miniprogram]
app_id = "wx0123456789abcdef"

[security]
current_field_key = "k1"
session_hours = 24
session_idle_minutes = 480

[security.field_keys]
k1 = "{field_key}"

[audit]
anchor_file = "{place}/audit-anchor.log"

[log]
level = "ERROR"
"""


WELCOME = """
  打开 http://127.0.0.1:{twin}/ ，选一个人，开始一天的工作。
  人事管理台：http://127.0.0.1:{product}/console/
  登录时选：李丁（人事）、周戊（薪酬）、钱乙（薪酬复核）、王辛（审计）、韩辰（系统管理员）。
  数据在 {place}，删掉它就从头来过。按 Ctrl-C 停止。
"""


def free_port(wanted: int) -> int:
    """The port wanted, or the next free one."""
    for port in range(wanted, wanted + 50):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port
    sys.exit("no free port on 127.0.0.1")


def only_one() -> None:
    """Two demos would share one company and overwrite each other's configuration; the second gives way."""
    PLACE.mkdir(parents=True, exist_ok=True)
    running.append((PLACE / "running").open("w"))
    try:
        fcntl.flock(running[0], fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        sys.exit("the demo is running already; stop it first, or use its page")


def _letters(count: int) -> str:
    return "".join(secrets.choice(string.ascii_letters + string.digits) for _ in range(count))


def configure(product: int, twin: int) -> Path:
    """The demo's configuration; made once, so that its data stay readable, with this run's ports."""
    PLACE.mkdir(parents=True, exist_ok=True)
    kept = PLACE / "secrets.txt"
    if not kept.exists():
        lengths = {"agent_secret": 43, "contacts_secret": 43, "token": 20, "contacts_token": 20}
        made = {name: _letters(length) for name, length in lengths.items()}
        made |= {name: _letters(42) + "A" for name in ("aes", "contacts_aes")}
        made["field_key"] = base64.b64encode(secrets.token_bytes(32)).decode()
        kept.write_text("\n".join(f"{name} {value}" for name, value in made.items()), encoding="utf-8")
    known = dict(line.split(" ", 1) for line in kept.read_text(encoding="utf-8").splitlines())
    path = PLACE / "config.toml"
    path.write_text(CONFIG.format(product=product, twin=twin, place=PLACE, **known), encoding="utf-8")
    return path


class Processes:
    """What the demo runs; all of it ends when one of them does."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = environment
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def run(self, *command: str) -> None:
        """A step that must succeed before the next."""
        if subprocess.run(command, cwd=ROOT, env=self.environment, check=False).returncode:
            self.stop()
            sys.exit(f"the demo cannot go on: {' '.join(command[1:])} failed")

    def start(self, name: str, *command: str) -> None:
        """A process that runs on, with its own log file."""
        with (PLACE / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=log, stderr=log)

    def watch(self) -> None:
        """Waits until a process ends by itself."""
        while all(process.poll() is None for process in self.running.values()):
            time.sleep(0.5)
        ended = next(name for name, process in self.running.items() if process.poll() is not None)
        print(f"{ended} has stopped; see {PLACE / (ended + '.log')}")

    def stop(self) -> None:
        """Ends all of them, gracefully."""
        for process in self.running.values():
            process.terminate()
        for process in self.running.values():
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


def wait_for(address: str) -> None:
    """Until the address answers; a minute at most."""
    for _ in range(START_SECONDS * 5):
        try:
            with urllib.request.urlopen(address, timeout=2):  # noqa: S310 — our own loopback address
                return
        except OSError:
            time.sleep(0.2)
    sys.exit(f"{address} does not answer; see the logs in {PLACE}")


def main() -> None:
    """Starts everything, loads the company once, prints the one address, waits."""
    only_one()
    product, twin = free_port(int(os.environ.get("PORT", "5000"))), free_port(int(os.environ.get("TWIN_PORT", "5001")))
    config = configure(product, twin)
    processes = Processes({**os.environ, "HR_CONFIG": str(config), "BIND": f"127.0.0.1:{product}", "FLASK_APP": "app"})
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        begin(processes, product, twin, config)
        print(WELCOME.format(product=product, twin=twin, place=PLACE), flush=True)
        processes.watch()
    except KeyboardInterrupt:
        print("\n正在停止……")
    finally:
        processes.stop()


def begin(processes: Processes, product: int, twin: int, config: Path) -> None:
    """Schema, twin, product, worker, company, clock: in the order they need each other."""
    flask = str(BIN / "flask")
    processes.run(flask, "db", "upgrade")
    processes.start("twin", sys.executable, "-m", "simulator", "--port", str(twin), "--config", str(config),
                    "--product", f"http://127.0.0.1:{product}", "--state", str(PLACE / "twin.json"))  # fmt: skip
    wait_for(f"http://127.0.0.1:{twin}/")
    processes.start("web", str(BIN / "gunicorn"), "-c", "gunicorn.conf.py", "app:app")
    wait_for(f"http://127.0.0.1:{product}/readyz")
    processes.start("worker", flask, "jobs", "worker")
    processes.run(flask, "demo", "load")
    processes.run(flask, "wecom", "menu")
    processes.start("scheduler", flask, "jobs", "scheduler")


if __name__ == "__main__":
    main()
