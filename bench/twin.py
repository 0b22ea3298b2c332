"""WeCom's twin under a real server, answering after a delay as WeCom does: `gunicorn bench.twin:app`.

`GET /count` says how many sends it has taken.
"""

import itertools
import os
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from bench.world import userid
from kit import config
from simulator import Twin, create_app
from simulator.company import agents_of
from simulator.world import Member

SENDING = "/cgi-bin/message/send"
Wsgi = Callable[..., Iterable[bytes]]


def slowly(inner: Wsgi, seconds: float) -> Wsgi:
    """Waits before each answer of the API, and counts the sends."""
    numbers = itertools.count(1)
    taken = [0]

    def serve(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["PATH_INFO"] == "/count":
            body = str(taken[0]).encode()
            start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
            return [body]
        time.sleep(seconds)
        if environ["PATH_INFO"] == SENDING:
            taken[0] = next(numbers)
        return inner(environ, start_response)

    return serve


def create() -> Wsgi:
    """A corporation with as many members as BENCH_MEMBERS says."""
    settings = config.load(Path(os.environ["HR_CONFIG"]))
    twin = Twin.of(settings.wecom.corp_id, agents_of(settings, "http://127.0.0.1:1"))
    for number in range(int(os.environ["BENCH_MEMBERS"])):
        twin.world.members[userid(number)] = Member(userid(number), f"员工{number}")
    return slowly(create_app(twin).wsgi_app, float(os.environ["BENCH_DELAY_MS"]) / 1000)


def __getattr__(name: str) -> Any:
    if name != "app":
        raise AttributeError(name)
    return create()
