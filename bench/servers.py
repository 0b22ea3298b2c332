"""Processes under measurement: started as they are deployed, asked for CPU time and memory, stopped."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.load import Request

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
PAGE, TICK = os.sysconf("SC_PAGE_SIZE"), os.sysconf("SC_CLK_TCK")
START_SECONDS = 60

Environment = dict[str, str]


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class Slice:
    """What one stretch of load showed. CPU is that of the server's processes alone, in ms for each request."""

    requests: int
    per_second: float
    p99_ms: float
    cpu_ms: float
    statements: tuple[int, ...]


@dataclass
class Server:
    """A running process with its children, and its port if it listens."""

    process: subprocess.Popen[bytes]
    port: int = 0

    def cpu_seconds(self) -> float:
        """CPU time of the server and its workers so far."""
        return sum(ticks for ticks, _ in _family(self.process.pid)) / TICK

    def memory_mib(self) -> float:
        """Resident memory of its largest process, in MiB."""
        return max(pages for _, pages in _family(self.process.pid)) * PAGE / 2**20

    def measure(self, connections: Sequence[Sequence[Request]], seconds: float, *, repeat: bool) -> Slice:
        """Loads it; every answer has to be 2xx, or the figure would not mean what it says."""
        spec = {
            "port": self.port,
            "seconds": seconds,
            "repeat": repeat,
            "connections": [[request.wire for request in requests] for requests in connections],
        }
        before = self.cpu_seconds()
        done = subprocess.run(
            [sys.executable, "-m", "bench.load"], cwd=ROOT, input=json.dumps(spec), capture_output=True, text=True,
            check=True,
        )  # fmt: skip
        seen = json.loads(done.stdout)
        odd = {status: count for status, count in seen["statuses"].items() if not status.startswith("2")}
        if odd or not seen["requests"]:
            raise RuntimeError(f"{connections[0][0].path}: answers that were not 2xx: {odd or 'none at all'}")
        cpu = (self.cpu_seconds() - before) * 1000 / seen["requests"]
        counts = tuple(sorted(int(count) for count in seen["statements"]))
        return Slice(seen["requests"], seen["per_second"], seen["p99_ms"], cpu, counts)

    def stop(self) -> None:
        """Ends it gracefully."""
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()


def _family(root: int) -> list[tuple[int, int]]:
    """(CPU ticks, resident pages) of a process and everything below it; ticks include children that have ended."""
    stats = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stats[int(entry.name)] = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:  # it has just ended
                continue
    members = {root}
    while found := {pid for pid, s in stats.items() if int(s[1]) in members} - members:
        members |= found
    return [(sum(map(int, stats[pid][11:15])), int(stats[pid][21])) for pid in members if pid in stats]


def gunicorn(application: str, environment: Environment, *options: str, port: int = 0) -> Server:
    """Serves `module:app` with the settings of gunicorn.conf.py; options override them."""
    command = [str(BIN / "gunicorn"), "-c", "gunicorn.conf.py", "--log-level", "error", *options, application]
    return _listening(command, environment, port)


def granian(application: str, environment: Environment) -> Server:
    """Serves the same with granian: two workers of four threads."""
    port = free_port()
    command = [str(BIN / "granian"), "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--workers", "2", "--blocking-threads", "4", "--no-ws", "--log-level", "error", application]
    return _listening(command, environment, port)


def worker(environment: Environment) -> Server:
    """The product's worker, ready when it has logged that it started."""
    command = [str(BIN / "flask"), "--app", "app", "jobs", "worker"]
    log = Path(environment["BENCH_LOG"])
    begin = log.stat().st_size if log.exists() else 0
    started = Server(_spawn(command, environment))
    _wait(started.process, lambda: b"worker.started" in log.read_bytes()[begin:], command)
    return started


def _listening(command: list[str], environment: Environment, port: int = 0) -> Server:
    port = port or free_port()
    process = _spawn(command, {**environment, "BIND": f"127.0.0.1:{port}"})
    _wait(process, lambda: _is_open(port), command)
    return Server(process, port)


def _is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _spawn(command: list[str], environment: Environment) -> subprocess.Popen[bytes]:
    with Path(environment["BENCH_LOG"]).open("ab") as log:
        return subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environment}, stdout=log, stderr=log)


def _wait(process: subprocess.Popen[bytes], is_ready: object, command: list[str]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        if is_ready():  # type: ignore[operator]
            return
        time.sleep(0.05)
    process.kill()
    raise RuntimeError(f"{' '.join(command)} did not start")
