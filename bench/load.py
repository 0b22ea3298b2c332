"""A closed loop of clients in a process of their own: `python -m bench.load < spec.json` prints one JSON line.

The spec: `{"port", "seconds", "repeat", "connections": [[request, …], …]}`, each request as the text that crosses the
wire. Each connection walks its own list, once or, when `repeat` is true, over and over. Plain sockets and prepared
bytes: the client shares the machine with what it measures, so it has to cost little.
"""

import json
import re
import socket
import statistics
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
STATEMENTS = re.compile(rb"\r\nx-statements: *(\d+)", re.IGNORECASE)
CLOSING = re.compile(rb"\r\nconnection: *close", re.IGNORECASE)
CHUNK = 1 << 16


@dataclass(frozen=True)
class Request:
    """One request; `wire` is what is sent."""

    method: str
    path: str
    headers: dict[str, str] = field(default_factory=dict)
    body: str = ""

    @property
    def wire(self) -> str:
        """The whole text, for a kept connection."""
        head = {"Host": "127.0.0.1", "Content-Length": str(len(self.body.encode())), **self.headers}
        if self.method == "GET":
            del head["Content-Length"]
        return "\r\n".join(
            [f"{self.method} {self.path} HTTP/1.1", *(f"{k}: {v}" for k, v in head.items()), "", self.body]
        )


@dataclass
class Answer:
    status: int
    statements: int


class Connection:
    """A kept connection, opened again when the server has closed it."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._socket: socket.socket | None = None
        self._buffer = b""

    def ask(self, request: bytes) -> Answer:
        """Sends and reads one answer; a connection closed while it was idle is opened once more."""
        for is_fresh in (self._socket is None, True):
            try:
                return self._exchange(request)
            except OSError:
                self.close()
                if is_fresh:
                    raise
        raise AssertionError("unreachable")

    def _exchange(self, request: bytes) -> Answer:
        if self._socket is None:
            self._socket = socket.create_connection(("127.0.0.1", self.port), 60)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._buffer = b""
        self._socket.sendall(request)
        while (end := self._buffer.find(b"\r\n\r\n")) < 0:
            self._more()
        head, length = self._buffer[: end + 2], LENGTH.search(self._buffer, 0, end)
        whole = end + 4 + (int(length[1]) if length else 0)
        while len(self._buffer) < whole:
            self._more()
        self._buffer = self._buffer[whole:]
        if CLOSING.search(head):
            self.close()
        statements = STATEMENTS.search(head)
        return Answer(int(head[9:12]), int(statements[1]) if statements else 0)

    def _more(self) -> None:
        assert self._socket is not None
        part = self._socket.recv(CHUNK)
        if not part:
            raise ConnectionError("closed")
        self._buffer += part

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
        self._socket = None


@dataclass
class Tally:
    """What one connection, or all of them, saw."""

    latencies: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    statements: Counter[int] = field(default_factory=Counter)

    def add(self, other: "Tally") -> None:
        self.latencies += other.latencies
        self.statuses += other.statuses
        self.statements += other.statements


def drive(spec: dict[str, Any]) -> dict[str, Any]:
    """Runs the loop; answers per second, 50th and 99th percentile in ms, statuses and SQL statements met."""
    total, lock = Tally(), threading.Lock()
    began = time.perf_counter()
    stop = began + spec["seconds"]

    def client(requests: list[bytes]) -> None:
        mine = _walk(Connection(spec["port"]), cycle(requests) if spec["repeat"] else iter(requests), stop)
        with lock:
            total.add(mine)

    lists = [[text.encode() for text in texts] for texts in spec["connections"]]
    threads = [threading.Thread(target=client, args=(requests,)) for requests in lists]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return _summary(total, time.perf_counter() - began)


def _walk(connection: Connection, requests: Any, stop: float) -> Tally:
    tally = Tally()
    for request in requests:
        began = time.perf_counter()
        if began >= stop:
            break
        answer = connection.ask(request)
        tally.latencies.append(time.perf_counter() - began)
        tally.statuses[answer.status] += 1
        tally.statements[answer.statements] += 1
    connection.close()
    return tally


def _summary(tally: Tally, seconds: float) -> dict[str, Any]:
    ordered = sorted(tally.latencies) or [0.0]
    return {
        "requests": len(tally.latencies),
        "per_second": len(tally.latencies) / seconds,
        "p50_ms": statistics.median(ordered) * 1000,
        "p99_ms": ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))] * 1000,
        "statuses": dict(tally.statuses),
        "statements": dict(tally.statements),
    }


if __name__ == "__main__":
    print(json.dumps(drive(json.load(sys.stdin))))
