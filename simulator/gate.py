"""Where scripted faults strike: outside Flask, so that an inline caller sees them as exceptions."""

import json
import socket
import time
from collections.abc import Callable, Iterable
from typing import Any

from simulator import faults
from simulator.errors import Refusal
from simulator.faults import INLINE, Cut, Fault, Faults, TimedOut

PREFIX = "/cgi-bin/"
STRUCK = "simulator.fault"
HTML = "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Wsgi = Callable[[Environ, StartResponse], Iterable[bytes]]


class FaultGate:
    """WSGI middleware. A fault that strikes before the effect keeps the call from the twin altogether."""

    def __init__(self, inner: Wsgi, rules: Faults) -> None:
        self.inner = inner
        self.rules = rules

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        fault = self.rules.strike(path[len(PREFIX) :]) if path.startswith(PREFIX) else None
        if fault is None:
            return self.inner(environ, start_response)
        environ[STRUCK] = f"{fault.kind}{' after' if fault.after else ''}"
        if isinstance(fault.kind, int):
            # The API answers it, since 42001 and 40014 also end the token.
            environ["simulator.errcode"] = fault.kind
            return self.inner(environ, start_response)
        if fault.kind == faults.SLOW:
            time.sleep(fault.seconds)
            return self.inner(environ, start_response)
        answer = b"".join(self.inner(environ, _swallow)) if fault.after else b"{}"
        return _spoil(fault, answer, environ, start_response)


def _spoil(fault: Fault, answer: bytes, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
    if fault.kind == faults.TIMEOUT:
        _give_up(environ, TimedOut(fault.after), fault.seconds)
    if fault.kind == faults.CUT:
        _give_up(environ, Cut(fault.after), 0)
    if fault.kind == faults.TRUNCATED:
        return _answer(start_response, "200 OK", "application/json; charset=UTF-8", answer[: len(answer) // 2])
    status = "502 Bad Gateway" if fault.kind == faults.BAD_GATEWAY else "200 OK"
    return _answer(start_response, status, "text/html; charset=UTF-8", HTML.encode())


def _swallow(status: str, headers: Any, exc_info: Any = None) -> Any:
    """A start_response that nobody hears."""


def _answer(start_response: StartResponse, status: str, content_type: str, body: bytes) -> list[bytes]:
    start_response(status, [("Content-Type", content_type), ("Content-Length", str(len(body)))])
    return [body]


def _give_up(environ: Environ, error: TimedOut | Cut, seconds: float) -> None:
    """Inline: raises. Over a socket: waits, then closes the connection under the client's feet and raises as well."""
    if not environ.get(INLINE):
        time.sleep(seconds)
        connection: socket.socket | None = environ.get("werkzeug.socket") or environ.get("gunicorn.socket")
        if connection is not None:
            connection.shutdown(socket.SHUT_RDWR)
    raise error


def scripted(environ: Environ) -> Refusal | None:
    """The errcode that a fault ordered for this call."""
    code = environ.get("simulator.errcode")
    return None if code is None else Refusal(code, "scripted")


def as_json(reply: dict[str, Any]) -> bytes:
    """The platform's JSON: UTF-8, nothing escaped."""
    return json.dumps(reply, ensure_ascii=False).encode()
